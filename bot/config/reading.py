"""Reading the configuration: find the file, lay the environment over it, check everything at once."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bot.config.environment import PREFIX
from bot.config.problems import WrongSettings, problems_of
from bot.config.settings import Settings
from bot.config.sources import Environment, Tables, TomlFile
from bot.config.surroundings import Surroundings, within

DEFAULT = Path("curbside.toml")
VARIABLE = "CURBSIDE_CONFIG"


def whereabouts(path: Path | None, environ: Mapping[str, str] = os.environ) -> Path:
    """Say which file counts: the one given, else ``$CURBSIDE_CONFIG``, else ``./curbside.toml``."""
    return path or Path(environ.get(VARIABLE) or DEFAULT)


def load(path: Path | None = None, environ: Mapping[str, str] = os.environ) -> Settings:
    """Read and check the configuration; raises :class:`WrongSettings` with everything that is wrong.

    The file may be absent when the environment says it all (``CURBSIDE_MATRIX__HOMESERVER`` and so on).
    """
    chosen = whereabouts(path, environ)
    named = path is not None or bool(environ.get(VARIABLE))
    file = TomlFile(Settings, chosen, may_be_absent=not named and _says_something(environ))
    return _checked(file, chosen.expanduser().resolve().parent, environ)


def check(tables: Mapping[str, Any], folder: Path, environ: Mapping[str, str]) -> Settings:
    """Check a configuration that has been read already; relative paths count from ``folder``.

    Raises :class:`WrongSettings` as :func:`load` does.
    """
    return _checked(Tables(Settings, tables), folder, environ)


def _checked(written: Tables, folder: Path, environ: Mapping[str, str]) -> Settings:
    environment = Environment(Settings, environ, over=written)
    laid = environment.laid
    try:
        with within(Surroundings(folder, environ, (environment, written))):
            settings = Settings()
    except ValidationError as error:
        found = problems_of(error, Settings, laid.tables, laid.origin)
        raise WrongSettings([*laid.problems, *found]) from None
    if laid.problems:
        raise WrongSettings(laid.problems)
    return settings


def _says_something(environ: Mapping[str, str]) -> bool:
    return any(name.startswith(PREFIX) and "__" in name for name in environ)
