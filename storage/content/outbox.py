"""The outbox inside a unit of work: what a command may send, kept in the order in which it may leave."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.chat.cards import Card
from bot.chat.codec import card_to_bytes
from bot.domain.drafts import Sent
from bot.domain.members import MemberId
from bot.domain.standing import Standings
from bot.ports.outbox import What, kept_as
from bot.ports.sealing import Sealer
from storage.columns import day
from storage.content.deliveries import (
    ACTIVE,
    UNSAID,
    State,
    home_destination,
    room_destination,
    seal_sent,
    seal_told,
)
from storage.content.postings import PostingRows
from storage.content.tables import groups, outbox

_UNREVISED: Final = -1
"""The revision of a post, older than that of any edit."""


class OutboxRows:
    """Fills :class:`bot.ports.outbox.Outbox`. ``put_any`` says whether the relay has to be woken."""

    def __init__(
        self,
        connection: AsyncConnection,
        sealer: Sealer,
        *,
        rooms: tuple[str, ...],
        now: datetime,
        new_id: Callable[[], str],
        standings: Standings,
    ) -> None:
        """Work on the connection's transaction, which happens at ``now``."""
        self._connection = connection
        self._sealer = sealer
        self._rooms = rooms
        self._now = now
        self._new_id = new_id
        self._standings = standings
        self._postings = PostingRows(connection)
        self.put_any = False

    async def post(self, subject: str, card: Card, *, release_at: datetime, thread: str = "") -> None:
        """Say something new in every room at ``release_at``, never before the root of its thread."""
        payload = card_to_bytes(card)
        for room in self._rooms:
            root = await self._latest_release(thread, room) if thread else None
            await self._put_in(
                room,
                What.POST,
                subject,
                key=f"post:{room}:{subject}",
                thread=thread,
                revision=_UNREVISED,
                payload=payload,
                release_at=max(release_at, root or release_at),
            )

    async def edit(self, subject: str, card: Card, *, revision: int) -> None:
        """Change what stands under ``subject`` in every room, unless a newer change was put already."""
        payload = card_to_bytes(card)
        for room in self._rooms:
            if await self._may_change(subject, room, revision):
                await self._edit_in(room, subject, payload, revision)

    async def delete(self, subject: str, *, group: str, not_before: datetime | None = None) -> None:
        """Take back what stands under ``subject`` in every room; rows not yet tried are cancelled instead.

        A room where nothing stands gets a row that is cancelled from the start, for the group's report;
        without a group nobody hears how it went.
        """
        if group:
            await self._connection.execute(insert(groups).values(name=group).on_conflict_do_nothing())
        for room in self._rooms:
            await self._cancel(_about(subject, room) & UNSAID)
            under_way = await self._latest_release(subject, room)
            stands = under_way is not None or await self._postings.parts(room, subject)
            await self._put_in(
                room,
                What.DELETE,
                subject,
                key=f"delete:{room}:{subject}",
                group=group,
                release_at=max(not_before or self._now, under_way or self._now),
                state=State.WAITING if stands else State.CANCELLED,
            )

    async def reported(self, group: str) -> None:
        """Note that the end of a group was reported."""
        await self._connection.execute(delete(groups).where(groups.c.name == group))

    async def hold_back(self, subject: str) -> bool:
        """Cancel all that waits under ``subject`` if none of it was tried yet; say whether it worked."""
        mine = outbox.c.subject == subject
        tried = mine & ~UNSAID & (outbox.c.state != State.CANCELLED.value)
        if await self._any(tried) or not await self._any(mine & UNSAID):
            return False
        await self._cancel(mine & UNSAID)
        return True

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
        """Send a direct message to a member, once per ``key``; to one who is stopped only if it says so."""
        if not though_stopped and (await self._standings.get(member)).at(self._now).stops:
            return
        delivery = self._new_id()
        standing = await self._told(member, instead_of)
        await self._put(
            id=delivery,
            destination=home_destination(member),
            member=member,
            what=(What.EDIT if standing else What.POST).value,
            subject=subject,
            thread=standing,
            key=f"tell:{member}:{key}",
            payload=seal_told(self._sealer, delivery, card, quiet),
            release_at=release_at,
        )

    async def _told(self, member: MemberId, subjects: Sequence[str]) -> str:
        """Name the newest message to a member about one of these subjects, as the wall keeps it."""
        ended_otherwise = (State.CANCELLED.value, State.QUARANTINED.value)
        found = (
            select(outbox.c.subject, outbox.c.id)
            .where(outbox.c.subject.in_(subjects), outbox.c.destination == home_destination(member))
            .where(outbox.c.what == What.POST.value, outbox.c.state.not_in(ended_otherwise))
            .order_by(outbox.c.row.desc())
            .limit(1)
        )
        row = (await self._connection.execute(found)).first()
        return kept_as(row.subject, row.id) if row else ""

    async def told(self, subject: str) -> tuple[MemberId, ...]:
        """List the members to whom a message about ``subject`` went, or is about to go."""
        return tuple(dict.fromkeys(MemberId(row.member) for row in await self._notices(subject)))

    async def retell(self, member: MemberId, card: Card, *, quiet: Card, subject: str, revision: int) -> None:
        """Change what a member is told about ``subject``, where it waits or where it stands."""
        if (await self._standings.get(member)).at(self._now).stops:
            return
        notices = [row for row in await self._notices(subject) if row.member == member]
        mine = (outbox.c.subject == subject) & (outbox.c.destination == home_destination(member))
        if waiting := await self._first(mine & UNSAID):
            # Nobody saw the older words, so the newer ones take their place.
            payload = seal_told(self._sealer, waiting.id, card, quiet)
            change = update(outbox).where(outbox.c.row == waiting.row).values(payload=payload)
            await self._connection.execute(change)
        elif notices:
            await self._after(notices[-1], What.EDIT, f"retell:{member}:{subject}:{revision}", (card, quiet))

    async def untell(self, subject: str, members: Collection[MemberId]) -> None:
        """Take what is about ``subject`` back from the home chats of members; what waits for others too."""
        # What was set apart is given up too: a retry must not say what was taken back.
        apart = outbox.c.state == State.QUARANTINED.value
        at_home = (outbox.c.subject == subject) & (outbox.c.member != "")
        await self._cancel(at_home & (UNSAID | apart))
        for notice in await self._notices(subject):
            if notice.member in members:
                await self._after(notice, What.DELETE, f"untell:{notice.id}")

    async def _notices(self, subject: str) -> Sequence[Row[Any, Any, Any, Any]]:
        """List the messages to home chats about a subject that stand there, or may come to."""
        ended_otherwise = (State.CANCELLED.value, State.QUARANTINED.value)
        found = (
            select(outbox.c.id, outbox.c.member, outbox.c.subject, outbox.c.release_at)
            .where(outbox.c.subject == subject, outbox.c.member != "", outbox.c.what == What.POST.value)
            .where(outbox.c.state.not_in(ended_otherwise))
            .order_by(outbox.c.row)
        )
        return (await self._connection.execute(found)).all()

    async def _after(
        self, notice: Row[Any, Any, Any, Any], what: What, key: str, told: tuple[Card, Card] | None = None
    ) -> None:
        """Put what happens to a message in a home chat, in the turn after it."""
        delivery, member = self._new_id(), MemberId(notice.member)
        await self._put(
            id=delivery,
            destination=home_destination(member),
            member=member,
            what=what.value,
            subject=notice.subject,
            thread=kept_as(notice.subject, notice.id),
            key=key,
            payload=seal_told(self._sealer, delivery, *told) if told else None,
            release_at=max(self._now, notice.release_at),
        )

    async def hush(self, member: MemberId) -> None:
        """Cancel what waits for a member's home chat and was not tried yet."""
        await self._cancel((outbox.c.destination == home_destination(member)) & UNSAID)

    async def erase(self, member: MemberId, sent: Sequence[Sent], *, key: str) -> None:
        """Take back at once what a member said at home, once per ``key``; of nothing, do nothing."""
        if not sent:
            return
        delivery = self._new_id()
        await self._put(
            id=delivery,
            destination=home_destination(member),
            member=member,
            what=What.ERASE.value,
            subject=f"erase:{key}",
            key=f"erase:{member}:{key}",
            payload=seal_sent(self._sealer, delivery, sent),
            release_at=self._now,
        )

    async def show_out(self, member: MemberId, *, key: str) -> None:
        """Put a member out of the consult rooms, once per ``key``, in the member's own queue."""
        await self._put(
            id=self._new_id(),
            destination=home_destination(member),
            member=member,
            what=What.SHOW_OUT.value,
            subject=f"show_out:{key}",
            key=f"show_out:{member}:{key}",
            release_at=self._now,
        )

    async def _edit_in(self, room: str, subject: str, payload: bytes, revision: int) -> None:
        key = f"edit:{room}:{subject}:{revision}"
        if waiting := await self._first(_about(subject, room) & UNSAID):
            # Nobody saw the older card, so the newer one takes its place in the queue.
            values = {"payload": payload, "revision": revision}
            kept = values if waiting.what == What.POST else {**values, "key": key}
            await self._connection.execute(update(outbox).where(outbox.c.row == waiting.row).values(kept))
            return
        under_way = await self._latest_release(subject, room)
        if under_way is not None or await self._postings.parts(room, subject):
            release_at = max(self._now, under_way or self._now)
            await self._put_in(
                room, What.EDIT, subject, key=key, payload=payload, revision=revision, release_at=release_at
            )

    async def _may_change(self, subject: str, room: str, revision: int) -> bool:
        newer = (outbox.c.revision >= revision) | (outbox.c.what == What.DELETE.value)
        return not await self._any(_about(subject, room) & newer)

    async def _put_in(
        self,
        room: str,
        what: What,
        subject: str,
        *,
        release_at: datetime,
        state: State = State.WAITING,
        **values: object,
    ) -> None:
        await self._put(
            release_at=release_at,
            id=self._new_id(),
            destination=room_destination(room),
            room=room,
            what=what.value,
            subject=subject,
            state=state.value,
            ended=int(state is not State.WAITING),
            **values,
        )

    async def _put(self, *, release_at: datetime, **values: object) -> None:
        """Keep a row unless one with its key was ever kept."""
        row = {**_PLAIN, **values, "release_at": release_at, "position": release_at, "due_at": release_at}
        new = insert(outbox).values({**row, "day": day(self._now)})
        await self._connection.execute(new.on_conflict_do_nothing(index_elements=["key"]))
        self.put_any = True

    async def _cancel(self, which: ColumnElement[bool]) -> None:
        cancelled = {"state": State.CANCELLED.value, "ended": 1, "payload": None}
        await self._connection.execute(update(outbox).where(which).values(cancelled))

    async def _latest_release(self, subject: str, room: str) -> datetime | None:
        """Give the latest release among the subject's active rows: whatever depends on them comes after."""
        found = select(func.max(outbox.c.release_at)).where(_about(subject, room) & ACTIVE)
        latest: datetime | None = (await self._connection.execute(found)).scalar()
        return latest

    async def _any(self, which: ColumnElement[bool]) -> bool:
        return await self._first(which) is not None

    async def _first(self, which: ColumnElement[bool]) -> Row[Any, Any, Any] | None:
        found = select(outbox.c.row, outbox.c.id, outbox.c.what).where(which).order_by(outbox.c.row).limit(1)
        return (await self._connection.execute(found)).first()


_PLAIN: Final[dict[str, object]] = {
    "room": "",
    "member": "",
    "thread": "",
    "group": "",
    "revision": 0,
    "payload": None,
    "state": State.WAITING.value,
    "ended": 0,
    "tried": False,
    "tries": 0,
    "code": "",
}


def _about(subject: str, room: str) -> ColumnElement[bool]:
    return (outbox.c.subject == subject) & (outbox.c.room == room)
