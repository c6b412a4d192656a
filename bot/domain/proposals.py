"""What a story says about its patient, as proposals: age band, sex, and what kind of question is asked.

A proposal may be wrong and its author can change it; where the words are silent or contradict each other,
nothing is proposed. The first mention counts: a story is told with its patient first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Sex(StrEnum):
    """The patient's sex, as far as it is told."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"


class QuestionKind(StrEnum):
    """What the author wants to know."""

    DIAGNOSIS = "diagnosis"
    NEXT_TEST = "next test"
    TREATMENT = "treatment"
    REFERRAL = "refer or not"
    SECOND_READING = "second reading of an image"
    OTHER = "other"


AGE_BANDS: Final = (
    "neonate", "infant", "2–5", "6–12", "13–17", "18–29",
    "30–39", "40–49", "50–59", "60–69", "70–79", "80–89", "90+",
)  # fmt: skip
"""Bands in place of ages; none is narrower than four years after infancy, and 90 is the last one."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the words say; empty where they say nothing."""

    age_band: str = ""
    sex: Sex | None = None
    kind: QuestionKind | None = None


_YEARS: Final = r"years?|yrs?|y"
_OLD: Final = r"[\s-]*(?:of[\s-]age|old|o\b|/o\b)"
_COUNTED: Final = re.compile(
    rf"\b(\d{{1,3}})[\s-]*(days?|d|weeks?|wks?|w|months?|mos?|m|{_YEARS})\.?{_OLD}", re.IGNORECASE
)
_AGED: Final = re.compile(
    r"\bage[ds]?:?\s+(?:of\s+)?(\d{1,3})\b(?!\s*(?:days?|weeks?|months?))", re.IGNORECASE
)
_WITH_SEX: Final = re.compile(
    r"\b(\d{1,3})[\s-]*(?:y[\s-]*)?(?:female|male|woman|man|lady|gentleman)\b", re.IGNORECASE
)
# A letter is a sex where it cannot be a unit: glued to an age below those of a fever in Fahrenheit, behind
# "years old", or at the very beginning.
_LETTER: Final = re.compile(
    r"\b([1-9]?\d)(?<!99)(?:y?|[\s-]*(?:years?|yrs?|y)[\s-]*(?:old|/?o)?[\s-]*)([FM])\b"
    r"|^(?:\W|[Pp]t\b|[Pp]atient\b|is\b|[Aa]n?\b)*([1-9]?\d) ([FM])\b"
)
_DECADE_WORDS: Final = {
    "teens": 15, "twenties": 25, "thirties": 35, "forties": 45, "fifties": 55,
    "sixties": 65, "seventies": 75, "eighties": 85, "nineties": 95,
}  # fmt: skip
_DECADE: Final = re.compile(
    rf"\b(?:in (?:his|her|their) |(?:early|mid|late)[\s-]+)(?:early |mid[\s-]|late )?"
    rf"(?:({'|'.join(_DECADE_WORDS)})|([1-9]0)['’]?s)\b",
    re.IGNORECASE,
)
_AT_MOST: Final = re.compile(r"\b90\+|\b(?:over|older than|above) (?:89|90)\b", re.IGNORECASE)
_BORN: Final = re.compile(r"\b(newborns?|neonates?|neonatal)\b|\b(infants?|bab(?:y|ies))\b", re.IGNORECASE)
_DAYS: Final = {"d": 1.0, "w": 7.0, "m": 30.4, "y": 365.25}

_SEX_WORDS: Final = {
    Sex.FEMALE: "woman girl female lady gravida primigravida",
    Sex.MALE: "man boy male gentleman",
}
_PRONOUNS: Final = {"she": Sex.FEMALE, "her": Sex.FEMALE, "he": Sex.MALE, "his": Sex.MALE, "him": Sex.MALE}
_WORD: Final = re.compile(r"[a-z]+")

_KINDS: Final[Mapping[QuestionKind, str]] = {
    QuestionKind.SECOND_READING: (
        r"second (?:look|read|reading|opinion on (?:the|this) (?:film|image|scan|ecg|x-?ray|ct|mri))"
        r"|(?:do you|would you|anyone|what do you) (?:see|read)\b|how (?:do|would) you read"
        r"|(?:show|seen) (?:on|in) (?:this|the) (?:film|image|picture|scan|ecg|x-?ray|ct|mri|slide|smear)"
    ),
    QuestionKind.REFERRAL: r"\brefer(?:ral|red|ring)?\b|\bsend (?:him|her|them) to\b|\btransfer\b|\badmit\b",
    QuestionKind.TREATMENT: (
        r"\btreat(?:ment|ed|ing)?\b|\btherap(?:y|ies)\b|\bmanage(?:ment|d)?\b|\bdos(?:e|es|ing)\b"
        r"|\bantibiotics?\b|\bsteroids?\b|\banticoagula|\boperate\b|\bsurgery\b|\bprescribe\b"
        r"|\b(?:start|stop|give|switch|taper|continue)\b"
    ),
    QuestionKind.NEXT_TEST: (
        r"\b(?:next|which|what|further|other|more) (?:test|step|investigation|imaging|stud|scan|lab|work-?up)"
        r"|\bwork-?up\b|\bbiopsy\b|\border\b|\btest(?:s|ing)?\b|\bscan\b|\bimaging\b|\bdo next\b"
    ),
    QuestionKind.DIAGNOSIS: (
        r"\bdiagnos[ei]s\b|\bdifferentials?\b|\bddx?\b|\bcause\b|\bwhat (?:is|could|might|would|else|can) "
        r"(?:it|this|that|be|explain)\b|\bwhat (?:is|'s) (?:it|this|going on|wrong)\b|\bwhat am i missing\b"
        r"|\bcould (?:it|this|that) be\b"
    ),
}
_OPEN_QUESTION: Final = re.compile(r"\bwhat do you think\b|\b(?:any )?(?:ideas?|thoughts)\b", re.IGNORECASE)
_KIND_PATTERNS: Final = tuple((kind, re.compile(words, re.IGNORECASE)) for kind, words in _KINDS.items())


def propose(story: str, question: str) -> Proposal:
    """Read what a story and its question say; pure, and as fast as a few searches."""
    return Proposal(_age_band(story), _sex(story), _kind(question))


def band_of(days: float) -> str:
    """Give the band of an age in days; neonates are younger than 28 days, infants younger than two years."""
    if days < 28:
        return "neonate"
    years = int(days / _DAYS["y"] + 0.01)
    if years < 2:
        return "infant"
    firsts = (2, 6, 13, 18, 30, 40, 50, 60, 70, 80, 90)
    return AGE_BANDS[1 + sum(years >= first for first in firsts)]


def _age_band(story: str) -> str:
    """Take the earliest mention of an age."""
    found = sorted(_ages(story))
    return found[0][1] if found else ""


def _ages(story: str) -> Iterable[tuple[int, str]]:
    for match in _COUNTED.finditer(story):
        yield match.start(), band_of(int(match[1]) * _DAYS[match[2][0].lower()])
    for pattern in (_AGED, _WITH_SEX):
        for match in pattern.finditer(story):
            yield match.start(), band_of(int(match[1]) * _DAYS["y"])
    for match in _LETTER.finditer(story):
        yield match.start(), band_of(int(match[1] or match[3]) * _DAYS["y"])
    for match in _DECADE.finditer(story):
        years = _DECADE_WORDS[match[1].lower()] if match[1] else int(match[2]) + 5
        yield match.start(), band_of(years * _DAYS["y"])
    for match in _AT_MOST.finditer(story):
        yield match.start(), AGE_BANDS[-1]
    for match in _BORN.finditer(story):
        # A counted age near it says more: "a 3-month-old baby".
        yield len(story) + match.start(), "neonate" if match[1] else "infant"


def _sex(story: str) -> Sex | None:
    beside = _LETTER.search(story)
    first = _first_word_of_sex(story)
    if beside and (first is None or beside.start() < first[0]):
        return Sex.FEMALE if "F" in (beside[2], beside[4]) else Sex.MALE
    return first[1] if first else _by_pronouns(story)


def _first_word_of_sex(story: str) -> tuple[int, Sex] | None:
    for match in _WORD.finditer(story.lower()):
        for sex, words in _SEX_WORDS.items():
            if match[0] in words.split():
                return match.start(), sex
    return None


def _by_pronouns(story: str) -> Sex | None:
    """Believe pronouns where all of them say the same."""
    said = {_PRONOUNS[word] for word in _WORD.findall(story.lower()) if word in _PRONOUNS}
    return said.pop() if len(said) == 1 else None


def _kind(question: str) -> QuestionKind | None:
    """Take what is asked first; "any ideas?" alone asks for a diagnosis."""
    found = [(match.start(), kind) for kind, words in _KIND_PATTERNS if (match := words.search(question))]
    if found:
        return min(found, key=lambda one: one[0])[1]
    return QuestionKind.DIAGNOSIS if _OPEN_QUESTION.search(question) else None
