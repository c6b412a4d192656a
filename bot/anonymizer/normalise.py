"""Normalisation: one way to write every character, and for each where in the input it came from."""

from __future__ import annotations

import re
import unicodedata
from array import array
from dataclasses import dataclass
from typing import Final

_SAME_LOOK: Final = str.maketrans(
    # Cyrillic and Greek letters that look like Latin ones, and the Latin letter that each is taken for.
    "АВСЕНІЈКМОРЅТХУасеіјорѕхуһԁԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧανορυ",
    "ABCEHIJKMOPSTXYaceijopsxyhdqwABEZHIKMNOPTYXavopu",
)
_ONE_FOR_ONE: Final = str.maketrans(
    {
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u00ad\ufe58\ufe63\uff0d", "-"),
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u02bc\u02b9\u00b4\u0060\uff07", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033", '"'),
        "\u2044": "/",
    }
)
_WORD: Final = re.compile(r"[^\W\d_]+")
_UNSEEN: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\u2800")
"""Characters without a shape that are not of the Unicode class for format characters."""


@dataclass(frozen=True, slots=True)
class Normalised:
    """Normalised text; `starts` and `ends` are empty when every character stands where it stood."""

    text: str
    starts: array[int]
    ends: array[int]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return the stretch of the input that `text[start:end]` came from, as offsets, end exclusive."""
        if not self.starts or start >= end:
            return start, end
        return self.starts[start], self.ends[end - 1]


def normalise(text: str) -> Normalised:
    """Return the text in compatibility form, without unseen characters, look-alike letters made Latin."""
    if text.isascii():
        return Normalised(text.translate(_ONE_FOR_ONE), array("l"), array("l"))
    letters: list[str] = []
    starts, ends = array("l"), array("l")
    for start, end in _clusters(text):
        for letter in _plain(text[start:end]):
            letters.append(letter)
            starts.append(start)
            ends.append(end)
    return Normalised(_latin("".join(letters)), starts, ends)


def _clusters(text: str) -> list[tuple[int, int]]:
    """Cut the input into characters, each with the combining marks and unseen characters between them."""
    cuts: list[tuple[int, int]] = []
    for at, letter in enumerate(text):
        if cuts and unicodedata.combining(letter):
            cuts[-1] = (cuts[-1][0], at + 1)
        elif not _unseen(letter):
            cuts.append((at, at + 1))
    return cuts


def _unseen(letter: str) -> bool:
    if letter.isascii():
        return False
    return letter in _UNSEEN or unicodedata.category(letter) == "Cf" or 0xFE00 <= ord(letter) <= 0xFE0F


def _plain(cluster: str) -> str:
    if cluster.isascii():
        return cluster.translate(_ONE_FOR_ONE)
    seen = "".join(letter for letter in cluster if not _unseen(letter)).translate(_ONE_FOR_ONE)
    composed = unicodedata.normalize("NFKC", seen).translate(_ONE_FOR_ONE)
    # A mark that no letter could take up would cut its word in two.
    return "".join(
        str(unicodedata.digit(c)) if c.isdecimal() and not c.isascii() else c
        for c in composed
        if not unicodedata.combining(c)
    )


def _latin(text: str) -> str:
    """Make look-alike letters Latin in words that have a Latin letter; words of another script stay."""
    if not any("\u0370" <= letter <= "\u052f" for letter in text):
        return text
    return _WORD.sub(lambda word: _latin_word(word.group()), text)


def _latin_word(word: str) -> str:
    if any(letter.isascii() for letter in word):
        return word.translate(_SAME_LOOK)
    return word
