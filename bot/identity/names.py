"""Screen names are generated from two word lists, so that nobody can choose one that says who they are."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

from bot.domain.screen_names import skeleton
from bot.ports.chance import Chance

FEWEST_WORDS: Final = 150


class NamesExhausted(Exception):
    """No free screen name was found; the word lists are too short for this many members."""


class ScreenNames:
    """Two word lists, checked when they are loaded."""

    __slots__ = ("_adjectives", "_animals", "_chance")

    def __init__(self, adjectives: tuple[str, ...], animals: tuple[str, ...], chance: Chance) -> None:
        """Check both lists; raises ValueError for one that could give a bad or ambiguous name."""
        for words in (adjectives, animals):
            _check(words)
        self._adjectives = adjectives
        self._animals = animals
        self._chance = chance

    def generate(self) -> str:
        """Draw a name such as ``Quiet Heron``; it may be taken."""
        return f"{self._draw(self._adjectives)} {self._draw(self._animals)}"

    def _draw(self, words: tuple[str, ...]) -> str:
        # `between` may give its upper end.
        return words[min(int(self._chance.between(0, len(words))), len(words) - 1)]


def bundled_names(chance: Chance) -> ScreenNames:
    """Load the word lists that come with Curbside."""
    return ScreenNames(_words("adjectives"), _words("animals"), chance)


def _words(name: str) -> tuple[str, ...]:
    text = files(__package__).joinpath("words", f"{name}.txt").read_text("ascii")
    return tuple(text.split())


def _check(words: tuple[str, ...]) -> None:
    if len(words) < FEWEST_WORDS:
        raise ValueError(f"a word list has {len(words)} words, and needs {FEWEST_WORDS}")
    if bad := [word for word in words if not (word.isascii() and word.isalpha() and word.istitle())]:
        raise ValueError(f"no capitalised ASCII word: {bad[0]!r}")
    if len({skeleton(word) for word in words}) < len(words):
        raise ValueError("two words of a list can be taken for each other")
