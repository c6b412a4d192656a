"""Answers to a wizard by the messages that hold them, so that an edited message changes its own part."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """What one message added to the answer of one field."""

    message: str
    field: str
    text: str


def joined(parts: tuple[Part, ...], field: str, initial: str = "") -> str:
    """Give the answer of a field: what it held before, and a line for each message."""
    said = (part.text for part in parts if part.field == field)
    return "\n".join(text for text in (initial, *said) if text)
