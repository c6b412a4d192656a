"""Outcomes: what it was in the end, when its author is asked for it, and how near each opinion came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol

from bot.domain.members import MemberId
from bot.domain.opinions import Confidence

ASKED_AFTER: Final = (timedelta(days=3), timedelta(days=14), timedelta(days=60))
"""How long after the end of a case its author is asked what it was."""
TOP: Final = 3
"""Places of a list that count as having named it."""


class Certainty(StrEnum):
    """How sure an outcome is."""

    CONFIRMED = "confirmed"
    PROBABLE = "probable"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a case's author says it was; a case has one at most, and ``revision`` counts corrections.

    ``look_at`` is when all who answered are to hear of it, None once they have. ``group_rank`` is the place
    of the diagnosis in the group answer, 0 where it is not on the list, None where there is nothing to judge.
    """

    id: str
    case: str
    certainty: Certainty
    diagnosis: str
    how: str
    lesson: str
    told_at: datetime
    revision: int = 0
    look_at: datetime | None = None
    group_rank: int | None = None

    @property
    def subject(self) -> str:
        """The key of its postings."""
        return f"outcome:{self.id}"

    @property
    def known(self) -> bool:
        """Whether there is a diagnosis that lists can be held against."""
        return self.certainty is not Certainty.UNKNOWN

    def corrected(self, earlier: Outcome) -> Outcome:
        """Take the place of an earlier outcome of the same case."""
        return replace(self, id=earlier.id, revision=earlier.revision + 1)

    def concluded(self, group_rank: int | None) -> Outcome:
        """Note that everybody was told, and how the group came out."""
        return replace(self, look_at=None, group_rank=group_rank)


@dataclass(frozen=True, slots=True)
class Reminder:
    """The next time at which a case's author is asked for its outcome; ``asked`` counts earlier times."""

    case: str
    ended_at: datetime
    next_at: datetime
    asked: int = 0

    def following(self, now: datetime) -> Reminder | None:
        """Give the next one after this; times that have gone by meanwhile are left out, None ends it."""
        passed = max(now, self.next_at)
        later = [self.ended_at + wait for wait in ASKED_AFTER if self.ended_at + wait > passed]
        return replace(self, next_at=later[0], asked=self.asked + 1) if later else None


def first_reminder(case: str, ended_at: datetime) -> Reminder:
    """Begin to ask for the outcome of a case that has ended."""
    return Reminder(case, ended_at, ended_at + ASKED_AFTER[0])


@dataclass(frozen=True, slots=True)
class Scored:
    """One independent opinion against its outcome: the place of the diagnosis (0: not named), how sure."""

    rank: int
    confidence: Confidence | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """What somebody's opinions came to: how many, how often right first, how often among the first three.

    ``by_confidence`` has for each word that was used how often the first diagnosis was right, and how often
    the word was used.
    """

    opinions: int
    first: int
    in_top: int
    by_confidence: tuple[tuple[Confidence, int, int], ...] = ()


def record_of(scored: Sequence[Scored]) -> Record:
    """Add up a record."""
    words = tuple(
        (word, sum(one.rank == 1 for one in said), len(said))
        for word in Confidence
        if (said := [one for one in scored if one.confidence is word])
    )
    first = sum(one.rank == 1 for one in scored)
    in_top = sum(1 <= one.rank <= TOP for one in scored)
    return Record(len(scored), first, in_top, words)


class Outcomes(Protocol):
    """Outcomes by case, and the places that opinions gave them."""

    async def of_case(self, case: str) -> Outcome | None:
        """Find the outcome of a case."""
        ...

    async def get(self, outcome: str) -> Outcome | None:
        """Find one by id."""
        ...

    async def put(self, outcome: Outcome) -> None:
        """Keep an outcome in place of the case's earlier one."""
        ...

    async def remove(self, case: str) -> None:
        """Forget the outcome of a case with its scores: it was undone."""
        ...

    async def due(self, now: datetime, most: int) -> tuple[Outcome, ...]:
        """List those of which people are to hear, the longest due first."""
        ...

    async def score(self, case: str, ranks: Mapping[str, int]) -> None:
        """Keep the place of the diagnosis in each opinion (by id; 0: not named), and no earlier ones."""
        ...

    async def ranks(self, case: str) -> Mapping[str, int]:
        """Give the places that were kept for a case, by opinion."""
        ...

    async def scored(self, *members: MemberId) -> tuple[Scored, ...]:
        """List the independent opinions of a member (by one or several ids) on resolved cases."""
        ...


class Reminders(Protocol):
    """When authors are asked for outcomes, by case."""

    async def put(self, reminder: Reminder) -> None:
        """Keep it in place of the case's earlier one."""
        ...

    async def of_case(self, case: str) -> Reminder | None:
        """Find what is kept for a case."""
        ...

    async def drop(self, case: str) -> None:
        """Ask no more."""
        ...

    async def due(self, now: datetime, most: int) -> tuple[Reminder, ...]:
        """List those whose time has come, the longest due first."""
        ...
