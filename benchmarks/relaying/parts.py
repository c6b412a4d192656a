"""The parts of relay.py that measure Curbside alone, each in a house of its own."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from statistics import median
from typing import Final

from benchmarks.relaying import bots, runs
from benchmarks.relaying.bots import Running, World
from benchmarks.relaying.grown import grow
from benchmarks.relaying.house import House
from benchmarks.relaying.photo import photo
from benchmarks.relaying.runs import Act, Numbers, Row
from benchmarks.relaying.sitting import PEOPLE, Sitting
from benchmarks.relaying.stored import keep_waiting, tell_many
from benchmarks.relaying.words import text_of
from bot.anonymizer.pictures.installed import installed_checks

Part = Callable[[Sitting], Awaitable[Row]]
_PICTURE_SECONDS: Final = 75.0
"""The bot itself gives a picture up after 60."""


def saying(world: World, house: House) -> runs.Say:
    """Say it as comments of the house's physicians, each on their own case."""
    return lambda number: world.slack.command(*house.comment(number, text_of(number)))


def _asking(world: World, house: House) -> Mapping[str, Act]:
    """Give the two ways to ask for help, in turn by all physicians."""

    async def typed(number: int) -> str:
        return await world.slack.command(house.people[number % PEOPLE], "help")

    async def pressed(number: int) -> str:
        return await world.slack.click(house.people[number % PEOPLE], "help")

    return {"command": typed, "button": pressed}


async def acknowledgements(sitting: Sitting) -> Row:
    """Ask for help by command and by button: first alone, then while a flood is under way."""
    sizes, figures = sitting.sizes, dict[str, float]()
    async with sitting.house() as (world, house), bots.started(world, bots.curbside(house.config)) as running:
        await asyncio.sleep(sizes.settle)
        asking = _asking(world, house)
        for name, act in asking.items():
            waits = await runs.waits(world, await runs.acknowledgements(world, act, sizes.acks))
            figures[f"{name}_idle_p50_ms"] = median(waits)
            figures[f"{name}_idle_p99_ms"] = runs.percentile(waits, 99)

        async def ask_for_help() -> Mapping[str, list[str]]:
            return {name: await runs.acknowledgements(world, act, sizes.acks) for name, act in asking.items()}

        return {**figures, **await _in_flood(sitting, world, house, running, ask_for_help)}


async def _in_flood(
    sitting: Sitting,
    world: World,
    house: House,
    running: Running,
    act: Callable[[], Awaitable[Mapping[str, list[str]]]],
) -> Row:
    """Let a flood go on for as long as something is done; how long the acknowledgements of that take.

    Those that were asked for after the first burst was acknowledged are given apart too.
    """
    enough, began = asyncio.Event(), time.perf_counter()
    async with asyncio.TaskGroup() as group:
        flooding = group.create_task(
            runs.flood(
                world,
                saying(world, house),
                Numbers(),
                sitting.sizes.flood,
                running,
                speakers=PEOPLE,
                until=enough,
            )
        )
        asked = await act()
        enough.set()
    flood = flooding.result()
    calm = began + flood["burst_acked_s"]
    figures = {"flood_per_second": flood["per_second"], "flood_out_of_order": flood["out_of_order"]}
    for name, envelopes in asked.items():
        figures[f"{name}_flood_p99_ms"] = runs.percentile(await runs.waits(world, envelopes), 99)
        later = [envelope for envelope in envelopes if world.slack.sent[envelope] > calm]
        figures[f"{name}_later_count"] = len(later)
        if len(later) > 1:
            figures[f"{name}_later_p99_ms"] = runs.percentile(await runs.waits(world, later), 99)
    return figures


async def picture(sitting: Sitting) -> Row:
    """Post large pictures one after the other while a flood is under way, and ask for help meanwhile.

    A picture is done when its author sees the preview; then the next step is, and the cleaned one comes.
    The first one waits for the process that cleans, which is started for it.
    """
    sizes, taken = sitting.sizes, list[float]()
    async with (
        sitting.house(guests=sizes.pictures) as (world, house),
        bots.started(world, bots.curbside(house.config)) as running,
    ):
        await asyncio.sleep(sizes.settle)
        file = world.slack.files.attach(photo())

        async def post_and_ask() -> Mapping[str, list[str]]:
            done = asyncio.Event()
            async with asyncio.TaskGroup() as group:
                asking = {
                    name: group.create_task(runs.acknowledgements(world, act, 0, until=done))
                    for name, act in _asking(world, house).items()
                }
                for guest in house.guests:
                    taken.append(await _cleaned(world, guest, file))
                done.set()
            return {name: task.result() for name, task in asking.items()}

        figures = await _in_flood(sitting, world, house, running, post_and_ask)
    checks = {"checks_installed": float(len(installed_checks()))}
    return {**figures, **checks, "pictures": len(taken), "middle_s": median(taken), "longest_s": max(taken)}


async def _cleaned(world: World, person: str, file: str) -> float:
    """Send a case with a picture, and look at the cleaned one; the seconds until the preview was there."""
    began = time.perf_counter()
    try:
        async with asyncio.timeout(_PICTURE_SECONDS):
            modal = await world.slack.submit_case(person, file)
            buttons = await world.slack.shown(modal)
            seconds = time.perf_counter() - began
            if "Remove picture 1" in buttons:
                raise RuntimeError(f"the picture could not be checked; it was given up after {seconds:.0f} s")
            await world.slack.press(person, modal, buttons["Continue"])
            made = await world.slack.files.uploaded()
    except TimeoutError:
        raise RuntimeError(f"no cleaned picture came within {_PICTURE_SECONDS:.0f} s") from None
    if not made:
        raise RuntimeError("what was uploaded as the cleaned picture is empty")
    return seconds


async def start(sitting: Sitting) -> Row:
    """Start with a long queue, and say something at once."""
    async with sitting.house() as (world, house):
        await keep_waiting(house, sitting.sizes.waiting)
        async with bots.started(world, bots.curbside(house.config)) as running:
            first = await runs.first_copy(world, saying(world, house), Numbers(), running)
    return {"waiting": sitting.sizes.waiting, "first_copy_s": first}


async def fan(sitting: Sitting) -> Row:
    """Tell many members at once."""
    async with sitting.house() as (_, house):
        return await tell_many(house, sitting.sizes.fan)


async def throttled(sitting: Sitting) -> Row:
    """Measure one homeserver's room at a calm pace, then again while another takes one message a second."""
    sizes, numbers = sitting.sizes, Numbers()
    async with (
        sitting.house(sites=2) as (world, house),
        bots.started(world, bots.curbside(house.config), sites=2) as running,
    ):
        await asyncio.sleep(sizes.settle)
        alone = await _calm(sitting, world, house, numbers, running)
        slow = world.matrix.site(2)
        slow.every = 1.0
        beside = await _calm(sitting, world, house, numbers, running)
    ratio = beside["p99_ms"] / alone["p99_ms"]
    figures = {"p50_ms": alone["p50_ms"], "p50_beside_ms": beside["p50_ms"], "slow_refused": slow.refused}
    return {**figures, "p99_ms": alone["p99_ms"], "p99_beside_ms": beside["p99_ms"], "ratio": ratio}


async def _calm(sitting: Sitting, world: World, house: House, numbers: Numbers, running: Running) -> Row:
    sizes = sitting.sizes
    pace = {"rate": sizes.calm, "seconds": sizes.calm_seconds}
    return await runs.steady(world, saying(world, house), numbers, running, **pace)


async def long_run(sitting: Sitting) -> Row:
    """Say very many messages; what the bot holds after the first tenth, and at the end."""
    count = sitting.sizes.long
    async with sitting.house() as (world, house), bots.started(world, bots.curbside(house.config)) as running:
        say, numbers = saying(world, house), Numbers()
        await runs.flood(world, say, numbers, count // 10, running, speakers=PEOPLE)
        first = running.resident_mb
        flood = await runs.flood(world, say, numbers, count - count // 10, running, speakers=PEOPLE)
        last = running.resident_mb
    figures = {name: flood[name] for name in ("per_second", "out_of_order", "doubled")}
    return {**figures, "messages": count, "first_mb": first, "last_mb": last, "growth_mb": last - first}


async def grown(sitting: Sitting) -> Row:
    """Measure a house as it is made, and another in which many members and opinions are stored."""
    sizes = sitting.sizes
    async with sitting.house() as (world, house):
        plain = await _paces(sitting, world, house)
    async with sitting.house() as (world, house):
        stored = await grow(house, sizes.members, sizes.opinions)
        full = await _paces(sitting, world, house)
    return {
        **{f"stored_{name}": figure for name, figure in stored.items()},
        **{f"plain_{name}": plain[name] for name in ("per_second", "p50_ms", "cpu_per_1000")},
        **{f"grown_{name}": full[name] for name in ("per_second", "p50_ms", "cpu_per_1000")},
        "pace_ratio": plain["per_second"] / full["per_second"],
        **{f"{name}_ratio": full[name] / plain[name] for name in ("p50_ms", "cpu_per_1000", "ack_p99_ms")},
    }


async def _paces(sitting: Sitting, world: World, house: House) -> Row:
    """Measure a calm pace, then a flood; the computing time is the flood's, the server's included."""
    numbers = Numbers()
    async with bots.started(world, bots.curbside(house.config)) as running:
        await asyncio.sleep(sitting.sizes.settle)
        calm = await _calm(sitting, world, house, numbers, running)
        flood = await runs.flood(
            world, saying(world, house), numbers, sitting.sizes.flood, running, speakers=PEOPLE
        )
    return {**calm, **flood, "cpu_per_1000": flood["cpu_per_1000"] + flood.get("server_cpu_per_1000", 0.0)}


PARTS: Final[Mapping[str, Part]] = {
    "acknowledgements": acknowledgements,
    "picture": picture,
    "start": start,
    "fan": fan,
    "throttled": throttled,
    "grown": grown,
    "long": long_run,
}
