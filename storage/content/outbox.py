"""The outbox inside a unit of work: what a command may send, kept in the order in which it may leave."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, select, update

from bot.chat.cards import Card
from bot.chat.codec import card_to_bytes
from bot.domain.drafts import Sent
from bot.domain.members import ID_BYTES, MemberId, unlisted
from bot.ports.outbox import Telling, Told, What, kept_as
from storage.content.deliveries import (
    FIRST,
    UNSAID,
    State,
    Written,
    home_destination,
    seal_sent,
    seal_told,
)
from storage.content.outbox_rooms import RoomRows
from storage.content.outbox_rows import APART, ON_LOOP
from storage.content.tables import outbox
from storage.content.tellings import microseconds_of, moment_within, stopped_among

_NEVER_SAID: Final = outbox.c.state.in_([State.CANCELLED.value, State.QUARANTINED.value])


class OutboxRows(RoomRows):
    """Fills :class:`bot.ports.outbox.Outbox`, but for what moderators are told."""

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
        if not though_stopped and await self._is_stopped(member):
            return
        await self._bring(member, instead_of)
        standing = await self._told(member, instead_of)
        await self._put_told(member, (card, quiet), key, release_at, subject=subject, standing=standing)

    async def tell_each(self, told: Sequence[Told]) -> None:
        """Send direct messages to many members in a few statements; to those who are stopped none."""
        stopped, write = await self._stopped(), Written()
        await self._put_all([self._told_row(one, write=write) for one in told if one.member not in stopped])

    async def tell_all(self, telling: Telling) -> None:
        """Send one direct message to many members; of a great many the most get their rows later."""
        stopped, write = await self._stopped(), Written()
        some, rest = telling.members[: ON_LOOP * ID_BYTES], telling.members[ON_LOOP * ID_BYTES :]
        first = [self._one_of(telling, member) for member in unlisted(some) if member not in stopped]
        await self._put_all([self._told_row(one, write=write) for one in first])
        if rest:
            await self.tellings.keep(telling, rest)

    def _one_of(self, telling: Telling, member: MemberId) -> Told:
        within = microseconds_of(telling)
        at = moment_within(telling.release_at, within, self._new_id)
        return Told(member, telling.card, telling.quiet, telling.key, at, telling.subject)

    async def _stopped(self) -> set[MemberId]:
        return stopped_among(await self._standings.all(), self._now)

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
        """Send a direct message to a member who is not the person behind ``but``: the relay finds out."""
        if not await self._is_stopped(member):
            await self._put_told(member, (card, quiet), key, release_at, subject=subject, but=but)

    async def _is_stopped(self, member: MemberId) -> bool:
        return bool((await self._standings.get(member)).at(self._now).stops)

    async def _put_told(
        self,
        member: MemberId,
        told: tuple[Card, Card],
        key: str,
        release_at: datetime,
        *,
        subject: str,
        standing: str = "",
        but: MemberId | None = None,
    ) -> None:
        """Put a direct message, or a change of the one that is ``standing``."""
        new = Told(member, *told, key, release_at, subject)
        await self._put_all([self._told_row(new, standing=standing, but=but)])

    def _told_row(
        self,
        new: Told,
        *,
        standing: str = "",
        but: MemberId | None = None,
        write: Callable[[Card], bytes] = card_to_bytes,
    ) -> Mapping[str, Any]:
        delivery = self._new_id()
        return self._row(
            id=delivery,
            destination=home_destination(new.member),
            member=new.member,
            what=(What.EDIT if standing else What.POST).value,
            subject=new.subject,
            thread=standing,
            key=f"tell:{new.member}:{new.key}",
            payload=seal_told(self._sealer, delivery, new.card, new.quiet, but, write=write),
            release_at=new.release_at,
        )

    async def _bring(self, member: MemberId, subjects: Sequence[str]) -> None:
        """Give a member who is on a list a row, about subjects of which more is said now."""
        taken = await self.tellings.take(member, subjects)
        await self._put_all([self._told_row(one) for one in taken])

    async def _told(self, member: MemberId, subjects: Sequence[str]) -> str:
        """Name the newest message to a member about one of these subjects, as the wall keeps it."""
        if not subjects:
            return ""
        found = (
            select(outbox.c.subject, outbox.c.id)
            .where(outbox.c.subject.in_(subjects), outbox.c.destination == home_destination(member))
            .where(outbox.c.what == What.POST.value, ~_NEVER_SAID)
            .order_by(outbox.c.row.desc())
            .limit(1)
        )
        row = (await self._connection.execute(found)).first()
        return kept_as(row.subject, row.id) if row else ""

    async def told(self, subject: str) -> tuple[MemberId, ...]:
        """List the members to whom a message about ``subject`` went, or is about to go."""
        told = [MemberId(row.member) for row in await self._notices(subject)]
        return tuple(dict.fromkeys((*told, *await self.tellings.told(subject))))

    async def retell(self, member: MemberId, card: Card, *, quiet: Card, subject: str, revision: int) -> None:
        """Change what a member is told about ``subject``, where it waits or where it stands."""
        if await self._is_stopped(member):
            return
        await self._bring(member, (subject,))
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
        await self.tellings.cancel(subject)
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
        await self.tellings.cut(member)

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

    async def replace(self, subject: str, card: Card, *, thread: str = "", hides: bool = False) -> None:
        """Say a card in place of all that stands under ``subject``, in rooms and homes, ahead of the rest.

        Ahead of what waits untried only: what is under way has its place before it. Of the subject itself
        nothing else waits then, so that no two things about it change places.
        """
        await self.replace_in_rooms(subject, card_to_bytes(card), thread=thread, hides=hides)
        await self._cancel((outbox.c.subject == subject) & (outbox.c.room == "") & (UNSAID | APART))
        await self.tellings.cancel(subject)
        for member, kept in await self._copies(subject):
            await self._replace_at_home(member, kept, subject, card)

    async def _copies(self, subject: str) -> list[tuple[MemberId, str]]:
        """List what may stand in home chats about a subject, as the wall keeps it."""
        told = (outbox.c.subject == subject) & outbox.c.destination.startswith(home_destination(MemberId("")))
        said = outbox.c.what.in_([What.POST.value, What.EDIT.value])
        found = select(outbox.c.member, outbox.c.id, outbox.c.thread).where(told & said, ~_NEVER_SAID)
        rows = (await self._connection.execute(found.order_by(outbox.c.row))).all()
        named = [(row.member, kept_as(subject, row.id)) for row in rows]
        changed = [(row.member, row.thread) for row in rows if row.thread]
        return [(MemberId(member), kept) for member, kept in dict.fromkeys((*named, *changed))]

    async def _replace_at_home(self, member: MemberId, kept: str, subject: str, card: Card) -> None:
        delivery = self._new_id()
        await self._put(
            id=delivery,
            destination=home_destination(member),
            member=member,
            what=What.REPLACE.value,
            subject=subject,
            thread=kept,
            key=f"replace:{member}:{kept}:{delivery}",
            payload=seal_told(self._sealer, delivery, card, card),
            release_at=self._now,
            position=FIRST,
        )
