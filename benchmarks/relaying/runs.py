"""The runs: a flood, a steady trickle, acknowledgements, the first copy after a start."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final

from benchmarks.relaying.bots import Running, World
from benchmarks.relaying.words import text_of

Say = Callable[[int], Awaitable[str]]
"""Says the message of a number on Slack; gives the envelope."""
_SECONDS: Final = 600.0


@dataclass(slots=True)
class Numbers:
    """Gives every message of one world a number of its own."""

    next: int = 1

    def take(self, count: int) -> range:
        """Take so many."""
        self.next += count
        return range(self.next - count, self.next)


def plain_say(world: World) -> Say:
    """Say it in the channel, as the relays hear it."""
    return lambda number: world.slack.say("U00001", text_of(number))


async def flood(
    world: World,
    say: Say,
    numbers: Numbers,
    count: int,
    running: Running,
    *,
    most: int = 256,
    speakers: int = 1,
) -> Mapping[str, float]:
    """Say ``count`` messages with at most ``most`` of them neither here nor there.

    ``speakers`` say them in turn; each one's own messages have an order.
    """
    slots = asyncio.Semaphore(most)
    mine = numbers.take(count)
    site = world.matrix.site(1)
    heard, spent, began = len(site.order), running.cpu_seconds, time.perf_counter()

    async def one(number: int) -> None:
        await world.matrix.arrival(1, number)
        slots.release()

    async with asyncio.timeout(_SECONDS), asyncio.TaskGroup() as group:
        envelopes = []
        for number in mine:
            await slots.acquire()
            envelopes.append(await say(number))
            group.create_task(one(number))
    seconds = time.perf_counter() - began
    acks = [(await world.slack.acknowledged(one)) * 1000 for one in envelopes]
    return {
        "per_second": count / seconds,
        "cpu_per_1000": (running.cpu_seconds - spent) * 1000 / count,
        "ack_p99_ms": percentile(acks, 99),
        "out_of_order": disorder(site.order[heard:], speakers),
        "doubled": site.repeated,
    }


async def steady(
    world: World, say: Say, numbers: Numbers, running: Running, *, rate: float = 100.0, seconds: float = 8.0
) -> Mapping[str, float]:
    """Say messages at an even pace; how long each takes to stand in the room, in milliseconds."""
    mine, spent = numbers.take(round(rate * seconds)), running.cpu_seconds
    said: dict[int, float] = {}
    began = time.perf_counter()
    for place, number in enumerate(mine):
        await asyncio.sleep(max(0.0, began + place / rate - time.perf_counter()))
        said[number] = time.perf_counter()
        await say(number)
    async with asyncio.timeout(_SECONDS):
        for number in mine:
            await world.matrix.arrival(1, number)
    arrived = world.matrix.site(1).arrived
    waits = [(arrived[number] - said[number]) * 1000 for number in mine]
    return {
        "p50_ms": percentile(waits, 50),
        "p99_ms": percentile(waits, 99),
        "cpu_per_1000": (running.cpu_seconds - spent) * 1000 / len(mine),
    }


async def acknowledgements(
    world: World, act: Callable[[int], Awaitable[str]], count: int, *, pause: float = 0.02
) -> list[float]:
    """Act ``count`` times, one after the other; how long Slack waits each time, in milliseconds."""
    waits = []
    for number in range(count):
        waits.append(await world.slack.acknowledged(await act(number)) * 1000)
        await asyncio.sleep(pause)
    return waits


async def first_copy(world: World, say: Say, numbers: Numbers, running: Running) -> float:
    """Say one message as soon as somebody listens; the seconds since the start when it stands."""
    (number,) = numbers.take(1)
    await say(number)
    async with asyncio.timeout(_SECONDS):
        await world.matrix.arrival(1, number)
    return world.matrix.site(1).arrived[number] - running.began


def percentile(values: list[float], percent: int) -> float:
    """Give the value below which ``percent`` of a hundred are."""
    return statistics.quantiles(values, n=100)[percent - 1]


def disorder(order: list[int], speakers: int) -> int:
    """Count messages that came after one that the same speaker said later."""
    newest: dict[int, int] = {}
    late = 0
    for number in order:
        late += number < newest.get(number % speakers, 0)
        newest[number % speakers] = max(newest.get(number % speakers, 0), number)
    return late
