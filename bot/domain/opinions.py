"""Opinions: a physician's own ranked list for a case, independent of what others said where it came first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol

from bot.domain.members import MemberId
from bot.domain.refusal import Refused

MUST_NOT_MISS = "!"
"""What stands behind a diagnosis that must not be missed, as it is typed."""


ASKED_FOR: Final = timedelta(minutes=10)
"""How long an opinion waits for what an ambiguous name in it means; then it goes out as typed."""


class Confidence(StrEnum):
    """How sure somebody is of the first diagnosis."""

    VERY_LIKELY = "very likely"
    LIKELY = "likely"
    POSSIBLE = "possible"
    UNSURE = "unsure"


class Move(StrEnum):
    """What kind of next step is advised; the first word of what was typed, where it is one of these."""

    TEST = "test"
    TREAT = "treat"
    REFER = "refer"
    OBSERVE = "observe"


@dataclass(frozen=True, slots=True)
class Opinion:
    """One opinion on a case; ``number`` counts within the case, so it is spoken of as 123.2.

    ``must_not_miss`` are those of the diagnoses that are marked so. ``shown`` is false for *count me, don't
    show me*: it counts in the group answer, and nobody reads it. ``independent`` says that its giver had not
    been able to read others'.
    """

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
    confidence: Confidence | None = None
    must_not_miss: tuple[str, ...] = ()
    change_mind: str = ""
    specialist: str = ""
    shown: bool = True
    independent: bool = True
    waits_until: datetime | None = None
    """Until when it is held for its giver, who was asked what an ambiguous name in it means."""
    hidden: bool = False
    """Whether a moderator hides it: nobody reads it, and it counts nowhere."""

    def require_seen(self) -> None:
        """Refuse to change it while a moderator hides it."""
        if self.hidden:
            raise Refused("hidden", "Your opinion is hidden right now, so it stays as it is.", "mine")

    def counts_from(self, undo_seconds: float) -> datetime:
        """Say from when it counts for what comes next: by then it cannot be undone, and waits no more."""
        settled = self.given_at + timedelta(seconds=undo_seconds)
        return max(settled, self.waits_until or settled)

    @property
    def subject(self) -> str:
        """The key of its postings."""
        return f"opinion:{self.id}"

    @property
    def move(self) -> Move | None:
        """The kind of its next step, where its first word names one."""
        first = self.next_step.split(maxsplit=1)[:1]
        return next((move for move in Move if first and first[0].casefold().strip(" :,.") == move), None)


class Opinions(Protocol):
    """Opinions by case."""

    async def next_number(self, case: str) -> int:
        """Give the number of the next opinion on a case, from 1."""
        ...

    async def add(self, opinion: Opinion) -> None:
        """Keep a new opinion."""
        ...

    async def replace(self, opinion: Opinion) -> None:
        """Keep a changed opinion; its earlier versions stay."""
        ...

    async def mark(self, opinion: Opinion) -> None:
        """Keep whether an opinion is hidden; what it says is as it was."""
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

    async def of_case(self, case: str, *, hidden: bool = False) -> tuple[Opinion, ...]:
        """List a case's opinions in order of their numbers; with ``hidden`` those too that are hidden."""
        ...

    async def first_versions(self, case: str) -> tuple[Opinion, ...]:
        """List a case's opinions that are not hidden as each was first given, in order of their numbers."""
        ...

    async def reads(self, case: str, *members: MemberId) -> bool:
        """Say whether a member (by one or several ids) chose to just read a case."""
        ...

    async def readers(self, case: str) -> tuple[MemberId, ...]:
        """List who chose to just read a case."""
        ...

    async def note_reader(self, case: str, member: MemberId) -> None:
        """Note that a member chose to just read a case; a second time changes nothing."""
        ...
