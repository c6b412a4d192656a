"""The outbox as the relay sees it: per destination one delivery at a time, claimed before it is tried."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    bindparam,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
    update,
)

from bot.chat.cards import Card
from bot.chat.codec import PayloadRefused, card_from_bytes
from bot.domain.drafts import Sent
from bot.domain.members import MemberId
from bot.ports.adapter import Part, Room
from bot.ports.outbox import Claimed, Ending, GroupEnded, Notice, Outbox, What, site_and_room
from bot.ports.sealing import SealBroken, Sealer
from storage.connection import Connection
from storage.content.deliveries import (
    ACTIVE,
    FIRST,
    TAKING_BACK,
    UNTRIED,
    State,
    open_memo,
    open_sent,
    open_told,
)
from storage.content.heads import FIRST_ROW, HEAD, NEXT_HEAD, heads
from storage.content.pauses import paused_destinations
from storage.content.postings import PostingRows
from storage.content.tables import groups, outbox, postings
from storage.content.tellings import count_listed
from storage.database import OUTBOX, Database
from storage.prepared import Prepared

_KNOWN: Final = frozenset(what.value for what in What)
_WORST: Final = (Ending.CANCELLED, Ending.SENT, Ending.QUARANTINED)


@dataclass(frozen=True, slots=True)
class _Held:
    """What a row holds once it is opened."""

    what: What = What.POST
    card: Card | None = None
    quiet: Card | None = None
    but: MemberId | None = None
    sent: tuple[Sent, ...] = ()
    damaged: bool = False


def _moving() -> Select[Any]:
    first = heads()
    waiting = (first.c.state == State.WAITING.value) & first.c.destination.not_in(paused_destinations())
    return select(first.c.destination, first.c.due_at).where(waiting)


_MOVING: Final = _moving()
_THIS: Final = outbox.c.row == bindparam("which")
_MINE: Final = (outbox.c.id == bindparam("which")) & (outbox.c.owner == bindparam("whose"))
_CLAIMING: Final = update(outbox).values(
    state=State.CLAIMED.value,
    tried=True,
    tries=outbox.c.tries + 1,
    position=FIRST,
    owner=bindparam("whose"),
)
_CLAIM: Final = Prepared(_CLAIMING.where(_THIS))
# Where several bots claim: matches nothing, at once, if another one has the row or had it since it was read.
_UNLOCKED: Final = (
    select(outbox.c.row)
    .where(_THIS, ACTIVE, outbox.c.state == State.WAITING.value, outbox.c.tries == bindparam("tries_"))
    .with_for_update(skip_locked=True)
)
_CLAIM_IF_FREE: Final = Prepared(_CLAIMING.where(outbox.c.row == _UNLOCKED.scalar_subquery()))
_SENT: Final = Prepared(
    update(outbox).where(_MINE, ACTIVE).values(state=State.SENT.value, ended=1, code="", payload=None)
)
_APART: Final = Prepared(
    update(outbox).where(_MINE, ACTIVE).values(state=State.QUARANTINED.value, ended=1, code=bindparam("why"))
)
_GROUPS: Final = Prepared(select(groups.c.name).order_by(groups.c.name))
_OF_GROUP: Final = Prepared(
    select(outbox.c.room, outbox.c.state, outbox.c.ended).where(
        outbox.c.group == bindparam("name"), outbox.c.group != literal_column("''")
    )
)


class OutboxQueue:
    """Fills :class:`bot.ports.outbox.Queue`. ``Claimed.tries`` counts the try that begins with the claim."""

    def __init__(
        self,
        database: Database,
        sealer: Sealer,
        outbox_on: Callable[[Connection], Outbox],
        wake: Callable[[], None],
    ) -> None:
        """Work on the content database; ``outbox_on`` gives a transaction's way to tell moderators.

        ``wake`` is called when they are told something.
        """
        self._database = database
        self._sealer = sealer
        self._outbox_on = outbox_on
        self._wake = wake

    async def recover(self, now: datetime) -> None:
        """Take back claims of bots that died: they become due again, marked as tried."""
        first = heads()
        claimed = select(first.c.row).where(first.c.state == State.CLAIMED.value)
        left = outbox.c.row.in_(claimed) & (outbox.c.state == State.CLAIMED.value)
        back = update(outbox).where(left & self._database.gone(outbox.c.owner))

        async def change(connection: Connection) -> None:
            await connection.execute(back.values(state=State.WAITING.value, due_at=now, tried=True))

        await self._database.share(change)

    async def heads(self) -> Mapping[str, datetime]:
        """Give when the first row of each destination may leave; claimed ones and paused rooms left out."""
        async with self._database.reading() as connection:
            found = await connection.execute(_MOVING)
            return {row.destination: row.due_at for row in found}

    async def head(self, destination: str, after: str = "") -> datetime | None:
        """Say when a destination's first row may leave; None where none waits, or it is paused or claimed.

        With ``after`` that is the first one but for the delivery with this id, which is just ending.
        """
        asked = (NEXT_HEAD, {"destination": destination, "after": after})
        row = (await self._database.ask(*(asked if after else (HEAD, {"destination": destination})))).first()
        if row is None or row.paused or row.state != State.WAITING:
            return None
        due_at: datetime = row.due_at
        return due_at

    async def claim(self, destination: str, now: datetime, after: str = "") -> Claimed | None:
        """Mark the destination's first row as tried, commit, and hand it out; None if it is not due.

        None too while another bot is at it, or while the one ``after`` which it is to come has not ended. A
        row whose payload cannot be read is handed out as damaged: it must not hold up the next one.
        """

        async def change(connection: Connection) -> Claimed | None:
            row = (await connection.run(FIRST_ROW, {"destination": destination})).first()
            if row is None or row.paused or row.id == after:
                return None
            # A claim of one's own whose commit was not answered was handed out to nobody.
            unanswered = row.state == State.CLAIMED and 0 < self._database.number == row.owner
            if not unanswered and (row.state != State.WAITING or row.due_at > now):
                return None
            shared = self._database.number and not unanswered
            mine = {"which": row.row, "whose": self._database.number, "tries_": row.tries}
            if not (await connection.run(_CLAIM_IF_FREE if shared else _CLAIM, mine)).rowcount:
                return None  # Another bot is at it.
            return await self._claimed(connection, row)

        return await self._database.share(change)

    def holds(self, claimed: Claimed) -> bool:
        """Say whether the claim is still this bot's; nothing is asked for it."""
        return self._database.there and claimed.owner == self._database.number

    async def record(self, claimed: Claimed, part: Part) -> None:
        """Keep a part that a room delivery made, or forget one; raises ValueError for a home chat's."""
        if not claimed.room:
            raise ValueError("what stands in home chats is kept by the wall")

        async def change(connection: Connection) -> None:
            await PostingRows(connection).keep(claimed.room, claimed.subject, part)

        await self._database.share(change)

    async def sent(self, claimed: Claimed, made: Sequence[Part] = ()) -> GroupEnded | None:
        """End it well, and keep parts as :meth:`record` does; gives the group if this was its last."""

        async def change(connection: Connection) -> GroupEnded | None:
            mine = {"which": claimed.id, "whose": claimed.owner}
            if not (await connection.run(_SENT, mine)).rowcount:
                return None
            for part in made:
                await PostingRows(connection).keep(claimed.room, claimed.subject, part)
            if claimed.what is What.DELETE:
                await PostingRows(connection).drop(claimed.room, claimed.subject)
            return await _group_ended(connection, claimed.group)

        return await self._database.share(change)

    async def again(self, claimed: Claimed, at: datetime, *, unsure: bool) -> None:
        """Put it back at the head of its destination, due at ``at``.

        It stays marked as tried if this or an earlier try may have got through, or made a part.
        """
        made = exists().where(postings.c.room == claimed.room, postings.c.subject == claimed.subject)
        tried: ColumnElement[bool] = literal(claimed.tried or unsure)
        if claimed.what is What.POST and claimed.room:
            tried = or_(tried, made)
        mine = (outbox.c.id == claimed.id) & (outbox.c.owner == claimed.owner)
        back = update(outbox).where(mine, outbox.c.state == State.CLAIMED.value)

        async def change(connection: Connection) -> None:
            await connection.execute(back.values(state=State.WAITING.value, due_at=at, tried=tried))

        await self._database.share(change)

    async def quarantine(
        self, claimed: Claimed, code: str, notice: Notice | None = None
    ) -> GroupEnded | None:
        """Set it apart with the reason and tell moderators, in one commit; the destination moves on."""

        async def change(connection: Connection) -> GroupEnded | None:
            mine = {"which": claimed.id, "whose": claimed.owner, "why": code}
            if not (await connection.run(_APART, mine)).rowcount:
                return None
            if claimed.what is What.POST and claimed.room:
                await _cancel_edits_of_nothing(connection, claimed)
            if notice is not None:
                await self._tell_moderators(connection, notice)
            return await _group_ended(connection, claimed.group)

        ended = await self._database.share(change)
        if notice is not None:
            self._wake()
        return ended

    async def _tell_moderators(self, connection: Connection, notice: Notice) -> None:
        outgoing = self._outbox_on(connection)
        await outgoing.notify_moderators(
            notice.card, quiet=notice.quiet, key=notice.key, at_home=notice.at_home
        )
        await self._database.tell(connection, OUTBOX)

    async def unreported(self) -> tuple[GroupEnded, ...]:
        """List groups that have ended and were never reported, in order of their names."""
        # Nearly always there is none.
        if not (names := (await self._database.ask(_GROUPS)).scalars()):
            return ()
        async with self._database.reading() as connection:
            ended = [await _group_ended(connection, name) for name in names]
        return tuple(end for end in ended if end is not None)

    async def depth(self) -> Mapping[str, int]:
        """Count rows by state: waiting, claimed and quarantined; ended ones are no longer in the queue."""
        states = (State.WAITING, State.CLAIMED, State.QUARANTINED)
        async with self._database.reading() as connection:
            found = {state.value: await _count(connection, state) for state in states}
            found[State.WAITING.value] += await count_listed(connection)
        return found

    async def apart(self) -> int:
        """Count what is in quarantine."""
        async with self._database.reading() as connection:
            return await _count(connection, State.QUARANTINED)

    async def _claimed(self, connection: Connection, row: Row[Any]) -> Claimed:
        held = self._held(row)
        parts, root = await PostingRows(connection).parts_and_root(row.room, row.subject, row.thread)
        return Claimed(
            id=row.id,
            destination=row.destination,
            room=row.room,
            member=MemberId(row.member) if row.member else None,
            what=held.what,
            subject=row.subject,
            thread=row.thread,
            thread_root=root,
            card=held.card,
            quiet=held.quiet,
            parts=parts,
            tried=row.tried,
            tries=row.tries + 1,
            group=row.group,
            sent=held.sent,
            but=held.but,
            damaged=held.damaged,
            released=row.release_at,
            size=len(row.payload or b""),
            owner=self._database.number,
        )

    def _held(self, row: Row[Any]) -> _Held:
        """Open what a row holds; damaged where it cannot be read, whatever is wrong with it."""
        if row.what not in _KNOWN:
            return _Held(damaged=True)
        what = What(row.what)
        try:
            return _Held(what, *self._cards(row), self._sent(row))
        except (SealBroken, PayloadRefused, ValueError, TypeError, LookupError, RecursionError):
            return _Held(what, damaged=True)

    def _cards(self, row: Row[Any]) -> tuple[Card | None, Card | None, MemberId | None]:
        if row.what in TAKING_BACK:
            return None, None, None
        if row.member:
            return open_told(self._sealer, row.id, _payload(row))
        if site_and_room(row.room)[1] is Room.MODERATORS:
            return open_memo(self._sealer, row.subject, _payload(row)), None, None
        return card_from_bytes(_payload(row)), None, None

    def _sent(self, row: Row[Any]) -> tuple[Sent, ...]:
        return open_sent(self._sealer, row.id, _payload(row)) if row.what == What.ERASE else ()


def _payload(row: Row[Any]) -> bytes:
    if row.payload is None:
        raise PayloadRefused("the payload holds nothing")
    return bytes(row.payload)


async def _cancel_edits_of_nothing(connection: Connection, claimed: Claimed) -> None:
    """Cancel what would change a posting that never came to stand in its room."""
    if await PostingRows(connection).parts(claimed.room, claimed.subject):
        return
    edits = (outbox.c.subject == claimed.subject) & (outbox.c.room == claimed.room) & UNTRIED
    cancelled = {"state": State.CANCELLED.value, "ended": 1, "payload": None}
    waiting = update(outbox).where(edits & (outbox.c.what == What.EDIT.value))
    await connection.execute(waiting.values(cancelled))


async def _group_ended(connection: Connection, group: str) -> GroupEnded | None:
    if not group:
        return None
    rows = (await connection.run(_OF_GROUP, {"name": group})).all()
    if not all(row.ended for row in rows):
        return None
    rooms: dict[str, Ending] = {}
    for row in rows:
        rooms[row.room] = max(rooms.get(row.room, _WORST[0]), Ending(row.state), key=_WORST.index)
    return GroupEnded(group, rooms)


async def _count(connection: Connection, state: State) -> int:
    # As in `active`: literal, for the sake of the partial indexes.
    here = outbox.c.state == literal_column(f"'{state.value}'")
    mine = here if state is State.QUARANTINED else here & ACTIVE
    return (await connection.execute(select(func.count()).select_from(outbox).where(mine))).scalar_one()
