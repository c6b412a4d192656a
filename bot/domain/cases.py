"""Cases: a question about a de-identified patient, open for opinions until it is closed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol

from bot.domain.details import Details
from bot.domain.members import MemberId
from bot.domain.refusal import Refused
from bot.domain.routing import WIDEST, climb_at

WINDOWS: Final = {
    "routine": timedelta(hours=72),
    "soon": timedelta(hours=24),
    "today": timedelta(hours=4),
    "hour": timedelta(hours=1),
}
"""How long a case waits for opinions, by its urgency."""


EMERGENCY: Final = "emergency"
"""What is no urgency here: it is offered so that it can be refused with the reason."""


def require_urgency(urgency: str) -> None:
    """Refuse an emergency, and whatever is no urgency."""
    if urgency not in WINDOWS:
        raise Refused(
            EMERGENCY,
            "This room is not for emergencies. Call your local team. "
            "For a question that can wait an hour: this hour.",
            "case",
        )


class CaseState(StrEnum):
    """Where a case is in its life; later issues add hidden and locked."""

    OPEN = "open"
    CLOSED = "closed"
    RESOLVED = "resolved"
    """Closed, and its author has said what it was."""
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
    blind: bool = False
    """First opinions are independent: they are read by nobody else before the reveal."""
    revealed_at: datetime | None = None
    closes_at: datetime | None = None
    look_at: datetime | None = None
    """When something is due on it at the earliest (reveal, pages, end, summary); None when nothing is."""
    details: Details = field(default_factory=Details)
    specialties: tuple[str, ...] = ()
    """Specialties wanted: physicians of these are paged."""
    rung: int = 0
    """How far the ladder of pages was climbed."""

    @property
    def subject(self) -> str:
        """The key of its postings."""
        return f"case:{self.id}"

    @property
    def summary_subject(self) -> str:
        """The key of its summary's postings."""
        return f"summary:{self.id}"

    @property
    def ended(self) -> bool:
        """Whether it takes no further opinions, though what was said stands."""
        return self.state in (CaseState.CLOSED, CaseState.RESOLVED)

    @property
    def covered(self) -> bool:
        """Whether opinions stand in the rooms without their content."""
        return self.blind and self.revealed_at is None

    @property
    def reveal_at(self) -> datetime | None:
        """When opinions are revealed at the latest: at half the time that it waits for them."""
        if not self.covered or self.closes_at is None:
            return None
        return self.closes_at - WINDOWS[self.urgency] / 2

    @property
    def page_at(self) -> datetime | None:
        """When it pages next by the clock: at its release, and again while nobody has answered."""
        if not self.specialties or self.opinions:
            return None
        return climb_at(self.rung, self.released_at, self.window)

    @property
    def window(self) -> timedelta:
        """How long it waits for opinions."""
        return WINDOWS[self.urgency]

    @property
    def may_ask_wider(self) -> bool:
        """Whether its author may still ask further specialties."""
        return self.state is CaseState.OPEN and self.rung <= WIDEST

    def climb(self, rung: int) -> Case:
        """Note that everybody on a rung of the ladder was paged."""
        return replace(self, rung=rung + 1).next_look()

    def require_open(self) -> None:
        """Refuse anything new on a case that is closed or withdrawn."""
        if self.ended:
            raise Refused("closed", f"Case #{self.number} is closed, so nothing new can be added.", "open")
        if self.state is CaseState.WITHDRAWN:
            raise Refused("withdrawn", f"Case #{self.number} was withdrawn by its author.", "open")

    def answered(self) -> Case:
        """Count one more opinion."""
        return replace(self, opinions=self.opinions + 1, revision=self.revision + 1)

    def commented(self) -> Case:
        """Count one more comment."""
        return replace(self, comments=self.comments + 1, revision=self.revision + 1)

    def unanswered(self) -> Case:
        """Count one opinion less: it was undone or taken back."""
        return replace(self, opinions=max(0, self.opinions - 1), revision=self.revision + 1)

    def looked_at(self, at: datetime) -> Case:
        """Have somebody look at it at this moment, if not before."""
        return replace(self, look_at=min(at, self.look_at or at))

    def next_look(self) -> Case:
        """Have somebody look at it when the next thing is due by the clock."""
        due = [at for at in (self.page_at, self.reveal_at, self.closes_at) if at is not None]
        return replace(self, look_at=min(due) if due and self.state is CaseState.OPEN else None)

    def reveal(self, now: datetime) -> Case:
        """Let everybody read the opinions; raises :class:`Refused` where there is nothing to reveal."""
        self.require_open()
        if not self.blind:
            raise Refused(
                "never_blind", f"Opinions on #{self.number} are shown as they come.", f"show {self.number}"
            )
        if self.revealed_at is not None:
            raise Refused(
                "revealed", f"Opinions on #{self.number} are revealed already.", f"show {self.number}"
            )
        return replace(self, revealed_at=now).next_look()

    def wait_on(self, now: datetime) -> Case:
        """Wait as long again: nobody has answered yet."""
        return replace(self, closes_at=now + WINDOWS[self.urgency]).next_look()

    def close(self, now: datetime) -> Case:
        """End it: no further opinions. What is said is revealed, and a summary is due at once."""
        self.require_open()
        revealed = self.revealed_at or (now if self.blind else None)
        return replace(
            self,
            state=CaseState.CLOSED,
            revealed_at=revealed,
            look_at=now,
            revision=self.revision + 1,
        )

    def require_ended(self) -> None:
        """Refuse an outcome while opinions are still awaited, or once it was withdrawn."""
        if self.state is CaseState.OPEN:
            raise Refused(
                "still_open",
                f"Case #{self.number} is still open. Close it first, then say what it was.",
                f"close {self.number}",
            )
        if self.state is CaseState.WITHDRAWN:
            raise Refused("withdrawn", f"Case #{self.number} was withdrawn, so it keeps no outcome.", "mine")

    def resolved(self, *, so: bool = True) -> Case:
        """Note that it has its outcome; not ``so``, that it has none after all."""
        state = CaseState.RESOLVED if so else CaseState.CLOSED
        return replace(self, state=state, revision=self.revision + 1)

    def withdraw(self) -> Case:
        """Take it back for good, and every word with it; closed cases can be withdrawn too."""
        if self.state is CaseState.WITHDRAWN:
            raise Refused("withdrawn", f"Case #{self.number} is withdrawn already.", "mine")
        return replace(
            self,
            state=CaseState.WITHDRAWN,
            title="",
            story="",
            question="",
            pictures=(),
            details=Details(),
            look_at=None,
            revision=self.revision + 1,
        )


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

    async def forget_said(self, case: str) -> None:
        """Erase the words of everything that was said about a case; what is counted stays."""
        ...

    async def open_cases(self, most: int) -> tuple[Case, ...]:
        """List open cases, newest first."""
        ...

    async def due(self, now: datetime, most: int) -> tuple[Case, ...]:
        """List cases on which something is due, the longest due first."""
        ...

    async def pictured_before(self, moment: datetime, most: int) -> tuple[Case, ...]:
        """List cases with pictures that were asked before a moment and have ended, the oldest first."""
        ...

    async def next_due(self) -> datetime | None:
        """Say when the next thing is due on any case; None where nothing is."""
        ...

    async def by_author(self, members: Collection[MemberId], most: int) -> tuple[Case, ...]:
        """List a member's own cases, by all of the member's ids, newest first."""
        ...
