"""Sources: the file's tables, and the environment over them, the way pydantic-settings takes them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from bot.config.environment import Overlay, overlay
from bot.config.problems import Problem, WrongSettings


class Tables(PydanticBaseSettingsSource):
    """Tables that have been read already."""

    def __init__(self, settings_cls: type[BaseSettings], tables: Mapping[str, Any]) -> None:
        """Take what was read."""
        super().__init__(settings_cls)
        self.tables = tables

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """Give what is written under a key of the top level."""
        return self.tables.get(field_name), field_name, False

    def __call__(self) -> dict[str, Any]:
        """Give everything that is written, known or not: what is unknown has to be told."""
        return dict(self.tables)


class TomlFile(Tables):
    """The configuration file; raises :class:`WrongSettings` when it cannot be read as TOML."""

    def __init__(self, settings_cls: type[BaseSettings], path: Path, *, may_be_absent: bool) -> None:
        """Read it."""
        super().__init__(settings_cls, _read(path, may_be_absent=may_be_absent))


class Environment(Tables):
    """The variables ``CURBSIDE_…``, laid over what another source holds."""

    def __init__(self, settings_cls: type[BaseSettings], environ: Mapping[str, str], over: Tables) -> None:
        """Lay them; ``laid`` keeps what came of it, with the problems found on the way."""
        self.laid: Overlay = overlay(over.tables, environ, sections=settings_cls.model_fields)
        # A site is an entry of a list, and lists are replaced, not merged: so the whole list goes along.
        changed = {place[0] for place in self.laid.origin}
        super().__init__(
            settings_cls, {key: value for key, value in self.laid.tables.items() if key in changed}
        )


def _read(path: Path, *, may_be_absent: bool) -> dict[str, Any]:
    try:
        return tomllib.loads(path.expanduser().read_text(encoding="utf-8"))
    except FileNotFoundError:
        if may_be_absent:
            return {}
        raise WrongSettings([Problem(str(path), "does not exist; `curbside init` writes one")]) from None
    except tomllib.TOMLDecodeError as reason:
        raise WrongSettings([Problem(str(path), f"is not TOML: {_in_words(reason)}")]) from None
    except UnicodeDecodeError:
        raise WrongSettings([Problem(str(path), "is not text in UTF-8")]) from None
    except OSError:
        raise WrongSettings([Problem(str(path), "cannot be read by this account")]) from None


def _in_words(reason: tomllib.TOMLDecodeError) -> str:
    """Keep the place only: the words of the complaint may quote a secret."""
    _, _, place = str(reason).rpartition("(")
    return place.rstrip(")") or "it cannot be read"
