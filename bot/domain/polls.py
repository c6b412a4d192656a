"""Polls: one ballot per person, the last vote counts, and no result or ballot ever names a voter."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.domain.disclosure import breakdown, in_all, may_show
from bot.domain.hiding import hidden_already, not_hidden
from bot.domain.members import MemberId
from bot.domain.poll_tally import Choice, Counts, Result, Urn, added, empty, real_options
from bot.domain.poll_terms import MOST_OPTIONS, NO_OPINION, OTHERS, TRAINEES, Terms
from bot.domain.refusal import Refused
from bot.domain.specialties import NAMES


class PollState(StrEnum):
    """Where a poll is in its life."""

    WAITING = "waiting"
    """It opens later."""
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Poll:
    """A question with its terms. The last option is always :data:`NO_OPINION`.

    ``case`` is the id of the case that it hangs on, or empty. ``result`` is what was released last, None
    below the smallest cell or beside poll ``barred_by`` (below 0: one that was taken back). ``begun`` says
    that there was a first ballot: words and terms stay as they are from then on. ``look_at`` is when
    something is due on it. ``invited`` is how many could vote when it was asked.
    """

    id: str
    number: int
    author: MemberId
    question: str
    options: tuple[str, ...]
    asked_at: datetime
    terms: Terms = field(default_factory=Terms)
    cells: tuple[str, ...] = (OTHERS,)
    """What ballots are counted in, as :func:`cells_of` said when it was asked; the last is for others."""
    case: str = ""
    state: PollState = PollState.OPEN
    begun: bool = False
    result: Result | None = None
    barred_by: int = 0
    """The number of the poll beside which a newer result cannot be shown; 0 for none."""
    voided: bool = False
    """Whether it came back from a backup, without its ballots, and was closed for that."""
    invited: int = 0
    look_at: datetime | None = None
    closed_at: datetime | None = None
    released_at: datetime | None = None
    hidden: bool = False
    """Whether a moderator hides it: nobody votes or reads its result, and what its clock does waits."""
    revision: int = 0

    @property
    def subject(self) -> str:
        """The key of its postings."""
        return f"poll:{self.id}"

    @property
    def result_subject(self) -> str:
        """The key of the postings of its chart."""
        return f"result:{self.id}"

    @property
    def undecided(self) -> Choice:
        """The choice that says *don't know*."""
        return (real_options(self.terms, len(self.options)),)

    @property
    def nothing(self) -> Counts:
        """What an empty urn counts."""
        return empty(self.terms, len(self.options))

    def is_out(self, now: datetime) -> bool:
        """Say whether it has left: before, it can still be undone, and then nobody must have seen it."""
        return self.released_at is None or self.released_at <= now

    def require_seen(self) -> None:
        """Refuse anything on a poll that a moderator hides."""
        if self.hidden:
            raise Refused("hidden", f"Poll {self.number} is hidden right now.", "polls")

    def hide(self) -> Poll:
        """Take it out of sight; raises :class:`Refused`."""
        if self.hidden:
            raise hidden_already(str(self.number))
        return replace(self, hidden=True)

    def restore(self) -> Poll:
        """Show it again; raises :class:`Refused`."""
        if not self.hidden:
            raise not_hidden(str(self.number))
        return replace(self, hidden=False)

    def require_open(self) -> None:
        """Refuse a vote on a poll that is closed, or not yet open."""
        self.require_not_closed()
        if self.state is PollState.WAITING:
            raise Refused("not_open", f"Poll {self.number} is not open yet.", f"results {self.number}")

    def require_not_closed(self) -> None:
        """Refuse what comes too late."""
        if self.state is PollState.CLOSED:
            raise Refused("closed", f"Poll {self.number} is closed.", f"results {self.number}")

    def release(self, urn: Urn, now: datetime, least: int, *, final: bool) -> Result | None:
        """Give the table that may be shown now, or the one shown before with what it holds back.

        A new one needs ``least`` people who are in none that was shown. Only a final one is parted by
        specialty.
        """
        shown = in_all(urn.beside)
        if not may_show(urn, shown, least):
            return replace(self.result, held_back=urn.new) if self.result else None
        groups = breakdown(urn, shown, least, self.nothing) if final else ()
        counts = added(urn.cells.values(), self.nothing)
        return Result(counts, now, groups, invited=self.invited)

    def find_bar(self, urn: Urn, least: int) -> int:
        """Give the number of the poll because of which no table can be shown now; 0 where there is none."""
        if not may_show(urn, {}, least) or may_show(urn, in_all(urn.beside), least):
            return 0
        return max(urn.beside, key=lambda other: (sum(other.shown.values()), other.number)).number

    def snapshot(self, result: Result | None) -> Poll:
        """Keep a table that was released while it is open."""
        return replace(self, result=result)

    def close(self, result: Result | None, now: datetime, *, barred_by: int = 0) -> Poll:
        """End it with what may be shown of it, and what bars the rest.

        A result has yet to be told, and :attr:`look_at` says so.
        """
        self.require_not_closed()
        return replace(
            self,
            state=PollState.CLOSED,
            result=result,
            barred_by=barred_by,
            look_at=None if result is None else now,
            closed_at=now,
            revision=self.revision + 1,
        )


def cells_of(terms: Terms) -> tuple[str, ...]:
    """Give what ballots are counted in: specialties of the audience, trainees apart; the last for others."""
    names = terms.audience or NAMES
    trainees = tuple(name + TRAINEES for name in names) if terms.trainees else ()
    return (*names, *trainees, OTHERS)


def make_options(texts: Sequence[str]) -> tuple[str, ...]:
    """Check 2 to 9 different options and add :data:`NO_OPINION`."""
    options = tuple(text.strip() for text in texts if text.strip())
    if len(options) < 2:
        raise Refused("few_options", 'A poll needs at least two options: poll "Question?" yes | no.', "poll")
    if len(options) > MOST_OPTIONS - 1:
        raise Refused("many_options", f"A poll has at most {MOST_OPTIONS - 1} options.", "poll")
    if len({option.casefold() for option in options}) < len(options):
        raise Refused("equal_options", "Two of the options are the same. Make each one different.", "poll")
    return (*options, NO_OPINION)


@dataclass(frozen=True, slots=True)
class Ballot:
    """One vote in the urn, under a key that is the poll's own: two polls cannot be joined by it.

    ``cell`` is the one that it is counted in.
    """

    poll: str
    voter: str = field(repr=False)
    choice: Choice = field(repr=False)
    cell: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Cast:
    """What came of a ballot: whether it replaced one, how many there are now, how many since a release."""

    replaced: bool
    ballots: int
    new: int


class Polls(Protocol):
    """Polls and their urns; numbers come from the same row as the cases'."""

    async def add(self, poll: Poll, urn_key: bytes) -> None:
        """Keep a new poll and, sealed, the key that its ballots are kept under."""
        ...

    async def replace(self, poll: Poll) -> None:
        """Keep a changed poll; its urn stays as it is, and must be empty where words or terms changed."""
        ...

    async def remove(self, poll: str) -> None:
        """Forget a poll with its key; what was shown of it is kept for a while, without its words."""
        ...

    async def by_number(self, number: int) -> Poll | None:
        """Find one by its number."""
        ...

    async def get(self, poll: str) -> Poll | None:
        """Find one by id."""
        ...

    async def of_case(self, case: str) -> tuple[Poll, ...]:
        """List the polls that hang on a case, in order of their numbers."""
        ...

    async def urn_key(self, poll: Poll) -> bytes:
        """Give the opened key of an open poll; raises KeyError once it is destroyed."""
        ...

    async def cast(self, poll: Poll, ballot: Ballot) -> Cast:
        """Put a ballot in, in place of the voter's earlier one; raises KeyError once the urn is destroyed."""
        ...

    async def choice_of(self, poll: Poll, voter: str) -> Choice | None:
        """Give what a voter's ballot says; None where there is none."""
        ...

    async def take_out(self, poll: Poll, voter: str) -> bool:
        """Take a voter's ballot out of an urn; False where there is none."""
        ...

    async def voters(self, poll: Poll) -> frozenset[str]:
        """Name, as this urn does, everybody who has voted; nobody once it is destroyed."""
        ...

    async def invite(self, poll: Poll, voters: Collection[str]) -> None:
        """Keep, as this urn names them, who was drawn to vote; closing the poll destroys that too."""
        ...

    async def is_invited(self, poll: Poll, voter: str) -> bool:
        """Say whether a voter was drawn to vote."""
        ...

    async def urn(self, poll: Poll) -> Urn:
        """Count what lies in the urn, with what was shown beside it; raises KeyError once it is destroyed."""
        ...

    async def release(self, poll: Poll, urn: Urn) -> None:
        """Keep a poll with a newly released table of all that lies in ``urn``; later ballots count as new."""
        ...

    async def close(self, poll: Poll) -> None:
        """Keep the closed poll; destroy its key, every ballot and every invitation in the same commit.

        How many ballots of each cell were shown is kept, for polls that ask the same.
        """
        ...

    async def forget_shown(self, closed_before: datetime) -> None:
        """Forget how many ballots of each cell were shown of polls that were closed before."""
        ...

    async def open_polls(self, most: int) -> tuple[Poll, ...]:
        """List polls that are open or open later, hidden ones too, newest first; not those without an urn."""
        ...

    async def due(self, now: datetime, most: int) -> tuple[Poll, ...]:
        """List polls that are not hidden and on which something is due, the longest overdue first.

        Something is due on one that is not closed and has no urn: it was brought back without it.
        """
        ...
