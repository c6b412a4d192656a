"""Sending: one message at a time in each room, under a transaction id that makes a second try harmless."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

from bot.adapters.matrix.arrivals import Arrivals
from bot.adapters.matrix.earlier import marked, said_earlier
from bot.adapters.matrix.media import picture_content, upload_picture
from bot.adapters.matrix.pace import Pace
from bot.adapters.matrix.render import in_thread, to_contents, to_edit
from bot.adapters.matrix.sealing import sealed
from bot.adapters.matrix.session import Session
from bot.adapters.matrix.site import Remote
from bot.adapters.matrix.wire import Declined, Unreachable, delivery_error, path
from bot.adapters.matrix.wording import WHAT_TO_TYPE
from bot.chat.cards import Card, Picture
from bot.ports.adapter import (
    GONE,
    SHOWN,
    Delete,
    Delivery,
    Edit,
    Part,
    Post,
    Record,
    Replace,
    Room,
    Undeliverable,
)
from bot.ports.clock import Clock

_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class _Saying:
    """Where parts of a delivery are said, what an earlier try has said there, and who records it."""

    room: str
    root: str
    earlier: Mapping[str, str]
    record: Record


class Sender:
    """Brings deliveries to rooms. What it raises are the relay's ``Later`` and ``Undeliverable``."""

    def __init__(self, session: Session, arrivals: Arrivals, pace: Pace, clock: Clock) -> None:
        """Send in this session's name and at this pace."""
        self._session = session
        self._clock = clock
        self._pace = pace
        self._arrivals = arrivals
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._slots = asyncio.Semaphore(_AT_ONCE)

    async def post(self, room_id: str, delivery: Delivery, post: Post, record: Record, *, home: bool) -> None:
        """Say a card: its words, then its pictures; what ``done`` holds is not made again."""
        contents = _contents(post.card, delivery, home=home)
        saying = await self._saying(room_id, delivery, post.thread, record)
        for number in range(len(delivery.done), len(contents) + len(post.card.pictures)):
            txn = f"{delivery.id}.{number}"
            if number < len(contents):
                await self._say_once(saying, contents[number], txn)
            else:
                await self._show_once(saying, delivery, post.card, number - len(contents), txn)

    async def answer(self, room_id: str, delivery: Delivery, card: Card, record: Record) -> str:
        """Say a private answer with its pictures, and give the remote of its words."""
        said: list[str] = []

        async def note(part: Part) -> None:
            said.append(part.remote)

        await self.post(room_id, delivery, Post(card), note, home=True)
        for picture in card.pictures:
            await record(Part(SHOWN, picture.media))
        return said[0]

    async def edit(self, room_id: str, delivery: Delivery, edit: Edit, record: Record, *, home: bool) -> None:
        """Change what was said; what stood in another room, or is more than stood there, is said anew."""
        saying = await self._saying(room_id, delivery, edit.thread, record)
        standing = [remote for remote in _messages(edit.parts) if remote.room == room_id]
        contents = _contents(edit.card, delivery, home=home)
        for number, content in enumerate(contents):
            txn = f"{delivery.id}.{number}"
            if number >= len(standing):
                await self._say_once(saying, content, txn)
            elif txn not in saying.earlier:
                await self.send(room_id, to_edit(content, standing[number].event), txn, mark=True)
        for remote in standing[len(contents) :]:
            await self._redact(remote, f"{delivery.id}.{remote.event}")
        await self._edit_pictures(saying, delivery, edit)

    async def _edit_pictures(self, saying: _Saying, delivery: Delivery, edit: Edit) -> None:
        """Add the pictures that are new; where some are drawn anew, all are new."""
        shown = [part for part in edit.parts if part.kind == "picture"]
        redrawn = any(picture.redrawn for picture in edit.card.pictures)
        fresh: set[str] = set()

        async def note(part: Part) -> None:
            fresh.add(part.remote)
            await saying.record(part)

        noting = replace(saying, record=note)
        for number in range(0 if redrawn else len(shown), len(edit.card.pictures)):
            await self._show_once(noting, delivery, edit.card, number, f"{delivery.id}.p{number}")
        if redrawn:
            # A repeated try has made some of these parts itself: what it shows must stay.
            for part in (one for one in shown if one.remote not in fresh):
                await self._take_back(part, delivery.id)

    async def replace(
        self, room_id: str, delivery: Delivery, action: Replace, record: Record, *, home: bool
    ) -> None:
        """Say a card anew and redact what stood: an edit would leave it readable.

        Where the bot may not redact one part, the others go first; then raises ``Undeliverable``.
        """
        fresh: set[str] = set()

        async def note(part: Part) -> None:
            fresh.add(part.remote)
            await record(part)

        await self.post(room_id, delivery, Post(action.card, action.thread), note, home=home)
        refusal: Undeliverable | None = None
        # A repeated try finds what it said itself among the parts.
        for part in (one for one in action.parts if one.remote not in fresh):
            try:
                await self._take_back(part, delivery.id)
            except Undeliverable as refused:
                refusal = refusal or refused
            else:
                await record(Part(GONE, part.remote))
        if refusal is not None:
            raise refusal

    async def delete(self, delivery: Delivery, delete: Delete) -> None:
        """Redact every part, and the edits of each, which would still hold its words.

        Where the bot may not, the other parts are redacted first; then raises ``Undeliverable``.
        """
        refusal: Undeliverable | None = None
        for part in delete.parts:
            try:
                await self._take_back(part, delivery.id)
            except Undeliverable as refused:
                refusal = refusal or refused
        if refusal is not None:
            raise refusal

    async def send(
        self,
        room_id: str,
        content: dict[str, Any],
        txn: str,
        *,
        kind: str = "m.room.message",
        open_room: bool = False,
        mark: bool = False,
    ) -> str:
        """Send one event and give its id. The same ``txn`` again gives the same event, on the same device.

        ``open_room`` says that the words are harmless enough for a room without encryption; with ``mark``
        another device finds the event.
        """

        async def once(lasting: Callable[[], None]) -> str:
            async with self._locks[room_id], self._slots, _told_to_relay():
                where, body = kind, content
                if await self._is_encrypted(room_id, open_room=open_room):
                    where, body = "m.room.encrypted", await sealed(self._session, room_id, kind, content)
                lasting()
                at = path("rooms", room_id, "send", where, txn)
                sent = await self._session.wire.put(at, marked(body, txn) if mark else body)
                return str(sent["event_id"])

        return await self._pace.send(once)

    async def _saying(self, room_id: str, delivery: Delivery, thread: str, record: Record) -> _Saying:
        """Look for what an earlier try has said, which may have been another device's."""
        earlier: dict[str, str] = {}
        if delivery.tried:
            async with _told_to_relay():
                earlier = await said_earlier(self._session, room_id, delivery.id, self._clock.now())
        return _Saying(room_id, _root(thread, room_id), earlier, record)

    async def _say_once(self, saying: _Saying, content: dict[str, Any], txn: str) -> None:
        if not await _stood(saying, txn, "message"):
            await self._say(saying, content, txn, "message")

    async def _show_once(
        self, saying: _Saying, delivery: Delivery, card: Card, number: int, txn: str
    ) -> None:
        if not await _stood(saying, txn, "picture"):
            content = await self._picture(saying.room, delivery, card, number)
            await self._say(saying, content, txn, "picture")

    async def _say(self, saying: _Saying, content: dict[str, Any], txn: str, kind: str) -> None:
        content = in_thread(content, saying.root) if saying.root else content
        event_id = await self.send(saying.room, content, txn, mark=True)
        await saying.record(Part(kind, str(Remote(saying.room, event_id))))

    async def _picture(self, room_id: str, delivery: Delivery, card: Card, number: int) -> dict[str, Any]:
        picture: Picture = card.pictures[number]
        image = delivery.images.get(picture.media)
        if image is None:
            raise Undeliverable("picture_missing")
        async with self._slots, _told_to_relay(scope="destination"):
            encrypt = await self._is_encrypted(room_id)
            pointer = await upload_picture(self._session.wire, image, encrypt=encrypt)
        return picture_content(pointer, image, number + 1, picture.alt, picture.caption)

    async def _take_back(self, part: Part, delivery_id: str) -> None:
        try:
            remote = Remote.read(part.remote)
        except ValueError:
            raise Undeliverable("malformed_remote") from None
        for event_id in (*await self._edits(remote), remote.event):
            await self._redact(Remote(remote.room, event_id), f"{delivery_id}.{event_id}")

    async def _edits(self, remote: Remote) -> list[str]:
        where = path("rooms", remote.room, "relations", remote.event, "m.replace")
        found: list[str] = []
        query = {"limit": "100"}
        async with _told_to_relay(gone={403, 404}):
            while True:
                answer = await self._session.wire.get(where, query, version="v1")
                found += [event["event_id"] for event in answer.get("chunk", [])]
                if not answer.get("next_batch"):
                    break
                query["from"] = answer["next_batch"]
        return found

    async def _redact(self, remote: Remote, txn: str) -> None:
        where = path("rooms", remote.room, "redact", remote.event, txn)

        async def once(lasting: Callable[[], None]) -> None:
            async with self._locks[remote.room], self._slots, _told_to_relay(gone={404}):
                lasting()
                try:
                    await self._session.wire.put(where, {})
                except Declined as declined:
                    if declined.status != 403 or not await self._is_redacted(remote):
                        raise

        await self._pace.send(once)

    async def _is_redacted(self, remote: Remote) -> bool:
        """Say whether somebody else, its writer for example, took a message back already."""
        try:
            event = await self._session.wire.get(path("rooms", remote.room, "event", remote.event))
        except Declined as declined:
            if declined.passing:
                raise
            return False
        return "redacted_because" in (event.get("unsigned") or {})

    async def _is_encrypted(self, room_id: str, *, open_room: bool = False) -> bool:
        """Wait for the room, and for its encryption where that is required: a new room arrives in pieces."""
        if room_id in self._arrivals.left:
            raise Undeliverable("forbidden")
        required = self._session.site.encryption and not open_room
        rooms = self._session.client.rooms

        def arrived() -> bool:
            return room_id in rooms and (rooms[room_id].encrypted or not required)

        await self._arrivals.until(arrived)
        return rooms[room_id].encrypted


async def _stood(saying: _Saying, txn: str, kind: str) -> bool:
    """Record a part that an earlier try has said; False where it has still to be said."""
    event_id = saying.earlier.get(txn)
    if event_id is None:
        return False
    await saying.record(Part(kind, str(Remote(saying.room, event_id))))
    return True


def _contents(card: Card, delivery: Delivery, *, home: bool) -> list[dict[str, Any]]:
    """Render a card for where it goes; in the moderators' room people type what they want right there."""
    if delivery.room is Room.MODERATORS:
        return to_contents(card, home=False, lead=WHAT_TO_TYPE)
    return to_contents(card, home=home)


def _messages(parts: Iterable[Part]) -> list[Remote]:
    return [Remote.read(part.remote) for part in parts if part.kind == "message"]


@asynccontextmanager
async def _told_to_relay(gone: set[int] | None = None, scope: str = "site") -> AsyncIterator[None]:
    """Translate errors; an answer whose status is in ``gone`` means that there is nothing left to do.

    A limit on messages holds for the account, and so for the whole site.
    """
    try:
        yield
    except Declined as declined:
        if declined.status not in (gone or ()):
            raise delivery_error(declined, scope) from declined
    except Unreachable as error:
        raise delivery_error(error) from error


def _root(thread: str, room_id: str) -> str:
    """Give the event at the root of a thread, if the thread is in this room."""
    remote = Remote.read(thread) if thread else None
    return remote.event if remote is not None and remote.room == room_id else ""
