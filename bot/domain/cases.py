"""Cases: a question about a de-identified patient, open for opinions until it is closed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol

from bot.domain.details import Details, as_title
from bot.domain.hiding import hidden_already, not_hidden
from bot.domain.members import MemberId
from bot.domain.questions import EarlierQuestion, QuestionChange
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
    """Where a case is in its life; hidden and locked are marks beside it."""

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
    hidden_at: datetime | None = None
    """Since when a moderator hides it, with everything said about it; what its clock does waits as long."""
    locked: bool = False
    """Whether a moderator lets nothing more be said about it; it stays readable, and its clock goes on."""

    @property
    def hidden(self) -> bool:
        """Whether a moderator hides it."""
        return self.hidden_at is not None

    @property
    def answerable(self) -> bool:
        """Whether opinions may be given on it."""
        return self.state is CaseState.OPEN and not self.hidden and not self.locked

    earlier: tuple[EarlierQuestion, ...] = ()
    """What it asked before, the oldest first."""
    change: QuestionChange | None = None
    """The question that it asks from the moment at which this cannot be undone."""

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
    def tells_working(self) -> bool:
        """Whether everybody may read what its author thinks it is: after the reveal, or once it has ended."""
        return self.ended or (self.blind and self.revealed_at is not None)

    @property
    def reveal_at(self) -> datetime | None:
        """When opinions are revealed at the latest: at half the time that it waits for them."""
        if not self.covered or self.closes_at is None:
            return None
        return self.closes_at - WINDOWS[self.urgency] / 2

    @property
    def page_at(self) -> datetime | None:
        """When it pages next by the clock: at its release, and again while nobody has answered."""
        if not self.specialties or self.opinions or self.locked:
            return None
        return climb_at(self.rung, self.released_at, self.window)

    @property
    def window(self) -> timedelta:
        """How long it waits for opinions."""
        return WINDOWS[self.urgency]

    @property
    def may_ask_wider(self) -> bool:
        """Whether its author may still ask further specialties."""
        return self.answerable and self.rung <= WIDEST

    def climb(self, rung: int) -> Case:
        """Note that everybody on a rung of the ladder was paged."""
        return replace(self, rung=rung + 1).next_look()

    def require_seen(self) -> None:
        """Refuse anything about a case that a moderator hides."""
        if self.hidden:
            raise Refused("hidden", f"Case #{self.number} is hidden right now.", "open")

    def require_unlocked(self) -> None:
        """Refuse to change what was said about a case that a moderator has locked."""
        if self.locked:
            raise Refused(
                "locked",
                f"A moderator has locked case #{self.number}. You can read it; nothing can be added.",
                f"show {self.number}",
            )

    def require_taking(self) -> None:
        """Refuse anything new on a case to which nothing can be added: closed, withdrawn, hidden, locked."""
        self.require_open()
        self.require_unlocked()

    def require_open(self) -> None:
        """Refuse what belongs to open cases on one that is closed, withdrawn or hidden."""
        self.require_seen()
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
        changes_at = self.change.due_at if self.change else None
        due = [at for at in (self.page_at, self.reveal_at, self.closes_at, changes_at) if at is not None]
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
        return replace(self, revealed_at=now, revision=self.revision + 1).next_look()

    def ask_instead(self, change: QuestionChange) -> Case:
        """Ask another question once it is due; it takes the place of one that still waits."""
        self.require_open()
        return replace(self, change=change).looked_at(change.due_at)

    def ask_as_before(self) -> Case:
        """Give up the question that waits to be asked."""
        return replace(self, change=None)

    def take_change(self, now: datetime) -> Case:
        """Ask the question that waited, if any; a title that was the question's beginning follows it."""
        if self.change is None:
            return self
        followed = self.title == as_title(self.question)
        return replace(
            self,
            question=self.change.text,
            title=as_title(self.change.text) if followed else self.title,
            details=replace(self.details, kind=self.change.kind),
            earlier=(*self.earlier, EarlierQuestion(self.question, now, self.opinions)),
            change=None,
            revision=self.revision + 1,
        ).next_look()

    def wait_on(self, now: datetime) -> Case:
        """Wait as long again: nobody has answered yet."""
        return replace(self, closes_at=now + WINDOWS[self.urgency]).next_look()

    def close(self, now: datetime) -> Case:
        """End it: no further opinions. What is said is revealed, and a summary is due at once."""
        self.require_open()
        revealed = self.revealed_at or (now if self.blind else None)
        asked = self.take_change(now)
        return replace(
            asked,
            state=CaseState.CLOSED,
            revealed_at=revealed,
            look_at=now,
            revision=asked.revision + 1,
        )

    def require_ended(self) -> None:
        """Refuse an outcome while opinions are awaited, while it is hidden, or once it was withdrawn."""
        self.require_seen()
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
            earlier=(),
            change=None,
            look_at=None,
            hidden_at=None,
            revision=self.revision + 1,
        )

    def hide(self, now: datetime) -> Case:
        """Take it out of sight, whatever its state; raises :class:`Refused` where nothing is in sight."""
        self._require_standing()
        if self.hidden:
            raise hidden_already(f"{self.number}")
        return replace(self, hidden_at=now, revision=self.revision + 1)

    def restore(self, now: datetime) -> Case:
        """Show it again; it waits for opinions as much longer as it was hidden."""
        self._require_standing()
        if self.hidden_at is None:
            raise not_hidden(f"{self.number}")
        shown = replace(self, hidden_at=None, revision=self.revision + 1)
        if self.state is CaseState.OPEN and self.closes_at is not None:
            away = now - max(self.hidden_at, self.released_at)
            shown = replace(shown, closes_at=self.closes_at + max(away, timedelta(0)))
        return shown.looked_at(now) if self.look_at is not None else shown

    def lock(self) -> Case:
        """Let nothing more be said about it; raises :class:`Refused` where nothing could be."""
        self._require_standing()
        self.require_open()
        if self.locked:
            raise Refused("locked", f"#{self.number} is locked already.", f"mod unlock {self.number}")
        return replace(self, locked=True, revision=self.revision + 1)

    def unlock(self) -> Case:
        """Take opinions and comments again."""
        self._require_standing()
        self.require_seen()
        if not self.locked:
            raise Refused("not_locked", f"#{self.number} is not locked.", f"mod lock {self.number}")
        unlocked = replace(self, locked=False, revision=self.revision + 1)
        pages = unlocked.page_at if self.state is CaseState.OPEN else None
        return unlocked.looked_at(pages) if pages is not None else unlocked

    def _require_standing(self) -> None:
        if self.state is CaseState.WITHDRAWN:
            raise Refused("withdrawn", f"Case #{self.number} was withdrawn by its author.", "open")


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
        """List open cases that nobody hides, newest first."""
        ...

    async def due(self, now: datetime, most: int) -> tuple[Case, ...]:
        """List cases on which something is due, the longest due first; hidden ones wait."""
        ...

    async def pictured_before(self, moment: datetime, most: int) -> tuple[Case, ...]:
        """List cases with pictures that were asked before a moment and have ended, the oldest first."""
        ...

    async def by_author(self, members: Collection[MemberId], most: int) -> tuple[Case, ...]:
        """List a member's own cases, by all of the member's ids, newest first."""
        ...
