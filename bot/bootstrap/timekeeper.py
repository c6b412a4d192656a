"""The timekeeper: does what becomes due on cases, at its moment, and notices when the clock has jumped."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Final

import structlog

from bot.commands.clock_jumps import go_along
from bot.commands.context import House
from bot.commands.timekeeping import turn
from bot.domain.clock_jumps import SMALL, Jump

_log = structlog.get_logger(__name__)
_LONGEST: Final = 60.0
"""Seconds after which it looks again in any case: the clock may have been moved."""


def _tell(fault: Exception) -> None:
    _log.error("timekeeping_failed", exc_info=fault)


def _jump(earlier: tuple[datetime, float], later: tuple[datetime, float]) -> Jump | None:
    """Compare two readings of both clocks; None where they agree."""
    seconds = (later[0] - earlier[0]).total_seconds() - (later[1] - earlier[1])
    return Jump(earlier[0], later[0], seconds) if abs(seconds) > SMALL else None


class Timekeeper:
    """Runs beside everything else; what it has to do stands in the database."""

    def __init__(self, house: House) -> None:
        """Take the house whose cases it looks after."""
        self._house = house
        self._woken = asyncio.Event()
        self._turning = asyncio.Lock()
        self._seen = self._clocks()
        self.ailing = False
        """Whether the last look failed as a whole."""
        self._newest = 0
        """The delivery that was put last when both clocks were read."""

    def wake(self) -> None:
        """Look again: something was committed that may be due soon."""
        self._woken.set()

    async def run(self) -> None:
        """Do what is due, for ever."""
        while True:
            self._woken.clear()
            await self._wait(await self._turn())

    def begin(self) -> None:
        """Read the clocks anew: whoever kept the time until now went along with their jumps."""
        self._seen, self._newest = self._clocks(), 0

    async def keep(self, on_fault: Callable[[Exception], None]) -> datetime | None:
        """Go along with a clock that has jumped, then do what is due; gives the moment of the next thing.

        Wall clock and monotonic clock are compared from look to look. After a restart there is nothing to
        compare with: the first reading is believed.
        """
        async with self._turning:
            await self._go_along()
            now = self._seen[0]
            ahead = await self._house.content.glance().schedule.ahead()
            self._newest = ahead.newest
            return await turn(self._house, on_fault, now, ahead)

    async def steady(self) -> None:
        """Go along with a clock that has jumped, before anything leaves by it; next to nothing otherwise."""
        if _jump(self._seen, self._clocks()) is not None:
            async with self._turning:
                await self._go_along()

    async def _go_along(self) -> None:
        seen = self._clocks()
        jump = _jump(self._seen, seen)
        if jump is not None:
            moved = await go_along(self._house, jump, self._newest)
            _log.warning("clock_jumped", seconds=round(jump.seconds), count=moved)
        self._seen = seen

    def _clocks(self) -> tuple[datetime, float]:
        return self._house.clock.now(), self._house.clock.monotonic()

    async def _turn(self) -> float:
        """Do what is due; gives the seconds until there may be more."""
        try:
            following = await self.keep(_tell)
        except Exception as fault:  # noqa: BLE001 - a database that is away now may be back in a minute
            self.ailing = True
            _tell(fault)
            return _LONGEST
        self.ailing = False
        if following is None:
            return _LONGEST
        seconds = (following - self._house.clock.now()).total_seconds()
        return min(seconds, _LONGEST) if seconds > 0 else _LONGEST

    async def _wait(self, seconds: float) -> None:
        sleeping = asyncio.create_task(self._house.clock.sleep(seconds))
        woken = asyncio.create_task(self._woken.wait())
        try:
            await asyncio.wait((sleeping, woken), return_when=asyncio.FIRST_COMPLETED)
        finally:
            sleeping.cancel()
            woken.cancel()
