"""Secrets: given as text, as ``{ file = "..." }`` or as ``{ env = "..." }``, and never shown again."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, SecretStr

from bot.config.surroundings import surroundings


def fetch(written: object) -> object:
    """Follow a reference to its secret; anything else is given back as it is.

    Raises ``ValueError`` with a sentence that names the file or variable, never what stands in it.
    """
    if not isinstance(written, Mapping):
        return written
    around = surroundings()
    if set(written) == {"env"}:
        return _from_variable(str(written["env"]), around.environ)
    if set(written) == {"file"}:
        return _from_file(around.folder / Path(str(written["file"])).expanduser())
    raise ValueError('must be text, { file = "..." } or { env = "..." }')


def _from_variable(name: str, environ: Mapping[str, str]) -> str:
    value = environ.get(name, "").strip()
    if not value:
        raise ValueError(f"needs the environment variable {name}, which is not set")
    return value


def _from_file(path: Path) -> str:
    try:
        value = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as reason:
        why = "is not text" if isinstance(reason, UnicodeDecodeError) else _in_words(reason)
        raise ValueError(f"names the file {path}, which {why}") from None
    if not value:
        raise ValueError(f"names the file {path}, which is empty")
    return value


def _in_words(reason: OSError) -> str:
    known = {FileNotFoundError: "does not exist", PermissionError: "may not be read by this account"}
    return known.get(type(reason), "cannot be read")


def _secret(written: object) -> object:
    value = fetch(written)
    if isinstance(value, str) and not value.strip():
        return None
    return value


Secret = Annotated[SecretStr | None, BeforeValidator(_secret)]
"""A secret or None; its ``repr`` is stars. Read it with ``get_secret_value()`` where it is used."""


def revealed(value: object) -> tuple[str, ...]:
    """List every secret inside a settings model, so that sentences to be shown can be scrubbed of them."""
    if isinstance(value, SecretStr):
        # The word for two plain files is the one value of these fields that anybody may read.
        return tuple(text for text in [value.get_secret_value()] if text and text != "sqlite")
    if isinstance(value, tuple):
        return tuple(found for item in value for found in revealed(item))
    fields = type(value).model_fields if isinstance(value, BaseModel) else {}
    return tuple(found for name in fields for found in revealed(getattr(value, name)))
