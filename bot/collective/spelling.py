"""Spelling: the known words within a slip or two of a typed one, found without trying all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_MOST: Final = 2
"""Edits that are ever allowed in one word."""
_SHORTEST_TYPED: Final = 3
_SHORTEST_MEANT: Final = 4
_TWO_EDITS_FROM: Final = 6
_OPPOSITES: Final = ("hypo", "hyper")


@dataclass(frozen=True, slots=True, order=True)
class Near:
    """A known word near a typed one: edits between them, how odd a slip that would be, and the word."""

    edits: int
    oddness: int
    word: str


class Spelling:
    """Known words, cut into pieces: with two edits in three pieces, one piece stays as it was."""

    def __init__(self, words: Iterable[str]) -> None:
        """Take the words that may have been meant."""
        self.words = frozenset(words)
        self._pieces: dict[tuple[int, int, str], list[tuple[str, int]]] = {}
        for word in sorted(self.words):
            if len(word) >= _SHORTEST_MEANT and word.isalpha():
                for number, (start, end) in enumerate(_cuts(len(word))):
                    key = (len(word), number, word[start:end])
                    self._pieces.setdefault(key, []).append((word, _letters(word)))
        self.near = lru_cache(maxsize=4_096)(self._near)

    def _near(self, typed: str, most: int) -> tuple[Near, ...]:
        """Return the words within so many edits, swapped neighbours being one; the nearest first."""
        if len(typed) < _SHORTEST_TYPED or not typed.isalpha():
            return ()
        most = min(most, _MOST if len(typed) >= _TWO_EDITS_FROM else 1)
        found = [
            Near(edits, _oddness(typed, word), word)
            for word in self._candidates(typed, most)
            if (edits := distance(typed, word, most)) <= most and not _opposite(typed, word)
        ]
        return tuple(sorted(found))

    def _candidates(self, typed: str, most: int) -> set[str]:
        letters = _letters(typed)
        return {
            word
            for key in self._keys(typed, most)
            for word, mask in self._pieces.get(key, ())
            if (mask ^ letters).bit_count() <= 2 * most
        }

    def _keys(self, typed: str, most: int) -> Iterator[tuple[int, int, str]]:
        """Yield each piece of a word that would leave it near, at each place to which edits can move it."""
        for length in range(max(_SHORTEST_MEANT, len(typed) - most), len(typed) + most + 1):
            for number, (start, end) in enumerate(_cuts(length)):
                for shift in range(-most, most + 1):
                    if start + shift >= 0 and end + shift <= len(typed):
                        yield length, number, typed[start + shift : end + shift]


def distance(one: str, other: str, most: int) -> int:
    """Return the edits between two words, a swap of neighbours being one; `most` + 1 when there are more."""
    one, other = _different_part(one, other)
    if abs(len(one) - len(other)) > most:
        return most + 1
    beyond = most + 1
    last: list[int] = []
    row = [min(at, beyond) for at in range(len(other) + 1)]
    for at, letter in enumerate(one, start=1):
        last, before, row = row, last, [min(at, beyond)] + [beyond] * len(other)
        for there in range(max(1, at - most), min(len(other), at + most) + 1):
            its = other[there - 1]
            edits = min(last[there] + 1, row[there - 1] + 1, last[there - 1] + (letter != its))
            if there > 1 and before and letter == other[there - 2] and one[at - 2] == its:
                edits = min(edits, before[there - 2] + 1)
            row[there] = min(edits, beyond)
        if min(row) > most:
            return beyond
    return row[-1]


def _different_part(one: str, other: str) -> tuple[str, str]:
    """Return two words without what they begin and end with alike."""
    shorter = min(len(one), len(other))
    start = next((at for at in range(shorter) if one[at] != other[at]), shorter)
    one, other = one[start:], other[start:]
    shorter -= start
    end = next((at for at in range(shorter) if one[-1 - at] != other[-1 - at]), shorter)
    return one[: len(one) - end], other[: len(other) - end]


def _cuts(length: int) -> tuple[tuple[int, int], ...]:
    """Return where a word of this length is cut into three pieces."""
    third, rest = divmod(length, _MOST + 1)
    first, second = third + (rest > 0), 2 * third + (rest > 0) + (rest > 1)
    return (0, first), (first, second), (second, length)


def _letters(word: str) -> int:
    """Return a number with one bit for each letter that occurs."""
    bits = 0
    for letter in word:
        bits |= 1 << (ord(letter) & 31)
    return bits


def _oddness(typed: str, word: str) -> int:
    """Return 0 for the commonest slips (letters swapped, doubled or halved), most for another first letter.

    Between hypo- and hyper- nothing is a sign of which was meant.
    """
    if word.startswith(_OPPOSITES) or sorted(typed) == sorted(word) or _halved(typed) == _halved(word):
        return 0
    return 1 + (len(typed) == len(word)) + 2 * (typed[0] != word[0])


def _halved(word: str) -> str:
    return "".join(letter for at, letter in enumerate(word) if not at or word[at - 1] != letter)


def _opposite(typed: str, word: str) -> bool:
    """Say whether two words that look alike mean opposite things."""
    one, other = _OPPOSITES
    return typed.startswith((one, other)) and word.startswith(one) != typed.startswith(one)
