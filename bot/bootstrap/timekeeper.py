"""The timekeeper: does what becomes due on cases, at its moment and not by asking again and again."""

from __future__ import annotations

import asyncio
from typing import Final

import structlog

from bot.commands.context import House
from bot.commands.timekeeping import turn

_log = structlog.get_logger(__name__)
_LONGEST: Final = 60.0
"""Seconds after which it looks again in any case: the clock may have been moved."""


def _tell(fault: Exception) -> None:
    _log.error("timekeeping_failed", exc_info=fault)


class Timekeeper:
    """Runs beside everything else; what it has to do stands in the database."""

    def __init__(self, house: House) -> None:
        """Take the house whose cases it looks after."""
        self._house = house
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """Look again: something was committed that may be due soon."""
        self._woken.set()

    async def run(self) -> None:
        """Do what is due, for ever."""
        while True:
            self._woken.clear()
            await self._wait(await self._turn())

    async def _turn(self) -> float:
        """Do what is due; gives the seconds until there may be more."""
        following = await turn(self._house, _tell)
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
