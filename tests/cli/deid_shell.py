"""A shell for the tests of `curbside deid`: input and output as bytes, lines as JSON."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import IO, Any

import pytest

from bot.cli import perform

COMMAND = (sys.executable, "-m", "bot", "deid")
ROOT = Path(__file__).parents[2]


class Shell:
    """Runs one word of `curbside deid` in this process and keeps what it said."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch = monkeypatch
        self._capsys = capsys
        self.out = ""
        self.err = ""

    def run(self, *words: str | Path, content: bytes = b"") -> int:
        """Run the words with this standard input; the exit code."""
        self._monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
        code = perform(["deid", *map(str, words)])
        self.out, self.err = self._capsys.readouterr()
        return code

    @property
    def answers(self) -> list[dict[str, Any]]:
        """Standard output, read as JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def errors(self) -> list[dict[str, Any]]:
        """Standard error, read as JSON lines."""
        return [json.loads(line) for line in self.err.splitlines()]


def json_lines(*values: object) -> bytes:
    """Values as lines of JSON."""
    return b"".join(json.dumps(value).encode() + b"\n" for value in values)


def started(
    *words: str, stdin: int | IO[bytes] = subprocess.PIPE, stderr: int = subprocess.PIPE
) -> subprocess.Popen[bytes]:
    """Start the command as a program of its own, with a pipe wherever nothing else is given."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm"}
    return subprocess.Popen(
        [*COMMAND, *words], stdin=stdin, stdout=subprocess.PIPE, stderr=stderr, env=environment
    )
