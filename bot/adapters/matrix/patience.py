"""Patience: how long to wait before trying again, and steps of our own that are tried until they work."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog

from bot.ports.chance import Chance
from bot.ports.clock import Clock

_log = structlog.get_logger(__name__)
_LONGEST_SECONDS = 60.0
# A restart of the homeserver takes a minute or two: until then stay close, to be back within 5 s.
_CLOSE_SECONDS, _CLOSE_FAILURES = 5.0, 25
_LONGEST_AT_HOME_SECONDS = 4.0


class Patience:
    """Waiting times that double and scatter."""

    def __init__(self, site: str, clock: Clock, chance: Chance) -> None:
        """Take the clock to wait by."""
        self._site = site
        self._clock = clock
        self._chance = chance

    def pause(self, failures: int, longest: float = _LONGEST_SECONDS) -> float:
        """Give the seconds to wait after so many failures in a row, scattered.

        1, 2, 4, then 5 for about two minutes, then on to ``longest``.
        """
        doubled = 2.0 ** min(failures - 1, 10)
        whole = min(longest, doubled if failures > _CLOSE_FAILURES else min(doubled, _CLOSE_SECONDS))
        return self._chance.between(whole * 0.75, whole)

    async def insist(self, step: Callable[[], Awaitable[None]]) -> None:
        """Do a step of our own (a commit) until it works: what it keeps must not be lost, nor overtaken."""
        failures = 0
        while True:
            try:
                return await step()
            except Exception as error:  # noqa: BLE001 (whatever the database raises: nothing was committed)
                failures += 1
                _log.error(
                    "matrix_commit_failed", site=self._site, count=failures, error=type(error).__name__
                )
                await self._clock.sleep(self.pause(failures, _LONGEST_AT_HOME_SECONDS))
