"""Towns: in front of a state, behind a street, an age or a preposition, or known as a place only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bot.anonymizer.cleaned import Tier
from bot.anonymizer.finders.places import PlaceRules
from bot.anonymizer.found import Found
from bot.anonymizer.words import place_rank

_POSTAL: Final = re.compile(r"[a-z]{1,2}\d[a-z\d]? \d[a-z]{2}|[a-z]\d[a-z] \d[a-z]\d", re.IGNORECASE)


class Towns(PlaceRules):
    """Finds the towns of one field."""

    def find(self) -> Iterator[Found]:
        """Yield towns, and the zip codes right behind them."""
        at = 0
        while at < len(self.reading):
            length = self._length(at)
            if length:
                yield self.take(at, at + length - 1, "LOCATION", "This is the name of a place.")
            elif self._lone(at):
                yield self.take(
                    at, at, "LOCATION", "This word is known as a place.", tier=self._lone_tier(at)
                )
            elif self._doubtful(at):
                yield self.take(at, at, "LOCATION", "A place would stand here.", tier="ask")
            at += length or 1
        yield from self._zips()

    def _length(self, at: int) -> int:
        """Return how many tokens a town at an index has, 0 when there is none."""
        reading = self.reading
        if reading.taken[at] or not reading.tokens[at].word or reading.stop(at):
            return 0
        for length in (3, 2):
            if self._known_phrase(at, length) and self._placed(at, at + length - 1):
                return length
        if reading.eponym[at]:
            return 0
        if self._behind_age(at) or self._in_address(at) or self._belongs(at):
            return 1
        if self._behind_preposition(at) and self._could_be(at) and not self._genitive(at):
            return 2 if self._capital_pair(at) else 1
        return 0

    def _placed(self, first: int, last: int) -> bool:
        """Say whether a known place of several words stands where a place would, or has a capital."""
        reading = self.reading
        if self._behind_preposition(first) or self._state_behind(last) or reading.capital(last):
            return True
        alone = reading.gap(first - 1) == ", " and reading.gap(last).strip()[:1] in (",", ".", "")
        return alone or reading.among(last + 1, "of a town") or self._after_street(first)

    def _known_phrase(self, at: int, length: int) -> bool:
        reading, last = self.reading, at + length - 1
        if at + length > len(reading) or any(reading.taken[at : at + length]):
            return False
        if any(reading.gap(i) not in (" ", "-", ". ") for i in range(at, last)):
            return False
        words = ["saint" if reading.low(i) == "st" else reading.low(i) for i in range(at, at + length)]
        known = place_rank(" ".join(words)) or place_rank(
            " ".join(reading.low(i) for i in range(at, at + length))
        )
        if not known:
            return False
        plain = all(w.plain for w in reading.words[at : at + length]) and not reading.capital(last)
        shaped = reading.among(at, "place prefixes") or reading.among(last, "landscape")
        return not plain or known >= 5 or shaped

    def _in_address(self, at: int) -> bool:
        """Say whether a state follows, or a street stands in front, and the word could be a town there."""
        reading, word = self.reading, self.reading.words[at]
        if not (self._state_behind(at) or self._after_street(at)) or self._of_the_world(at):
            return False
        if reading.capital(at):
            return not word.medical_form and not (word.clinical and not word.place)
        if reading.cases[at] == "acronym" or (word.clinical and not (word.place >= 5 and not word.english)):
            return False
        return word.unknown or word.place > 0 or reading.among(at, "landscape")

    def _behind_age(self, at: int) -> bool:
        """Say whether an age and a comma stand in front, and the word is a place: `94f, Auburn,`."""
        reading, word, before = self.reading, self.reading.words[at], self.reading.low(at - 1)
        if reading.gap(at - 1) != ", " or reading.gap(at).strip()[:1] not in (",", "."):
            return False
        return before[:1].isdigit() and before[-1:] in "mfoy" and word.place >= 5 and not word.clinical

    def _belongs(self, at: int) -> bool:
        """Say whether what follows is of a town: `Auburn resident`."""
        reading, word = self.reading, self.reading.words[at]
        if not reading.among(at + 1, "of a town") or reading.gap(at) != " " or not word.place:
            return False
        return not word.plain or reading.cases[at] in ("capital", "start")

    def _state_behind(self, at: int) -> bool:
        reading, gap = self.reading, self.reading.gap(at)
        if at + 1 >= len(reading) or gap not in (", ", " ", ","):
            return False
        comma, token = gap.startswith(","), reading.tokens[at + 1]
        if reading.among(at + 1, "states"):
            return comma or reading.capital(at)
        if not reading.among(at + 1, "state codes") or len(token.text) != 2:
            return False
        if token.text.isupper():
            return comma or reading.capital(at)
        return comma and (not reading.among(at + 1, "ambiguous codes") or self._behind_preposition(at))

    def _after_street(self, at: int) -> bool:
        """Say whether a street stands right before, with a comma between."""
        reading = self.reading
        if at == 0 or not reading.taken[at - 1] or reading.gap(at - 1) != ", ":
            return False
        return reading.tokens[at - 1].start in reading.street_ends

    def _could_be(self, at: int) -> bool:
        """Say whether a word behind a preposition is a town."""
        reading, word = self.reading, self.reading.words[at]
        if self._of_the_world(at) or reading.cases[at] == "acronym":
            return False
        if reading.capital(at):
            return self._capital_town(at)
        if word.clinical and not (word.place >= 5 and not word.english):
            return False
        rare = word.english < 2 or word.zipf + 2 < word.place
        if word.place > 0 and (rare or (self._lives_here(at) and word.place >= 5 and word.zipf <= 4)):
            return True
        near = reading.low(at - 1) in ("from", "near", "to") or self._lives_here(at)
        return near and word.unknown and len(reading.low(at)) > 4

    def _capital_town(self, at: int) -> bool:
        word, before = self.reading.words[at], self.reading.low(at - 1)
        if word.medical_form or (word.clinical and not word.place):
            return False
        near = before in ("from", "in", "at", "near", "to") or self._lives_here(at)
        if near and (word.unknown or word.english < 2):
            return True
        everyday = word.plain and word.zipf >= 5 and before not in ("from", "in")
        return word.place > 0 and (near or not word.plain) and not everyday

    def _of_the_world(self, at: int) -> bool:
        """Say whether a word names a country, a people or a state, which single nobody out."""
        return self.reading.among(at, "peoples", "states", "state codes")

    def _behind_preposition(self, at: int) -> bool:
        reading = self.reading
        if reading.gap(at - 1) != " ":
            return False
        going = any(reading.among(at - back, "going") for back in (2, 3) if at >= back)
        return reading.among(at - 1, "ways to a town") or (reading.low(at - 1) == "to" and going)

    def _lives_here(self, at: int) -> bool:
        """Say whether the few words before the preposition speak of living or travelling there."""
        return any(self.reading.among(at - back, "living") for back in range(2, 5) if at >= back)

    def _genitive(self, at: int) -> bool:
        return self.reading.tokens[at].text.lower().endswith("'s")

    def _capital_pair(self, at: int) -> bool:
        reading, behind = self.reading, at + 1
        if not (reading.capital(at) and reading.capital(behind)) or reading.gap(at) != " ":
            return False
        return not (reading.taken[behind] or reading.words[behind].clinical)

    def _lone(self, at: int) -> bool:
        """Say whether a word is known as a place and as nothing else."""
        reading, word = self.reading, self.reading.words[at]
        if reading.taken[at] or reading.eponym[at] or reading.stop(at) or reading.cases[at] == "acronym":
            return False
        if word.english or word.clinical or word.place < 5 or word.name > 4:
            return False
        return not reading.among(at, "peoples", "states") and len(reading.low(at)) > 3

    def _lone_tier(self, at: int) -> Tier:
        word, reading = self.reading.words[at], self.reading
        between = reading.gap(at - 1) == ", " and reading.gap(at).strip() in (",", ".")
        return "auto" if between or (word.place >= 6 and reading.capital(at)) else "ask"

    def _doubtful(self, at: int) -> bool:
        """Say whether an everyday word stands where a place would: behind a street, or `lives in`."""
        reading, low = self.reading, self.reading.low(at)
        if reading.taken[at] or reading.stop(at) or not reading.tokens[at].word or len(low) < 4:
            return False
        if reading.among(at, "housing", "peoples", "states"):
            return False
        if self._after_street(at):
            return self._state_behind(at) or reading.words[at].place > 0
        return reading.low(at - 1) == "in" and self._lives_here(at) and not low.endswith("ing")

    def _in_place(self, at: int) -> bool:
        """Say whether a place stands right before an index, or before the state right before it."""
        reading = self.reading
        state = reading.among(at - 1, "states", "state codes") and at > 1
        before = at - 2 if state and not reading.taken[at - 1] else at - 1
        return reading.taken[before] and reading.tokens[before].word and "\n" not in reading.gap(at - 1)

    def _postal(self, at: int) -> bool:
        reading = self.reading
        if at + 1 >= len(reading) or reading.gap(at) != " ":
            return False
        return _POSTAL.fullmatch(f"{reading.tokens[at].text} {reading.tokens[at + 1].text}") is not None

    def _zips(self) -> Iterator[Found]:
        """Five digits, or two halves of a postal code, right behind a place are its zip code."""
        reading = self.reading
        for at in range(1, len(reading)):
            text = reading.tokens[at].text
            behind = reading.taken[at - 1] and reading.tokens[at - 1].word
            near = reading.gap(at - 1) in (" ", ", ", ",") and not reading.taken[at]
            if len(text) == 5 and text.isdigit() and behind and near:
                yield self.take(at, at, "zip", "This is a zip code.")
            elif text[-1:].isalnum() and len(text) < len("12345") and self._postal(at) and self._in_place(at):
                yield self.take(at, at + 1, "zip", "This is a postal code.")
