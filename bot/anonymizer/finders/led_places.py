"""Places that the words round them lead to: `from bluebird nursing home`, `Town: Boring`, `at elm VA`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from bot.anonymizer.finders.places import PlaceRules
from bot.anonymizer.found import Found
from bot.anonymizer.words import section

_HEADS: Final = ("institutions", "specialty houses")
_LONGEST: Final = 6
_KNOWN: Final = 4
_SIZES: Final = frozenset(("big", "small", "good", "fair", "field", "night", "best"))
_COMMON: Final = 6
_JOINS: Final = frozenset((" ", "-", ". ", " & ", "' ", "'"))
_LABEL: Final = re.compile(
    r"\b(?:(?:home ?)?town|city(?:/town)?|village|suburb|birth ?place|place of birth|residence|resides"
    r"|facility|hospital(?: name)?|location|clinic|practice|transferred (?:from|to)|seen at)[ ]?[:=][ \t]*",
    re.IGNORECASE,
)
_AWAY: Final = re.compile(
    r" (?:is|was) (?:about |some |over |only )?(?:\d{1,3}|an?|two|three|four|five|six) "
    r"(?:hours?|hrs?|miles?|mi|km|minutes?|mins?)(?: drive)? (?:away|from|by)",
    re.IGNORECASE,
)
_NOT_GENERAL: Final = frozenset(
    (
        "surgery",
        "surgical",
        "surgeon",
        "medicine",
        "anesthesia",
        "anaesthesia",
        "anesthetic",
        "condition",
        "appearance",
        "practitioner",
        "population",
        "exam",
        "endotracheal",
        "weakness",
        "malaise",
        "day",
        "service",
        "block",
        "lymphadenopathy",
        "pediatric",
        "pediatrics",
        "practice",
    )
)


class LedPlaces(PlaceRules):
    """Finds the places that are told by what stands round them, whatever words they are made of."""

    def find(self) -> Iterator[Found]:
        """Yield institutions behind ways to them and by themselves, then what labels and distances tell."""
        heads = [at for at in range(len(self.reading)) if self._head(at)]
        for head in heads:
            for at in range(max(0, head - _LONGEST + 1), head):
                if not self.reading.taken[at] and not self.reading.taken[head]:
                    yield from self._institution(at)
        yield from self._labelled()
        for match in _AWAY.finditer(self.reading.field.text):
            yield from self._away(self.reading.within(0, match.start() + 1).stop - 1)

    def doubtful(self) -> Iterator[Found]:
        """Yield everyday words that are places too where a place would stand; the author knows."""
        for at in range(len(self.reading)):
            yield from self._doubtful(at)

    def _institution(self, at: int) -> Iterator[Found]:
        """Yield the institution that begins at an index: proper words, and a head word at the end."""
        led = self._led(at - 1)
        if not (led or self._titled(at)) or not self._proper(at):
            return
        last = self._end(at)
        if last is None:
            return
        proper = [
            word
            for word in range(at, last)
            if self._proper(word) and not self.reading.among(word, "institution modifiers", *_HEADS)
        ]
        if not proper:
            return
        sure = any(self._sure(word) for word in proper) and (led or self._shown(at) or self._rare(proper))
        reason = "This is the name of an institution."
        yield self.take(at, last, "hospital", reason, tier="auto" if sure else "ask")

    def _led(self, before: int) -> bool:
        """Say whether the word at an index leads to a place: `at`, `from`, `transferred to`, `rung`."""
        reading = self.reading
        if before < 0 or reading.gap(before) != " ":
            return False
        if reading.low(before) == "to":
            return any(reading.among(before - back, "going") for back in (1, 2))
        return reading.among(before, "ways", "ringing")

    def _titled(self, at: int) -> bool:
        """Say whether a word begins a run in title case, or could begin an institution without a cue."""
        reading, case = self.reading, self.reading.cases[at]
        if case in ("capital", "start"):
            return reading.gap(at) in _JOINS and self._upper(at + 1)
        return self._sure(at)

    def _shown(self, at: int) -> bool:
        return self.reading.cases[at] in ("capital", "start")

    def _rare(self, proper: Sequence[int]) -> bool:
        return any(not self.reading.words[at].plain for at in proper)

    def _upper(self, at: int) -> bool:
        return at < len(self.reading) and self.reading.tokens[at].capital

    def _proper(self, at: int) -> bool:
        """Say whether a word can be one of the words that make an institution's name."""
        reading, word = self.reading, self.reading.words[at]
        if reading.taken[at] or not reading.tokens[at].word:
            return False
        if reading.low(at) in ("st", "saint", "ste", "san", "santa") or reading.among(at, "leading parts"):
            return True
        if reading.stop(at) or reading.among(at, "peoples", "relatives", "trades"):
            return False
        if reading.among(at, "not an institution") and not (reading.low(at) in _SIZES and self._sure(at)):
            return False
        if reading.term[at] or word.medical_form:
            return False
        return not word.clinical or self._sure(at) or reading.among(at, "institution modifiers", *_HEADS)

    def _sure(self, at: int) -> bool:
        """Say whether a word is a name or a place as often as a word, or unknown, or has a capital."""
        reading, word = self.reading, self.reading.words[at]
        if reading.among(at, "landscape", "patrons") or reading.capital(at) or word.unknown:
            return True
        if reading.cases[at] == "start" and self._upper(at + 1):
            return True
        return (word.place >= _KNOWN or word.name >= _KNOWN) and word.zipf < _COMMON

    def _end(self, first: int) -> int | None:
        """Return the last head word of the run of words that begins at an index."""
        reading, last = self.reading, None
        for at in range(first, min(first + _LONGEST, len(reading))):
            if at > first and reading.gap(at - 1) not in _JOINS:
                break
            if at > first and self._head(at):
                last = at
            elif not (self._proper(at) or reading.among(at, "institution modifiers", "institution tails")):
                break
        return last

    def _head(self, at: int) -> bool:
        reading, low = self.reading, self.reading.low(at)
        if reading.taken[at]:
            return False
        if low in ("general", "memorial", "regional"):
            return reading.low(at + 1) not in _NOT_GENERAL
        if low == "va":
            return reading.tokens[at].text.isupper() and not reading.low(at + 1)[:1].isdigit()
        if low == "children":
            return reading.tokens[at].text.lower().endswith("'s")
        behind_head = reading.among(at - 1, "institutions", "institution modifiers")
        tail = reading.among(at, "institution tails") and behind_head
        return tail or reading.among(at, *_HEADS) or self._two_words(at)

    def _two_words(self, at: int) -> bool:
        pair = f"{self.reading.low(at - 1)}_{self.reading.low(at)}"
        return pair in section("general", "two word institutions")

    def _labelled(self) -> Iterator[Found]:
        """Yield what stands behind `Town:`, up to the end of its cell or line, if that is short."""
        reading = self.reading
        for match in _LABEL.finditer(reading.field.text):
            within = reading.within(match.end(), min(match.end() + 1, len(reading.field.text)))
            first = last = within.start
            if not len(within) or reading.taken[first] or not self._value(first):
                continue
            while reading.gap(last) in _JOINS and last - first < _LONGEST and self._value(last + 1):
                last += 1
            ends = reading.gap(last).strip(" ")[:1] in ("\n", ",", ";", "|", ".", "(", "")
            shown = any(self._shown(at) or self._head(at) for at in range(first, last + 1))
            if ends and (shown or any(self._sure(at) for at in range(first, last + 1))):
                yield self.take(first, last, "LOCATION", "A label in front says that a place follows.")

    def _value(self, at: int) -> bool:
        reading = self.reading
        if at >= len(reading) or reading.taken[at] or not reading.tokens[at].word or reading.stop(at):
            return False
        word = reading.words[at]
        return not (word.clinical and word.place < _KNOWN) and not reading.among(at, "housing", "peoples")

    def _away(self, at: int) -> Iterator[Found]:
        """`Hope Mills is 3 hours away`."""
        if at < 0:
            return
        reading, word = self.reading, self.reading.words[at]
        if reading.taken[at] or not reading.tokens[at].word or reading.stop(at):
            return
        if reading.among(at, "institutions", "housing", "relatives", "trades"):
            return
        double = at > 0 and reading.gap(at - 1) == " " and self._value(at - 1) and self._sure(at - 1)
        first, sure = at - double, word.unknown or word.place > 0
        yield self.take(
            first, at, "LOCATION", "A distance is told behind it.", tier="auto" if sure else "ask"
        )

    def _doubtful(self, at: int) -> Iterator[Found]:
        """Ask about an everyday word that is a place too behind `from`, `near`, `back to`."""
        reading, word = self.reading, self.reading.words[at]
        if not self._value(at) or word.place < _KNOWN or word.zipf >= _COMMON or word.clinical:
            return
        near = reading.low(at - 1) in ("from", "near") and reading.gap(at - 1) == " "
        ends = reading.gap(at).strip() != "" or "\n" in reading.gap(at) or reading.stop(at + 1)
        led = (near and ends) or (reading.low(at - 1) == "to" and self._led(at - 1))
        if led or (reading.among(at + 1, "of a town") and reading.gap(at) == " "):
            yield self.take(at, at, "LOCATION", "A place would stand here.", tier="ask")
