"""A submission as the checks see it: every field normalised and cut into tokens once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from bot.anonymizer.normalise import Normalised, normalise
from bot.anonymizer.surrogate_words import SURROGATE

_DIGIT: Final = re.compile(r"\d")
_TOKEN: Final = re.compile(r"[^\W_]+(?:'[^\W\d_]+)*")
MASK: Final = "\ufffc"
"""Stands in for every character of a surrogate that the input already holds; no finder matches it."""


def _no_limit() -> None:
    """Let a check go on for ever."""


@dataclass(frozen=True)
class Token:
    """A run of letters and digits: `low` is its lower-case form without a genitive ending."""

    text: str
    low: str
    start: int
    end: int

    @property
    def capital(self) -> bool:
        """Say whether it begins with a capital letter."""
        return self.text[0].isupper()

    @property
    def shouting(self) -> bool:
        """Say whether it is written in capitals and longer than one letter."""
        return len(self.text) > 1 and self.text.isupper()

    @cached_property
    def word(self) -> bool:
        """Say whether it is made of letters (and apostrophes)."""
        return self.text.isalpha() or "'" in self.text


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its input, the normalised text that findings count in, and the tokens of that text."""

    name: str
    original: str
    normalised: Normalised
    text: str
    tokens: tuple[Token, ...]
    beat: Callable[[], None] = _no_limit
    """Raises when the time is over; checks call it between their steps."""
    digits: bool = True
    """Whether the text may hold a digit, of whatever script."""

    @classmethod
    def of(cls, name: str, original: str, beat: Callable[[], None] = _no_limit) -> Field:
        """Normalise and cut one field."""
        beat()
        normalised = normalise(original)
        text = SURROGATE.sub(lambda match: MASK * len(match.group()), normalised.text)
        return cls(
            name, original, normalised, text, tuple(_tokens(text)), beat, _DIGIT.search(text) is not None
        )

    def gap(self, left: Token, right: Token) -> str:
        """Return what stands between two tokens."""
        return self.text[left.end : right.start]


@dataclass(frozen=True, slots=True)
class Submission:
    """Everything that would be posted together."""

    fields: tuple[Field, ...]

    @classmethod
    def of(cls, fields: Mapping[str, str], beat: Callable[[], None] = _no_limit) -> Submission:
        """Prepare the fields of one submission; what `beat` raises when the time is over passes through."""
        return cls(tuple(Field.of(name, text, beat) for name, text in fields.items()))


def _tokens(text: str) -> list[Token]:
    found = []
    for match in _TOKEN.finditer(text):
        word = match.group()
        low = word.lower()
        base = low[:-2] if low.endswith("'s") and len(low) > 2 else low
        found.append(Token(word, base, match.start(), match.end()))
    return found
