"""Hand-made doubles for the Matrix tests: a cabinet, an intake, a clock that never really waits, chance."""

from __future__ import annotations

import asyncio
import itertools
import os
import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from bot.chat.events import Event, Kind
from bot.ports.adapter import Part
from bot.ports.intake import Checkpoint


class MemoryCabinet:
    """Keeps values as long as the test lives."""

    def __init__(self) -> None:
        self.values: dict[str, bytes] = {}

    async def get(self, name: str) -> bytes | None:
        return self.values.get(name)

    async def put(self, name: str, value: bytes) -> None:
        self.values[name] = value

    async def drop(self, name: str) -> None:
        self.values.pop(name, None)


class MemoryIntake:
    """An inbox: unique by event id, the token beside it; can be told to fail."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.tokens: dict[str, str] = {}
        self.commits: list[tuple[list[str], str]] = []
        self.fail_next = 0
        self._seen: set[str] = set()
        self._news = asyncio.Event()

    async def accept(self, events: Sequence[Event], checkpoint: Checkpoint | None = None) -> None:
        if self.fail_next:
            self.fail_next -= 1
            raise OSError("database gone")
        fresh = [event for event in events if event.id not in self._seen]
        self._seen.update(event.id for event in fresh)
        self.events += fresh
        self.commits.append(([event.id for event in fresh], checkpoint.token if checkpoint else ""))
        if checkpoint is not None:
            self.tokens[checkpoint.stream] = checkpoint.token
        self._news.set()
        self._news = asyncio.Event()

    async def checkpoint(self, stream: str) -> str:
        return self.tokens.get(stream, "")

    async def until(self, count: int, seconds: float = 30.0) -> list[Event]:
        """Wait until so many events have come."""
        async with asyncio.timeout(seconds):
            while len(self.events) < count:
                news = self._news
                await news.wait()
        return self.events

    async def of(self, kind: Kind, seconds: float = 30.0) -> Event:
        """Wait for an event of a kind."""
        async with asyncio.timeout(seconds):
            while True:
                news = self._news
                for event in self.events:
                    if event.kind is kind:
                        return event
                await news.wait()

    async def hear(self, text: str, seconds: float = 30.0) -> Event:
        """Wait for an event with exactly this text."""
        async with asyncio.timeout(seconds):
            while True:
                news = self._news
                for event in self.events:
                    if event.text == text:
                        return event
                await news.wait()


class RealClock:
    """The machine's time."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class SteppedClock:
    """A clock whose sleepers wake when the test lets time pass; ``slept`` lists what was asked for."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.slept: list[float] = []
        self._sleepers: list[tuple[float, asyncio.Future[None]]] = []
        self._asked = asyncio.Event()

    def now(self) -> datetime:
        return datetime(2026, 11, 23, tzinfo=UTC) + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self._asked.set()
        self._asked = asyncio.Event()
        waking: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sleepers.append((self.seconds + seconds, waking))
        await waking

    async def until_asleep(self, seconds: float) -> None:
        """Wait until somebody sleeps for so long."""
        async with asyncio.timeout(10):
            while seconds not in self.slept:
                news = self._asked
                await news.wait()

    def pass_time(self, seconds: float) -> None:
        self.seconds += seconds
        for due, waking in self._sleepers:
            if due <= self.seconds and not waking.done():
                waking.set_result(None)


class HastyClock(SteppedClock):
    """A clock that notes what was asked for and goes on at once; a test may ``look`` at something first."""

    def __init__(self) -> None:
        super().__init__()
        self.look: Callable[[], object] = int

    async def sleep(self, seconds: float) -> None:
        self.look()
        self.slept.append(seconds)
        self.seconds += seconds
        await asyncio.sleep(0)


class RealChance:
    """Real randomness, for a real homeserver."""

    def id(self) -> str:
        return os.urandom(16).hex()

    def key(self) -> bytes:
        return os.urandom(32)

    def between(self, low: float, high: float) -> float:
        return random.SystemRandom().uniform(low, high)


class SeededChance:
    """Chance that a test can predict: counting ids, counting keys, always the lower end."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)

    def id(self) -> str:
        return f"{next(self._numbers):032x}"

    def key(self) -> bytes:
        return next(self._numbers).to_bytes(32, "big")

    def between(self, low: float, high: float) -> float:
        return low


class Parts:
    """Remembers what a delivery recorded."""

    def __init__(self) -> None:
        self.all: list[Part] = []

    async def __call__(self, part: Part) -> None:
        self.all.append(part)
