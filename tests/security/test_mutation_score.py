"""The tests of the vault and of who may do what, tried: of a hundred faults in that code 85 are noticed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
CODE: Final = (
    "bot/domain/permissions.py",
    "bot/identity/accounts.py",
    "bot/identity/hard_keys.py",
    "bot/identity/joining.py",
    "bot/identity/keyring.py",
    "bot/identity/sealing.py",
    "bot/identity/wall.py",
)
"""What seals, who is who, and who may do what."""
TESTS: Final = (
    "tests/domain/test_permissions.py",
    "tests/identity/test_ring.py",
    "tests/identity/test_sealing.py",
    "tests/identity/test_accounts.py",
    "tests/identity/test_hard_keys.py",
    "tests/identity/test_joining.py",
    "tests/identity/test_keyring.py",
    "tests/identity/test_wall.py",
    "tests/identity/test_wall_parts.py",
)
"""The fast tests of that code; what only a slow story notices counts as unnoticed here."""
NOTICED: Final = {"killed", "timeout", "segfault", "caught by type check"}
AT_LEAST: Final = 0.85


def settings() -> str:
    """Write mutmut's settings: pytest as the house uses it, but for order and workers."""
    listed = {
        "source_paths": ("bot", "storage"),
        "only_mutate": CODE,
        "also_copy": ("tests",),
        "pytest_add_cli_args": ("-p", "no:randomly", "-p", "no:cacheprovider", "-n", "0", "-x"),
        "pytest_add_cli_args_test_selection": TESTS,
    }
    lines = [f"{name}=\n    " + "\n    ".join(values) for name, values in listed.items()]
    return "[mutmut]\n" + "\n".join(lines) + "\n"


def lay_out(folder: Path) -> None:
    """Copy what mutmut may change; nothing of the checkout itself is touched."""
    left_out = shutil.ignore_patterns("node_modules", "__pycache__", "dist")
    for name in ("bot", "storage", "tests"):
        shutil.copytree(ROOT / name, folder / name, ignore=left_out)
    # The plugin that compiles the Node.js calls is of no use here.
    project = (ROOT / "pyproject.toml").read_text("utf-8").replace(', "-p", "tests.node.typed_session"', "")
    (folder / "pyproject.toml").write_text(project, "utf-8")
    (folder / "setup.cfg").write_text(settings(), "utf-8")


def mutmut(folder: Path, *words: str) -> str:
    """Run one of its commands in the copy."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    run = [sys.executable, "-m", "mutmut", *words]
    return subprocess.run(run, cwd=folder, env=environment, check=True, capture_output=True, text=True).stdout


def scores(listed: str) -> dict[str, Counter[str]]:
    """Count by module what became of its mutants, from lines ``module.function__mutmut_1: killed``."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for line in listed.splitlines():
        name, _, outcome = line.strip().rpartition(": ")
        if "__mutmut_" in name:
            found[name.rpartition(".")[0]][outcome] += 1
    return found


def share(outcomes: Counter[str]) -> float:
    """Give the share of mutants that were noticed."""
    return sum(outcomes[one] for one in NOTICED) / outcomes.total()


def test_outcomes_are_read_as_mutmut_writes_them() -> None:
    listed = """
        bot.identity.wall.x_who__mutmut_1: killed
        bot.identity.wall.x_who__mutmut_2: survived
        bot.identity.wall.x_who__mutmut_3: no tests
        bot.domain.permissions.x_allowed__mutmut_1: timeout
        Something else: entirely
    """
    found = scores(listed)
    assert found.keys() == {"bot.identity.wall", "bot.domain.permissions"}
    assert share(found["bot.identity.wall"]) == pytest.approx(1 / 3)
    assert share(found["bot.domain.permissions"]) == 1


def test_what_is_listed_is_there() -> None:
    assert [name for name in (*CODE, *TESTS) if not (ROOT / name).is_file()] == []


@pytest.mark.soak
def test_of_a_hundred_faults_at_least_eighty_five_are_noticed(tmp_path: Path) -> None:
    lay_out(tmp_path)
    mutmut(tmp_path, "run", "--max-children", str(os.cpu_count() or 1))
    found = scores(mutmut(tmp_path, "results", "--all", "true"))
    assert found.keys() == {name.removesuffix(".py").replace("/", ".") for name in CODE}
    told = {name: (round(share(outcomes), 3), dict(outcomes)) for name, outcomes in found.items()}
    assert share(sum(found.values(), Counter())) >= AT_LEAST, told
