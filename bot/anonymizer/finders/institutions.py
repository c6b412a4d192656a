"""Institutions: hospitals, clinics, homes and schools, by their head word and the proper words round it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bot.anonymizer.finders.places import PlaceRules
from bot.anonymizer.found import Found
from bot.anonymizer.words import section

_LONGEST: Final = 6
_KNOWN: Final = 4
_REASON: Final = "This is the name of an institution."
_JOINS: Final = frozenset((" ", "-", ". ", "'", " & ", "' "))
_HEART_TRACE: Final = frozenset(("elevation", "depression", "segment", "dep", "elev", "changes"))
"""Behind `ST` these speak of an electrocardiogram, not of a saint."""


class Institutions(PlaceRules):
    """Finds the institutions of one field."""

    def find(self) -> Iterator[Found]:
        """Yield institutions, then saints that stand for one."""
        at = 0
        while at < len(self.reading):
            last = self._head_end(at)
            first = self._head_start(at) if last is not None else at
            if last is not None and first < at:
                yield self.take(first, last, "hospital", _REASON)
                at = last
            elif last is not None and self.reading.low(at + 1) == "of":
                yield from self._of(at)
            at += 1
        for saint in range(len(self.reading) - 1):
            yield from self._saint(saint)
            yield from self._lady(saint)

    def _head_end(self, at: int) -> int | None:
        """Return the last token of the head word that begins at an index, None when none does."""
        reading = self.reading
        if reading.taken[at]:
            return None
        if self._two_words(at):
            return at + 2 if self._tail(at + 2) else at + 1
        lean = reading.among(at, "words that need a tail")
        house = self._specialty_house(at)
        known = reading.among(at, "institutions") or (lean and reading.among(at + 1, "institution tails"))
        if not (known or house):
            return None
        last = at
        while last < at + _LONGEST and self._tail(last + 1):
            last += 1
        bare = last == at and reading.low(at) in ("health", "medical", "nursing")
        return None if bare and not reading.capital(at) and reading.cases[at] != "shout" else last

    def _specialty_house(self, at: int) -> bool:
        """Say whether a word for what is done somewhere ends a name: `Tri-County Imaging`, `at elm spine`."""
        reading = self.reading
        if not reading.among(at, "specialty houses") or not at:
            return False
        if reading.gap(at - 1) == " & ":
            return reading.low(at - 1) == "heart"
        before, named = reading.words[at - 1], self._place_like(at - 1)
        if reading.gap(at - 1) != " " or (not named and (before.clinical or before.medical_form)):
            return False
        led = any(reading.among(at - back, "ways") for back in (2, 3))
        return (
            reading.capital(at) or led or (named and not before.plain) or reading.among(at - 1, "landscape")
        )

    def _place_like(self, at: int) -> bool:
        """Say whether a word is often a name or a place, though clinicians have it as a word as well."""
        word = self.reading.words[at]
        return word.name >= _KNOWN or word.place >= _KNOWN or self.reading.among(at, "landscape")

    def _two_words(self, at: int) -> bool:
        pair = f"{self.reading.low(at)}_{self.reading.low(at + 1)}"
        return self.reading.gap(at) == " " and pair in section("general", "two word institutions")

    def _tail(self, at: int) -> bool:
        reading = self.reading
        if reading.gap(at - 1) != " " or not reading.among(at, "institution tails"):
            return False
        return reading.capital(at) or reading.low(at) not in ("unit", "park", "house", "group")

    def _head_start(self, head: int) -> int:
        """Walk left from a head word over proper words and modifiers; return it if no word is proper."""
        reading, first, proper = self.reading, head, head
        strong = reading.among(head, "sure institutions", "words that need a tail") or self._two_words(head)
        strong = strong or self._specialty_house(head)
        while first > 0 and head - first < _LONGEST and reading.gap(first - 1) in _JOINS:
            first -= 1
            if reading.taken[first]:
                break
            if self._proper(first, strong=strong) or self._beside_proper(first, proper, strong=strong):
                proper = first
            elif not (self._behind_holy(first) or reading.among(first, "institution modifiers")):
                break
        return self._with_leading_parts(proper) if proper < head else head

    def _behind_holy(self, at: int) -> bool:
        return self.reading.among(at, "behind holy") and self.reading.low(at - 1) in ("holy", "sacred")

    def _with_leading_parts(self, proper: int) -> int:
        reading = self.reading
        while (
            proper > 0
            and reading.among(proper - 1, "leading parts")
            and reading.gap(proper - 1) in (" ", ". ")
        ):
            proper -= 1
        while proper > 0 and reading.capital(proper) and self._capital_lead(proper - 1):
            proper -= 1
        return proper

    def _capital_lead(self, at: int) -> bool:
        """Say whether a capitalised everyday word leads into a name: `Three Rivers Clinic`."""
        reading = self.reading
        titled = reading.among(at, "titles", "weak titles", "relatives", "peoples")
        return reading.gap(at) == " " and reading.capital(at) and not (reading.taken[at] or titled)

    def _proper(self, at: int, *, strong: bool) -> bool:
        """Say whether a word in front of a head word makes it one certain institution."""
        reading, word = self.reading, self.reading.words[at]
        if reading.among(at, "patrons"):
            return strong
        generic = reading.among(at, "institution modifiers", "not an institution")
        if reading.stop(at) or generic or not reading.tokens[at].word or len(reading.low(at)) < 2:
            return False
        if reading.among(at, "landscape"):
            return strong or reading.capital(at)
        if reading.capital(at) and not word.medical_form:
            return strong or not reading.among(at, "peoples")
        return strong and (self._led_in(at) or self._known(at))

    def _known(self, at: int) -> bool:
        """Say whether a word without a capital is a name or a place rather than anything else."""
        word = self.reading.words[at]
        if (word.plain and word.margin < -0.75) or (word.clinical and word.name < 5):
            return False
        return word.name >= 3 or word.place >= 5 or word.unknown

    def _led_in(self, at: int) -> bool:
        """Say whether `at`, `from` or the like stands right before an everyday word, or one word earlier."""
        reading, word = self.reading, self.reading.words[at]
        if word.medical_form or reading.cases[at] not in ("lower", "shout", "small"):
            return False
        if word.clinical and not self._place_like(at):
            return False
        return any(reading.among(at - back, "ways") for back in (1, 2) if at >= back)

    def _beside_proper(self, at: int, proper: int, *, strong: bool) -> bool:
        """Accept a word in front of a landscape word (`cobalt springs`), and what `our lady of` names."""
        reading, word = self.reading, self.reading.words[at]
        if reading.low(at - 1) == "of" and reading.low(at - 2) == "lady":
            return True
        generic = reading.among(at, "not an institution", "institution modifiers") or reading.stop(at)
        if not strong or generic or not reading.tokens[at].word or proper != at + 1:
            return False
        return reading.among(proper, "landscape") and word.english < 8 and not word.medical_form

    def _of(self, head: int) -> Iterator[Found]:
        """`University of Leeds Hospital`: a head word, `of` and proper words."""
        reading, last = self.reading, head + 1
        if reading.low(head + 2) == "the" and reading.low(head) in ("hospital", "clinic", "institute"):
            end = self._words_behind(head + 2)
            if end > head + 2:
                yield self.take(head, end, "hospital", _REASON)
                return
        proper = head + 3 if reading.low(head + 2) == "the" else head + 2
        for at in range(proper, min(len(reading), head + 6)):
            place = at == proper and (reading.words[at].place >= 5 or reading.among(at, "states"))
            fits = (
                reading.capital(at)
                or reading.among(at, "institution tails")
                or (place and not reading.words[at].plain)
            )
            if reading.gap(at - 1) != " " or not fits:
                break
            last = at
        if last > head + 1 and reading.among(head, "sure institutions"):
            yield self.take(head, last, "hospital", _REASON)

    def _words_behind(self, at: int) -> int:
        """Return the last of up to two words behind an index that are no stop words."""
        reading, last = self.reading, at
        while last < at + 2 and reading.gap(last) == " " and not reading.stop(last + 1):
            if not reading.tokens[last + 1].word or reading.words[last + 1].medical_form:
                break
            last += 1
        return last

    def _lady(self, at: int) -> Iterator[Found]:
        """`Our Lady of the Plains`, `Children's of Eastbrook`: what they are of, a word or two."""
        reading = self.reading
        lady = reading.low(at) == "lady" and reading.low(at - 1) == "our"
        children = reading.low(at) in ("children", "women") and reading.tokens[at].text.lower().endswith("'s")
        if not (lady or children) or reading.low(at + 1) != "of" or reading.taken[at]:
            return
        before = at + 2 if reading.low(at + 2) == "the" else at + 1
        last = self._words_behind(before)
        if last > before:
            yield self.take(at - 1 if lady else at, last, "hospital", _REASON)

    def _saint(self, at: int) -> Iterator[Found]:
        """`St. Mary's`: an institution or a town by itself."""
        reading, behind = self.reading, self.reading.words[at + 1]
        if reading.low(at) not in ("st", "saint", "sta", "ste") or reading.gap(at) not in (" ", ". "):
            return
        if reading.taken[at] or reading.taken[at + 1] or reading.low(at + 1) in _HEART_TRACE:
            return
        if behind.given >= 3 and behind.margin > -3 and (reading.capital(at + 1) or not behind.plain):
            yield self.take(at, at + 1, "hospital", "This is the name of an institution or a place.")
