"""Watch: does what is to be done now and then, since time or another process has changed something."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from functools import partial

import structlog

from bot.bootstrap.kept import Kept
from bot.bootstrap.parts import WATCH_AILS, but
from bot.identity.people import Duty
from bot.ports.adapter import Health
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
        self._looking = tuple(Kept("watch", partial(self._look_every, one), clock) for one in self._duties)
        self._waiting: set[float] = set()
        self._failed: set[Duty] = set()
        self._now: set[asyncio.Task[None]] = set()
        self._stopped = False

    def start(self) -> None:
        """Look from now on."""
        self._stopped = False
        self._waiting.clear()
        for looking in self._looking:
            looking.start()

    @property
    def rests(self) -> bool:
        """Whether all that is done now and then was done, and is not yet to be done again."""
        return self._waiting == self._duties.keys()

    def health(self) -> Health:
        """Say whether it looks, and whether what it did last went well."""
        for looking in self._looking:
            if not (health := looking.health()).connected:
                return health
        return but(Health(True), WATCH_AILS if self._failed else "", ready=True)

    async def stop(self) -> None:
        """Look no more; what is cut off or comes too late is done at the next start."""
        self._stopped = True
        for task in self._now:
            task.cancel()
        looking = (one.cut() for one in self._looking)
        await asyncio.gather(*self._now, *looking, return_exceptions=True)

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
            self._waiting.add(seconds)
            await self._clock.sleep(seconds)
            self._waiting.discard(seconds)

    async def _do(self, duties: Sequence[Duty]) -> None:
        for duty in duties:
            try:
                await duty()
            except Exception as fault:  # noqa: BLE001 - one broken duty must not stop the others, nor the bot
                self._failed.add(duty)
                _log.error("watch_failed", exc_info=fault)
            else:
                self._failed.discard(duty)
