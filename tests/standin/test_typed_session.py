"""The plugin that type-checks a whole test run: it fails the run, on one worker and on several."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import tests.node.typed_session as plugin

PROGRAM = """
import pytest
from bot.standin.slack import Call
from tests.node.typed_session import keep

@pytest.mark.parametrize("method", ["team.info", "bots.info"])
def test_call(method):
    keep([Call(method, "T", {"%s": "T1"}, ok=True, error="", at=0.0)])
"""


def run(folder: Path, argument: str, *more: str) -> subprocess.CompletedProcess[str]:
    """A test run of its own whose tests pass but whose calls carry ``argument``."""
    (folder / "test_program.py").write_text(PROGRAM % argument)
    (folder / "pytest.ini").write_text("[pytest]\n")
    root = Path(plugin.__file__).parents[2]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.node.typed_session", *more, str(folder)]
    return subprocess.run(
        command,
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
        env={"PYTHONPATH": str(root)},
    )


@pytest.mark.node
@pytest.mark.timeout(100)
@pytest.mark.parametrize("more", [("-p", "no:xdist"), ("-n", "2")])
def test_a_wrong_call_fails_the_run(tmp_path: Path, more: tuple[str, ...]) -> None:
    ended = run(tmp_path, "tema", *more)
    assert ended.returncode == 1
    for method in ("team.info", "bots.info"):
        assert f'{method} {{"tema": "T1"}}: error TS2353' in ended.stdout


@pytest.mark.node
@pytest.mark.timeout(100)
def test_good_calls_do_not(tmp_path: Path) -> None:
    ended = run(tmp_path, "team_id", "-n", "1")
    assert ended.returncode == 0, ended.stdout
