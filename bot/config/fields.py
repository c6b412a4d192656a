"""The kinds of values that settings are made of: labels, addresses, lists, places on the disk."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from bot.config.addresses import checked
from bot.config.surroundings import surroundings

_LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_RESERVED = {"database", "keys", "disk", "relay", "timekeeper", "watch"}


class Section(BaseModel):
    """A part of the configuration: fixed once read, deaf to unknown keys, silent about what was typed."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
        validate_default=True,
        allow_inf_nan=False,
    )


def folded(label: str) -> str:
    """Give a site's label as an environment variable would spell it, in lower case."""
    return "".join(letter if letter.isalnum() else "_" for letter in label.lower())


def _label(text: str) -> str:
    if not _LABEL.fullmatch(text):
        raise ValueError("must be 1 to 40 letters, digits, dots or hyphens, such as st-anna")
    if text.lower() in _RESERVED:
        raise ValueError(f"must not be {text}: /ready uses that word for a part of the bot")
    return text


def _listed(written: object) -> object:
    """Take ``a, b`` or ``[a, b]`` for a list: that is how one is written in an environment variable."""
    if not isinstance(written, str):
        return written
    pieces = written.strip().removeprefix("[").removesuffix("]").split(",")
    return [piece.strip().strip("\"'") for piece in pieces if piece.strip()]


def _located(path: Path) -> Path:
    return (surroundings().folder / path.expanduser()).resolve()


def _domain(text: str) -> str:
    folded = text.strip().lower().removeprefix("@")
    if not folded or any(sign in folded for sign in "@/ "):
        raise ValueError("must be domains such as st-anna.example")
    return folded


Label = Annotated[str, AfterValidator(_label)]
"""The operator's name for a site."""

Address = Annotated[str, AfterValidator(checked)]
"""An encrypted address, or a plain one on loopback."""

Located = Annotated[Path, AfterValidator(_located)]
"""A path; a relative one counts from the folder of the configuration file."""

Domains = Annotated[tuple[Annotated[str, AfterValidator(_domain)], ...], BeforeValidator(_listed)]
"""Domain or server names in lower case."""

Listed = BeforeValidator(_listed)
"""Lets a list be written with commas."""

Days = Annotated[int, Field(ge=1)]
"""Whole days."""
