"""Insisting: a step that only keeps what happened is tried until the database takes it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

import structlog

from bot.ports.clock import Clock

_log = structlog.get_logger(__name__)
Kept = TypeVar("Kept")
BETWEEN: Final = 1.0
"""Seconds between two tries: a disk with room again is noticed at once, and a full one is left in peace."""


class Insisting:
    """Tries steps again while a database is away: what a platform did must not be forgotten."""

    def __init__(self, clock: Clock, away: tuple[type[Exception], ...]) -> None:
        """Take the clock to wait by, and what databases raise while they cannot be reached or written."""
        self._clock = clock
        self.away = away

    async def on(self, step: Callable[[], Awaitable[Kept]]) -> Kept:
        """Do a step of the queue's until it works, whatever it raises."""
        return await self._until_done(step, (Exception,))

    async def while_away(self, step: Callable[[], Awaitable[Kept]]) -> Kept:
        """Do a step until the database takes it; raises what has another reason."""
        return await self._until_done(step, self.away)

    async def _until_done(
        self, step: Callable[[], Awaitable[Kept]], passing: tuple[type[Exception], ...]
    ) -> Kept:
        failures = 0
        while True:
            try:
                return await step()
            except passing as fault:
                failures += 1
                _log.error("queue_unavailable", count=failures, error=type(fault).__name__)
            await self._clock.sleep(BETWEEN)


def is_cancelled() -> bool:
    """Say whether this task was told to stop, and not something that it waited for."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
