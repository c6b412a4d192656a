"""Repeats: a number or address that was found once is replaced wherever it stands again, in all fields."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from bot.anonymizer.found import Found
from bot.anonymizer.submission import Submission

_SHORTEST: Final = 5
_NAMELESS: Final = frozenset(("NAME", "LOCATION", "DATE", "AGE_OVER_89"))
"""Kinds that are also everyday words or values; names have echoes of their own."""


class Repeats:
    """Finds further places of what earlier checks found."""

    name = "repeats"

    def find(self, submission: Submission, before: Sequence[Found]) -> Iterator[Found]:
        """Yield every other place where the text of a certain finding stands, in any case of letters."""
        texts = {field.name: _lower(field.text) for field in submission.fields}
        known: dict[str, Found] = {}
        for found in before:
            if (
                found.tier == "auto"
                and found.category not in _NAMELESS
                and found.end - found.start >= _SHORTEST
            ):
                known.setdefault(texts[found.field][found.start : found.end], found)
        for wanted, found in known.items():
            for name, text in texts.items():
                at = text.find(wanted)
                while at >= 0:
                    yield replace(found, field=name, start=at, end=at + len(wanted))
                    at = text.find(wanted, at + len(wanted))


def _lower(text: str) -> str:
    """Return the text in lower case without moving a character; a few capitals have two small letters."""
    small = text.lower()
    if len(small) == len(text):
        return small
    return "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)
