"""Names behind labels: `Patient Name: ROE, JANE`, `Attending physician: J. Roe, MD`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bot.anonymizer.finders.runs import LONGEST, Runs
from bot.anonymizer.found import Found

_PATIENT: Final = r"pt|patient|client|subject"
_RELATIVE: Final = (
    r"mother'?s|father'?s|guardian|next of kin|nok|emergency contact|contact|caregiver|poa|hcp|proxy|spouse"
    r"|person to notify"
)
_CLINICIAN: Final = (
    r"(?:attending|referring|ordering|primary care)(?: physician| provider| md| surgeon| of record)?"
    r"|provider|physician|resident|pcp|surgeon|author|dictator|nurse|consultant|assistant"
    r"|anesthesiologist|scribe"
    r"|(?:dictated|transcribed|reviewed|requested|reported|seen) by|signed"
)
_ANYONE: Final = (
    r"full|legal|last|first|given|family|sur|maiden|preferred|cc|attn|re|from|to|name|interpreter|witness"
    r"|case manager|social worker|copies to"
)
_LABEL: Final = re.compile(
    rf"\b(?:(?P<patient>{_PATIENT})|(?P<relative>{_RELATIVE})|(?P<clinician>{_CLINICIAN})|(?:{_ANYONE}))"
    r"(?: name)?[ ]?[:=#][ \t]*",
    re.IGNORECASE,
)
_CASED: Final = frozenset(("capital", "start", "shout", "acronym"))


class LabelledNames(Runs):
    """Finds the names that a label with a colon announces."""

    def find(self) -> Iterator[Found]:
        """Yield the name behind every label that has one."""
        starts = {token.start: at for at, token in enumerate(self.reading.tokens)}
        for match in _LABEL.finditer(self.reading.field.text):
            if match.end() not in starts:
                continue
            first = self.behind_titles(starts[match.end()])
            last = self._last(first)
            if last is not None:
                reason = "A label in front says that a name follows."
                yield self.take(first, last, reason, match.lastgroup or "")

    def _last(self, first: int) -> int | None:
        """Return the last token of a name: what can be one, one comma allowed, up to a wider gap."""
        reading, last, commas = self.reading, None, 0
        for at in range(first, min(first + LONGEST, len(reading))):
            if reading.taken[at] or not self._fits(at):
                break
            if not self.particle(at) or (
                last is not None and (reading.initial(at) or not reading.joined(at))
            ):
                last = at
            commas += "," in reading.gap(at)
            if commas > 1 or self._ends(reading.gap(at)):
                break
        return last if last is not None and (last > first or self._lone(first)) else None

    def _ends(self, gap: str) -> bool:
        return bool(gap.strip(" ,.-'")) or "  " in gap or "\n" in gap

    def _fits(self, at: int) -> bool:
        reading, word = self.reading, self.reading.words[at]
        if reading.initial(at) or self.particle(at):
            return True
        degree = self.degree(at) and reading.low(at) not in ("do", "ma", "jr", "sr")
        if reading.stop(at) or not reading.tokens[at].word or degree:
            return False
        cased = reading.cases[at] in _CASED
        if cased and (word.english < 2 or (reading.gap(at) == " " and reading.score(at + 1) >= 2.0)):
            return True
        return reading.score(at) >= (-1.0 if cased else 0.0) or (word.name >= 3 and word.margin > -3.0)

    def _lone(self, at: int) -> bool:
        reading, score = self.reading, self.reading.score(at)
        return reading.initial(at) or score >= 1.5 or (reading.words[at].name > 0 and score >= 0)
