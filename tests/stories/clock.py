"""A clock that moves when the story says so, and chance that is seeded."""

from __future__ import annotations

import asyncio
import heapq
import random
from datetime import UTC, datetime, timedelta


class StoryClock:
    """Time stands still until :meth:`pass_` moves it; sleepers wake at their moment."""

    def __init__(self, start: datetime = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)) -> None:
        self._now = start
        self._start = start
        self._sleepers: list[tuple[datetime, int, asyncio.Future[None]]] = []
        self._order = 0

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return (self._now - self._start).total_seconds()

    async def sleep(self, seconds: float) -> None:
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        self._order += 1
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._now + timedelta(seconds=seconds), self._order, woken))
        await woken

    def pass_(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)
        while self._sleepers and self._sleepers[0][0] <= self._now:
            _, _, woken = heapq.heappop(self._sleepers)
            if not woken.done():
                woken.set_result(None)

    def jump(self, seconds: float) -> None:
        """Set the wall clock to another time, while no time passes."""
        by = timedelta(seconds=seconds)
        self._now, self._start = self._now + by, self._start + by
        self._sleepers = [(at + by, order, woken) for at, order, woken in self._sleepers]


class StoryChance:
    """The same ids, keys and delays in every run of a story."""

    def __init__(self, seed: int = 7) -> None:
        self._random = random.Random(seed)  # noqa: S311 - a story must repeat itself

    def id(self) -> str:
        return self._random.randbytes(16).hex()

    def key(self) -> bytes:
        return self._random.randbytes(32)

    def between(self, low: float, high: float) -> float:
        return self._random.uniform(low, high)
