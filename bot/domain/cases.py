"""Cases: a question about a de-identified patient, open for opinions until it is closed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.domain.members import MemberId
from bot.domain.refusal import Refused


class CaseState(StrEnum):
    """Where a case is in its life; later issues add summarised, resolved, hidden and locked."""

    OPEN = "open"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class CasePicture:
    """A cleaned picture of a case, with its mandatory text alternative."""

    media: str
    alt: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """A posted case. ``revision`` counts changes of its card and makes keys of deliveries unique.

    ``statement`` is what its author said about other identifiers by posting it, at ``posted_at``.
    """

    id: str
    number: int
    author: MemberId
    title: str
    story: str
    question: str
    urgency: str
    posted_at: datetime
    released_at: datetime
    pictures: tuple[CasePicture, ...] = ()
    state: CaseState = CaseState.OPEN
    opinions: int = 0
    comments: int = 0
    revision: int = 0
    statement: str = ""

    @property
    def subject(self) -> str:
        """The key of its postings."""
        return f"case:{self.id}"

    def require_open(self) -> None:
        """Refuse anything new on a case that is closed or withdrawn."""
        if self.state is CaseState.CLOSED:
            raise Refused("closed", f"Case #{self.number} is closed, so nothing new can be added.", "open")
        if self.state is CaseState.WITHDRAWN:
            raise Refused("withdrawn", f"Case #{self.number} was withdrawn by its author.", "open")

    def answered(self) -> Case:
        """Count one more opinion."""
        return replace(self, opinions=self.opinions + 1, revision=self.revision + 1)

    def commented(self) -> Case:
        """Count one more comment."""
        return replace(self, comments=self.comments + 1, revision=self.revision + 1)

    def close(self) -> Case:
        """End it: no further opinions."""
        self.require_open()
        return replace(self, state=CaseState.CLOSED, revision=self.revision + 1)

    def withdraw(self) -> Case:
        """Take it back for good; closed cases can be withdrawn too."""
        if self.state is CaseState.WITHDRAWN:
            raise Refused("withdrawn", f"Case #{self.number} is withdrawn already.", "mine")
        return replace(self, state=CaseState.WITHDRAWN, revision=self.revision + 1)


class Cases(Protocol):
    """Posted cases; numbers start at 101 and are never used twice."""

    async def next_number(self) -> int:
        """Give a fresh case number (shared with no poll)."""
        ...

    async def add(self, case: Case) -> None:
        """Keep a new case."""
        ...

    async def remove(self, case: str) -> None:
        """Forget a case that was undone before anybody saw it; its number is not used again."""
        ...

    async def by_number(self, number: int) -> Case | None:
        """Find one by its number."""
        ...

    async def get(self, case: str) -> Case | None:
        """Find one by id."""
        ...

    async def replace(self, case: Case) -> None:
        """Keep a changed case."""
        ...

    async def open_cases(self, most: int) -> tuple[Case, ...]:
        """List open cases, newest first."""
        ...

    async def by_author(self, members: Collection[MemberId], most: int) -> tuple[Case, ...]:
        """List a member's own cases, by all of the member's ids, newest first."""
        ...
