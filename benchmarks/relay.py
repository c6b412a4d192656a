"""How fast, how late and how heavy Curbside is as a relay from Slack to Matrix, beside others in one run.

    python benchmarks/relay.py [--database sqlite postgresql] [--only PART ...] [--flood 1000] ...
                               [--plot FILE] [--json FILE]

Five programs hear the same messages from a stub of Slack and say them to a stub of Matrix, in turn:
Curbside as operators run it, a bare relay of slack-bolt and matrix-nio, the same with Curbside's libraries
loaded and each text through its anonymizer, that one with each message on the disk before it is acknowledged
and before it is sent, and opsdroid. What counts are the ratios of one run. Curbside's message is a comment
that a physician types on a case: acknowledged after a commit that is on the disk, cleaned, checked for
permission, posted in both rooms, answered. Undo and delay are off. `--rate` is the even pace, in messages a
second; `--calm` one that is surely kept up with.

Then come parts that measure Curbside alone: acknowledgements, picture, start, fan, throttled, grown and
long, on each database that is named. The server of PostgreSQL is Debian's, with the settings that it comes
with. A part that fails is named with the reason, and the others run.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import traceback
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, fields
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, Final, TypeVar

from benchmarks.peers.environments import Missing
from benchmarks.peers.plotting import plot
from benchmarks.queues.postgres import Server, postgres
from benchmarks.relaying import bots, runs
from benchmarks.relaying.bots import World
from benchmarks.relaying.goals import drawn, table
from benchmarks.relaying.parts import PARTS, saying
from benchmarks.relaying.runs import Row
from benchmarks.relaying.sitting import PEOPLE, Sitting, Sizes
from bot.anonymizer.pictures.installed import installed_checks

T = TypeVar("T")
_BARE, _OPSDROID = "bare slack-bolt to nio", "opsdroid"
Command = Callable[[World, Path], Sequence[str]]
"""Gives what starts a program against stubs; it may keep files in the folder."""
PEERS: Final[Mapping[str, Command]] = {
    _BARE: bots.bare,
    "bare and anonymizer": bots.loaded,
    "anonymizer and disk": bots.kept,
    _OPSDROID: bots.opsdroid,
}
COMPARED: Final = "compared"
"""Names, among the parts, that in which all take turns."""


@dataclass(slots=True)
class Found:
    """What was measured so far."""

    systems: dict[str, list[Row]] = field(default_factory=dict)
    parts: dict[str, dict[str, Row]] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)

    async def attempt(self, what: str, measuring: Awaitable[T]) -> T | None:
        """Await a measurement; where it fails, note why and give None."""
        print(f"{what} …", file=sys.stderr, flush=True)
        try:
            measured = await measuring
        except Missing as missing:
            self.failed[what] = str(missing)
        except Exception as error:  # noqa: BLE001 - it is told in the table, and the other parts run
            traceback.print_exception(error)
            self.failed[what] = "; ".join(reasons(error))
        else:
            # Whoever breaks a long run off has what was measured until then.
            print(measured, file=sys.stderr, flush=True)
            return measured
        return None


def reasons(error: BaseException) -> Iterator[str]:
    """Give what is behind an error, in one line each."""
    if isinstance(error, BaseExceptionGroup):
        for one in error.exceptions:
            yield from reasons(one)
    else:
        yield f"{type(error).__name__}: {error}"


async def measure(sizes: Sizes, databases: Sequence[str], only: Sequence[str]) -> Mapping[str, Any]:
    """Run everything; gives figures by system and part, and what failed."""
    figures: dict[str, Any] = {"load": os.getloadavg()[0], "sizes": _described(sizes)}
    found = Found()
    with ExitStack() as stack:
        sittings = [Sitting(sizes, server) for server in _servers(databases, stack, found)]
        found.parts = {sitting.name: {} for sitting in sittings}
        for number in range(sizes.rounds if COMPARED in only else 0):
            await _round(number + 1, sizes, sittings, found)
        for name in PARTS:
            for sitting in sittings if name in only else ():
                await _part(name, sitting, found)
    systems = {name: _middle(rows) for name, rows in found.systems.items()}
    for name, parts in found.parts.items():
        if ratios := _ratios(systems, name):
            parts["ratios"] = ratios
    figures |= {"systems": systems, "parts": found.parts, "failed": found.failed}
    return {**figures, "picture_checks": installed_checks(), "load_after": os.getloadavg()[0]}


def _servers(databases: Sequence[str], stack: ExitStack, found: Found) -> Iterator[Server | None]:
    """Yield the server of each database, started; None is SQLite's. Notes one that does not run here."""
    for database in databases:
        try:
            yield stack.enter_context(postgres()) if database == "postgresql" else None
        except Missing as missing:
            found.failed[database] = str(missing)


async def _part(name: str, sitting: Sitting, found: Found) -> None:
    row = await found.attempt(f"{sitting.name}, {name}", PARTS[name](sitting))
    if row is not None:
        found.parts[sitting.name][name] = row


def _described(sizes: Sizes) -> Mapping[str, float]:
    return {one.name: getattr(sizes, one.name) for one in fields(sizes)}


async def _round(number: int, sizes: Sizes, sittings: Sequence[Sitting], found: Found) -> None:
    """Let all relay, one after the other."""
    measuring = {sitting.name: _ours(sitting) for sitting in sittings}
    measuring |= {name: _peer(sizes, command) for name, command in PEERS.items()}
    for name, measured in measuring.items():
        row = await found.attempt(f"{name}, round {number}", measured)
        if row is not None:
            found.systems.setdefault(name, []).append(row)


async def _ours(sitting: Sitting) -> Row:
    async with sitting.house() as (world, house):
        command = bots.curbside(house.config)
        return await _relay(sitting.sizes, world, command, saying(world, house), PEOPLE)


async def _peer(sizes: Sizes, command: Command) -> Row:
    with TemporaryDirectory() as folder:
        async with bots.stubs() as world:
            return await _relay(sizes, world, command(world, Path(folder)), runs.plain_say(world))


async def _relay(sizes: Sizes, world: World, command: Sequence[str], say: runs.Say, speakers: int = 1) -> Row:
    numbers = runs.Numbers()
    async with bots.started(world, command) as running:
        first = await runs.first_copy(world, say, numbers, running)
        await asyncio.sleep(sizes.settle)
        before = running.resident_mb
        steady = await runs.steady(world, say, numbers, running, rate=sizes.rate, seconds=sizes.seconds)
        flood = await runs.flood(world, say, numbers, sizes.flood, running, speakers=speakers)
        return {
            "first_copy_s": first,
            "resident_mb": before,
            "resident_after_mb": running.resident_mb,
            **flood,
            **{f"steady_{name}" if name in flood else name: figure for name, figure in steady.items()},
        }


def _middle(rows: Sequence[Row]) -> Row:
    return {name: median(row[name] for row in rows) for name in rows[0] if all(name in row for row in rows)}


def _ratios(systems: Mapping[str, Row], name: str) -> Row:
    """Compare ours with the others, as far as these were measured."""
    ours, bare, other = (systems.get(one) for one in (name, _BARE, _OPSDROID))
    ratios: dict[str, float] = {}
    if ours and bare:
        ratios["throughput_to_bare"] = ours["per_second"] / bare["per_second"]
        ratios |= {f"added_{late}": ours[late] - bare[late] for late in ("p50_ms", "p99_ms")}
    if ours and other:
        computed = ours["cpu_per_1000"] + ours.get("server_cpu_per_1000", 0.0)
        ratios["throughput_to_opsdroid"] = ours["per_second"] / other["per_second"]
        ratios["cpu_to_opsdroid"] = computed / other["cpu_per_1000"]
    return ratios


def main() -> None:
    """Measure, print, and write where asked."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name, size in _described(Sizes()).items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(size), default=size)
    parts = (COMPARED, *PARTS)
    parser.add_argument("--only", nargs="+", choices=parts, default=parts, help="these parts and no others")
    parser.add_argument("--database", nargs="+", choices=("sqlite", "postgresql"), default=["sqlite"])
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--plot", type=Path, metavar="FILE")
    asked = parser.parse_args()
    sizes = Sizes(**{one.name: getattr(asked, one.name) for one in fields(Sizes)})
    figures = asyncio.run(measure(sizes, asked.database, asked.only))
    print("\n".join(table(figures)))
    if asked.json:
        asked.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    if asked.plot:
        plot(asked.plot, "Slack to Matrix, one run", *drawn(figures))


if __name__ == "__main__":
    main()
