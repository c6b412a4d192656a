"""The runs: a flood, a steady trickle, acknowledgements, the first copy after a start."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from benchmarks.relaying.bots import Running, World
from benchmarks.relaying.words import text_of

Act = Callable[[int], Awaitable[str]]
"""Does something on Slack, for the so-manieth time; gives the envelope."""
Say = Act
"""Says the message of a number on Slack."""
Row = Mapping[str, float]
"""Figures by name; one that was not measured is not there."""
AT_ONCE: Final = 256
"""How many messages of a flood are neither here nor there at most."""
_SECONDS: Final = 600.0
_SLOWEST: Final = 10
"""Messages a second below which a flood is given up."""


@dataclass(slots=True)
class Numbers:
    """Gives every message of one world a number of its own."""

    next: int = 1

    def take(self, count: int) -> range:
        """Take so many."""
        self.next += count
        return range(self.next - count, self.next)


class Spent:
    """Seconds of the clock and of computing since it was made."""

    def __init__(self, world: World, running: Running) -> None:
        """Begin to count."""
        self._world, self._running = world, running
        self.began = time.perf_counter()
        self._before = self._now()

    def seconds(self) -> float:
        """Give the seconds of the clock so far."""
        return time.perf_counter() - self.began

    def on(self, count: int) -> Row:
        """Give CPU seconds for 1,000, of the bot and, where there is one, of the database server."""
        spent = [now - before for now, before in zip(self._now(), self._before, strict=True)]
        names = ("cpu_per_1000", "server_cpu_per_1000")
        return {name: each * 1000 / count for name, each in zip(names, spent, strict=False)}

    def _now(self) -> tuple[float, ...]:
        server = self._world.server_cpu
        return (self._running.cpu_seconds, *(() if server is None else (server(),)))


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
    speakers: int = 1,
    until: asyncio.Event | None = None,
) -> Row:
    """Say ``count`` messages with at most 256 of them neither here nor there; more, ``until`` it is set.

    ``speakers`` say them in turn; each one's own messages have an order. The first 256 come at once, which
    nobody does: how long acknowledgements take is given with them and, where more follow, ``later``.
    """
    slots = asyncio.Semaphore(AT_ONCE)
    site = world.matrix.site(1)
    heard, spent = len(site.order), Spent(world, running)
    envelopes: list[str] = []

    async def one(number: int) -> None:
        await world.matrix.arrival(1, number)
        slots.release()

    async with asyncio.timeout(_SECONDS + count / _SLOWEST), asyncio.TaskGroup() as group:
        while len(envelopes) < count or not (until is None or until.is_set()):
            await slots.acquire()
            (number,) = numbers.take(1)
            envelopes.append(await say(number))
            group.create_task(one(number))
    seconds = spent.seconds()
    acks = await waits(world, envelopes)
    burst = envelopes[:AT_ONCE]
    return {
        "per_second": len(envelopes) / seconds,
        **spent.on(len(envelopes)),
        "ack_p99_ms": percentile(acks, 99),
        **({"ack_later_p99_ms": percentile(acks[AT_ONCE:], 99)} if len(acks) > len(burst) + 1 else {}),
        "burst_acked_s": max(world.slack.acked[envelope] for envelope in burst) - spent.began,
        "out_of_order": disorder(site.order[heard:], speakers),
        "doubled": site.repeated,
    }


async def steady(
    world: World, say: Say, numbers: Numbers, running: Running, *, rate: float = 100.0, seconds: float = 8.0
) -> Row:
    """Say messages at an even pace; how long each takes to stand in the room, in milliseconds."""
    mine, spent = numbers.take(round(rate * seconds)), Spent(world, running)
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
    late = [(arrived[number] - said[number]) * 1000 for number in mine]
    return {"p50_ms": percentile(late, 50), "p99_ms": percentile(late, 99), **spent.on(len(mine))}


async def acknowledgements(
    world: World, act: Act, count: int, *, pause: float = 0.02, until: asyncio.Event | None = None
) -> list[str]:
    """Act ``count`` times, each after the last one's acknowledgement; gives the envelopes.

    With ``until`` it goes on, or ends sooner, when that is set.
    """
    envelopes: list[str] = []
    while len(envelopes) < count if until is None else not until.is_set():
        envelopes.append(await act(len(envelopes)))
        await world.slack.acknowledged(envelopes[-1])
        await asyncio.sleep(pause)
    return envelopes


async def waits(world: World, envelopes: Iterable[str]) -> list[float]:
    """Give how long Slack waited for each acknowledgement, in milliseconds."""
    return [await world.slack.acknowledged(envelope) * 1000 for envelope in envelopes]


async def first_copy(world: World, say: Say, numbers: Numbers, running: Running) -> float:
    """Say one message as soon as somebody listens; the seconds since the start when it stands."""
    (number,) = numbers.take(1)
    await say(number)
    async with asyncio.timeout(_SECONDS):
        await world.matrix.arrival(1, number)
    return world.matrix.site(1).arrived[number] - running.began


def percentile(values: list[float], percent: int) -> float:
    """Give the value below which ``percent`` of a hundred are; of few values, never one beyond the last."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def disorder(order: list[int], speakers: int) -> int:
    """Count messages that came after one that the same speaker said later."""
    newest: dict[int, int] = {}
    late = 0
    for number in order:
        late += number < newest.get(number % speakers, 0)
        newest[number % speakers] = max(newest.get(number % speakers, 0), number)
    return late
