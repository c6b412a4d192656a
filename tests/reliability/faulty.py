"""A faulty line: a TCP proxy of the tests between the bot and whatever it talks to, which does the damage.

It knows nothing of what is said. An answer begins with the first bytes that come back after something was
sent; that is enough for HTTP and for a database.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random

_CHUNK = 64 * 1024
_PIECE_SECONDS = 0.01


class Line(StrEnum):
    """What the line does with a connection."""

    PASS = "pass"
    STALL = "stall"
    """Keep connections open, and let nothing through in either direction."""
    REFUSE = "refuse"
    """Nobody listens, and what was open is cut."""


@dataclass(eq=False, slots=True)
class _Call:
    """One connection: who rang, who was rung, and whether an answer is due."""

    ours: asyncio.StreamWriter
    theirs: asyncio.StreamWriter
    asked: bool = False
    doomed: bool = False

    async def cut(self) -> None:
        for writer in (self.ours, self.theirs):
            writer.transport.abort()
        for writer in (self.ours, self.theirs):
            with suppress(OSError):
                await writer.wait_closed()


@dataclass(slots=True)
class Faulty:
    """The line to one server. ``calls`` counts connections, ``lost`` the answers that were cut off.

    ``loses`` is the share of answers that never arrive though the request did, ``only`` what a request has to
    contain for that, ``rate`` the most bytes a second in each direction, 0 for no limit.
    """

    host: str
    port: int
    chance: Random
    loses: float = 0.0
    only: bytes = b""
    rate: int = 0
    calls: int = 0
    lost: int = 0
    entry: int = 0
    """The port on which the line listens."""
    _line: Line = Line.PASS
    _free: asyncio.Event = field(default_factory=asyncio.Event)
    _server: asyncio.Server | None = None
    _open: set[_Call] = field(default_factory=set)
    _taking: set[asyncio.Task[None]] = field(default_factory=set)

    async def set(self, line: Line) -> None:
        """Let the line do this from now on."""
        self._line = line
        if line is Line.REFUSE:
            await self._hang_up()
        elif self._server is None:
            await self._listen()
        if line is Line.STALL:
            self._free.clear()
        else:
            self._free.set()

    async def cut(self) -> int:
        """Cut every connection that is open, and say how many were."""
        calls = tuple(self._open)
        await asyncio.gather(*(call.cut() for call in calls))
        return len(calls)

    @property
    def url(self) -> str:
        """Where the line is to be reached, as HTTP."""
        return f"http://127.0.0.1:{self.entry}"

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._answer, "127.0.0.1", self.entry)
        self.entry = self._server.sockets[0].getsockname()[1]

    async def _hang_up(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.close()
            await self.cut()
            await server.wait_closed()
            while self._taking:
                await asyncio.wait(self._taking)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._take(reader, writer))
        self._taking.add(task)
        task.add_done_callback(self._taking.discard)
        await task

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.calls += 1
        try:
            answers, onward = await asyncio.open_connection(self.host, self.port)
        except OSError:
            writer.transport.abort()
            return
        call = _Call(writer, onward)
        self._open.add(call)
        ways = (
            asyncio.create_task(self._carry(reader, onward, self._asking(call))),
            asyncio.create_task(self._carry(answers, writer, self._answering(call))),
        )
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:  # one side is gone: so is the other
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            self._open.discard(call)
            await call.cut()

    async def _carry(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, passes: Callable[[bytes], bool]
    ) -> None:
        while piece := await source.read(self._most):
            await self._free.wait()
            if not passes(piece):
                raise ConnectionAbortedError
            sink.write(piece)
            await sink.drain()
            if self.rate:
                await asyncio.sleep(len(piece) / self.rate)  # a slow line is what this is
        raise ConnectionResetError

    @property
    def _most(self) -> int:
        return max(1, int(self.rate * _PIECE_SECONDS)) if self.rate else _CHUNK

    def _asking(self, call: _Call) -> Callable[[bytes], bool]:
        def passes(piece: bytes) -> bool:
            if not call.asked:
                call.asked, call.doomed = True, False
            if self.only in piece:
                call.doomed = call.doomed or self.chance.random() < self.loses
            return True

        return passes

    def _answering(self, call: _Call) -> Callable[[bytes], bool]:
        def passes(_piece: bytes) -> bool:
            call.asked = False
            if call.doomed:
                self.lost += 1
            return not call.doomed

        return passes


@asynccontextmanager
async def faulty_line(host: str, port: int, *, seed: int = 1) -> AsyncIterator[Faulty]:
    """Open a line to a server that passes everything until it is told otherwise."""
    line = Faulty(host, port, Random(seed))  # noqa: S311 - a campaign must repeat itself
    await line.set(Line.PASS)
    try:
        yield line
    finally:
        await line.set(Line.REFUSE)
