"""Names behind words that announce a person: titles, roles, `called`, `discussed with`, `dictated by`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bot.anonymizer.finders.runs import Runs
from bot.anonymizer.found import Found

_SHORT_TITLES: Final = frozenset(("mr", "ms", "miss"))
_BORNE: Final = 5
_OPEN: Final = frozenset(("(", ":", "-", "=", "/"))
_SMALL: Final = frozenset(("lower", "small", "shout"))


class CuedNames(Runs):
    """Finds the names that a word in front announces."""

    def find(self) -> Iterator[Found]:
        """Yield names behind titles first, then behind the other cues."""
        for rule in (self._after_title, self._after_role):
            for at, sections in enumerate(self.reading.sections):
                if sections:
                    yield from rule(at)

    def doubtful(self) -> Iterator[Found]:
        """Yield everyday words that are names too, where a name would stand; the author knows."""
        reason = "This everyday word is a name too and stands where a name would."
        for at in range(1, len(self.reading)):
            if self._stands_in_place(at) and self._everyday_name(at):
                word, relative = self.reading.words[at], self.reading.among(at - 1, "relatives")
                sure = relative and word.given >= _BORNE and self.reading.gap(at - 1) == " "
                yield self.take(at, at, reason, tier="auto" if sure else "ask")

    def _stands_in_place(self, at: int) -> bool:
        reading = self.reading
        if (
            self.blocked(at)
            or reading.gap(at - 1) not in (" ", ": ", ", ", " (")
            or reading.low(at + 1) == "as"
        ):
            return False
        return reading.low(at - 1) == "about" or reading.among(at - 1, "relatives", "patient cues", "meeting")

    def _everyday_name(self, at: int) -> bool:
        word = self.reading.words[at]
        if not word.plain or word.name < 4 or (word.clinical and word.given < 4):
            return False
        least = -1.6 if self.reading.among(at - 1, "meeting") else -2.0
        return word.margin >= least and (word.zipf <= 4 or word.given >= 5)

    def _after_title(self, at: int) -> Iterator[Found]:
        reading = self.reading
        strong = reading.among(at, "titles") or self._short_title(at)
        if not (strong or reading.among(at, "weak titles")) or reading.taken[at]:
            return
        if reading.gap(at) not in (" ", ". ", ".", ".  "):
            return
        least = 2.0 if reading.among(at, "shy titles") else 1.0
        span = self.run(self.behind_titles(at + 1), least, titled=strong)
        if span:
            role = "clinician" if reading.among(at, "clinician titles") else ""
            yield self.take(*span, "A title stands before it.", role)

    def _short_title(self, at: int) -> bool:
        """Say whether `Mr` is a title here: with its dot or its capital; `mr` and `ms` are diseases too."""
        dotted = self.reading.gap(at).startswith(". ")
        return self.reading.low(at) in _SHORT_TITLES and (dotted or self.reading.tokens[at].text.istitle())

    def _after_role(self, at: int) -> Iterator[Found]:
        reading, gap = self.reading, self.reading.gap(at)
        if reading.taken[at]:
            return
        if reading.among(at, "relatives"):
            reason = "A word for a relative or carer stands before it."
            yield from self._told(at, 1.5 if gap == ", " else 2.0, "relative", reason)
        elif reading.among(at, "patient cues") and not reading.tokens[at].text.lower().endswith("'s"):
            role = "" if reading.low(at) in ("named", "name", "aka") else "patient"
            yield from self._told(at, 2.0, role, "A word for the patient stands before it.")
        elif reading.among(at, "clinician cues") and gap in (" ", ": ", " - ", ", "):
            yield from self._told(at, 2.0, "clinician", "A clinician's role stands before it.")
        elif reading.low(at) == "by" and reading.among(at - 1, "done by"):
            yield from self._told(at, 1.0, "clinician", "The words before it say who did this.")
        elif reading.among(at, "mention cues") and gap in (" ", ": ", " @", ", ", "/", "/ "):
            yield from self._mentioned(at)

    def _told(self, at: int, least: float, role: str, reason: str) -> Iterator[Found]:
        reading, first, gap = self.reading, at + 1, self.reading.gap(at)
        if gap.strip() and gap != ", " and gap.strip() not in _OPEN:
            return
        least -= 0.5 if gap.strip() in _OPEN else 0.0
        while first < at + 4 and reading.among(first, "being named"):
            least -= 0.5 if reading.low(first) in ("named", "name", "called", "aka") else 0.0
            first += 1
        first = self.behind_titles(first)
        span = self._person(first, least, role)
        if span:
            yield self.take(span[0], self._comma_given(span[1]), reason, role)

    def _person(self, first: int, least: float, role: str) -> tuple[int, int] | None:
        """Return the name that begins at an index behind a word for a person of that role."""
        reading = self.reading
        if first >= len(reading):
            return None
        everyday = reading.words[first].plain and reading.cases[first] in _SMALL
        if (role == "relative" and not everyday) or (
            role == "patient" and (self._spoken_of(first) or self._two_unknown(first))
        ):
            least = min(least, 1.5)
        span = self.run(first, max(least, 2.0) if everyday else least)
        if span is None and role == "patient" and self._family_comma(first):
            return first, first
        return span

    def _spoken_of(self, at: int) -> bool:
        """Say whether what follows an unknown word behind `pt` is what follows names."""
        reading = self.reading
        if not reading.words[at].unknown:
            return False
        return reading.gap(at)[:2] in (", ", " (") or reading.among(at + 1, "behind a patient")

    def _family_comma(self, at: int) -> bool:
        """Say whether an everyday word is a family name because a comma and a given name follow."""
        if self.reading.among(at, "relatives") or self.reading.words[at].name <= 2 or self.blocked(at):
            return False
        return self._comma_given(at) > at

    def _comma_given(self, last: int) -> int:
        """Step over a comma to a given name: `pt Roe, Jane MRN 1`."""
        reading, behind = self.reading, last + 1
        if reading.gap(last) not in (", ", ",") or behind >= len(reading) or self.blocked(behind):
            return last
        if self.degree(behind):
            return last
        word = reading.words[behind]
        strange = word.unknown and reading.cases[behind] != "acronym" and len(reading.low(behind)) > 3
        return behind if strange or (word.given >= 4 and word.margin > -2.3) else last

    def _mentioned(self, at: int) -> Iterator[Found]:
        """`saw`, `with`, `about`: a sure name, or behind the stronger of them a word that nobody knows."""
        reading, first = self.reading, self.behind_titles(at + 1)
        if first >= len(reading):
            return
        word, capital = reading.words[first], reading.capital(first)
        if len(reading.low(first)) < 3 and not capital:
            return
        if word.plain and not capital and not (word.given >= 3 and self.worth(first) >= 2.5):
            return
        if word.plain and not capital and reading.low(at) == "to" and not self._spoken(at):
            return
        spoken = self._spoken(at)
        named_behind = reading.gap(first) == " " and reading.score(first + 1) >= 2.5
        known = word.name >= (1 if spoken else 3) or named_behind
        if known or (spoken and word.unknown and (capital or self._two_unknown(first))):
            span = self.run(first, 1.5 if spoken else 2.5)
            if span:
                reason = "The words before it speak of a person."
                yield self.take(span[0], self._comma_given(span[1]), reason)

    def _spoken(self, at: int) -> bool:
        """Say whether a cue speaks of meeting or asking somebody, which is surer than a bare preposition."""
        reading, low = self.reading, self.reading.low(at)
        if reading.among(at, "meeting") or (low == "for" and reading.among(at - 1, "for whom")):
            return True
        return low in ("with", "to") and reading.among(at - 1, "talking")

    def _two_unknown(self, first: int) -> bool:
        reading, behind = self.reading, first + 1
        if behind >= len(reading) or reading.gap(first) != " " or reading.cases[first] == "acronym":
            return False
        return reading.words[first].unknown and reading.words[behind].unknown
