"""How fast, how late and how heavy Curbside is as a relay from Slack to Matrix, beside others in one run.

    python benchmarks/relay.py [--flood 4000] [--rounds 3] [--waiting 100000] [--fan 300000]
                               [--plot FILE] [--json FILE]

Three programs hear the same messages from a stub of Slack and say them to a stub of Matrix, in turn:
Curbside as operators run it, a bare relay of slack-bolt and matrix-nio, and opsdroid. What counts are the
ratios of one run. Curbside's message is a comment that a physician types on a case: acknowledged after a
commit that is on the disk, cleaned, checked for permission, posted in both rooms, answered. Undo and delay
are off. `--rate` is the even pace, in messages a second.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, Final

from benchmarks.peers.environments import Missing
from benchmarks.peers.plotting import Panel, plot
from benchmarks.relaying import bots, runs
from benchmarks.relaying.bots import World
from benchmarks.relaying.house import House, make_house
from benchmarks.relaying.stored import keep_waiting, tell_many
from benchmarks.relaying.words import text_of

Row = Mapping[str, float]
Asked = argparse.Namespace
_PEOPLE: Final = 64
_OURS, _BARE, _OPSDROID = "Curbside", "bare slack-bolt to nio", "opsdroid"
_PANELS: Final = (
    Panel("per_second", "messages a second in a flood", 1),
    Panel("cpu_per_1000", "CPU seconds for 1,000 messages of the flood", 1),
    Panel("p50_ms", "milliseconds from Slack to Matrix at an even pace, middle", 1),
    Panel("resident_mb", "megabytes once connected", 1),
)


async def measure(asked: Asked) -> Mapping[str, Any]:
    """Run everything; gives figures by part."""
    figures: dict[str, Any] = {"load": os.getloadavg()[0]}
    rounds = [await _round(asked) for _ in range(asked.rounds)]
    systems = {name: _middle([one[name] for one in rounds if name in one]) for name in rounds[0]}
    figures |= {"systems": systems, "ratios": _ratios(systems)}
    for name, part in _PARTS.items():
        print(f"measured so far: {figures}", file=sys.stderr, flush=True)
        figures[name] = await _with_house(asked, part, sites=2 if part is _throttled else 1)
    return {**figures, "load_after": os.getloadavg()[0]}


async def _round(asked: Asked) -> Mapping[str, Row]:
    """Let all three relay, one after the other."""
    rows: dict[str, Row] = {_OURS: await _with_house(asked, _ours)}
    for name, command in ((_BARE, bots.bare), (_OPSDROID, bots.opsdroid)):
        async with bots.stubs() as world:
            try:
                rows[name] = await _relay(asked, world, command(world), runs.plain_say(world))
            except Missing as missing:
                print(f"{name}: not here, {missing}")
    return rows


async def _relay(asked: Asked, world: World, command: Sequence[str], say: runs.Say, speakers: int = 1) -> Row:
    numbers = runs.Numbers()
    async with bots.started(world, command) as running:
        first = await runs.first_copy(world, say, numbers, running)
        await asyncio.sleep(asked.settle)
        before = running.resident_mb
        steady = await runs.steady(world, say, numbers, running, rate=asked.rate, seconds=asked.seconds)
        flood = await runs.flood(world, say, numbers, asked.flood, running, speakers=speakers)
        return {
            "first_copy_s": first,
            "resident_mb": before,
            "resident_after_mb": running.resident_mb,
            **flood,
            **{f"steady_{name}" if name in flood else name: figure for name, figure in steady.items()},
        }


async def _with_house(
    asked: Asked, part: Callable[[Asked, World, House], Awaitable[Row]], *, sites: int = 1
) -> Row:
    with tempfile.TemporaryDirectory() as folder:
        async with bots.stubs() as world:
            house = await make_house(Path(folder), world.base, people=_PEOPLE, sites=sites)
            return await part(asked, world, house)


async def _ours(asked: Asked, world: World, house: House) -> Row:
    return await _relay(asked, world, bots.curbside(house.config), _saying(world, house), _PEOPLE)


def _saying(world: World, house: House) -> runs.Say:
    return lambda number: world.slack.command(*house.comment(number, text_of(number)))


async def _acknowledge(asked: Asked, world: World, house: House) -> Row:
    """Ask for help by command and by button: first alone, then while a flood is under way."""

    async def typed(number: int) -> str:
        return await world.slack.command(house.people[number % _PEOPLE], "help")

    async def pressed(number: int) -> str:
        return await world.slack.click(house.people[number % _PEOPLE], "help")

    figures: dict[str, float] = {}
    async with bots.started(world, bots.curbside(house.config)) as running:
        await asyncio.sleep(asked.settle)
        for name, act in (("command", typed), ("button", pressed)):
            waits = await runs.acknowledgements(world, act, asked.acks)
            figures |= {
                f"{name}_idle_p50_ms": median(waits),
                f"{name}_idle_p99_ms": runs.percentile(waits, 99),
            }
        flooding = asyncio.create_task(
            runs.flood(world, _saying(world, house), runs.Numbers(), asked.flood, running)
        )
        for name, act in (("command", typed), ("button", pressed)):
            waits = await runs.acknowledgements(world, act, asked.acks)
            figures[f"{name}_flood_p99_ms"] = runs.percentile(waits, 99)
        figures["flood_went_on"] = float(not flooding.done())
        await flooding
    return figures


async def _start_late(asked: Asked, world: World, house: House) -> Row:
    """Start with a long queue, and say something at once."""
    await keep_waiting(house, asked.waiting)
    async with bots.started(world, bots.curbside(house.config)) as running:
        first = await runs.first_copy(world, _saying(world, house), runs.Numbers(), running)
    return {"waiting": asked.waiting, "first_copy_s": first}


async def _fan(asked: Asked, _world: World, house: House) -> Row:
    return await tell_many(house, asked.fan)


async def _throttled(asked: Asked, world: World, house: House) -> Row:
    """Measure one homeserver's room at an even pace, then again while another takes one message a second."""
    say, numbers = _saying(world, house), runs.Numbers()
    steady = partial(runs.steady, world, say, numbers, rate=asked.rate, seconds=asked.seconds)
    async with bots.started(world, bots.curbside(house.config), sites=2) as running:
        await asyncio.sleep(asked.settle)
        alone = await steady(running)
        world.matrix.site(2).every = 1.0
        beside = await steady(running)
    ratio = beside["p99_ms"] / alone["p99_ms"]
    return {"p99_ms": alone["p99_ms"], "p99_beside_ms": beside["p99_ms"], "ratio": ratio}


_PARTS: Final = {"acknowledgements": _acknowledge, "start": _start_late, "fan": _fan, "throttled": _throttled}


def _middle(rows: Sequence[Row]) -> Row:
    return {name: median(row[name] for row in rows) for name in rows[0]}


def _ratios(systems: Mapping[str, Row]) -> Row:
    ours, bare = systems[_OURS], systems[_BARE]
    ratios = {
        "throughput_to_bare": ours["per_second"] / bare["per_second"],
        "added_p50_ms": ours["p50_ms"] - bare["p50_ms"],
        "added_p99_ms": ours["p99_ms"] - bare["p99_ms"],
    }
    if other := systems.get(_OPSDROID):
        ratios["throughput_to_opsdroid"] = ours["per_second"] / other["per_second"]
        ratios["cpu_to_opsdroid"] = ours["cpu_per_1000"] / other["cpu_per_1000"]
    return ratios


def _print(figures: Mapping[str, Any]) -> None:
    systems: Mapping[str, Row] = figures["systems"]
    print(f"{'':22}" + "".join(f"{name:>24}" for name in systems))
    for name in systems[_OURS]:
        print(f"{name:22}" + "".join(f"{row[name]:24.2f}" for row in systems.values()))
    for part in ("ratios", *_PARTS):
        for name, figure in figures[part].items():
            print(f"{part + ' ' + name:46}{figure:12.2f}")
    print(f"load of the machine {figures['load']:.1f}, at the end {figures['load_after']:.1f}")


def main() -> None:
    """Measure, print, and write where asked."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name, most in (("flood", 4000), ("rounds", 3), ("waiting", 100_000), ("fan", 300_000), ("acks", 200)):
        parser.add_argument(f"--{name}", type=int, default=most)
    for name, much in (("rate", 100.0), ("seconds", 8.0), ("settle", 5.0)):
        parser.add_argument(f"--{name}", type=float, default=much)
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--plot", type=Path, metavar="FILE")
    asked = parser.parse_args()
    figures = asyncio.run(measure(asked))
    _print(figures)
    if asked.json:
        asked.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    if asked.plot:
        plot(asked.plot, "Slack to Matrix, one run", _PANELS, figures["systems"])


if __name__ == "__main__":
    main()
