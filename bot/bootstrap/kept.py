"""Kept: what runs for as long as the bot does, and is begun again when it falls over."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import structlog

from bot.ports.adapter import Health
from bot.ports.clock import Clock

_log = structlog.get_logger(__name__)
AGAIN: Final = 5.0
"""Seconds between a fall and the next beginning."""


class Kept:
    """One part that runs by itself. Whoever starts it also stops it, with :meth:`ended` or :meth:`cut`."""

    def __init__(self, name: str, run: Callable[[], Awaitable[None]], clock: Clock) -> None:
        """Take what runs; ``name`` is how the operator knows it."""
        self._name = name
        self._run = run
        self._clock = clock
        self._running: asyncio.Task[None] | None = None
        self._fallen = False

    def start(self) -> None:
        """Run it from now on."""
        self._fallen = False
        self._running = asyncio.create_task(self._keep())

    async def ended(self) -> None:
        """Wait until it has ended by itself, because it was told to; at once where it never began.

        One that lies fallen at that moment is not begun again.
        """
        if self._fallen:
            await self.cut()
        elif self._running is not None:
            await asyncio.wait([self._running])

    async def cut(self) -> None:
        """End it in the middle of whatever it does."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.wait([self._running])

    def health(self) -> Health:
        """Say whether it runs, and what comes next if not."""
        if self._running is None or self._running.done():
            return Health(False, f"The {self._name} does not run. Restart the bot.")
        if self._fallen:
            return Health(
                False,
                f"The {self._name} fell over and begins again within {AGAIN:.0f} s. "
                "If this stays, look for part_fell in the log.",
            )
        return Health(True)

    async def _keep(self) -> None:
        while not await self._ran():
            await self._clock.sleep(AGAIN)
            self._fallen = False

    async def _ran(self) -> bool:
        """Run it once; True when it ended because it was to end."""
        try:
            await self._run()
        except Exception as fault:  # noqa: BLE001 - one part that falls must not end the bot, nor stay away
            self._fallen = True
            _log.error("part_fell", part=self._name, exc_info=fault)
            return False
        return True
