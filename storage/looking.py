"""The connections that a bot reads from a server through."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Final, TypeVar

from storage.asking import Asking, Joining
from storage.connection import Values
from storage.prepared import Prepared, Rows

T = TypeVar("T")

_READERS: Final = 4


class Looking:
    """A few connections, each of which sees the last commit at its first question, and no later one."""

    def __init__(self, joining: Joining) -> None:
        """Connect nowhere yet."""
        self._joining = joining
        self._places = asyncio.Semaphore(_READERS)
        self._idle: list[Asking] = []
        self._ending: set[asyncio.Task[None]] = set()
        self._left: list[Asking] = []
        """Connections whose end was given up in the middle."""
        self._closed = False

    @asynccontextmanager
    async def look(self) -> AsyncIterator[Asking]:
        """Open a transaction that reads."""
        await self._places.acquire()
        try:
            reader, _ = await self._after(lambda one: one.begin("REPEATABLE READ, READ ONLY"))
        except BaseException:
            self._places.release()
            raise
        try:
            yield reader
        finally:
            # Whoever read has what was asked for, and does not wait for the end.
            ending = asyncio.create_task(self._end(reader))
            self._ending.add(ending)
            ending.add_done_callback(partial(self._ended, reader))

    async def ask(self, prepared: Prepared, values: Values) -> Rows:
        """Ask a single statement; it needs no transaction."""
        async with self._places:
            reader, found = await self._after(lambda one: one.run(prepared, values))
            if self._closed:
                await self._drop(reader)
            else:
                self._idle.append(reader)
            return found

    async def close(self) -> None:
        """Close the connections; one that is just being read from is closed when that ends."""
        self._closed = True
        if self._ending:
            await asyncio.wait(self._ending)
        while left := self._idle or self._left:
            await left.pop().close()

    async def _after(self, step: Callable[[Asking], Awaitable[T]]) -> tuple[Asking, T]:
        """Take a connection that goes through a first step, and give what that gave."""
        while True:
            known = bool(self._idle)
            reader = self._idle.pop() if known else await self._joining.open()
            try:
                return reader, await step(reader)
            except BaseException as error:
                ended = known and reader.lost and isinstance(error, Exception)
                await reader.surely(self._drop(reader))
                if not ended:
                    raise
                # It ended since it was last used; another one may do.

    async def _end(self, reader: Asking) -> None:
        if await reader.undone() and not self._closed:
            self._idle.append(reader)
        else:
            await self._drop(reader)

    def _ended(self, reader: Asking, ending: asyncio.Task[None]) -> None:
        self._ending.discard(ending)
        self._places.release()
        if ending.cancelled() or ending.exception():
            reader.cut_off()
            self._left.append(reader)

    async def _drop(self, reader: Asking) -> None:
        reader.cut_off()
        await reader.close()
