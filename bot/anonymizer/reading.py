"""A field read word by word: what each word is, how its line uses capitals, and where sentences begin."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from itertools import pairwise
from typing import Final

from bot.anonymizer.submission import Field, Token
from bot.anonymizer.words import Word, about, fold, section, sections_of

_SENTENCE_END: Final = re.compile(r"[.!?:;\n\r•>)\]\"|]|--| - |(?:^|\n)\s*\d+[.)]")
_NOT_AN_END: Final = frozenset(
    (
        "dr",
        "mr",
        "mrs",
        "ms",
        "prof",
        "st",
        "mt",
        "pt",
        "vs",
        "no",
        "jr",
        "sr",
        "rev",
        "sgt",
        "capt",
        "lt",
        "ft",
    )
)
_HOW: Final = {"lower": 0.0, "start": 0.5, "shout": 0.0, "capital": 1.5, "acronym": -1.5, "small": -0.5}


@dataclass(slots=True)
class Reading:
    """One field's tokens with what is known of each.

    `taken` marks tokens that a finding holds, `asked` those of doubtful ones, `named` those of names;
    `eponym` marks names that clinicians use as words, `term` those that a head word makes a term;
    `where` says at which indices a folded word stands.
    """

    field: Field
    tokens: Sequence[Token]
    words: list[Word]
    cases: list[str]
    taken: list[bool]
    eponym: list[bool]
    term: list[bool]
    lows: list[str]
    gaps: list[str]
    sections: list[frozenset[str]]
    starts: list[int]
    ends: list[int]
    low_at: dict[int, str]
    gap_at: dict[int, str]
    named: set[int] = dataclass_field(default_factory=set)
    asked: set[int] = dataclass_field(default_factory=set)
    street_ends: set[int] = dataclass_field(default_factory=set)
    where: dict[str, list[int]] = dataclass_field(default_factory=dict)
    stops: frozenset[str] = dataclass_field(default_factory=lambda: section("general", "stop"))

    @classmethod
    def of(cls, field: Field) -> Reading:
        """Read one field."""
        tokens = field.tokens
        lows = [fold(t.low) for t in tokens]
        gaps = [field.text[one.end : other.start] for one, other in pairwise(tokens)]
        where: dict[str, list[int]] = {}
        for at, low in enumerate(lows):
            where.setdefault(low, []).append(at)
        return cls(
            field,
            tokens,
            [about(t.low) for t in tokens],
            list(_cases(field)),
            [False] * len(tokens),
            [False] * len(tokens),
            [False] * len(tokens),
            lows,
            gaps,
            [sections_of(low) for low in lows],
            [t.start for t in tokens],
            [t.end for t in tokens],
            dict(enumerate(lows)),
            dict(enumerate(gaps)),
            where=where,
        )

    def __len__(self) -> int:
        return len(self.tokens)

    def low(self, at: int) -> str:
        """Return the folded word at an index, an empty text outside the field."""
        return self.low_at.get(at, "")

    def among(self, at: int, *names: str) -> bool:
        """Say whether the word at an index stands in one of the named sections of the general word list."""
        return 0 <= at < len(self.sections) and not self.sections[at].isdisjoint(names)

    def gap(self, at: int) -> str:
        """Return what stands between a token and the next one; a line break outside the field."""
        return self.gap_at.get(at, "\n")

    def within(self, start: int, end: int) -> range:
        """Return the indices of the tokens that a stretch of the text meets."""
        first = bisect_right(self.ends, start)
        return range(first, max(first, bisect_left(self.starts, end)))

    def stop(self, at: int) -> bool:
        """Say whether the word at an index can never be a name."""
        return self.low_at.get(at) in self.stops

    def initial(self, at: int) -> bool:
        """Say whether the token at an index is a single letter."""
        return (
            0 <= at < len(self.tokens) and len(self.tokens[at].text) == 1 and self.tokens[at].text.isalpha()
        )

    def score(self, at: int) -> float:
        """Say how much a word looks like a part of a person's name; above 2 it mostly is one."""
        if not 0 <= at < len(self.tokens) or not self.tokens[at].word or self.stop(at):
            return -9.0
        if self.low(at) in section("general", "peoples") and not self._like_given(at):
            return -3.0
        return _as_name(self.words[at]) + _HOW[self.cases[at]]

    def _like_given(self, at: int) -> bool:
        """Say whether a country's word is a given name here: `Jordan Meyer`."""
        behind = at + 2 if self.initial(at + 1) else at + 1
        if self.words[at].given < 5 or behind >= len(self.tokens) or self.gap(at) not in (" ", ", "):
            return False
        return _as_name(self.words[behind]) >= 1.5 and self.low(behind) not in section("general", "peoples")

    def joined(self, at: int) -> bool:
        """Say whether the token at an index and the next one can be parts of one name."""
        return self.gap(at) in (" ", "-", "'", "  ") or (self.gap(at) in (". ", ".") and self.initial(at))

    def capital(self, at: int) -> bool:
        """Say whether the word at an index has a capital where a plain word would have none."""
        return 0 <= at < len(self.tokens) and self.cases[at] == "capital"


def _as_name(word: Word) -> float:
    if word.unknown:
        return 1.5
    margin = word.margin
    likeness = 3.0 if margin >= 1 else 2.0 if margin >= -0.75 else 1.0 if margin >= -2.2 else -1.0
    if not word.name:
        likeness = -2.0 if word.plain else -1.0 if word.medical_form else 1.0 if word.place else 0.0
    return likeness - (
        1.5 if word.clinical and not word.name else 1.0 if word.clinical and word.name < 6 else 0.0
    )


def _cases(field: Field) -> list[str]:
    """Return for every token how its capitals are to be read on its line."""
    cases: list[str] = []
    line: list[int] = []
    for at, token in enumerate(field.tokens):
        if line and "\n" in field.text[field.tokens[at - 1].end : token.start]:
            cases += _line_cases(field, line)
            line = []
        line.append(at)
    return cases + _line_cases(field, line)


def _line_cases(field: Field, line: Sequence[int]) -> list[str]:
    tokens = [field.tokens[at] for at in line]
    letters = [t for t in tokens if t.text.isalpha() and len(t.text) > 1]
    shouted = sum(t.shouting for t in letters)
    if letters and shouted > 0.7 * len(letters):
        return ["shout"] * len(line)
    has_capitals = any(t.capital and not t.shouting for t in letters)
    return [_token_case(field, at, has_capitals) for at in line]


def _token_case(field: Field, at: int, has_capitals: bool) -> str:  # noqa: FBT001 (a fact about the line)
    token = field.tokens[at]
    if not token.capital:
        return "small" if has_capitals else "lower"
    if token.shouting:
        return "acronym" if len(token.text) < 5 else "shout" if len(token.text) == 5 else "capital"
    return "start" if _begins(field, at) else "capital"


def _begins(field: Field, at: int) -> bool:
    if at == 0:
        return True
    before = field.tokens[at - 1]
    gap = field.text[before.end : field.tokens[at].start]
    if gap.strip() == "." and (before.low in _NOT_AN_END or len(before.text) == 1):
        return False
    return _SENTENCE_END.search(gap) is not None
