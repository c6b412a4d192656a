"""The import contracts complain when a floor is crossed: forbidden imports are planted and must be named."""

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from importlinter.api import read_configuration

ROOT = Path(__file__).parents[2]
CONTRACTS = ROOT / ".importlinter"

# Rooms that no layer names: settings, and the stand-ins for other people's servers.
OUTSIDE_THE_FLOORS = {"bot.config", "bot.standin"}

# A module on no floor, through which the indirect plants reach what they may not.
BRIDGE = "bot.planted_bridge"
BRIDGE_IMPORTS = ("aiohttp", "bot.domain", "storage")


@dataclass(frozen=True, slots=True)
class Plant:
    """One forbidden import: the contract that must complain, the room it is planted in, what it imports."""

    contract: str
    room: str
    imports: str


PLANTS = [
    Plant("Imports point down only", "bot.domain", "bot.views"),
    Plant("Imports point down only", "bot.domain", BRIDGE),
    Plant("Imports point down only", "bot.commands", "storage.content"),
    Plant("Imports point down only", "bot.commands", "bot.identity"),
    Plant("Imports point down only", "bot.adapters.matrix", "storage"),
    Plant("Imports point down only", "bot.relay", "bot.frontdoor"),
    Plant("Imports point down only", "bot.verification", "storage.roster"),
    Plant("Imports point down only", "bot.domain", "bot.verification"),
    Plant("Imports point down only", "storage.content", "bot.bootstrap"),
    Plant("The wall has two doors", "bot.commands", "bot.identity"),
    Plant("The wall has two doors", "storage.content", "bot.identity"),
    Plant("Only bootstrap and cli pick up the vault", "bot.commands", "storage.vault"),
    Plant("Only bootstrap and cli pick up the vault", "bot.relay", "storage.vault"),
    Plant("The databases do not know each other", "storage.content", "storage.vault"),
    Plant("Adapters do not know each other", "bot.adapters.matrix", "bot.adapters.slack"),
    Plant("Adapters do not know each other", "bot.adapters.memory", "bot.adapters.matrix"),
    Plant("Adapters only translate", "bot.adapters.slack", "bot.commands"),
    Plant("Adapters only translate", "bot.adapters.memory", "bot.domain"),
    Plant("Checks know claims and their source only", "bot.verification", "bot.identity"),
    Plant("Checks know claims and their source only", "bot.verification", "bot.views"),
    Plant("Cards do not know what a poll is", "bot.chat", BRIDGE),
    Plant("What decides and shows keeps no logs", "bot.commands", "bot.logs"),
    Plant("The anonymizer imports nothing of ours", "bot.anonymizer", "bot.chat"),
    Plant("The collective list imports nothing of ours", "bot.collective", "bot.chat"),
    Plant("Stand-ins import nothing of ours", "bot.standin", "bot.chat"),
    Plant("Only the demo knows the stand-ins", "bot.relay", "bot.standin.slack"),
    Plant("Settings are read where the bot is put together", "bot.adapters.slack", "bot.config"),
    Plant("Settings import nothing of ours", "bot.config", "bot.domain"),
    Plant("Slack's SDK stays in the Slack adapter", "bot.views", "slack_sdk"),
    Plant("Slack's SDK stays in the Slack adapter", "bot.standin", "slack_bolt"),
    Plant("The Matrix SDK stays in the Matrix adapter", "bot.commands", "nio"),
    Plant("The Matrix SDK stays in the Matrix adapter", "bot.adapters.memory", "nio"),
    Plant("SQL stays in storage", "bot.adapters.slack", "sqlalchemy"),
    Plant("SQL stays in storage", "bot.relay", "aiosqlite"),
    Plant("SQL stays in storage", "bot.frontdoor", "asyncpg"),
    Plant("Pydantic is for settings only", "bot.adapters.matrix", "pydantic"),
    Plant("Deciding, showing and cleaning need no network", "bot.views", "socket"),
    Plant("Deciding, showing and cleaning need no network", "bot.anonymizer", BRIDGE),
    Plant("Deciding, showing and cleaning need no network", "bot.collective", "socket"),
]
RING = "No packages import each other in a ring"


@dataclass(frozen=True, slots=True)
class Garden:
    """A copy of the two packages in which forbidden imports are planted."""

    root: Path

    def plant(self, room: str, name: str, *imports: str) -> str:
        """Import from a new module of a package, or at the end of a single module; its dotted name."""
        place = self.root.joinpath(*room.split("."))
        package = place.is_dir()
        file = place / f"{name}.py" if package else place.with_suffix(".py")
        with file.open("a", encoding="utf-8") as source:
            source.writelines(f"import {imported}\n" for imported in imports)
        return f"{room}.{name}" if package else room

    def complaints(self) -> dict[str, str]:
        """Run the linter as the gate does; what it says, by the name of the broken contract."""
        linter = Path(sys.executable).with_name("lint-imports")
        run = subprocess.run(
            [linter, "--no-cache", "--no-logo"], cwd=self.root, capture_output=True, text=True, check=False
        )
        _, heading, broken = run.stdout.partition("Broken contracts\n")
        assert heading, run.stdout + run.stderr
        parts = re.split(r"^(\S.*)\n-+\n", broken, flags=re.MULTILINE)
        return dict(zip(parts[1::2], parts[2::2], strict=True))


@dataclass(frozen=True, slots=True)
class Answer:
    """What the linter said, and the modules that were planted, in the order of PLANTS."""

    complaints: dict[str, str]
    planted: list[str]


@pytest.fixture(scope="module")
def answer(tmp_path_factory: pytest.TempPathFactory) -> Answer:
    garden = Garden(tmp_path_factory.mktemp("garden"))
    shutil.copy(CONTRACTS, garden.root)
    for package in ("bot", "storage"):
        shutil.copytree(
            ROOT / package,
            garden.root / package,
            ignore=shutil.ignore_patterns("node_modules", "__pycache__"),
        )
    garden.plant("bot", BRIDGE.removeprefix("bot."), *BRIDGE_IMPORTS)
    garden.plant("bot.domain", "planted_hen", "bot.domain.planted_egg")
    garden.plant("bot.domain", "planted_egg", "bot.domain.planted_hen")
    planted = [garden.plant(each.room, f"planted_{row}", each.imports) for row, each in enumerate(PLANTS)]
    return Answer(garden.complaints(), planted)


@pytest.mark.parametrize(
    "row", range(len(PLANTS)), ids=[f"{each.room} imports {each.imports}" for each in PLANTS]
)
def test_a_planted_import_is_named_by_its_contract(answer: Answer, row: int) -> None:
    complaint = answer.complaints.get(PLANTS[row].contract, "")
    assert f"{answer.planted[row]} -> {PLANTS[row].imports} (" in complaint


def test_a_planted_ring_is_named(answer: Answer) -> None:
    assert re.search(r"\.planted_(hen -> \.planted_egg|egg -> \.planted_hen)", answer.complaints[RING])


def test_every_contract_has_its_plant() -> None:
    contracts = read_configuration(str(CONTRACTS))["contracts_options"]
    assert {contract["name"] for contract in contracts} == {each.contract for each in PLANTS} | {RING}


def test_every_room_stands_on_a_floor() -> None:
    contracts = read_configuration(str(CONTRACTS))["contracts_options"]
    floors = next(contract for contract in contracts if contract["name"] == "Imports point down only")[
        "layers"
    ]
    named = set(re.findall(r"[\w.]+", " ".join(floors)))
    rooms = {
        f"bot.{path.stem}"
        for path in (ROOT / "bot").iterdir()
        if (path.suffix == ".py" and path.stem != "__init__") or (path / "__init__.py").exists()
    }
    assert rooms - OUTSIDE_THE_FLOORS <= named


def test_no_folder_of_code_is_hidden_from_the_linter() -> None:
    """The linter does not see folders without `__init__.py`; only Alembic's migrations may lack one."""
    folders = {
        file.parent
        for package in ("bot", "storage")
        for file in (ROOT / package).rglob("*.py")
        if "node_modules" not in file.parts
    }
    hidden = {folder for folder in folders if not (folder / "__init__.py").exists()}
    assert {folder.name for folder in hidden} <= {"migrations", "versions"}
