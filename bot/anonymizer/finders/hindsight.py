"""Names in front of what tells of a person: degrees, roles, what only people do, record numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from bot.anonymizer.finders.runs import Runs
from bot.anonymizer.found import Found
from bot.anonymizer.words import about, section

_AGE_AND_SEX: Final = re.compile(r"\d{1,3}(?:m|f|yo|yom|yof|mo)")
_BED: Final = re.compile(r"\d{1,3}[A-Za-z]?")
_NOT_LISTED: Final = ("relatives", "patient cues", "clinician cues", "peoples", "trades", "sorts", "housing")
_NUMERALS: Final = ("ii", "iii", "iv")
_SMALL: Final = frozenset(("lower", "small", "shout", "start"))
_ROLES: Final = frozenset(("nurse", "interpreter", "pharmacist", "neighbour"))
_OPENINGS: Final = frozenset(("", ".", "?", "!", ",", ";", ":", "-"))


class NamesInHindsight(Runs):
    """Finds the names that a word behind them announces."""

    def find(self) -> Iterator[Found]:
        """Yield names rule by rule."""
        rules = (
            self._before_degree,
            self._before_role,
            self._before_kin,
            self._before_verb,
            self._owner,
            self._before_record,
            self._before_age,
        )
        for rule in rules:
            for at in range(len(self.reading)):
                if not self.reading.taken[at]:
                    yield from rule(at)

    def _before_degree(self, at: int) -> Iterator[Found]:
        """A degree behind a name: `Jane Roe, MD`; the words in front are names if they could be."""
        reading, gap = self.reading, self.reading.gap(at)
        if (
            not self.degree(at + 1)
            or gap.strip(" ,.(")
            or "\n" in gap
            or reading.eponym[at]
            or self.degree(at)
            or (reading.low(at + 1) in _NUMERALS and reading.low(at) in section("clinical", "alone"))
        ):
            return
        capital = reading.tokens[at + 1].text.isupper() and reading.cases[at] != "shout"
        sure = capital or ("," in gap and reading.among(at + 1, "sure degrees"))
        if (sure or "," in gap) and reading.score(at) >= (0.5 if sure else 2.0):
            first = at
            while first > 0 and at - first < 3 and self._joins(first - 1):
                first -= 1
            yield self.take(first, at, "A degree stands behind it.", "clinician")

    def _before_role(self, at: int) -> Iterator[Found]:
        """A role behind a name: `Jo (son)`, `Jo, the daughter`, `the Roe family`."""
        reading, word = self.reading, self.reading.words[at]
        if self.blocked(at):
            return
        family = self._family(at)
        if not (family or self._role_behind(at)):
            return
        if family and word.plain and not reading.capital(at):
            yield self.take(at, at, "A word for a relative or carer stands behind it.")
            return
        bracketed = word.given >= 3 and not family and reading.gap(at) != ", "
        everyday = word.plain and word.margin < (-2.3 if bracketed else -0.75) and reading.cases[at] in _SMALL
        if not everyday:
            reason = "A word for a relative or carer stands behind it."
            yield self._leftward(at, reason, "" if family else "relative")

    def _before_kin(self, at: int) -> Iterator[Found]:
        """`Rose's mother`, `roses sister`: what a relative is of."""
        reading, low = self.reading, self.reading.low(at)
        if not reading.among(at + 1, "relatives") or reading.gap(at) != " " or self.blocked(at):
            return
        if reading.among(at, "relatives", "patient cues", "clinician cues", "peoples", "trades", "sorts"):
            return
        if reading.tokens[at].text.lower().endswith("'s"):
            word = reading.words[at]
            if word.name >= 4 or (word.unknown and len(low) > 2):
                yield self._leftward(at, "A relative is said to be this person's.", "")
        elif low.endswith("s") and len(low) > 4:
            word = about(low[:-1])
            if word.given >= 4 or (word.unknown and reading.words[at].unknown):
                found = self._leftward(at, "A relative is said to be this person's.", "")
                yield replace(found, end=found.end - 1)

    def _before_age(self, at: int) -> Iterator[Found]:
        """`12B Roe 74M`: at the start of a line, or behind a bed, a word in front of an age and a sex."""
        reading = self.reading
        if at + 1 >= len(reading) or reading.gap(at) not in (" ", ", ", " - ", " ("):
            return
        if not _AGE_AND_SEX.fullmatch(reading.low(at + 1)) or reading.term[at] or reading.taken[at]:
            return
        first = at
        while (
            first > 0
            and at - first < 2
            and reading.gap(first - 1) in (" ", "-", ", ")
            and self._could_be(first - 1)
        ):
            first -= 1
        before = reading.tokens[first - 1].text if first else ""
        listed = first == 0 or "\n" in reading.gap(first - 1) or _BED.fullmatch(before) is not None
        if listed and all(self._fits_list(word) for word in range(first, at + 1)):
            yield self.take(first, at, "An age and a sex stand behind it.", "patient")

    def _fits_list(self, at: int) -> bool:
        reading, word = self.reading, self.reading.words[at]
        if reading.among(at, *_NOT_LISTED) or reading.stop(at):
            return False
        if word.unknown or (word.name >= 3 and not word.clinical):
            return True
        return word.name >= 4 and (word.margin >= -2.6 or reading.capital(at))

    def _role_behind(self, at: int) -> bool:
        reading, gap = self.reading, self.reading.gap(at)
        apart = reading.low(at + 1) in ("the", "his", "her", "their", "a", "pt's")
        ahead = at + 2 if apart else at + 1
        if gap not in (", ", " (", "(", " - "):
            return False
        if not (reading.among(ahead, "relatives") or reading.low(ahead) in _ROLES):
            return False
        return reading.score(at) >= (2.0 if gap == ", " and not apart else 1.0)

    def _family(self, at: int) -> bool:
        reading = self.reading
        if reading.low(at + 1) not in ("family", "residence", "household") or reading.gap(at) != " ":
            return False
        lead = at - 1
        while lead > at - 3 and self.particle(lead):
            lead -= 1
        word, whose = reading.words[at], reading.low(lead) in ("the", "from", "dear")
        if not whose or word.medical_form or reading.among(at, "not a family", "peoples", "relatives"):
            return False
        return reading.score(at) >= 1.5 or (word.family >= 4 and not word.clinical)

    def _before_verb(self, at: int) -> Iterator[Found]:
        """What only people do: `Jo asked whether`, `Jo is doing well`, `Jo was present`."""
        reading, word = self.reading, self.reading.words[at]
        if self.blocked(at) or reading.gap(at) != " " or not self._does(at + 1):
            return
        if word.plain and word.margin < (-2.2 if reading.capital(at) else -0.75):
            return
        strange = word.unknown and self._begins(at) and reading.cases[at] in ("start", "lower")
        if strange or reading.score(at) >= 2.0:
            yield self._leftward(at, "What follows is what people do.", "")

    def _does(self, at: int) -> bool:
        reading = self.reading
        is_so = reading.low(at) in ("is", "was", "has", "isn't", "wasn't")
        return reading.among(at, "person verbs") or (is_so and reading.among(at + 1, "person states"))

    def _begins(self, at: int) -> bool:
        gap = self.reading.gap(at - 1)
        return at == 0 or (gap != " " and gap.strip(" \n\t\"'(") in _OPENINGS)

    def _owner(self, at: int) -> Iterator[Found]:
        """A name or an unknown word that owns something: `Roe's potassium`."""
        reading, word = self.reading, self.reading.words[at]
        genitive = reading.tokens[at].text.lower().endswith("'s")
        if not genitive or self.blocked(at) or reading.gap(at) != " ":
            return
        named = word.name >= 3 and word.margin >= -0.75 and reading.score(at) >= 2.0
        if named or (word.unknown and len(reading.low(at)) > 3):
            yield self._leftward(at, "Something is said to belong to this person.", "")

    def _before_record(self, at: int) -> Iterator[Found]:
        """A record number or date of birth behind a name: `Jane Roe MRN 1`, `Roe, Jane (DOB 1/2/1950)`."""
        reading = self.reading
        if reading.low(at + 1) not in ("mrn", "dob") or reading.gap(at) not in (" ", " (", ", ", "  "):
            return
        if not self._could_be(at):
            return
        first = at
        while first > 0 and at - first < 3 and self._could_lead(first - 1):
            first -= 1
        while first < at and reading.initial(first) and not reading.gap(first).startswith("."):
            first += 1
        if first < at or reading.score(at) >= 2.0:
            yield self.take(first, at, "A record number or a date of birth stands behind it.", "patient")

    def _could_lead(self, at: int) -> bool:
        fits = self._could_be(at) or self.reading.initial(at)
        return fits and self.reading.gap(at) in (" ", ". ", ", ", "-")

    def _could_be(self, at: int) -> bool:
        """Say whether a word can be a part of a name where names are expected."""
        reading, word = self.reading, self.reading.words[at]
        if self.blocked(at):
            head = reading.low(at) in section("clinical", "heads")
            return reading.eponym[at] and not reading.taken[at] and not head
        everyday = word.plain and word.margin < -2.3 and not reading.capital(at)
        return (word.name >= 3 or word.unknown) and not everyday and not reading.among(at, "patient cues")

    def _leftward(self, at: int, reason: str, role: str) -> Found:
        first = at
        while first > 0 and at - first < 3 and self._leads(first - 1):
            first -= 1
        return self.take(first, at, reason, role)

    def _leads(self, at: int) -> bool:
        """Say whether a word leads into a name to its right: a name, or an initial behind a name."""
        reading = self.reading
        if not self._joins(at) or reading.eponym[at]:
            return False
        behind_name = at > 0 and reading.gap(at - 1) == " " and reading.score(at - 1) >= 1.0
        return reading.score(at) >= 1.5 or (reading.initial(at) and behind_name)

    def _joins(self, at: int) -> bool:
        reading = self.reading
        if reading.taken[at] or reading.gap(at) not in (" ", "-", ". ", "."):
            return False
        given_stop = reading.among(at, "given stops") and reading.cases[at] in ("capital", "start")
        return given_stop or reading.initial(at) or self.particle(at) or reading.score(at) >= 0.5
