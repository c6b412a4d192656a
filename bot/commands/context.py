"""What a command gets: the member who asks, the words, and the house to work in. Never an account."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from bot.anonymizer import Anonymizer
from bot.chat.events import FileRef
from bot.domain.drafts import Sent
from bot.domain.linking import Chats
from bot.domain.members import Member, MemberId
from bot.domain.opinions import Opinion
from bot.domain.retention import Keep
from bot.ports.chance import Chance
from bot.ports.clock import Clock
from bot.ports.digests import Digests, NoDigests
from bot.ports.electorate import Electorate, NoElectorate
from bot.ports.names import Names
from bot.ports.routing import NoRouting, Routing
from bot.ports.work import Content, Work


@dataclass(frozen=True, slots=True)
class Rules:
    """Settings that commands obey. Times in seconds; ``min_cell`` is the smallest group ever shown.

    ``name_change_days`` lie between two screen names of a member at least.
    """

    undo_seconds: int = 60
    delay_seconds: tuple[float, float] = (5.0, 60.0)
    min_cell: int = 5
    most_bytes: int = 25 * 1024 * 1024
    blind_first: bool = True
    reveal_at: int = 5
    """Opinions at which they are revealed."""
    close_at: int = 12
    """Opinions at which a case ends."""
    name_change_days: int = 180
    pages_for_each: int = 8
    """Physicians who are paged for each specialty at a time."""
    pages_a_day: int = 3
    """Pages that one physician gets a day at most."""
    digest_hour: int = 8
    """The hour of the reader's day at which digests come."""
    keep: Keep = field(default_factory=Keep)


@dataclass(frozen=True, slots=True)
class House:
    """What all commands share."""

    content: Content
    anonymizer: Anonymizer
    clock: Clock
    chance: Chance
    rules: Rules
    routing: Routing = field(default_factory=NoRouting)
    paging: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while a case pages: whoever is chosen at the same moment for another is counted first."""
    digests: Digests = field(default_factory=NoDigests)
    electorate: Electorate = field(default_factory=NoElectorate)


@dataclass(frozen=True, slots=True)
class Ask:
    """The words of a request: what stands after the command word, or the answers of a form.

    ``about`` is the subject of the message that this answers (``case:…``), or empty; ``reply`` are the words
    of an answer to what the bot asked there. ``sent`` are the own messages of the member that hold these
    words and files, where the bot may take them back.
    """

    argument: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    files: tuple[FileRef, ...] = ()
    about: str = ""
    submitted: bool = False
    sent: tuple[Sent, ...] = ()
    reply: str = ""


Fetch = Callable[[FileRef], Awaitable[bytes]]
Voter = Callable[[bytes, str], str]
Audited = Callable[[str, str], Awaitable[None]]
"""Writes an act of the member into the audit chain: what was done, and to which reference."""
AskChats = Callable[[], Awaitable[Chats]]
"""Says how many accounts the member has."""
Tagged = Callable[[], Awaitable[str]]
"""Gives the tag of the member's own message that holds these words; empty where there is none."""


async def untagged() -> str:
    """Say that the words of a request stand in no message of the member's."""
    return ""


async def one_chat() -> Chats:
    """Say that a member has one account, which gets the notices."""
    return Chats()


class Receipt(Protocol):
    """What the request is settled with."""

    async def write(self, work: Work) -> None:
        """Note in a unit of work that the request is handled."""
        ...

    def committed(self) -> None:
        """Hear that the unit of work was committed."""
        ...


class Context:
    """One request of one member. :meth:`work` settles the request: it commits changes and the receipt."""

    def __init__(  # noqa: PLR0913 - every collaborator is handed in
        self,
        member: Member,
        house: House,
        *,
        receipt: Receipt,
        fetch: Fetch,
        voter: Voter,
        names: Names,
        audited: Audited,
        chats: AskChats = one_chat,
        tagged: Tagged = untagged,
        personae: tuple[MemberId, ...] = (),
        uploads: str = "",
    ) -> None:
        """Take the member, the house, and what only the front door can do.

        ``names`` is what the member may be called, ``personae`` are the ids of the member's past names,
        aliases and own name. ``uploads`` is the sentence that says what becomes of the member's own upload in
        this chat.
        """
        self.member = member
        self.house = house
        self._receipt = receipt
        self.fetch = fetch
        self.voter = voter
        self.audited = audited
        self.chats = chats
        self.tagged = tagged
        self.names = names
        # Whoever posts under a new persona has it from that moment on.
        self.ids = (member.id, *personae)
        self.uploads = uploads

    @property
    def rules(self) -> Rules:
        """The settings in force."""
        return self.house.rules

    def is_mine(self, ident: MemberId) -> bool:
        """Say whether an id is the member's own, or that of another persona of the same person."""
        return ident in self.ids

    def now(self) -> datetime:
        """Give the time."""
        return self.house.clock.now()

    @asynccontextmanager
    async def work(self) -> AsyncIterator[Work]:
        """Open the unit of work that changes something; its commit also marks the request as handled."""
        async with self.house.content.work() as work:
            yield work
            await self._receipt.write(work)
        self._receipt.committed()

    @asynccontextmanager
    async def look(self) -> AsyncIterator[Work]:
        """Open a unit of work to read from; the request stays unhandled."""
        async with self.house.content.look() as work:
            yield work

    def glance(self) -> Work:
        """Give a unit of work to ask short questions of, each at its own moment."""
        return self.house.content.glance()

    @asynccontextmanager
    async def aside(self) -> AsyncIterator[Work]:
        """Open a unit of work that keeps something on the way; the request stays unhandled."""
        async with self.house.content.work() as work:
            yield work

    def ripe_at(self, opinion: Opinion) -> datetime:
        """Say from when an opinion counts for what comes next: from then on it stays as it is."""
        return opinion.counts_from(self.rules.undo_seconds)

    def release_at(self, *, urgent: bool = False) -> datetime:
        """Draw the one moment at which all copies of a posting leave: undo first, then a random delay."""
        low, high = (0.0, 0.0) if urgent else self.rules.delay_seconds
        wait = self.rules.undo_seconds + self.house.chance.between(low, high)
        return self.now() + timedelta(seconds=wait)
