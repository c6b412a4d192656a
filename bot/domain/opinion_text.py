"""Opinions as physicians type them: ranked diagnoses in one line or many, and labels for all the rest."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.domain.opinions import MUST_NOT_MISS, Confidence
from bot.domain.refusal import Refused

MOST_DIAGNOSES = 10
_LABELS = {
    "next": "next",
    "next step": "next",
    "n": "next",
    "why": "remark",
    "because": "remark",
    "sure": "confidence",
    "confidence": "confidence",
    "change": "change",
    "needs": "needs",
    "show": "shown",
}
_LABEL = re.compile(
    rf"(?:^|(?<=[\s;,.!]))({'|'.join(sorted(map(re.escape, _LABELS), key=len, reverse=True))})\s*:\s*",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(?:^|\s)(\d{1,2})\s*[).:](?=\s*\D)\s*")
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
    return Written(
        _diagnoses(head),
        told.get("next", ""),
        told.get("remark", ""),
        told.get("change", ""),
        told.get("needs", ""),
        parse_confidence(told.get("confidence", "")),
        told.get("shown", "").casefold() not in _NO,
    )


def parse_confidence(text: str) -> Confidence | None:
    """Read how sure somebody is; None where nothing is said. Raises :class:`Refused` for anything else."""
    said = " ".join(text.casefold().split())
    if not said:
        return None
    if said not in {each.value for each in Confidence}:
        raise Refused(
            "confidence",
            "How sure are you: very likely, likely, possible or unsure? For example sure: likely.",
        )
    return Confidence(said)


def bare(diagnosis: str) -> str:
    """Give a diagnosis without its mark."""
    return diagnosis.rstrip(f"{MUST_NOT_MISS} ")


def _diagnoses(head: str) -> tuple[str, ...]:
    found = [item for item in (_tidy(piece) for piece in _split(head)) if item]
    if not found:
        raise Refused(
            "no_diagnosis",
            "I found no diagnosis in that. Write the most likely one first, for example: "
            "1) cellulitis 2) erysipelas next: ultrasound.",
        )
    once: dict[str, str] = {}
    for item in found:
        kept = once.get(bare(item), item)
        once[bare(item)] = max(kept, item, key=len)
    if len(once) > MOST_DIAGNOSES:
        raise Refused("too_many", f"Please name at most {MOST_DIAGNOSES} diagnoses, the most likely first.")
    return tuple(once.values())


def _split(head: str) -> list[str]:
    if _NUMBERED.search(head):
        return _NUMBERED.split(head)[2::2]
    for separator in ("\n", ";", ","):
        if separator in head:
            return head.split(separator)
    return [head]


def _tidy(piece: str) -> str:
    words = re.sub(r"\s+", " ", piece).strip(" .;,-")
    if not any(letter.isalpha() for letter in words):
        return ""
    return f"{bare(words)}{MUST_NOT_MISS}" if words.endswith(MUST_NOT_MISS) else words
