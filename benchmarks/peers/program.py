"""One peer as a program: JSON lines in, JSON lines out, its CPU seconds and its memory measured from outside.

The first line that a program writes is `{"versions": {name: version}}`, after it has loaded everything and
done one piece of work; then it answers every line with one line. Loading is not counted.
"""

from __future__ import annotations

import json
import os
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, TextIO

from benchmarks.peers.environments import ROOT, Missing

_TICKS = os.sysconf("SC_CLK_TCK")
# One thread each, so that CPU seconds are comparable and nobody waits for a core.
_ALONE = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_THREAD_LIMIT")


@dataclass(frozen=True, slots=True)
class Ran:
    """What a program answered, by id, and what it took."""

    versions: dict[str, str]
    answers: dict[str, dict[str, Any]]
    cpu_seconds: float
    peak_mib: int


def run(python: str, script: str, jobs: Sequence[Mapping[str, Any]]) -> Ran:
    """Run benchmarks/peers/`script` over the jobs; Missing when it says that it cannot run here."""
    environment = {**os.environ, **dict.fromkeys(_ALONE, "1"), "PYTHONPATH": str(ROOT)}
    command = [python, str(Path(__file__).with_name(script))]
    pipe = subprocess.PIPE
    with (
        TemporaryFile("w+", encoding="utf-8") as said,
        _last_words(said),
        subprocess.Popen(
            command, stdin=pipe, stdout=pipe, stderr=said, env=environment, text=True
        ) as program,
    ):
        if program.stdin is None or program.stdout is None:
            raise ValueError("a pipe was asked for")
        versions = _first(program.stdout.readline())
        before = cpu_seconds(program.pid)
        feeding = threading.Thread(target=_feed, args=(program.stdin, jobs))
        feeding.start()
        answers = {}
        for _ in jobs:
            answer = _answer(program.stdout.readline())
            answers[answer["id"]] = answer
        feeding.join()
        # The system counts in ticks; less than one is not measured.
        spent = max(cpu_seconds(program.pid) - before, 1 / _TICKS)
        ran = Ran(versions, answers, spent, peak_mib(program.pid))
        program.stdin.close()
    return ran


@contextmanager
def _last_words(said: TextIO) -> Iterator[None]:
    """Tell the last line of a program's standard error when it broke off; of the others nobody reads it."""
    try:
        yield
    except Missing as missing:
        said.seek(0)
        lines = said.read().splitlines()
        raise Missing(f"{missing}: {lines[-1]}" if lines else str(missing)) from missing


def _first(line: str) -> dict[str, str]:
    if not line:
        raise Missing("its program ended before it was ready")
    first: dict[str, Any] = json.loads(line)
    if "missing" in first:
        raise Missing(first["missing"])
    versions: dict[str, str] = first["versions"]
    return versions


def _answer(line: str) -> dict[str, Any]:
    if not line:
        raise Missing("its program ended in the middle of the work")
    answer: dict[str, Any] = json.loads(line)
    return answer


def _feed(stdin: Any, jobs: Sequence[Mapping[str, Any]]) -> None:  # noqa: ANN401 (a text pipe)
    for job in jobs:
        stdin.write(json.dumps(job) + "\n")
        stdin.flush()


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()
    return [pid, *(each for child in children for each in _family(int(child)))]


def cpu_seconds(pid: int) -> float:
    """CPU seconds of a process, of its living children, and of those that ended."""
    return sum(_ticks(each) for each in _family(pid)) / _TICKS


def _ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return sum(map(int, fields[11:15]))


def peak_mib(pid: int) -> int:
    """Most memory that any one of its processes had; those that have ended are not seen."""
    return max(_high_water(each) for each in _family(pid)) // 1024


def _high_water(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
