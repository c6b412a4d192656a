"""Watch: does what is to be done now and then, since time or another process has changed something."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence

import structlog

from bot.identity.people import Duty
from bot.ports.clock import Clock

_log = structlog.get_logger(__name__)


class Watch:
    """Does duties again and again, each after so many seconds; one that fails is tried again next time."""

    def __init__(self, clock: Clock, duties: Sequence[tuple[float, Duty]]) -> None:
        """Take the clock, and each duty with the seconds between two times."""
        self._clock = clock
        self._duties: defaultdict[float, list[Duty]] = defaultdict(list)
        for seconds, duty in duties:
            self._duties[seconds].append(duty)
        self._looking: tuple[asyncio.Task[None], ...] = ()
        self._now: set[asyncio.Task[None]] = set()
        self._stopped = False

    def start(self) -> None:
        """Look from now on."""
        self._stopped = False
        self._looking = tuple(asyncio.create_task(self._look_every(one)) for one in self._duties)

    async def stop(self) -> None:
        """Look no more; what is cut off or comes too late is done at the next start."""
        self._stopped = True
        running = (*self._looking, *self._now)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def begin(self, duty: Duty) -> None:
        """Do a duty at once, beside everything else: there is something to do for it now."""
        if not self._stopped:
            task = asyncio.create_task(self._do((duty,)))
            self._now.add(task)
            task.add_done_callback(self._now.discard)

    async def settle(self) -> None:
        """Wait until what was begun is done."""
        while self._now:
            await asyncio.wait(tuple(self._now))

    async def look(self) -> None:
        """Do every duty once."""
        for duties in self._duties.values():
            await self._do(duties)

    async def _look_every(self, seconds: float) -> None:
        while True:
            await self._do(self._duties[seconds])
            await self._clock.sleep(seconds)

    async def _do(self, duties: Sequence[Duty]) -> None:
        for duty in duties:
            try:
                await duty()
            except Exception as fault:  # noqa: BLE001 - one broken duty must not stop the others, nor the bot
                _log.error("watch_failed", exc_info=fault)
