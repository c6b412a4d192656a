"""Time for the stand-in: the wall clock for a demo, a clock turned by hand for tests."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import time
from collections.abc import Awaitable
from typing import Any, Protocol, TypeVar

T = TypeVar("T")

_TURNS_TO_SETTLE = 20


class Clock(Protocol):
    """What the stand-in asks of time; all values are seconds."""

    def now(self) -> float:
        """Seconds since the epoch."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Return when this clock has moved on by ``seconds``."""
        ...


class SystemClock:
    """The computer's own clock."""

    def now(self) -> float:
        """Seconds since the epoch."""
        return time.time()

    async def sleep(self, seconds: float) -> None:
        """Sleep for real."""
        await asyncio.sleep(seconds)


class ManualClock:
    """A clock that stands still until ``advance`` is called."""

    def __init__(self, start: float = 1_767_225_600.0) -> None:
        self._now = start
        self._order = itertools.count()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []

    def now(self) -> float:
        """Seconds since the epoch, as turned by hand."""
        return self._now

    async def sleep(self, seconds: float) -> None:
        """Return once ``advance`` has passed ``seconds`` from now."""
        waking = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._now + seconds, next(self._order), waking))
        await waking

    async def advance(self, seconds: float) -> None:
        """Move on by ``seconds``, waking sleepers in order; each may sleep again on the way."""
        until = self._now + seconds
        while True:
            await _let_others_run()
            if not self._sleepers or self._sleepers[0][0] > until:
                break
            when, _, waking = heapq.heappop(self._sleepers)
            self._now = max(self._now, when)
            if not waking.done():
                waking.set_result(None)
        self._now = until
        await _let_others_run()


async def _let_others_run() -> None:
    for _ in range(_TURNS_TO_SETTLE):
        await asyncio.sleep(0)


async def within(clock: Clock, seconds: float, awaited: asyncio.Future[T]) -> T:
    """The result of ``awaited``; raises TimeoutError when ``clock`` moves on by ``seconds`` first."""
    alarm = asyncio.ensure_future(_as_coroutine(clock.sleep(seconds)))
    try:
        waiting: set[asyncio.Future[Any]] = {awaited, alarm}
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        if awaited.done():
            return awaited.result()
        raise TimeoutError
    finally:
        alarm.cancel()


async def _as_coroutine(sleeping: Awaitable[None]) -> None:
    await sleeping
