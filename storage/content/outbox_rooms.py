"""The rooms' half of the outbox: what stands under a subject in every room, and how it changes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, Select, bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.chat.cards import Card
from bot.chat.codec import card_to_bytes
from bot.ports.outbox import What
from storage.content.deliveries import ACTIVE, FIRST, UNSAID, UNTRIED, State, room_destination
from storage.content.outbox_rows import APART, Putting, about
from storage.content.tables import groups, outbox
from storage.prepared import Prepared

_UNREVISED: Final = -1
"""The revision of a post, older than that of any edit."""
_FROZEN: Final = 2**31 - 1
"""The revision of what hides a subject, newer than that of any edit: none goes out before it is restored."""
_HELD_BACK: Final = (outbox.c.what == What.POST.value) & (outbox.c.state == State.CANCELLED.value)
"""Posts that were cancelled before they left."""


def _last(column: Column[str]) -> Select[Any]:
    posts = (outbox.c.what == What.POST.value, outbox.c.room != "", ACTIVE)
    found = select(outbox.c.release_at).where(column == bindparam("about"), *posts)
    until = found.where(outbox.c.release_at <= bindparam("latest"))
    return until.order_by(outbox.c.release_at.desc()).limit(1)


# Two searches in one question: a single one for either column would go through all rows.
_LAST: Final = Prepared(
    select(
        _last(outbox.c.thread).scalar_subquery().label("in_thread"),
        _last(outbox.c.subject).scalar_subquery().label("root"),
    )
)
_LATEST_IN_ROOMS: Final = Prepared(
    select(outbox.c.room, func.max(outbox.c.release_at))
    .where(outbox.c.subject == bindparam("about"), outbox.c.room != "", ACTIVE)
    .group_by(outbox.c.room)
)


class RoomRows(Putting):
    """Fills what :class:`bot.ports.outbox.Outbox` has about rooms."""

    async def post(self, subject: str, card: Card, *, release_at: datetime, thread: str = "") -> None:
        """Say something new in every room at ``release_at``, never before the root of its thread."""
        payload = card_to_bytes(card)
        roots = await self._latest_in_rooms(thread) if thread else {}
        rows = [
            self._row_in(
                room,
                What.POST,
                subject,
                key=f"post:{room}:{subject}",
                thread=thread,
                revision=_UNREVISED,
                payload=payload,
                release_at=max(release_at, roots.get(room, release_at)),
            )
            for room in self._rooms
        ]
        await self._put_all(rows)

    async def _latest_in_rooms(self, subject: str) -> Mapping[str, datetime]:
        """Give the latest release among the subject's active rows for each room that has any."""
        return dict(tuple(row) for row in await self._connection.run(_LATEST_IN_ROOMS, {"about": subject}))

    async def last_release(self, thread: str, until: datetime) -> datetime | None:
        """Say when the last of what leaves for rooms in a thread by ``until`` does, its root included."""
        found = (await self._connection.run(_LAST, {"about": thread, "latest": until})).first()
        return max((last for last in found if last is not None), default=None)

    async def edit(self, subject: str, card: Card, *, revision: int) -> None:
        """Change what stands under ``subject`` in every room, unless a newer change was put already."""
        payload = card_to_bytes(card)
        for room in self._rooms:
            if await self._may_change(subject, room, revision):
                await self._edit_in(room, subject, payload, revision)

    async def refresh(self, subject: str, card: Card, *, release_at: datetime) -> None:
        """Bring what stands under ``subject`` up to date: many at once become one edit in each room."""
        payload = card_to_bytes(card)
        for room in self._rooms:
            over = (outbox.c.what == What.DELETE.value) | (outbox.c.revision == _FROZEN)
            if not await self._any(about(subject, room) & over):
                await self._refresh_in(room, subject, payload, release_at)

    async def _refresh_in(self, room: str, subject: str, payload: bytes, release_at: datetime) -> None:
        newest = func.coalesce(func.max(outbox.c.revision), _UNREVISED)
        revision = (await self._connection.execute(select(newest).where(about(subject, room)))).scalar()
        if waiting := await self._first(about(subject, room) & UNSAID):
            fresh = update(outbox).where(outbox.c.row == waiting.row).values(payload=payload)
            await self._connection.execute(fresh)
            return
        under_way = await self._latest_release(subject, room)
        if under_way is not None or await self._postings.parts(room, subject):
            await self._put_in(
                room,
                What.EDIT,
                subject,
                key=f"refresh:{room}:{subject}:{self._new_id()}",
                payload=payload,
                revision=revision,
                release_at=max(release_at, under_way or release_at),
            )

    async def delete(self, subject: str, *, group: str, not_before: datetime | None = None) -> None:
        """Take back what stands under ``subject`` in every room; rows not yet tried are cancelled instead.

        A room where nothing stands gets a row that is cancelled from the start, for the group's report;
        without a group nobody hears how it went. News of it that nobody was told yet is cancelled too.
        """
        if group:
            await self._connection.execute(insert(groups).values(name=group).on_conflict_do_nothing())
            self.grouped_any = True
        await self._cancel(about(subject, room="") & UNSAID)
        await self.tellings.cancel(subject)
        for room in self._rooms:
            await self._cancel(about(subject, room) & UNSAID)
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
        if await self._any(tried):
            return False
        listed = await self.tellings.cancel(subject)
        if not listed and not await self._any(mine & UNSAID):
            return False
        await self._cancel(mine & UNSAID)
        return True

    async def replace_in_rooms(self, subject: str, payload: bytes, *, thread: str, hides: bool) -> None:
        """Say a card in place of all that stands under ``subject`` in the rooms, ahead of the rest."""
        for room in self._rooms:
            first_words = await self._first(
                about(subject, room) & UNSAID & (outbox.c.what == What.POST.value)
            )
            if first_words and not hides:
                of_row = update(outbox).where(outbox.c.row == first_words.row)
                await self._connection.execute(of_row.values(payload=payload))
                continue
            await self._cancel(about(subject, room) & (UNSAID | APART))
            if await self._stands(subject, room):
                revision = _FROZEN if hides else await self._newest(subject, room)
                await self._put_anew(room, What.REPLACE, subject, payload, thread=thread, revision=revision)

    async def restore(self, subject: str, card: Card, *, release_at: datetime, thread: str = "") -> None:
        """Say a card again where :meth:`replace` hid it, or kept it from leaving."""
        payload = card_to_bytes(card)
        hiding = (outbox.c.subject == subject) & (outbox.c.revision == _FROZEN)
        await self._cancel(hiding & UNTRIED)
        await self._connection.execute(update(outbox).where(hiding).values(revision=_UNREVISED))
        for room in self._rooms:
            revision = await self._newest(subject, room)
            if await self._stands(subject, room):
                await self._put_anew(room, What.EDIT, subject, payload, thread=thread, revision=revision)
            elif await self._any(about(subject, room) & _HELD_BACK):
                root = await self._latest_release(thread, room) if thread else None
                await self._put_anew(
                    room,
                    What.POST,
                    subject,
                    payload,
                    thread=thread,
                    revision=revision,
                    release_at=max(release_at, root or release_at),
                )

    async def _stands(self, subject: str, room: str) -> bool:
        """Say whether something of a subject is in a room, or may be in a moment."""
        under_way = await self._latest_release(subject, room)
        return under_way is not None or bool(await self._postings.parts(room, subject))

    async def _newest(self, subject: str, room: str) -> int:
        newest = select(func.coalesce(func.max(outbox.c.revision), 0)).where(about(subject, room))
        revision: int = (await self._connection.execute(newest)).scalar_one()
        return revision

    async def _put_anew(
        self,
        room: str,
        what: What,
        subject: str,
        payload: bytes,
        *,
        thread: str,
        revision: int,
        release_at: datetime | None = None,
    ) -> None:
        """Put a row under a key of its own: the same thing may be hidden and restored again and again."""
        at = release_at or self._now
        await self._put_in(
            room,
            what,
            subject,
            key=f"{what.value}:{room}:{subject}:{self._new_id()}",
            thread=thread,
            payload=payload,
            revision=revision,
            release_at=at,
            position=FIRST if what is What.REPLACE else at,
        )

    async def _edit_in(self, room: str, subject: str, payload: bytes, revision: int) -> None:
        key = f"edit:{room}:{subject}:{revision}"
        if waiting := await self._first(about(subject, room) & UNSAID):
            # Nobody saw the older card, so the newer one takes its place in the queue.
            values: dict[str, object] = {"payload": payload, "revision": revision}
            if waiting.key.startswith("refresh:"):
                at = min(waiting.release_at, self._now)
                values |= {"release_at": at, "position": at, "due_at": at}
                self._note(room_destination(room), at)
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
        return not await self._any(about(subject, room) & newer)
