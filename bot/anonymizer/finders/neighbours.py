"""Neighbours: everyday words that are names too, beside a name or where a person acts; the author knows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bot.anonymizer.finders.runs import Runs
from bot.anonymizer.found import Found

_LEAST: Final = -2.6
_NO_NAMES: Final = ("peoples", "relatives", "trades", "patient cues", "institutions", "credentials")
_BESIDE: Final = "This everyday word is a name too and stands beside a name."
_ACTS: Final = "This everyday word is a name too, and what follows is what people do."


class Neighbours(Runs):
    """Asks about words that may be the other half of a name, or a name where a person acts."""

    def find(self) -> Iterator[Found]:
        """Yield words beside names first, then words that act."""
        for at in range(len(self.reading)):
            if self._possible(at) and (self._beside(at, at - 1) or self._beside(at, at + 1)):
                yield self.take(at, at, _BESIDE, tier="ask")
        for at in range(len(self.reading)):
            if self._possible(at) and self._acts(at):
                yield self.take(at, at, _ACTS, tier="ask")

    def _possible(self, at: int) -> bool:
        word = self.reading.words[at]
        if self.blocked(at) or self.degree(at) or self.reading.among(at, *_NO_NAMES):
            return False
        clinical = word.clinical and word.given < 3
        return word.name >= 3 and word.margin >= _LEAST and not clinical and len(self.reading.low(at)) > 2

    def _beside(self, at: int, other: int) -> bool:
        reading = self.reading
        first = min(at, other)
        joined = reading.gap(first) in (" ", "-") or (reading.gap(first) == ". " and reading.initial(first))
        return other in reading.named and joined

    def _acts(self, at: int) -> bool:
        reading = self.reading
        begins = at == 0 or (
            reading.gap(at - 1).strip(" \n\t\"'(") in ("", ".", "?", "!") and reading.gap(at - 1) != " "
        )
        verb = reading.among(at + 1, "person verbs") or reading.low(at + 1) in ("is", "was", "has")
        return begins and verb and reading.gap(at) == " "
