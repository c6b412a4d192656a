"""One round of one queue: its program is asked for its steps, its CPU is measured from outside."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, Final, Self, TextIO

from benchmarks.peers.environments import ROOT, Missing
from benchmarks.peers.program import cpu_seconds, peak_mib

Figures = dict[str, float | None]
"""None for what could not be measured, as the work was not done when the time was up."""
_HERE: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is asked for: facts, destinations, the most seconds of work, wakings, seconds of idling."""

    facts: int
    destinations: int
    seconds: float
    wakings: int
    idle: float

    @property
    def jobs(self) -> int:
        """How many jobs are put before the work begins."""
        return self.facts * self.destinations


class Running:
    """A queue's program, from its start to its end."""

    def __init__(self, python: str, script: str, arguments: Sequence[str]) -> None:
        """Start it, and wait until everything is open; Missing when it ends before that."""
        # Read only when it breaks off.
        self._said: TextIO = TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 (closed with the program)
        self._program = subprocess.Popen(
            [python, str(_HERE / script), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            text=True,
        )

    def __enter__(self) -> Self:
        """Give itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End its input, and the program if that is not enough."""
        if self._program.stdin is not None:
            self._program.stdin.close()
        try:
            self._program.wait(30)
        except subprocess.TimeoutExpired:
            self._program.kill()
            self._program.wait()
        if self._program.stdout is not None:
            self._program.stdout.close()
        self._said.close()

    def versions(self) -> dict[str, str]:
        """Read the first line: what it is made of."""
        versions: dict[str, str] = self._answer()["versions"]
        return versions

    def ask(self, step: str, **of_it: float) -> dict[str, Any]:
        """Ask for a step, and wait for its end."""
        if self._program.stdin is None:
            raise ValueError("a pipe was asked for")
        try:
            self._program.stdin.write(json.dumps({"step": step, **of_it}) + "\n")
            self._program.stdin.flush()
        except BrokenPipeError as error:
            raise Missing(self._last_words()) from error
        return self._answer()

    def cpu_seconds(self) -> float:
        """CPU seconds so far."""
        return cpu_seconds(self._program.pid)

    def peak_mib(self) -> int:
        """Most memory so far."""
        return peak_mib(self._program.pid)

    def _answer(self) -> dict[str, Any]:
        if self._program.stdout is None:
            raise ValueError("a pipe was asked for")
        while line := self._program.stdout.readline():
            if line.startswith("{"):  # Libraries may greet on standard output.
                answer: dict[str, Any] = json.loads(line)
                return answer
        raise Missing(self._last_words())

    def _last_words(self) -> str:
        self._program.wait(30)
        self._said.seek(0)
        lines = self._said.read().splitlines()
        return f"its program ended: {lines[-1]}" if lines else "its program ended"


def measure(program: Running, of_server: Callable[[], float], plan: Plan) -> Figures:
    """Ask for all steps; ``of_server`` gives CPU seconds of the database's own processes."""
    meter = _Meter(program, of_server)
    put = program.ask("enqueue", facts=plan.facts)
    worked = program.ask("work", seconds=plan.seconds)
    own, server = meter.spent()
    woken = program.ask("wake", times=plan.wakings, pause=0.2)["milliseconds"]
    refused = program.ask("refuse", seconds=0.5)
    meter.spent()
    program.ask("idle", seconds=plan.idle)
    idle, server_idle = meter.spent()
    done, delivered = worked["delivered"] == plan.jobs, max(1, worked["delivered"])
    return {
        "put_per_second": plan.jobs / put["seconds"],
        "worked_per_second": worked["delivered"] / worked["seconds"] if worked["delivered"] else 0.0,
        "cpu_ms": own * 1000 / delivered,
        "server_cpu_ms": server * 1000 / delivered,
        "wake_ms": statistics.median(woken) if woken and done else None,
        "idle_ms": idle * 1000 / plan.idle if done else None,
        "server_idle_ms": server_idle * 1000 / plan.idle if done else None,
        "left": plan.jobs - worked["delivered"],
        "overtaken": worked["overtaken"],
        "together": worked["together"],
        "doubled": worked["doubled"],
        "after_refusal": refused["overtaken"],
        "peak_mib": program.peak_mib(),
    }


class _Meter:
    def __init__(self, program: Running, of_server: Callable[[], float]) -> None:
        self._program, self._of_server = program, of_server
        self._last = self._now()

    def spent(self) -> tuple[float, float]:
        """Give CPU seconds of program and server since the last time that this was asked."""
        before, self._last = self._last, self._now()
        return self._last[0] - before[0], self._last[1] - before[1]

    def _now(self) -> tuple[float, float]:
        return self._program.cpu_seconds(), self._of_server()
