"""The project's own code, parsed once, for the tests about its form."""

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Module:
    """One source file: its path from the root, its lines and its syntax tree."""

    path: str
    lines: int
    tree: ast.Module

    @property
    def room(self) -> str:
        """The dotted name, `bot.domain.polls` for `bot/domain/polls.py`."""
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


@cache
def modules(*tops: str) -> tuple[Module, ...]:
    """Every module under the named top folders, in the order of their paths."""
    files = (file for top in tops for file in (ROOT / top).rglob("*.py") if "node_modules" not in file.parts)
    return tuple(
        parse(file.relative_to(ROOT).as_posix(), file.read_text(encoding="utf-8")) for file in sorted(files)
    )


def parse(path: str, source: str) -> Module:
    """A module from its text."""
    return Module(path, source.count("\n"), ast.parse(source, filename=path))
