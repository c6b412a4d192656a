"""Credentials: the registry's number, a physician by taxonomy and degree, and what a claim is worth."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from bot.domain.registry_names import Registered, is_comparable, name_agreement
from bot.domain.roster import Kind, ListedRow, RosterRow

_NPI: Final = re.compile(r"[12][0-9]{9}")
_PREFIX_SUM: Final = 24
"""What the digits 80840, which stand before every NPI when it is checked, add to the sum."""
_ZERO: Final = ord("0")
_DOUBLED: Final = bytes.maketrans(b"0123456789", bytes(n * 2 // 10 + n * 2 % 10 for n in range(10)))
"""From a digit's letter to the sum of the digits of its double."""

_PHYSICIAN_CODES: Final = ("202", "204", "207", "208", "209")
_DENTAL: Final = "204E"
"""Oral and maxillofacial surgery, which dentists do as well."""

_WORDS_APART: Final = re.compile(r"[^A-Z.\s]+")
_DEGREE: Final = "(?:MD|DO)"
_BESIDE_A_DEGREE: Final = "(?:PHD|MPH|MBA|JD|DDS|DMD|PA|MD|DO)"
_WITH_DEGREE: Final = re.compile(rf"{_DEGREE}{_BESIDE_A_DEGREE}*|{_BESIDE_A_DEGREE}+{_DEGREE}")
_SPELLED_OUT: Final = frozenset(
    {
        "DOCTOR OF MEDICINE",
        "MEDICAL DOCTOR",
        "DOCTOR OF OSTEOPATHY",
        "DOCTOR OF OSTEOPATHIC MEDICINE",
    }
)
_LEADING_ZEROS: Final = re.compile(r"(?<!\d)0+(?=\d)")


class Verdict(StrEnum):
    """What a check comes to, the best first."""

    PASS = "pass"  # noqa: S105 - the word for it, not a password
    REVIEW = "review"
    FAIL = "fail"


class Reason(StrEnum):
    """Why a credential was judged as it was: fixed words for counts, cards and tests."""

    NPI_FORM = "npi_form"
    NPI_CHECK_DIGIT = "npi_check_digit"
    NOT_FOUND = "not_found"
    ORGANISATION = "organisation"
    DEACTIVATED = "deactivated"
    NAME_AGREES = "name_agrees"
    NAME_NEAR = "name_near"
    NAME_DIFFERS = "name_differs"
    NAME_UNKNOWN = "name_unknown"
    PHYSICIAN = "physician"
    TAXONOMY_ONLY = "taxonomy_only"
    DEGREE_ONLY = "degree_only"
    NO_PHYSICIAN = "no_physician"
    LICENCE_AGREES = "licence_agrees"
    LICENCE_DIFFERS = "licence_differs"
    LICENCE_MISSING = "licence_missing"


_VERDICTS: Final = {
    Reason.NAME_AGREES: Verdict.PASS,
    Reason.PHYSICIAN: Verdict.PASS,
    Reason.LICENCE_AGREES: Verdict.PASS,
    Reason.NAME_NEAR: Verdict.REVIEW,
    Reason.NAME_UNKNOWN: Verdict.REVIEW,
    Reason.TAXONOMY_ONLY: Verdict.REVIEW,
    Reason.DEGREE_ONLY: Verdict.REVIEW,
    Reason.LICENCE_DIFFERS: Verdict.REVIEW,
    Reason.LICENCE_MISSING: Verdict.REVIEW,
}
"""What each reason comes to; one that is not here fails."""
_WORST_LAST: Final = tuple(Verdict)


@dataclass(frozen=True, slots=True)
class Claim:
    """What an applicant says: a number, perhaps a licence, and the name that another step has proved.

    ``name`` is empty where no step has proved one.
    """

    npi: str
    name: str
    state: str = ""
    licence: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a claim comes to, and why: one reason for each thing that was looked at."""

    verdict: Verdict
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class NameBars:
    """From which agreement of names (0 to 1) a name passes, and from which somebody looks at it."""

    passes: float = 0.90
    review: float = 0.75


def npi_trouble(npi: str) -> Reason | None:
    """Say what is wrong with a number by itself: its form or its check digit; None for one that can exist."""
    if not _NPI.fullmatch(npi):
        return Reason.NPI_FORM
    digits = npi.encode()
    total = _PREFIX_SUM + sum(digits[::2].translate(_DOUBLED)) + sum(digits[1::2]) - 5 * _ZERO
    return Reason.NPI_CHECK_DIGIT if total % 10 else None


@lru_cache(maxsize=4096)
def is_physician_code(code: str) -> bool:
    """Say whether a taxonomy code is a physician's."""
    bare = code.strip().upper()
    return bare.startswith(_PHYSICIAN_CODES) and not bare.startswith(_DENTAL)


@lru_cache(maxsize=65536)
def has_degree(credential: str) -> bool:
    """Say whether MD or DO stands in a credential text, however it is dotted; O.D. and D.O.M. are neither."""
    text = unicodedata.normalize("NFKC", credential).upper()
    return any(_names_degree(piece) for piece in _WORDS_APART.split(text))


def _names_degree(piece: str) -> bool:
    if " ".join(piece.replace(".", "").split()) in _SPELLED_OUT:
        return True
    return any(_WITH_DEGREE.fullmatch(word) for word in _joined(piece.split()))


def _joined(written: list[str]) -> list[str]:
    """Take the dots away and put letters that stand alone together: ``M. D.`` is one word."""
    words: list[str] = []
    alone = False
    for word in (each.replace(".", "") for each in written):
        if alone and len(word) == 1:
            words[-1] += word
        elif word:
            words.append(word)
            alone = len(word) == 1
    return words


def physician_rule(credential: str, *, by_taxonomy: bool) -> Reason:
    """Weigh taxonomy and degree: both make a physician, one of them a question, none makes nobody."""
    if by_taxonomy:
        return Reason.PHYSICIAN if has_degree(credential) else Reason.TAXONOMY_ONLY
    return Reason.DEGREE_ONLY if has_degree(credential) else Reason.NO_PHYSICIAN


def verdict_of(reason: Reason) -> Verdict:
    """Say what one reason comes to."""
    return _VERDICTS.get(reason, Verdict.FAIL)


def licence_key(state: str, number: str) -> str:
    """Give what two ways to write one licence have in common; empty unless both parts are there.

    Case, punctuation and the leading zeros of each run of digits are ignored.
    """
    place, licence = _bare(state), staff_key(number)
    return f"{place} {licence}" if place and licence else ""


def staff_key(number: str) -> str:
    """Give what two ways to write one number have in common; empty when there is no letter and no digit."""
    bare = _bare(number)
    return _LEADING_ZEROS.sub("", bare) if "0" in bare else bare


def _bare(written: str) -> str:
    if written.isascii() and written.isalnum():
        return written.upper()
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", written).upper()))


def judge(claim: Claim, row: RosterRow | None, bars: NameBars | None = None) -> Judgement:
    """Judge a claim by the roster's row of its number; the worst of all that was looked at counts."""
    if trouble := npi_trouble(claim.npi):
        return Judgement(Verdict.FAIL, (trouble,))
    if row is None or row.npi != claim.npi:
        return Judgement(Verdict.FAIL, (Reason.NOT_FOUND,))
    if trouble := _unusable(row):
        return Judgement(Verdict.FAIL, (trouble,))
    reasons = (
        _name(claim.name, row, bars or NameBars()),
        physician_rule(row.credential, by_taxonomy=row.physician_taxonomy),
        _licence(claim, row),
    )
    return Judgement(max(map(verdict_of, reasons), key=_WORST_LAST.index), reasons)


def judge_listed(name: str, row: ListedRow | None, bars: NameBars | None = None) -> Judgement:
    """Judge a proved name by the row of a staff number; who is a physician, the list itself says."""
    reason = Reason.NOT_FOUND if row is None else _name(name, row, bars or NameBars())
    return Judgement(verdict_of(reason), (reason,))


def _unusable(row: RosterRow) -> Reason | None:
    if row.deactivated:
        return Reason.DEACTIVATED
    if row.kind is Kind.ORGANISATION:
        return Reason.ORGANISATION
    return None if row.kind is Kind.PERSON else Reason.NOT_FOUND


def _name(name: str, row: Registered, bars: NameBars) -> Reason:
    if not is_comparable(name):
        return Reason.NAME_UNKNOWN
    agreement = name_agreement(name, row)
    if agreement >= bars.passes:
        return Reason.NAME_AGREES
    return Reason.NAME_NEAR if agreement >= bars.review else Reason.NAME_DIFFERS


def _licence(claim: Claim, row: RosterRow) -> Reason:
    key = licence_key(claim.state, claim.licence)
    if not key or not row.licences:
        return Reason.LICENCE_MISSING
    return Reason.LICENCE_AGREES if key in row.licences else Reason.LICENCE_DIFFERS
