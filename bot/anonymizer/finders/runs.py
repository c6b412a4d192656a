"""Runs of words that make one name: where it may begin, how far it goes, and marking it as taken."""

from __future__ import annotations

from typing import Final

from bot.anonymizer.cleaned import Tier
from bot.anonymizer.found import Found
from bot.anonymizer.reading import Reading
from bot.anonymizer.words import section

LONGEST: Final = 5
_ORDINARY_CAPITAL: Final = 1.5
_ORDINARY_SMALL: Final = 2.0


class Runs:
    """What all rules for names share: the reading, and the run of words that a name is."""

    def __init__(self, reading: Reading) -> None:
        """Keep the reading."""
        self.reading = reading

    def blocked(self, at: int) -> bool:
        """Say whether the word at an index cannot be part of a name by itself."""
        reading = self.reading
        if reading.taken[at] or reading.eponym[at] or reading.stop(at) or not reading.tokens[at].word:
            return True
        return self._foreign(at)

    def _foreign(self, at: int) -> bool:
        """Say whether it is an everyday word of another language, written small."""
        return self.reading.among(at, "foreign") and not self.reading.capital(at)

    def particle(self, at: int) -> bool:
        """Say whether the word at an index joins names (`van`, `de la`, `al`)."""
        return self.reading.low(at) in section("general", "particles") and self.reading.tokens[at].word

    def degree(self, at: int) -> bool:
        """Say whether the token at an index is a degree that stands behind names."""
        return self.reading.among(at, "credentials")

    def behind_titles(self, at: int) -> int:
        """Step over titles: `Dr. Prof. X`."""
        titles = section("general", "titles") | {"mr", "ms", "miss"}
        last = at + LONGEST
        while at < last and self.reading.low(at) in titles and self.reading.gap(at).strip() in ("", "."):
            at += 1
        return at

    def worth(self, at: int) -> float:
        """Return the score of a word, raised when the word behind it is certainly a name."""
        reading = self.reading
        own = reading.score(at)
        if own < 0.5 or reading.gap(at) not in (" ", "-") or at + 1 >= len(reading):
            return own
        behind = reading.words[at + 1]
        known = reading.score(at + 1) >= 2.5 or (behind.unknown and reading.words[at].given >= 4)
        return max(own, 2.5) if known and not reading.eponym[at + 1] and not reading.taken[at + 1] else own

    def run(self, first: int, least: float, *, titled: bool = False) -> tuple[int, int] | None:
        """Return the first and last token of a name that begins at `first`, if that word is worth `least`."""
        reading, start = self.reading, first
        while first < min(start + 3, len(reading)) and (self.particle(first) or self._initial_of_name(first)):
            if not reading.joined(first):
                break
            first += 1
        if first >= len(reading) or reading.taken[first] or not reading.tokens[first].word:
            return None
        if not (self._titled(first) if titled else self._free(first, least)):
            return None
        return start, self._end(first)

    def _initial_of_name(self, at: int) -> bool:
        """Say whether a single letter is an initial and not the article `a`."""
        return self.reading.initial(at) and (
            self.reading.gap(at).startswith(".") or self.reading.cases[at] in ("capital", "start", "shout")
        )

    def _free(self, first: int, least: float) -> bool:
        lone_eponym = self.reading.eponym[first] and not self.reading.term[first]
        if lone_eponym and self.worth(first) >= max(least, 2.5) and self.reading.words[first].given >= 4:
            return not (self.reading.taken[first] or self.reading.stop(first))
        shown = self.reading.tokens[first].text.isupper() or self.reading.among(first, "sure degrees")
        if self.degree(first) and shown:
            return False
        return self.worth(first) >= least and not self.blocked(first)

    def _titled(self, first: int) -> bool:
        """Judge a word behind a title: with a capital almost anything is a name, else what could be one."""
        reading, word = self.reading, self.reading.words[first]
        if reading.low(first + 1) in section("clinical", "heads") and reading.eponym[first]:
            return False
        if reading.cases[first] in ("capital", "start"):
            return True
        if reading.stop(first):
            return first > 0 and reading.gap(first - 1).startswith(".") and word.family >= 3
        if reading.cases[first] == "acronym":
            return False
        sure = reading.among(first - 1, "sure titles")
        return sure or word.name >= 1 or not word.plain or reading.eponym[first]

    def _end(self, first: int) -> int:
        reading, last, at = self.reading, first, first
        while (
            at + 1 < len(reading)
            and at - first < LONGEST
            and reading.joined(at)
            and not reading.taken[at + 1]
        ):
            at += 1
            if self.particle(at) and not reading.capital(at):
                continue
            if self._continues(at, last):
                last = at
            elif not (self.particle(at) or reading.initial(at)):
                break
        return last

    def _continues(self, at: int, last: int) -> bool:
        """Say whether a word behind a name belongs to it."""
        reading, word = self.reading, self.reading.words[at]
        if self.degree(at) or not reading.tokens[at].word or self._foreign(at):
            return False
        if reading.gap(at - 1) == "-" and (
            reading.capital(at) or (reading.score(at) >= -1.0 and not word.clinical)
        ):
            return True
        if reading.term[at] or (reading.among(at, "institutions") and not reading.capital(at)):
            return False
        if reading.stop(at):
            before = reading.words[last]
            sure = before.given >= 3 or before.unknown or (before.given > 0 and before.english < 2)
            return reading.capital(at) and word.family >= 4 and sure
        if reading.capital(at):
            return word.name > 0 or reading.score(at) >= _ORDINARY_CAPITAL
        return self._small_continues(at, last) or reading.score(at) >= _ORDINARY_SMALL

    def _small_continues(self, at: int, last: int) -> bool:
        """Say whether a word without a capital is the family name behind a given one."""
        word, before = self.reading.words[at], self.reading.words[last]
        least = -2.2 if word.unknown else -0.75
        named = before.unknown or (before.name >= 2 and before.margin >= least)
        if not named or self.reading.gap(at - 1) not in (" ", ". "):
            return False
        follows = before.unknown or before.given >= before.family
        return word.unknown or (word.family >= 4 and word.margin >= -2.2 and follows)

    def grown(self, first: int, last: int) -> tuple[int, int]:
        """Return a name with the initials and particles in front of it: `J. Roe`, `de la Roe`."""
        reading = self.reading
        least = max(0, first - LONGEST)
        while first > least and not reading.taken[first - 1] and reading.joined(first - 1):
            shown = reading.gap(first - 1).startswith(".") or reading.tokens[first - 1].text.isupper()
            if not (self.particle(first - 1) or (reading.initial(first - 1) and shown)):
                break
            first -= 1
        return first, last

    def is_name(self, at: int) -> bool:
        """Say whether a finding of a name holds the token at an index."""
        return at in self.reading.named

    def take(self, first: int, last: int, reason: str, role: str = "", tier: Tier = "auto") -> Found:
        """Mark a name as taken and return it, without a genitive ending, with the dot of an initial."""
        reading = self.reading
        for at in range(first, last + 1):
            reading.taken[at] = True
            reading.named.add(at)
            (reading.asked.add if tier == "ask" else reading.asked.discard)(at)
        start, end = reading.tokens[first].start, reading.tokens[last].end
        if reading.tokens[last].text.lower().endswith("'s"):
            end -= 2
        if reading.initial(last) and reading.gap(last).startswith("."):
            end += 1
        return Found(reading.field.name, start, end, "NAME", tier, reason, role)
