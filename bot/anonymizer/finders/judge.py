"""The judge: weighs the clues round every word, and says how likely it is a name or a place."""

from __future__ import annotations

import gzip
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Final

from bot.anonymizer.cleaned import Tier
from bot.anonymizer.clues import clues
from bot.anonymizer.finders.runs import Runs
from bot.anonymizer.found import Found
from bot.anonymizer.reading import Reading

SURE: Final = 0.6
LIKELY: Final = 0.12
DOUBTFUL: Final = 0.3
UNCUED: Final = frozenset(
    (
        "This reads as a given and a family name.",
        "This word is known as a name and as nothing else.",
        "This capitalised word is known as a name.",
        "This word is known as a place.",
    )
)
"""What rules say that look at words alone; the judge has a say in these."""
_BREATH: Final = 256
_KNOWN: Final = 4
_EVERYDAY: Final = -0.75
_FAR: Final = 3
_PEOPLE: Final = (
    "relatives",
    "patient cues",
    "clinician cues",
    "titles",
    "weak titles",
    "mention cues",
    "trades",
    "person verbs",
    "ways to a town",
    "institutions",
)
"""Between an article and a name such a word may stand: `her sister amber`, `the lady from normal`."""
_TABLE: Final = Path(__file__).parent.parent / "words" / "judge.tsv.gz"


def kinds_of(reading: Reading, before: Iterable[Found]) -> list[str]:
    """Return for every token the kind of what a pattern found there, empty when none did."""
    kinds = [""] * len(reading)
    for found in before:
        if found.field == reading.field.name:
            for at in reading.within(found.start, found.end):
                kinds[at] = kinds[at] or found.category
    return kinds


def judged(reading: Reading, kinds: Sequence[str]) -> list[tuple[float, float]]:
    """Return for every token how likely it is a part of a name and of a place, each from 0 to 1."""
    table = _weights()
    found = []
    for at, row in enumerate(clues(reading, kinds)):
        if at % _BREATH == 0:
            reading.field.beat()
        if not row:
            found.append((0.0, 0.0))
            continue
        total = sum(filter(None, map(table.get, row)), 0j)
        found.append((_likely(total.real), _likely(total.imag)))
    return found


def _likely(hundredths: float) -> float:
    return 1 / (1 + math.exp(-max(-3000, min(3000, hundredths)) / 100))


@cache
def _weights() -> dict[str, complex]:
    """Return what every clue says of names and, as the imaginary part, of places: one sum adds up both."""
    found: dict[str, complex] = {}
    shared: dict[str, complex] = {}
    with gzip.open(_TABLE, "rt", encoding="utf-8", newline="\n") as lines:
        for line in lines:
            clue, _, weights = line.rstrip("\n").partition("\t")
            if weights not in shared:
                name, place = weights.split("\t")
                shared[weights] = complex(int(name), int(place))
            found[clue] = shared[weights]
    return found


class Verdicts(Runs):
    """Turns the judge's figures into findings: sure ones are replaced, likely ones are asked about."""

    def __init__(self, reading: Reading, kinds: Sequence[str]) -> None:
        """Judge one field."""
        super().__init__(reading)
        self.figures = judged(reading, kinds)

    def weighed(self, found: Found) -> Found:
        """Return what a rule without a cue found; an `ask` when nothing round it speaks of a name."""
        if found.tier == "ask" or found.reason not in UNCUED:
            return found
        within = [
            max(self.figures[at])
            for at in self.reading.within(found.start, found.end)
            if self.reading.tokens[at].word
        ]
        return replace(found, tier="ask") if within and max(within) < DOUBTFUL else found

    def sure(self) -> Iterator[Found]:
        """Yield the words that are surely names or places."""
        yield from self._runs(SURE, "auto")

    def likely(self) -> Iterator[Found]:
        """Yield the words that may be."""
        yield from self._runs(LIKELY, "ask")

    def _runs(self, least: float, tier: Tier) -> Iterator[Found]:
        at = 0
        while at < len(self.reading):
            kind = self._kind(at, least)
            if not kind:
                at += 1
                continue
            last = at
            while self._goes_on(last, kind, least):
                last += 1
            words = [word for word in range(at, last + 1) if not self._foreign(word)]
            if not all(self._generic(word) for word in words):
                yield self._found(words[0], words[-1], kind, tier)
            at = last + 1

    def _kind(self, at: int, least: float) -> str:
        """Return NAME or LOCATION when a word is likely enough to be one and nothing speaks against it."""
        name, place = self.figures[at]
        if name < least and place < least:
            return ""
        reading = self.reading
        held = reading.taken[at] and not (at in reading.asked and least > LIKELY)
        if held or not reading.tokens[at].word or len(reading.low(at)) < 2:
            return ""
        if max(name, place) < least + self._doubt(at) or reading.stop(at):
            return ""
        return "NAME" if name >= place else "LOCATION"

    def _doubt(self, at: int) -> float:
        """Return how much surer than usual the judge must be: of terms, of peoples, of everyday words."""
        reading, word = self.reading, self.reading.words[at]
        if reading.term[at] or reading.among(at, "peoples", "states", "trades"):
            return 1.0
        if reading.eponym[at]:
            return 0.1 if word.name > _KNOWN else 0.25
        if not word.plain or reading.capital(at) or reading.cases[at] == "acronym":
            return self._medical(at)
        if reading.among(at + 1, "objects") and reading.gap(at) == " ":
            return 0.5
        described = self._described(at)
        if described or not (word.name or word.place):
            return described or 0.5
        return 0.15 if word.name and word.margin >= -2 else 0.2

    def _medical(self, at: int) -> float:
        """Return the doubt of a rare or capitalised word because clinicians use it."""
        word = self.reading.words[at]
        if word.clinical and self.reading.cases[at] == "acronym":
            return 0.35
        return 0.2 if word.clinical and word.name < _KNOWN else self._adjective(at)

    def _adjective(self, at: int) -> float:
        """Return the doubt because an everyday word stands before what clinicians see: `Brown emesis`."""
        reading, word, behind = self.reading, self.reading.words[at], at + 1
        if not word.plain or word.margin >= _EVERYDAY or behind >= len(reading) or reading.gap(at) != " ":
            return 0.0
        seen = reading.words[behind].clinical or reading.words[behind].medical_form
        small = reading.cases[behind] in ("small", "lower") and not reading.low(behind).endswith(
            ("ed", "ing")
        )
        return 0.2 if seen and small else 0.0

    def _described(self, at: int) -> float:
        """Return the doubt because an article stands before a word without a capital: `the crisp ring`."""
        reading = self.reading
        if reading.among(at + 1, "sorts") or reading.tokens[at].text.lower().endswith("'s"):
            return 0.0
        for back in range(1, _FAR + 1):
            if at < back or reading.gap(at - back) != " ":
                return 0.0
            if reading.among(at - back, "articles"):
                return 1.0 if back == 1 else 0.5
            if not reading.words[at - back].plain or reading.among(at - back, *_PEOPLE):
                return 0.0
        return 0.0

    def _generic(self, at: int) -> bool:
        """Say whether a word names a kind of place and no place."""
        return self.reading.among(at, "institutions", "institution modifiers", "institution tails", "housing")

    def _goes_on(self, at: int, kind: str, least: float) -> bool:
        if at + 1 >= len(self.reading) or not self.reading.joined(at):
            return False
        return self._kind(at + 1, max(0.3, least - 0.15)) == kind

    def _found(self, first: int, last: int, kind: str, tier: Tier) -> Found:
        if kind == "NAME":
            first, last = self.grown(first, last)
            return self.take(first, last, "What stands round it speaks of a person.", tier=tier)
        taken = self.take(first, last, "What stands round it speaks of a place.", tier=tier)
        for at in range(first, last + 1):
            self.reading.named.discard(at)
        return replace(taken, category="LOCATION", role="LOCATION")
