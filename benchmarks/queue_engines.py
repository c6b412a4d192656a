"""How our outbox does the work of a queue, beside procrastinate, pgqueuer and DBOS in one alternating run.

    python benchmarks/queue_engines.py [--facts 200] [--rounds 3] [--ours sqlite] [--json FILE] [--plot FILE]

A fact is a small row, and has one job for each of 20 destinations that is committed with it. All jobs are
put, then worked off by one process that does nothing for each: in their order within a destination, never two
of one destination at once. Then single facts wake the worker, a destination puts a job off while more come
for it, and the worker idles. Every round is a new process on a new database; engines take turns. Figures are
medians of the rounds; what went wrong is added up.

PostgreSQL is a server of the benchmark's own with the settings that it comes with; it is not needed for those
on SQLite. The peers' packages are installed into environments of their own when they are first needed.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.peers.environments import Missing, python_of
from benchmarks.peers.plotting import Panel, plot
from benchmarks.queues.measuring import Figures, Plan, Running, measure
from benchmarks.queues.postgres import Server, postgres

COLUMNS: Final = {
    "put_per_second": ("put/s", "{:,.0f}"),
    "worked_per_second": ("worked/s", "{:,.0f}"),
    "cpu_ms": ("CPU ms", "{:.2f}"),
    "server_cpu_ms": ("server", "{:.2f}"),
    "wake_ms": ("wake ms", "{:.1f}"),
    "idle_ms": ("idle", "{:.1f}"),
    "server_idle_ms": ("server", "{:.1f}"),
    "overtaken": ("overtaken", "{:,.0f}"),
    "together": ("together", "{:,.0f}"),
    "doubled": ("doubled", "{:,.0f}"),
    "after_refusal": ("refused", "{:,.0f}"),
    "left": ("left", "{:,.0f}"),
    "peak_mib": ("MiB", "{:,.0f}"),
}
ADDED_UP: Final = ("overtaken", "together", "doubled", "after_refusal", "left")
LEGEND: Final = """\
put/s, worked/s: jobs a second, put with their facts and worked off; CPU ms: of the process for one job, put
and worked off, and of the database server; wake ms: from a commit to the beginning of its first job; idle:
CPU ms a second while there is nothing to do; overtaken, together, doubled: jobs that began after a later one
of their destination, beside one, or twice; refused: jobs overtaken because their destination put them off;
left: not worked off when the time was up, so that nobody was idle; MiB: most memory of the process."""
PANELS: Final = (
    Panel("worked_per_second", "Jobs worked off per second", 1),
    Panel("put_per_second", "Jobs put with their facts per second", 1),
    Panel("all_cpu_ms", "CPU ms per job, with the database server (less is better)", 1),
    Panel("wake_ms", "From a commit to its first job, ms (less is better)", 1),
    Panel("all_idle_ms", "Idle: CPU ms per second, with the server (less is better)", 1),
)


@dataclass(frozen=True, slots=True)
class System:
    """One line of the table: a program, its environment (none: ours), its database, and options of it."""

    name: str
    script: str
    environment: str | None
    database: str
    options: tuple[str, ...] = ()
    most: int = 1_000_000
    """The most facts that it gets: where the clock sets the pace, more would only take longer."""


OURS: Final = {
    "sqlite": System("Curbside, SQLite", "on_curbside.py", None, "sqlite"),
    "postgresql": System("Curbside, PostgreSQL", "on_curbside.py", None, "postgresql"),
}
PEERS = (
    System("procrastinate", "on_procrastinate.py", "procrastinate", "postgresql"),
    System("pgqueuer", "on_pgqueuer.py", "pgqueuer", "postgresql"),
    System("DBOS, PostgreSQL", "on_dbos.py", "dbos", "postgresql", most=20),
    System("DBOS, 10 ms, PostgreSQL", "on_dbos.py", "dbos", "postgresql", ("0.01",)),
    System("DBOS, 10 ms, SQLite", "on_dbos.py", "dbos", "sqlite", ("0.01",)),
)


def compare(systems: Sequence[System], plan: Plan, rounds: int) -> dict[str, Any]:
    """Run all rounds; gives versions, what is missing and why, and the figures by system."""
    result: dict[str, Any] = {"plan": _described(plan, rounds), "versions": {}, "missing": {}, "systems": {}}
    found: dict[str, list[Figures]] = {}
    with ExitStack() as stack:
        server = _server(systems, stack, result)
        for number in range(rounds):
            for system in systems:
                if system.name not in result["missing"]:
                    print(f"Round {number + 1} of {rounds}: {system.name} …", file=sys.stderr, flush=True)
                    _one_round(system, server, plan, result, found)
    result["systems"] = {name: _summed(figures) for name, figures in found.items()}
    return result


def _described(plan: Plan, rounds: int) -> dict[str, float]:
    return {"facts": plan.facts, "destinations": plan.destinations, "jobs": plan.jobs, "rounds": rounds}


def _server(systems: Sequence[System], stack: ExitStack, result: dict[str, Any]) -> Server | None:
    wanted = [system.name for system in systems if system.database == "postgresql"]
    try:
        server = stack.enter_context(postgres()) if wanted else None
    except Missing as missing:
        result["missing"].update(dict.fromkeys(wanted, str(missing)))
        return None
    if server is not None:
        result["versions"]["PostgreSQL"] = {"server": server.version}
    return server


def _one_round(
    system: System,
    server: Server | None,
    plan: Plan,
    result: dict[str, Any],
    found: dict[str, list[Figures]],
) -> None:
    plan = replace(plan, facts=min(plan.facts, system.most))
    on_server = system.database == "postgresql" and server is not None
    try:
        python = python_of(system.environment) if system.environment else sys.executable
        with tempfile.TemporaryDirectory(prefix="queue-") as folder:
            database = server.database("queue") if on_server and server is not None else folder
            options = (database, str(plan.destinations), *system.options)
            with Running(python, system.script, options) as program:
                result["versions"][system.name] = program.versions()
                of_server = server.cpu_seconds if on_server and server is not None else _none
                found.setdefault(system.name, []).append(measure(program, of_server, plan))
    except Missing as missing:
        result["missing"][system.name] = str(missing)


def _none() -> float:
    return 0.0


def _summed(rounds: Sequence[Figures]) -> Figures:
    figures = {key: _of_rounds(key, [each[key] for each in rounds]) for key in COLUMNS}
    figures["all_cpu_ms"] = _together(figures["cpu_ms"], figures["server_cpu_ms"])
    figures["all_idle_ms"] = _together(figures["idle_ms"], figures["server_idle_ms"])
    return figures


def _of_rounds(key: str, values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    if key in ADDED_UP:
        return sum(known)
    return round(statistics.median(known), 2) if known else None


def _together(own: float | None, server: float | None) -> float | None:
    return None if own is None or server is None else round(own + server, 2)


def table(result: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines of the table."""
    for name, versions in result["versions"].items():
        yield f"{name}: {', '.join(' '.join(pair) for pair in versions.items())}"
    for name, why in result["missing"].items():
        yield f"{name} did not run: {why}"
    plan = result["plan"]
    yield ""
    yield f"{plan['facts']} facts for {plan['destinations']} destinations, {plan['rounds']} rounds"
    yield f"{'':<24}" + "".join(f"{words:>11}" for words, _ in COLUMNS.values())
    for name, figures in result["systems"].items():
        cells = (
            "-" if figures[key] is None else form.format(figures[key]) for key, (_, form) in COLUMNS.items()
        )
        yield f"{name:<24}" + "".join(f"{cell:>11}" for cell in cells)
    yield ""
    yield LEGEND


def main() -> None:
    """Compare, print, and write what was asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--facts", type=int, default=200, help="20 jobs each")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=60.0, help="the most that a round may work")
    parser.add_argument("--idle", type=float, default=10.0, help="seconds of doing nothing in a round")
    parser.add_argument("--ours", nargs="+", choices=sorted(OURS), default=["sqlite"], help="our databases")
    parser.add_argument("--json", type=Path, help="write the figures here")
    parser.add_argument("--plot", type=Path, help="draw a picture of the comparison here, as PNG")
    args = parser.parse_args()
    plan = Plan(args.facts, 20, args.seconds, wakings=10, idle=args.idle)
    result = compare((*(OURS[name] for name in args.ours), *PEERS), plan, args.rounds)
    print("\n".join(table(result)))
    if args.json:
        args.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    if args.plot:
        plot(args.plot, f"{plan.jobs:,} jobs for 20 destinations", PANELS, result["systems"])


if __name__ == "__main__":
    main()
