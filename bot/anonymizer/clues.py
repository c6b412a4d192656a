"""Clues: what speaks for a word being a name or a place, as short texts that a table of weights knows.

Words stand in clues by what kind of word they are, never by themselves, but for everyday words round them; so
a table learnt from some texts can judge names and sentences that were in none of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache
from typing import Final

from bot.anonymizer.reading import Reading
from bot.anonymizer.submission import MASK
from bot.anonymizer.words import about, section

_EVERYDAY_ZIPF: Final = 5
_SPOKEN: Final = (
    "stop",
    "titles",
    "weak titles",
    "relatives",
    "person verbs",
    "patient cues",
    "clinician cues",
    "mention cues",
    "credentials",
    "institutions",
    "institution tails",
    "meeting",
    "living",
    "going",
    "of a town",
    "housing",
    "person states",
    "talking",
    "street",
)
_OWN: Final = (
    *_SPOKEN,
    "states",
    "state codes",
    "peoples",
    "landscape",
    "particles",
    "institution modifiers",
)
_ENDS: Final = "^"
_DIGITS: Final = re.compile(r"\d+")


def clues(
    reading: Reading, kinds: Sequence[str], drop: Callable[[], bool] | None = None
) -> Iterator[list[str]]:
    """Yield the clues of every token, none for one that cannot be a name or stands beside a surrogate.

    `kinds` says what patterns found there; `drop` hides some of the words round it, when learning.
    """
    sketch = _Sketch(reading, kinds, drop)
    for at in range(len(reading)):
        judged = reading.tokens[at].word and not (kinds[at] or reading.stop(at) or sketch.cleaned(at))
        yield sketch.clues(at) if judged else []


@cache
def _spoken() -> frozenset[str]:
    return frozenset(word for name in _SPOKEN for word in section("general", name))


@lru_cache(16_384)
def _sections_of(low: str) -> tuple[str, ...]:
    return tuple(f"F{name}" for name in _OWN if low in section("general", name)) + (
        ("Fhead",) if low in section("clinical", "heads") else ()
    )


def _level(rank: int) -> str:
    return "0112233444"[rank]


@lru_cache(16_384)
def _sort(low: str) -> str:
    """Return what sort of word it is, in a few letters."""
    word = about(low)
    flags = (
        ("c" if word.clinical else "") + ("m" if word.medical_form else "") + ("u" if word.unknown else "")
    )
    ranks = "".join(_level(rank) for rank in (word.given, word.family, word.place))
    return f"{'0112223344'[word.english]}{ranks}{flags}"


@lru_cache(16_384)
def _leaning(low: str) -> str:
    """Return how much the word leans to being a name: `z` none, `u` unknown, else a step of one in ten."""
    word = about(low)
    if word.unknown:
        return "u"
    if not word.name:
        return "p" if word.place else "z"
    return str(max(-3, min(2, round(word.margin)))) + ("c" if word.clinical else "")


class _Sketch:
    """One field's tokens, each in a few letters, and the gaps between them."""

    def __init__(self, reading: Reading, kinds: Sequence[str], drop: Callable[[], bool] | None) -> None:
        self.reading = reading
        self.sorts = [_sort(token.low) for token in reading.tokens]
        self.faces = [self._face(at, kinds, drop) for at in range(len(reading))]
        self.leans = [_leaning(token.low) for token in reading.tokens]
        self.gaps = [_gap(reading.gap(at)) for at in range(-1, len(reading))]
        self.masked = self._masked()
        self.labels = self._labels()
        self.lines = self._lines()

    def _lines(self) -> list[tuple[str, bool]]:
        """Return for every token the style of its line, and whether a surrogate stands in that line."""
        found: list[tuple[str, bool]] = []
        start = 0
        for at in range(1, len(self.reading) + 1):
            if at == len(self.reading) or "n" in self.gaps[at]:
                line = self._style(start, at), any(self.masked[start : at + 1])
                found += [line] * (at - start)
                start = at
        return found

    def _style(self, start: int, end: int) -> str:
        words = [self.reading.cases[at] for at in range(start, end) if self.reading.tokens[at].word]
        shouted, small = words.count("shout"), words.count("lower")
        return "S" if shouted * 2 > len(words) else "L" if small * 2 > len(words) else "M"

    def _masked(self) -> list[bool]:
        """Say of every gap, with the one in front of the first token, whether a surrogate stands in it."""
        text, tokens = self.reading.field.text, self.reading.tokens
        if MASK not in text or not tokens:
            return [False] * (len(tokens) + 1)
        edges = [0, *(token.end for token in tokens)]
        starts = [*(token.start for token in tokens), len(text)]
        return [MASK in text[end:start] for end, start in zip(edges, starts, strict=True)]

    def _face(self, at: int, kinds: Sequence[str], drop: Callable[[], bool] | None) -> str:
        """Return a token as its neighbours see it."""
        reading, low, word = self.reading, self.reading.low(at), self.reading.words[at]
        if kinds[at]:
            return f"<{kinds[at]}>"
        if low[:1].isdigit() or not reading.tokens[at].word:
            return _DIGITS.sub(lambda digits: "#" * min(4, len(digits.group())), low)[:6]
        if len(low) == 1:
            return low if low in "amf" else "."
        if (low in _spoken() or (word.zipf >= _EVERYDAY_ZIPF and word.english)) and not (drop and drop()):
            return low
        return f"~{self.sorts[at]}"

    def _labels(self) -> list[str]:
        """Return for every token the face of the word in front of the first colon of its line."""
        labels, label, seen = [], "", False
        for at in range(len(self.reading)):
            before = self.gaps[at]
            if "n" in before:
                label, seen = "", False
            if not seen and ":" in before and at:
                label, seen = self.faces[at - 1], True
            labels.append(label)
        return labels

    def _near(self, at: int) -> str:
        return self.faces[at] if 0 <= at < len(self.faces) else _ENDS

    def clues(self, at: int) -> list[str]:
        """Return the clues of one token."""
        reading, word, case = self.reading, self.reading.words[at], self.reading.cases[at]
        lean, sort, style = self.leans[at], self.sorts[at], self.lines[at][0]
        one, two, three = (self._near(at - back) for back in (1, 2, 3))
        next_one, next_two, next_three = (self._near(at + ahead) for ahead in (1, 2, 3))
        before, behind = self.gaps[at], self.gaps[at + 1]
        flags = ("e" if reading.eponym[at] else "") + ("t" if reading.term[at] else "")
        found = [
            f"a{sort}",
            f"b{sort}{case}",
            f"c{lean}{case}{style}",
            f"d{lean}{flags}",
            f"e{case}{flags}{style}",
            f"f{one}",
            f"g{one}{before}",
            f"h{one}{before}{lean}",
            f"i{two} {one}",
            f"j{two}",
            f"k{three}",
            f"l{next_one}",
            f"m{behind}{next_one}",
            f"n{behind}{next_one}{lean}",
            f"o{next_one} {next_two}",
            f"p{next_two}",
            f"q{next_three}",
            f"r{before}{behind}",
            f"s{before}{behind}{lean}",
            f"t{one}|{next_one}",
            f"u{before}{lean}{case}",
            f"v{behind}{lean}{case}",
            f"w{self.labels[at]}",
            f"x{self.labels[at]}{lean}",
            f"y{self._lean(at - 1)}{before}{lean}{behind}{self._lean(at + 1)}",
            f"z{self._lean(at - 1)}{before}{lean}",
            f"A{lean}{behind}{self._lean(at + 1)}",
            f"B{self._case(at - 1)}{case}{self._case(at + 1)}",
            f"C{one}{case}",
            f"D{next_one}{case}",
            f"E{min(9, len(reading.low(at)))}{lean[:1]}",
        ]
        found.extend(_sections_of(reading.low(at)))
        if word.english < 2 and not word.clinical:
            found.append(f"G{reading.low(at)[-3:]}")
            found.append(f"H{reading.low(at)[-4:]}")
        if reading.tokens[at].text.lower().endswith("'s"):
            found.append(f"I{lean}")
        return found

    def cleaned(self, at: int) -> bool:
        """Say whether a surrogate stands near: this was judged before, and judging changes no mind."""
        return self.lines[at][1] or any(self.masked[max(0, at - 3) : at + 5])

    def _lean(self, at: int) -> str:
        return self.leans[at] if 0 <= at < len(self.leans) else _ENDS

    def _case(self, at: int) -> str:
        return self.reading.cases[at][:2] if 0 <= at < len(self.faces) else _ENDS


@cache
def _gap_kind(text: str) -> str:
    if "\n" in text:
        return "n" + "".join(letter for letter in text if letter not in " \n\r\t")[:2]
    plain = text.strip(" ")
    return plain[:3] if plain else "_" if len(text) == 1 else "=" if text else ""


def _gap(text: str) -> str:
    return _gap_kind(text[:8])
