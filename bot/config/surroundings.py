"""Surroundings: what relative paths, references and variables of a configuration are read against."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path

from pydantic_settings import PydanticBaseSettingsSource


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A folder, an environment, and the sources that settings come from, the strongest first."""

    folder: Path = field(default_factory=Path.cwd)
    environ: Mapping[str, str] = field(default_factory=lambda: dict(os.environ), repr=False)
    sources: tuple[PydanticBaseSettingsSource, ...] = ()


# Validators of pydantic-settings get no context of their own, so it is handed to them past the library.
_handed_in: ContextVar[Surroundings] = ContextVar("surroundings")


@contextmanager
def within(around: Surroundings) -> Iterator[None]:
    """Read settings against ``around`` while the block lasts."""
    before = _handed_in.set(around)
    try:
        yield
    finally:
        _handed_in.reset(before)


def surroundings() -> Surroundings:
    """Give what :func:`within` was told; for a model built in code this process's own, without sources."""
    return _handed_in.get(None) or Surroundings()
