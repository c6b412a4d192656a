"""The desk: what one bot of an installation does at a time, whoever has the seat.

It handles what people do, keeps the time and the doors, and is logged in where only one may be. Every bot
takes in from Slack and delivers; who comes to the desk finishes first what another may have left half done.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import structlog

from bot.bootstrap.kept import Kept
from bot.bootstrap.watch import Watch
from bot.frontdoor.door import FrontDoor
from bot.ports.adapter import Adapter
from bot.ports.clock import Clock
from bot.ports.seat import Seat

_log = structlog.get_logger(__name__)
_AGAIN: Final = 10.0
"""Seconds after which a desk that could not be taken is tried again."""
Step = Callable[[], Awaitable[object]]


class Desk:
    """Opened by the bot that takes the seat, left by the one that loses it; then another one may have it."""

    def __init__(
        self,
        door: FrontDoor,
        keeping_time: Kept,
        watch: Watch,
        *,
        begin: Callable[[], None],
        repairs: Sequence[Step],
        adapters: Sequence[Adapter],
        connect: Callable[[Sequence[Adapter]], Awaitable[None]],
    ) -> None:
        """Take what stands at the desk, and the sites served from here only.

        ``begin`` is called first, then everything is repaired that may have stopped half-way.
        """
        self._door = door
        self._keeping_time = keeping_time
        self._watch = watch
        self._begin = begin
        self._repairs = repairs
        self._adapters = adapters
        self._connect = connect
        self.open = False
        """Whether this bot is at it."""
        self.settled = False
        """Whether all that stands at it runs."""

    async def sit(self, seat: Seat, clock: Clock) -> None:
        """Be at the desk whenever this bot has the seat, for ever."""
        while True:
            if self.open:
                await seat.lost()
                _log.warning("seat_lost")
                await self.lose()
                await seat.leave()
            if not seat.held:
                await self._stand_by()
            await seat.taken()
            _log.info("seat_taken")
            try:
                await self._take_while_seated(seat)
            except Exception as fault:  # noqa: BLE001 - a site that refuses now may be mended in a while
                _log.error("desk_not_taken", exc_info=fault)
                await self.lose()
                await clock.sleep(_AGAIN)

    async def _stand_by(self) -> None:
        """Get ready at the sites that another bot serves, to be heard and known there when the seat comes."""
        for adapter in self._adapters:
            try:
                await adapter.stand_by()
            except Exception as fault:  # noqa: BLE001 - a bot that is not ready can still take the seat
                _log.error("not_standing_by", site=adapter.site, exc_info=fault)

    async def _take_while_seated(self, seat: Seat) -> None:
        """Take the desk, but give it up in the middle of that where the seat is lost."""
        taking, losing = asyncio.ensure_future(self.take()), asyncio.ensure_future(seat.lost())
        try:
            await asyncio.wait((taking, losing), return_when=asyncio.FIRST_COMPLETED)
        finally:
            losing.cancel()
            if not taking.done():
                taking.cancel()
                await asyncio.wait([taking])
        if not taking.cancelled():
            taking.result()

    async def take(self) -> None:
        """Finish what stopped half-way, connect, and handle what waits; raises ``ConfigurationRefused``."""
        self._begin()
        self.open = True
        for repair in self._repairs:
            await repair()
        await self._door.resume()
        await self._connect(self._adapters)
        self._door.open()
        await self._door.doorkeeper.open()
        self._keeping_time.start()
        self._watch.start()
        self._door.look_soon()  # What was told of while nobody listened.
        self.settled = True

    async def lose(self) -> None:
        """Drop everything at once: another bot may be at the desk by now."""
        self.settled = False
        steps = (self._door.leave_to_others, self._rest, *(one.stop for one in self._adapters))
        for step in steps:
            try:
                await step()
            except Exception as fault:  # noqa: BLE001 - whatever could not be left, the rest must be
                _log.error("desk_not_left", exc_info=fault)
        self.open = False

    async def close(self) -> None:
        """Take nothing more in hand, and finish what is under way (at most 10 s)."""
        self.settled = False
        await self._rest()
        await self._door.close()
        self.open = False

    async def _rest(self) -> None:
        await self._keeping_time.cut()
        await self._door.doorkeeper.close()
        await self._watch.stop()
