"""Polls: one ballot per person, the last vote counts, and no result or ballot ever names a voter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.domain.members import MemberId
from bot.domain.refusal import Refused

MOST_OPTIONS = 10
NO_OPINION = "Don't know / not my field"


class PollState(StrEnum):
    """A poll is open or closed."""

    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Poll:
    """A question with one choice. ``counts`` is set at close only, one number an option in their order.

    The last option is always :data:`NO_OPINION`. ``counts`` stays None below the smallest cell.
    """

    id: str
    number: int
    author: MemberId
    question: str
    options: tuple[str, ...]
    asked_at: datetime
    state: PollState = PollState.OPEN
    counts: tuple[int, ...] | None = None
    ballots: int = 0
    revision: int = 0

    @property
    def subject(self) -> str:
        """The key of its postings."""
        return f"poll:{self.id}"

    def require_open(self) -> None:
        """Refuse anything on a closed poll."""
        if self.state is PollState.CLOSED:
            raise Refused("closed", f"Poll {self.number} is closed.", f"results {self.number}")

    def choice(self, text: str) -> int:
        """Read a vote (``2``, or the option's words) as an index from 0."""
        self.require_open()
        wanted = text.strip().casefold()
        for index, option in enumerate(self.options):
            if wanted in {str(index + 1), option.casefold()}:
                return index
        raise Refused(
            "no_such_option",
            f"Poll {self.number} has options 1 to {len(self.options)}. Vote with one of these numbers.",
            f"vote {self.number}",
        )

    def close(self, votes: Mapping[int, int], min_cell: int) -> Poll:
        """End it: keep the counts if at least ``min_cell`` people voted, else only say how few."""
        self.require_open()
        total = sum(votes.values())
        counts = tuple(votes.get(index, 0) for index in range(len(self.options)))
        return replace(
            self,
            state=PollState.CLOSED,
            counts=counts if total >= min_cell else None,
            ballots=total if total >= min_cell else 0,
            revision=self.revision + 1,
        )


def make_options(texts: tuple[str, ...]) -> tuple[str, ...]:
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
    """One vote in the urn, under a key that is the poll's own: two polls cannot be joined by it."""

    poll: str
    voter: str = field(repr=False)
    choice: int = field(repr=False)


class Polls(Protocol):
    """Polls and their urns; numbers come from the same row as the cases'."""

    async def add(self, poll: Poll, urn_key: bytes) -> None:
        """Keep a new poll and, sealed, the key that its ballots are kept under."""
        ...

    async def remove(self, poll: str) -> None:
        """Forget a poll that was undone before anybody saw it, with its key."""
        ...

    async def by_number(self, number: int) -> Poll | None:
        """Find one by its number."""
        ...

    async def get(self, poll: str) -> Poll | None:
        """Find one by id."""
        ...

    async def urn_key(self, poll: Poll) -> bytes:
        """Give the opened key of an open poll; raises KeyError once it is destroyed."""
        ...

    async def cast(self, ballot: Ballot) -> bool:
        """Put a ballot in, replacing the same voter's earlier one; True when it replaced one."""
        ...

    async def take_out(self, poll: str, voter: str) -> bool:
        """Take a voter's ballot out of an urn; False where there is none."""
        ...

    async def votes(self, poll: Poll) -> dict[int, int]:
        """Count ballots by option index."""
        ...

    async def close(self, poll: Poll) -> None:
        """Keep the closed poll and destroy its key and every ballot in the same commit."""
        ...

    async def open_polls(self, most: int) -> tuple[Poll, ...]:
        """List open polls, newest first."""
        ...
