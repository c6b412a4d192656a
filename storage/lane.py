"""A connection to a server for single statements, each of which is a commit of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from storage.asking import Asking, Joining
from storage.connection import Values
from storage.prepared import Prepared, Rows
from storage.pulse import Pulse
from storage.said import told_away


class Lane:
    """Writes beside all transactions, without the turn: only what nobody decides on while it is new."""

    def __init__(
        self,
        joining: Joining,
        require: Callable[[], None],
        notice: Callable[[str], Mapping[str, str]],
        pulse: Pulse,
    ) -> None:
        """Connect nowhere yet.

        ``require`` raises where this bot may write nothing; ``notice`` gives the values ``channel`` and
        ``notice`` of statements that tell other processes of something.
        """
        self._joining = joining
        self._require = require
        self._notice = notice
        self._pulse = pulse
        self._line = asyncio.Lock()
        self._asking: Asking | None = None

    async def put(self, prepared: Prepared, values: Values, told: str) -> Rows:
        """Run one statement, which is on the server's disk when this returns, and tells others by itself.

        Raises ``ServerAway`` while the server is away. Where the connection ended in the middle nobody
        knows whether the statement was done.
        """
        async with self._line:
            with told_away(), self._pulse.felt("writing"):
                self._require()
                asking = await self._opened()
                return await asking.surely(asking.run(prepared, {**values, **self._notice(told)}))

    async def close(self) -> None:
        """End the connection, once what is being put is there."""
        async with self._line:
            await self._drop()

    async def _opened(self) -> Asking:
        if self._asking is not None and self._asking.lost:
            self._asking.cut_off()
            await self._drop()
        if self._asking is None:
            self._asking = await self._joining.open()
        return self._asking

    async def _drop(self) -> None:
        if self._asking is not None:
            asking, self._asking = self._asking, None
            await asking.close()
