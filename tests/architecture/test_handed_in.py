"""Clock, ids and randomness are handed in: only the outermost floors reach for them (see handed_in.toml)."""

import re
import tomllib
from pathlib import Path

import pytest

from tests.architecture.code import Module, modules, parse
from tests.architecture.names import used_names

ALLOWED: dict[str, dict[str, str]] = tomllib.loads(
    Path(__file__).with_name("handed_in.toml").read_text("utf-8")
)
KINDS = {
    "clock": r"datetime\.(datetime\.(now|utcnow|today)|date\.today)|time\.(time|time_ns|localtime|gmtime)",
    # Types and comparisons are fine: only what draws from the machine's own randomness is meant.
    "chance": r"random\.(?!Random$)\w+|secrets\.(?!compare_digest$)\w+|uuid\.uuid[14]|os\.(ur|getr)andom",
    "by_name": r"importlib\.(import_module|util\.(module_from_spec|spec_from_\w+))|runpy\.\w+",
}


def reaching(kind: str, code: tuple[Module, ...]) -> dict[str, list[str]]:
    """Uses of one kind by path: `{"bot/relay/pace.py": ["random.choice, line 7"]}`."""
    uses = {
        module.path: [
            f"{name}, line {line}"
            for name, line in used_names(module.tree)
            if re.fullmatch(KINDS[kind], name)
        ]
        for module in code
    }
    return {path: found for path, found in uses.items() if found}


def covers(entry: str, path: str) -> bool:
    """Whether an entry of the list speaks of a file: the file itself, or a folder that holds it."""
    return path.startswith(entry) if entry.endswith("/") else path == entry


@pytest.mark.parametrize("kind", KINDS)
def test_only_listed_files_reach_for_it(kind: str) -> None:
    found = reaching(kind, modules("bot", "storage"))
    assert {
        path: uses for path, uses in found.items() if not any(covers(each, path) for each in ALLOWED[kind])
    } == {}


@pytest.mark.parametrize("kind", KINDS)
def test_no_file_is_listed_without_need(kind: str) -> None:
    files = {each for each in ALLOWED[kind] if not each.endswith("/")}
    assert files - set(reaching(kind, modules("bot", "storage"))) == set()


@pytest.mark.parametrize(
    ("kind", "source"),
    [
        ("clock", "from datetime import datetime as when\nx = when.now()\n"),
        ("clock", "import datetime\nx = datetime.datetime.now(datetime.UTC)\n"),
        ("clock", "import time\nx = field(default_factory=time.time)\n"),
        ("chance", "from random import choice\nx = choice([1, 2])\n"),
        ("chance", "import random as dice\nx = dice.SystemRandom()\n"),
        ("chance", "from uuid import uuid4\nx = field(default_factory=uuid4)\n"),
        ("chance", "def f():\n    import secrets\n    return secrets.token_hex()\n"),
        ("by_name", "from importlib import import_module\nx = import_module('storage')\n"),
    ],
)
def test_a_planted_use_is_found(kind: str, source: str) -> None:
    assert reaching(kind, (parse("bot/domain/planted.py", source),))


@pytest.mark.parametrize(
    ("kind", "source"),
    [
        ("clock", "import time\nx = time.monotonic()\n"),
        ("clock", "def f(clock):\n    return clock.now()\n"),
        ("chance", "import random\ndef f(dice: random.Random):\n    return dice.choice([1, 2])\n"),
        ("chance", "import secrets\nx = secrets.compare_digest('a', 'b')\n"),
    ],
)
def test_what_is_handed_in_is_not_mistaken(kind: str, source: str) -> None:
    assert reaching(kind, (parse("bot/domain/planted.py", source),)) == {}
