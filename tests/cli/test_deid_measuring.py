"""docs/measuring.md, done as it says: files are written, commands run, the output is what stands there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.cli.deid_shell import ROOT

PAGE = (ROOT / "docs" / "measuring.md").read_text(encoding="utf-8")


def blocks() -> Iterator[tuple[list[str], str]]:
    """The fenced blocks of the page: the words behind the fence, and what is inside."""
    for block in re.finditer(r"^```(.*?)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL):
        yield block[1].split(), block[2]


def shell(folder: Path, command: str) -> str:
    """Run one line in a shell that finds this environment's programs first."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    ran = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env={**os.environ, "PATH": path, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stderr == ""
    return ran.stdout


def test_the_worked_example_works(tmp_path: Path) -> None:
    said, compared = "", 0
    for words, inside in blocks():
        match words:
            case [_, name]:
                (tmp_path / name).write_text(inside, encoding="utf-8")
            case ["sh"]:
                commands = [line[2:] for line in inside.splitlines() if line.startswith("$ ")]
                said = "".join(shell(tmp_path, command) for command in commands)
                shown = "".join(f"{line}\n" for line in inside.splitlines() if not line.startswith("$ "))
                compared += bool(shown)
                assert not shown or said == shown
            case ["text"]:
                compared += 1
                assert said == inside
    assert compared == 2
