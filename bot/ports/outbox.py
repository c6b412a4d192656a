"""The way out: facts and their deliveries commit together; the relay takes them from the queue one by one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.chat.cards import Card
from bot.domain.drafts import Sent
from bot.domain.members import MemberId
from bot.ports.adapter import Part, Room

JOINING = "joining"
"""The subject of a welcome: its delivery also lets the member into the consult room of the member's site."""
MODERATING = "moderating"
"""The subject of a new moderator's first words: its delivery also lets them into the moderators' room."""
MEMO = "memo:"
"""How subjects begin of what moderators are told."""


def room_name(site: str, room: Room = Room.CONSULT) -> str:
    """Name a room as the outbox and the postings know it: a consult room by the label of its site."""
    return site if room is Room.CONSULT else f"{site}/{room}"


def site_and_room(name: str) -> tuple[str, Room]:
    """Read what :func:`room_name` wrote; no label holds a slash."""
    site, _, room = name.partition("/")
    return site, Room(room) if room else Room.CONSULT


def kept_as(subject: str, delivery: str) -> str:
    """Name what stands in a home chat because of one delivery, as the wall keeps it."""
    return f"{subject}#{delivery}"


@dataclass(frozen=True, slots=True)
class Told:
    """One direct message of many, with what :meth:`Outbox.tell` takes for one."""

    member: MemberId
    card: Card
    quiet: Card
    key: str
    release_at: datetime
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Telling:
    """One direct message for many members, to each once per ``key``.

    ``members`` is as :func:`bot.domain.members.listed` writes them down. It leaves at ``release_at`` or up to
    ``within`` seconds later, for each member at a moment of its own.
    """

    members: bytes = field(repr=False)
    card: Card
    quiet: Card
    key: str
    release_at: datetime
    within: float = 0.0
    subject: str = ""


class Outbox(Protocol):
    """What a command may send, inside its unit of work. Rooms are all consult rooms of all sites."""

    async def post(self, subject: str, card: Card, *, release_at: datetime, thread: str = "") -> None:
        """Say something new in every room at ``release_at``; ``thread`` is the subject it belongs under.

        The same subject is posted once: a second call changes nothing. Within a room rows leave strictly
        in the order of their release, a thread's root before its members.
        """
        ...

    async def last_release(self, thread: str, until: datetime) -> datetime | None:
        """Say when the last of what leaves for rooms in a thread by ``until`` does, its root included."""
        ...

    async def edit(self, subject: str, card: Card, *, revision: int) -> None:
        """Change what stands under ``subject`` in every room.

        An older edit that nobody tried yet is replaced; if the post itself was not tried yet, the post
        gets the new card instead. An older ``revision`` than one already put is ignored.
        """
        ...

    async def refresh(self, subject: str, card: Card, *, release_at: datetime) -> None:
        """Bring what stands under ``subject`` in every room up to date at ``release_at``, as a side matter.

        It is no change of its own: one that was put already, or another refresh that waits, gets the newer
        card and keeps its time, so that many at once become one; and it holds up no change that comes later.
        """
        ...

    async def delete(self, subject: str, *, group: str, not_before: datetime | None = None) -> None:
        """Take back what stands under ``subject`` in every room; rows not yet tried are cancelled instead.

        News of it that waits for somebody's home chat is cancelled with them.

        ``group`` names the deletions that are reported together when all of them have ended; empty: nobody
        hears of it. ``not_before`` lets them wait.
        """
        ...

    async def replace(self, subject: str, card: Card, *, thread: str = "", hides: bool = False) -> None:
        """Say ``card`` in place of all that stands under ``subject``, in rooms and homes, ahead of the rest.

        Nothing of what stood stays readable: pictures and earlier wordings go too. What waits for rooms and
        was not tried says ``card`` instead; with ``hides`` it is cancelled, and no edit goes out before
        :meth:`restore`. ``thread`` is the subject that it belongs under.
        """
        ...

    async def restore(self, subject: str, card: Card, *, release_at: datetime, thread: str = "") -> None:
        """Say ``card`` in every room where :meth:`replace` hid something, or kept it from leaving.

        What was hidden is changed at once; what had not left yet leaves at ``release_at``. Home chats are let
        be.
        """
        ...

    async def reported(self, group: str) -> None:
        """Note that the end of a group was reported; until then :meth:`Queue.unreported` gives it."""
        ...

    async def hold_back(self, subject: str) -> bool:
        """Cancel all that waits under ``subject`` (posts and direct messages) if none of it was tried yet.

        Compare and set: says whether it worked; if anything was tried, nothing is cancelled.
        """
        ...

    async def tell(
        self,
        member: MemberId,
        card: Card,
        *,
        quiet: Card,
        key: str,
        release_at: datetime,
        subject: str = "",
        though_stopped: bool = False,
        instead_of: Sequence[str] = (),
    ) -> None:
        """Send a direct message to a member's home chat at ``release_at``, once per ``key``.

        A member who is stopped gets none, unless it says ``though_stopped``: news of the stop itself.

        ``quiet`` is what goes out where the home chat is not private (Slack): it names neither a screen
        name nor a role and holds no clinical word. A reply to the message is about ``subject``.

        ``instead_of`` are subjects: the newest message about one of them is changed, instead of a new one
        being sent. Where there is none, or it cannot be changed any more, a new one is sent.
        """
        ...

    async def tell_each(self, told: Sequence[Told]) -> None:
        """Send direct messages to many members in a few statements, each as :meth:`tell` would."""
        ...

    async def tell_all(self, telling: Telling) -> None:
        """Send one direct message to however many members, each at a moment of its own.

        It is decided with this commit; of a great many the most get their deliveries in commits that follow.
        """
        ...

    async def tell_unless(
        self,
        but: MemberId,
        member: MemberId,
        card: Card,
        *,
        quiet: Card,
        key: str,
        release_at: datetime,
        subject: str = "",
    ) -> None:
        """Tell a member as :meth:`tell` does; but if that turns out to be the person behind ``but``, nobody.

        The rows are the same in both cases.
        """
        ...

    async def told(self, subject: str) -> tuple[MemberId, ...]:
        """List the members to whom a message about ``subject`` went, or is about to go."""
        ...

    async def retell(self, member: MemberId, card: Card, *, quiet: Card, subject: str, revision: int) -> None:
        """Change what a member is told about ``subject``: what waits says something else when it leaves.

        What stands in the home chat already is changed in place. Whoever was told nothing, or is stopped, is
        not told now.
        """
        ...

    async def untell(self, subject: str, members: Collection[MemberId]) -> None:
        """Take what is about ``subject`` back from the home chats of these members.

        What nobody tried yet, or what was set apart, is given up, whoever it is for.
        """
        ...

    async def hush(self, member: MemberId) -> None:
        """Cancel what waits for a member's home chat and was not tried yet; what takes back goes on."""
        ...

    async def erase(self, member: MemberId, sent: Sequence[Sent], *, key: str) -> None:
        """Take back at once what a member said at home, once per ``key``; nothing happens if that is nothing.

        It stands under a subject of its own (``erase:…``), so that no undo cancels it or is stopped by it.
        The member is told if a platform refuses.
        """
        ...

    async def show_out(self, member: MemberId, *, key: str) -> None:
        """Put every account of a member out of the consult rooms at once, once per ``key``.

        It leaves in its turn among what goes to the member, so that a welcome that is put later lets them
        in again. A platform that does not let the bot ends in quarantine.
        """
        ...

    async def notify_moderators(
        self, card: Card, *, quiet: Card, key: str, subject: str = "", at_home: bool = False
    ) -> None:
        """Tell the moderators something at once, once per ``key``: in their room, else each one at home.

        ``subject`` begins with :data:`MEMO` and is what :meth:`change_memo` changes; empty is fine for
        what never changes. ``quiet`` is for home chats, as for :meth:`tell`. ``at_home`` passes the room by,
        as does a room that is held.
        Neither key nor subject may lead to a person.
        """
        ...

    async def change_memo(self, subject: str, card: Card, *, revision: int) -> None:
        """Change what stands under ``subject`` in the moderators' room, as :meth:`edit`; at home nothing."""
        ...


class Ending(StrEnum):
    """How a delivery ended."""

    SENT = "sent"
    CANCELLED = "cancelled"
    QUARANTINED = "quarantined"


class What(StrEnum):
    """What a delivery does."""

    POST = "post"
    EDIT = "edit"
    DELETE = "delete"
    REPLACE = "replace"
    """Say something in place of all that stood, of which nothing stays readable."""
    ERASE = "erase"
    """Take back what a member said in the home chat."""
    SHOW_OUT = "show_out"
    """Put a member out of the consult rooms."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that was marked as tried and committed, with all that is needed to carry it out.

    ``room`` is a name of :func:`room_name`, or empty when it goes to ``member``'s home chat; there ``thread``
    is the name of what an edit changes. ``parts`` are those that this subject already has in that room (empty
    for home chats: the wall keeps those); ``thread_root`` is the remote of the first message of the thread's
    root there. ``sent`` are the member's own messages, where those are to be erased.
    Whoever is the same person as ``but`` is told nothing. One that is ``damaged`` cannot be read: it has no
    card, and can only be set apart. ``released`` is when it could leave, ``owner`` the number of the bot that
    claimed it, where several share a database. ``size`` is the number of bytes that its cards are kept in.
    """

    id: str
    destination: str
    room: str
    member: MemberId | None
    what: What
    subject: str
    thread: str
    thread_root: str
    card: Card | None
    quiet: Card | None
    parts: tuple[Part, ...]
    tried: bool
    tries: int
    group: str
    sent: tuple[Sent, ...] = field(default=(), repr=False)
    but: MemberId | None = field(default=None, repr=False)
    damaged: bool = False
    released: datetime | None = None
    owner: int = 0
    size: int = 0


@dataclass(frozen=True, slots=True)
class Notice:
    """What moderators are told, once per ``key``, as :meth:`Outbox.notify_moderators` takes it."""

    card: Card
    quiet: Card
    key: str
    at_home: bool = False


@dataclass(frozen=True, slots=True)
class GroupEnded:
    """All deletions of a group have ended: per room how."""

    group: str
    rooms: Mapping[str, Ending]


class Refusal(StrEnum):
    """What was refused when a platform would not take something for a room."""

    OF_ROOM = "room"
    """The room is fit no more, and is held: everything for it waits."""
    OF_WORDS = "words"
    """The room is as it should be: it is this delivery that cannot succeed."""
    UNKNOWN = "unknown"
    """The room could not be looked at."""


class Queue(Protocol):
    """The outbox as the relay sees it. Each call is a transaction of its own; none spans a network call."""

    async def recover(self, now: datetime) -> None:
        """Take back claims of bots that died: they become due again, marked as tried.

        Belongs at the start, and where several bots share a database again and again.
        """
        ...

    async def heads(self) -> Mapping[str, datetime]:
        """Give every destination whose first row waits, and when that may leave; paused rooms are left out.

        Only the first row of each destination counts, since nothing overtakes it.
        """
        ...

    async def head(self, destination: str, after: str = "") -> datetime | None:
        """Say when a destination's first row may leave; None where none waits, or it is paused or claimed.

        With ``after`` that is the first one but for the delivery with this id, which is just ending.
        """
        ...

    async def claim(self, destination: str, now: datetime, after: str = "") -> Claimed | None:
        """Mark the destination's first row as tried, commit, and hand it out.

        None if it is not due, or the room is paused, or the delivery with the id ``after`` has not ended yet.
        """
        ...

    def holds(self, claimed: Claimed) -> bool:
        """Say, without asking anybody, whether the claim is still this bot's; ask it before each send."""
        ...

    async def record(self, claimed: Claimed, part: Part) -> None:
        """Keep a part that a room delivery made, or forget one that it took away."""
        ...

    async def sent(self, claimed: Claimed, made: Sequence[Part] = ()) -> GroupEnded | None:
        """End it well, and keep parts as :meth:`record` does; gives the group if this was its last."""
        ...

    async def again(self, claimed: Claimed, at: datetime, *, unsure: bool) -> None:
        """Put it back at the head of its destination, due at ``at``; not ``unsure`` unmarks ``tried``."""
        ...

    async def quarantine(
        self, claimed: Claimed, code: str, notice: Notice | None = None
    ) -> GroupEnded | None:
        """Set it apart with the reason; the destination moves on, and moderators are told in the same commit.

        Whoever holds the claim no longer changes nothing and tells nobody.
        """
        ...

    async def unreported(self) -> tuple[GroupEnded, ...]:
        """List groups that have ended and were not reported yet, in whatever process they ended."""
        ...

    async def depth(self) -> Mapping[str, int]:
        """Count rows by state, for metrics."""
        ...
