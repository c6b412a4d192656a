"""Medical words by their parts: `ulno·trochlear`, `cysto·urethro·gram`, `sub·muco·peri·chondrial`."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

_SHORTEST: Final = 6
_LONGEST: Final = 40
_LONGEST_PART: Final = 16
_VOWELS: Final = ("", "o", "i", "a", "e", "io")


def joined_forms(forms: Collection[str]) -> frozenset[str]:
    """Return the parts of words with every vowel that may join them to the next part."""
    joined = {form + vowel for form in forms for vowel in _VOWELS}
    return frozenset(form for form in joined if len(form) > 2)


def made_of_parts(word: str, forms: frozenset[str], endings: frozenset[str]) -> bool:
    """Say whether a folded word is two parts and an ending, or one part and a telling ending."""
    if not _SHORTEST <= len(word) <= _LONGEST or not word.isascii():
        return False
    reached: dict[int, int] = {0: 0}
    for at in range(len(word)):
        if at not in reached:
            continue
        if _ends(word[at:], at, reached[at], endings):
            return True
        for length in range(3, min(_LONGEST_PART, len(word) - at) + 1):
            if word[at : at + length] in forms:
                reached[at + length] = max(reached.get(at + length, 0), reached[at] + 1)
    return reached.get(len(word), 0) > 1


def _ends(rest: str, at: int, parts: int, endings: frozenset[str]) -> bool:
    return rest in endings and (parts > 1 or (parts == 1 and (len(rest) > 3 or at > 4)))
