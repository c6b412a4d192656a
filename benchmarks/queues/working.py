"""The side of a queue's program: does what it is asked for by lines of JSON, and counts what it delivers.

Imports nothing of ours and nothing that is not in the standard library, as it runs in every environment.

The first line written is `{"versions": {...}}`, once everything is open. Then each line read names a step:
`enqueue` puts so many facts, `work` begins to deliver and ends when nothing is left or the time is up, `wake`
puts one fact after the other while the worker has nothing else to do, `refuse` lets a destination put a job
off while more come for it, `idle` lets the worker wait. Each is answered by one line. The worker works on
from `work` to the end of the input.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

WORDS: Final = "could be seen again on Monday with the result " * 4
"""What each delivery says: 184 letters, about as long as a comment."""
_LOOK: Final = 0.02
"""Seconds between looks whether anything is left, once everything has been delivered."""


class Later(Exception):
    """The destination asks to be tried again in so many seconds."""

    def __init__(self, seconds: float) -> None:
        """Remember how long."""
        super().__init__(f"again in {seconds} s")
        self.seconds = seconds


@dataclass(slots=True)
class Delivered:
    """What a worker delivered; ``deliver`` is the work itself, which does nothing but let others run."""

    destinations: int
    count: int = 0
    overtaken: int = 0
    """Deliveries that began after a later one of their destination."""
    together: int = 0
    """Deliveries that began while another one of their destination was under way."""
    doubled: int = 0
    refuses: float = 0.0
    """For how many seconds the next delivery to destination 0 is put off; 0 takes everything."""
    began: float = 0.0
    """When the first one began, by ``time.perf_counter``."""
    latest: dict[int, int] = field(default_factory=dict)
    seen: set[tuple[int, int]] = field(default_factory=set)
    under_way: set[int] = field(default_factory=set)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.get_running_loop)

    async def deliver(self, destination: int, fact: int) -> None:
        """Note a delivery; may be called in a loop of another thread, but always the same one.

        Raises ``Later`` for a delivery that is refused, which does not count.
        """
        if self.refuses and destination == 0:
            seconds, self.refuses = self.refuses, 0.0
            raise Later(seconds)
        self.began = self.began or time.perf_counter()
        self.together += destination in self.under_way
        self.doubled += (destination, fact) in self.seen
        self.overtaken += fact < self.latest.get(destination, -1)
        self.latest[destination] = max(fact, self.latest.get(destination, -1))
        self.seen.add((destination, fact))
        self.under_way.add(destination)
        await asyncio.sleep(0)
        self.under_way.discard(destination)
        self.count += 1
        self.loop.call_soon_threadsafe(self.changed.set)

    async def reach(self, count: int, deadline: float) -> bool:
        """Wait until so many are delivered; False when ``time.perf_counter`` reaches the deadline before."""
        while self.count < count:
            self.changed.clear()
            left = deadline - time.perf_counter()
            try:
                await asyncio.wait_for(self.changed.wait(), max(left, 0.0))
            except TimeoutError:
                return self.count >= count
        return True


class Engine(Protocol):
    """A queue in a database. Facts are numbered; each has one job for every destination."""

    @property
    def versions(self) -> Mapping[str, str]:
        """What it is made of, with versions."""
        ...

    async def open(self) -> None:
        """Make tables and connections."""
        ...

    async def enqueue(self, fact: int) -> None:
        """Commit a small row and its jobs together."""
        ...

    async def start(self) -> None:
        """Begin to work, until :meth:`close`."""
        ...

    async def left(self) -> int:
        """Count jobs that are not marked as done."""
        ...

    async def close(self) -> None:
        """Stop working, close connections."""
        ...


Make = Callable[[str, Delivered], Engine]
"""Makes an engine for a database (a folder, or what libpq connects to) that hands its jobs to a worker."""


def run(make: Make) -> None:
    """Run the program of one engine: `python on_x.py DATABASE DESTINATIONS`."""
    sys.exit(asyncio.run(_run(make, sys.argv[1], int(sys.argv[2]))))


async def _run(make: Make, database: str, destinations: int) -> int:
    delivered = Delivered(destinations)
    engine = make(database, delivered)
    await engine.open()
    _say({"versions": dict(engine.versions)})
    steps = _Steps(engine, delivered)
    while line := await asyncio.to_thread(sys.stdin.readline):
        asked = json.loads(line)
        step: Callable[..., Awaitable[dict[str, Any]]] = getattr(steps, asked.pop("step"))
        _say(await step(**asked))
    await engine.close()
    sys.stdout.flush()
    return 0


def _say(answer: Mapping[str, Any]) -> None:
    # Not `print`: some libraries speak on standard output too, and their handlers may hold its lock.
    os.write(1, (json.dumps(answer) + "\n").encode())


class _Steps:
    def __init__(self, engine: Engine, delivered: Delivered) -> None:
        self._engine, self._delivered = engine, delivered
        self._facts = 0

    async def enqueue(self, facts: int) -> dict[str, Any]:
        begun = time.perf_counter()
        for _ in range(facts):
            await self._put()
        return {"seconds": time.perf_counter() - begun}

    async def work(self, seconds: float) -> dict[str, Any]:
        await self._engine.start()
        deadline = time.perf_counter() + seconds
        everything = self._facts * self._delivered.destinations
        if await self._delivered.reach(everything, deadline):
            await self._nothing_left(deadline)
        ended = time.perf_counter()
        return {
            "seconds": ended - (self._delivered.began or ended),
            "delivered": self._delivered.count,
            "overtaken": self._delivered.overtaken,
            "together": self._delivered.together,
            "doubled": self._delivered.doubled,
        }

    async def wake(self, times: int, pause: float) -> dict[str, Any]:
        """Say how long the first job of a fact waits after its commit, in milliseconds."""
        waits = []
        for _ in range(times):
            await asyncio.sleep(pause)
            self._delivered.began = 0.0
            await self._put()
            committed = time.perf_counter()
            if not await self._delivered.reach(self._facts * self._delivered.destinations, committed + 10.0):
                return {"milliseconds": []}
            waits.append(max(0.0, (self._delivered.began - committed) * 1000))
            await self._nothing_left(committed + 10.0)
        return {"milliseconds": waits}

    async def refuse(self, seconds: float) -> dict[str, Any]:
        """Say how many jobs overtook one that its destination put off, while two more were put for it."""
        before = self._delivered.overtaken
        self._delivered.refuses = seconds
        for _ in range(3):
            await self._put()
        everything = self._facts * self._delivered.destinations
        took = await self._delivered.reach(everything, time.perf_counter() + 20 * seconds)
        return {"overtaken": self._delivered.overtaken - before, "all_took": took}

    async def idle(self, seconds: float) -> dict[str, Any]:
        await asyncio.sleep(seconds)
        return {}

    async def _nothing_left(self, deadline: float) -> None:
        while await self._engine.left() and time.perf_counter() < deadline:  # noqa: ASYNC110 (no event tells)
            await asyncio.sleep(_LOOK)

    async def _put(self) -> None:
        await self._engine.enqueue(self._facts)
        self._facts += 1
