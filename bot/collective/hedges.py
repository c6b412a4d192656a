"""Hedges: how sure somebody is, and where in a list a diagnosis stood, taken off around its name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Final

Words = tuple[str, ...]
Phrases = Mapping[str, tuple[Words, ...]]

_SIGNS: Final = (
    (re.compile(r"\br\s*[/.]\s*o\b\.?"), " rule out "),
    (re.compile(r"\bc\s*/\s*w\b"), " consistent with "),
    (re.compile(r"\bw\s*/\s*u\b"), " workup "),
    (re.compile(r"\bs\s*/\s*p\b"), " status post "),
    (re.compile(r"\bd\s*/\s*dx\b|\bddx?\s*[:.]"), " ddx "),
    (re.compile(r"\bw\s*/\s*o\b"), " without "),
    (re.compile(r"\bw\s*/\s*(?=\w)"), " with "),
    (re.compile(r"\bvs?\.(?=\s)|\bversus\b"), " vs "),
    (re.compile(r"[~<>≈]?\s*\b\d{1,3}\s*(?:[-–]\s*\d{1,3}\s*)?(?:%|percent\b)"), " "),
)
_NUMBERED: Final = re.compile(
    r"^\s*(?:(?:dx|diagnosis|no\.?)?\s*[#(\[]?\d{1,2}\s*[.):\]](?!\d)|#\s?\d{1,2}\b)"
)
_WITH: Final = frozenset({"with", "despite"})
_MOST_MODIFIERS: Final = 3


def spelled_out(text: str) -> str:
    """Return a lowered text with signs such as r/o as words, and without its number in a list."""
    for sign, words in _SIGNS:
        text = sign.sub(words, text)
    return _NUMBERED.sub(" ", text)


def unhedged(words: Words) -> Words:
    """Return what is left when no hedge stands at either end; nothing, if there is no diagnosis in it."""
    while words and (shorter := _shorter(words)) != words:
        words = shorter
    return () if words in _lists()["nothing"] else words


def less_modified(words: Words) -> Iterator[Words]:
    """Yield the words without some degree, side, time or what came with it: the fewest left out first."""
    cut = next((at for at, word in enumerate(words) if at and word in _WITH), len(words))
    if cut < len(words):
        yield words[:cut]
    places = [at for at in range(cut) if (words[at],) in _lists()["modifiers"]][:_MOST_MODIFIERS]
    for count in range(1, len(places) + 1):
        for left_out in combinations(places, count):
            yield tuple(words[at] for at in range(cut) if at not in left_out)


def _shorter(words: Words) -> Words:
    for phrase in _front().get(words[0], ()):
        if words[: len(phrase)] == phrase:
            return words[len(phrase) :]
    for phrase in _back().get(words[-1], ()):
        if words[-len(phrase) :] == phrase:
            return words[: -len(phrase)]
    return words


def modifiers() -> frozenset[str]:
    """Return the words for degree, side and time."""
    return frozenset(word for (word,) in _lists()["modifiers"])


def is_everyday(word: str) -> bool:
    """Say whether a short form is a word as well, so that inside a name it is no short form."""
    return (word,) in _lists()["everyday"]


@cache
def _lists() -> dict[str, frozenset[Words]]:
    """Return the phrases of each section of the list."""
    text = (Path(__file__).parent / "names" / "hedges.txt").read_text(encoding="utf-8")
    parts = re.split(r"^\[(\w+)\]\n", text, flags=re.MULTILINE)[1:]
    return {
        name: frozenset(tuple(line.split()) for line in lines.splitlines() if line)
        for name, lines in zip(parts[::2], parts[1::2], strict=True)
    }


@cache
def _front() -> Phrases:
    return _by_word(_lists()["around"] | _lists()["front"], at=0)


@cache
def _back() -> Phrases:
    return _by_word(_lists()["around"] | _lists()["back"], at=-1)


def _by_word(phrases: Iterable[Words], at: int) -> dict[str, tuple[Words, ...]]:
    """Sort phrases under their first or last word, the longest first."""
    found: dict[str, list[Words]] = {}
    for phrase in sorted(phrases, key=lambda phrase: (-len(phrase), phrase)):
        found.setdefault(phrase[at], []).append(phrase)
    return {word: tuple(longest_first) for word, longest_first in found.items()}
