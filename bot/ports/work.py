"""A unit of work: all that one request changes on the content side, committed together or not at all."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Final, Protocol

from bot.domain.buckets import BucketChanges
from bot.domain.cases import Cases
from bot.domain.claims import Claims
from bot.domain.clock_jumps import Schedule
from bot.domain.comments import Comments
from bot.domain.draft_pictures import Pictures
from bot.domain.drafts import Drafts
from bot.domain.former import FormerMembers
from bot.domain.helpful import HelpfulMarks
from bot.domain.members import MemberId, Members
from bot.domain.opinions import Opinions
from bot.domain.outcomes import Outcomes, Reminders
from bot.domain.pauses import Pauses
from bot.domain.polls import Polls
from bot.domain.reports import Reports
from bot.domain.routing import Followers, Pages
from bot.domain.search import Search
from bot.domain.standing import Standings
from bot.domain.updates import Updates
from bot.domain.waiting import Waiting
from bot.ports.outbox import Outbox


class Dialogs(Protocol):
    """Unfinished talk with a person (a wizard's answers, the newest prompt): sealed, by a keyed hash."""

    async def get(self, key: str) -> bytes | None:
        """Open what was kept."""
        ...

    async def put(self, key: str, state: bytes, until: datetime | None = None) -> None:
        """Seal and keep, replacing what was there; with ``until`` no longer than to the first one given."""
        ...

    async def drop_expired(self, now: datetime) -> None:
        """Forget all whose end has come."""
        ...

    async def drop(self, key: str) -> None:
        """Forget it."""
        ...


def last_of(member: MemberId) -> str:
    """Give the key of the dialog that says what a member posted last, for *Undo*."""
    return f"last:{member}"


TAGGED: Final = "said:"
"""How the tag of a member's own message begins; the dialog of that key says what became of its words."""


class Postings(Protocol):
    """What stands where in the consult rooms."""

    async def subject_of(self, room: str, remote: str) -> str:
        """Find the subject of a message in a room by its remote; empty when it is none of ours."""
        ...


class Work(Protocol):
    """One transaction. Attributes are the repositories that share it."""

    @property
    def members(self) -> Members:
        """Members."""
        ...

    @property
    def standings(self) -> Standings:
        """Standings of members who were stopped."""
        ...

    @property
    def former(self) -> FormerMembers:
        """Former members."""
        ...

    @property
    def drafts(self) -> Drafts:
        """Drafts."""
        ...

    @property
    def pictures(self) -> Pictures:
        """Cleaned pictures."""
        ...

    @property
    def cases(self) -> Cases:
        """Cases."""
        ...

    @property
    def search(self) -> Search:
        """The words of cases."""
        ...

    @property
    def waiting(self) -> Waiting:
        """Cases that somebody may still answer."""
        ...

    @property
    def opinions(self) -> Opinions:
        """Opinions."""
        ...

    @property
    def comments(self) -> Comments:
        """Comments."""
        ...

    @property
    def outcomes(self) -> Outcomes:
        """What cases were in the end."""
        ...

    @property
    def reminders(self) -> Reminders:
        """When authors are asked for outcomes."""
        ...

    @property
    def updates(self) -> Updates:
        """What authors added to cases."""
        ...

    @property
    def reports(self) -> Reports:
        """Reports of what must not stand."""
        ...

    @property
    def helpful(self) -> HelpfulMarks:
        """Marks of helpful opinions."""
        ...

    @property
    def pages(self) -> Pages:
        """Pages."""
        ...

    @property
    def followers(self) -> Followers:
        """Followers."""
        ...

    @property
    def buckets(self) -> BucketChanges:
        """What was merged and split in collective lists."""
        ...

    @property
    def polls(self) -> Polls:
        """Polls."""
        ...

    @property
    def claims(self) -> Claims:
        """Claim tokens of polls that pay."""
        ...

    @property
    def outbox(self) -> Outbox:
        """Deliveries of this work."""
        ...

    @property
    def pauses(self) -> Pauses:
        """Rooms for which nothing leaves."""
        ...

    @property
    def schedule(self) -> Schedule:
        """When deliveries leave."""
        ...

    @property
    def postings(self) -> Postings:
        """What stands in rooms."""
        ...

    @property
    def dialogs(self) -> Dialogs:
        """Unfinished talk."""
        ...

    async def handled(self, row: int) -> None:
        """Mark an inbox row as handled and erase its payload, in this transaction."""
        ...

    async def forget_votes(self, number: int) -> None:
        """Erase what waits to become a ballot of a poll: events not yet handled, forms half filled in."""
        ...


class Content(Protocol):
    """The content database."""

    def work(self) -> AbstractAsyncContextManager[Work]:
        """Open a unit of work: leaving it normally commits, leaving it by an exception rolls back."""
        ...

    def look(self) -> AbstractAsyncContextManager[Work]:
        """Open a unit of work to read from: it sees the last commit, and the database refuses any change.

        It waits for no writer, and no writer waits for it.
        """
        ...

    def glance(self) -> Work:
        """Give a unit of work to ask questions of, each of which sees the last commit of its own moment.

        For whoever asks one thing, or things that need not fit together: on a server a short question is
        one round trip, in place of three. Whatever would change something is refused.
        """
        ...
