"""Names behind labels: `Patient Name: ROE, JANE`, `Attending physician: J. Roe, MD`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bot.anonymizer.finders.runs import LONGEST, Runs
from bot.anonymizer.found import Found

_PATIENT: Final = r"pt|patient|client|subject|sur|fore|surname|forename(?:\(s\)|s)?|given names?"
r"|decedent|proband|donor|recipient|claimant|driver|passenger"
_RELATIVE: Final = (
    r"mother'?s|father'?s|guardian|next of kin|nok|emergency contact|contact|caregiver|poa|hcp|proxy|spouse"
    r"|person to notify|informant|escort|partner|parent|carer|landlord|teacher|owner|caller"
)
_CLINICIAN: Final = (
    r"(?:attending|referring|ordering|primary care)(?: physician| provider| md| surgeon| of record)?"
    r"|provider|physician|resident|pcp|surgeon|author|dictator|nurse|consultant|assistant"
    r"|ana?esthesiologist|ana?esthesia|ana?esthetist|scribe|gp|pathologist|radiologist|cardiologist"
    r"|counsell?or|midwife"
    r"|accepting(?: md| physician)?|sending(?: md| physician)?|certifier|requester|referrer"
    r"|first assistant|dietitian|pharmacist|operator|therapist|rn"
    r"|(?:dictated|transcribed|reviewed|requested|reported|seen|submitted|ordered|written|entered"
    r"|electronically signed|cosigned|verified|prepared|received|typed|checked|issued) by|signed"
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
_LONGEST_VALUE: Final = 4
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
        return last if last is not None and (last > first or self._lone(first)) else self._whole_value(first)

    def _whole_value(self, first: int) -> int | None:
        """Return the last token of a short value of words alone, up to the end of its cell or line."""
        reading, last = self.reading, first
        while last < len(reading) and last - first < _LONGEST_VALUE:
            if reading.taken[last] or not (reading.tokens[last].word or reading.initial(last)):
                return None
            gap = reading.gap(last)
            if self._ends(gap) or self.degree(last + 1):
                break
            last += 1
        lone_stop = first == last and (reading.stop(first) and reading.words[first].family < 4)
        named = any(
            reading.words[at].name >= 3 or reading.words[at].unknown
            for at in range(first, min(last + 1, len(reading)))
        )
        if last - first >= _LONGEST_VALUE or lone_stop or not named or last >= len(reading):
            return None
        clinical = all(
            reading.words[at].clinical and reading.words[at].name < 4 for at in range(first, last + 1)
        )
        return None if clinical else last

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
