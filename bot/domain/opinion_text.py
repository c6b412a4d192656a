"""Opinions as physicians type them: ranked diagnoses in one line or many, and labels for all the rest."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.domain.opinion_items import LONGEST_ITEM, bare, items_of
from bot.domain.opinions import Confidence
from bot.domain.refusal import Refused

__all__ = ["MOST_DIAGNOSES", "Written", "bare", "no_diagnosis", "parse_confidence", "parse_opinion"]

MOST_DIAGNOSES = 10
_LABELS = {
    "next": "next",
    "next step": "next",
    "n": "next",
    "plan": "next",
    "why": "remark",
    "because": "remark",
    "reason": "remark",
    "reasoning": "remark",
    "sure": "confidence",
    "confidence": "confidence",
    "change": "change",
    "needs": "needs",
    "show": "shown",
}
_LABEL = re.compile(
    rf"(?:^|(?<=[\s;,.!]))({'|'.join(sorted(map(re.escape, _LABELS), key=len, reverse=True))})"
    r"\s*(?:[:\uff1a=]|(?<!\bn)\s[-–](?=\s))\s*",
    re.IGNORECASE,
)
_SURE = {
    "certain": Confidence.VERY_LIKELY,
    "very sure": Confidence.VERY_LIKELY,
    "very": Confidence.VERY_LIKELY,
    "high": Confidence.VERY_LIKELY,
    "sure": Confidence.LIKELY,
    "probable": Confidence.LIKELY,
    "probably": Confidence.LIKELY,
    "quite": Confidence.LIKELY,
    "moderate": Confidence.POSSIBLE,
    "possibly": Confidence.POSSIBLE,
    "maybe": Confidence.POSSIBLE,
    "low": Confidence.UNSURE,
    "not sure": Confidence.UNSURE,
    "no idea": Confidence.UNSURE,
}
"""What else people say for it."""
_NO = frozenset({"no", "n", "not", "hide", "hidden"})


@dataclass(frozen=True, slots=True)
class Written:
    """What a text says: diagnoses in order, the most likely first, each marked ``!`` where it was marked."""

    diagnoses: tuple[str, ...]
    next_step: str = ""
    remark: str = ""
    change_mind: str = ""
    specialist: str = ""
    confidence: Confidence | None = None
    shown: bool = True


def parse_opinion(text: str) -> Written:
    """Read ``1) a 2) b! next: c sure: likely``, ``a; b; c``, ``a, b`` or one diagnosis a line.

    Raises :class:`Refused` where there is no diagnosis in it, more than ten, or an unknown certainty.
    """
    head, *labelled = _LABEL.split(text.strip())
    told: dict[str, str] = {}
    for label, words in zip(labelled[::2], labelled[1::2], strict=True):
        told.setdefault(_LABELS[" ".join(label.casefold().split())], words.strip(" .;,"))
    found, lead = _diagnoses(head)
    return Written(
        found,
        told.get("next", ""),
        " ".join(part for part in (lead, told.get("remark", "")) if part),
        told.get("change", ""),
        told.get("needs", ""),
        parse_confidence(told.get("confidence", "")),
        told.get("shown", "").casefold() not in _NO,
    )


def parse_confidence(text: str) -> Confidence | None:
    """Read how sure somebody is; None where nothing is said. Raises :class:`Refused` for anything else."""
    said = " ".join(text.casefold().split()).strip(" .;,")
    if not said:
        return None
    if said in _SURE:
        return _SURE[said]
    if said not in {each.value for each in Confidence}:
        raise Refused(
            "confidence",
            "How sure are you: very likely, likely, possible or unsure? For example sure: likely.",
        )
    return Confidence(said)


def no_diagnosis() -> Refused:
    """Refuse words without a diagnosis in them."""
    return Refused(
        "no_diagnosis",
        "I found no diagnosis in that. Write the most likely one first, for example: "
        "1) cellulitis 2) erysipelas next: ultrasound.",
    )


def _diagnoses(head: str) -> tuple[tuple[str, ...], str]:
    found, lead = items_of(head)
    if not found:
        raise no_diagnosis()
    if len(found) > MOST_DIAGNOSES:
        raise Refused(
            "too_many",
            f"That names {len(found)} diagnoses. Please name at most {MOST_DIAGNOSES}, "
            "the most likely first.",
        )
    if long := next((item for item in found if len(item) > LONGEST_ITEM), ""):
        raise Refused(
            "too_long",
            f"One entry has {len(long)} characters; {LONGEST_ITEM} fit. "
            "Name the diagnosis in a few words, and put your reasons behind why:.",
        )
    return found, lead
