"""Opinions: a physician's own ranked list for a case, and how one is read from a line of text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.members import MemberId
from bot.domain.refusal import Refused

MOST_DIAGNOSES = 10
_NEXT = re.compile(r"(?:^|[\s;,.])(?:next(?:\s+step)?|n)\s*:\s*", re.IGNORECASE)
_NUMBERED = re.compile(r"(?:^|\s)(\d{1,2})\s*[).:](?=\s*\D)\s*")


@dataclass(frozen=True, slots=True)
class Opinion:
    """One opinion on a case; ``number`` counts within the case, so it is spoken of as 123.2."""

    id: str
    case: str
    number: int
    member: MemberId
    diagnoses: tuple[str, ...]
    next_step: str
    remark: str
    given_at: datetime
    revision: int = 0
    """How often it was changed; only the first version (0) counts as independent."""

    @property
    def subject(self) -> str:
        """The key of its postings."""
        return f"opinion:{self.id}"


@dataclass(frozen=True, slots=True)
class Ranked:
    """What a line of text says: diagnoses in order, the most likely first, and the next step."""

    diagnoses: tuple[str, ...]
    next_step: str = ""


def parse_ranked(text: str) -> Ranked:
    """Read ``1) a 2) b next: c``, ``a; b; c``, ``a, b`` or one diagnosis a line.

    Raises :class:`Refused` where there is no diagnosis in it or more than ten.
    """
    head, *rest = _NEXT.split(text.strip(), maxsplit=1)
    next_step = rest[0].strip(" .;,") if rest else ""
    diagnoses = tuple(item for item in (_tidy(piece) for piece in _split(head)) if item)
    if not diagnoses:
        raise Refused(
            "no_diagnosis",
            "I found no diagnosis in that. Write the most likely one first, for example: "
            "1) cellulitis 2) erysipelas next: ultrasound.",
        )
    if len(diagnoses) > MOST_DIAGNOSES:
        raise Refused("too_many", f"Please name at most {MOST_DIAGNOSES} diagnoses, the most likely first.")
    return Ranked(tuple(dict.fromkeys(diagnoses)), next_step)


def _split(head: str) -> list[str]:
    if _NUMBERED.search(head):
        return _NUMBERED.split(head)[2::2]
    for separator in ("\n", ";", ","):
        if separator in head:
            return head.split(separator)
    return [head]


def _tidy(piece: str) -> str:
    words = re.sub(r"\s+", " ", piece).strip(" .;,-")
    return words if any(letter.isalpha() for letter in words) else ""


class Opinions(Protocol):
    """Opinions by case."""

    async def next_number(self, case: str) -> int:
        """Give the number of the next opinion on a case, from 1."""
        ...

    async def add(self, opinion: Opinion) -> None:
        """Keep a new opinion."""
        ...

    async def replace(self, opinion: Opinion) -> None:
        """Keep a changed opinion."""
        ...

    async def remove(self, opinion: str) -> None:
        """Forget an opinion that was undone before anybody saw it."""
        ...

    async def get(self, opinion: str) -> Opinion | None:
        """Find one by id."""
        ...

    async def of_member(self, case: str, *members: MemberId) -> Opinion | None:
        """Find the opinion that a member (by one or several ids) gave on a case.

        An id has one at most (unique constraint).
        """
        ...

    async def of_case(self, case: str) -> tuple[Opinion, ...]:
        """List a case's opinions in order of their numbers."""
        ...
