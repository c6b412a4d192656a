"""A person at a Matrix client: logs in, accepts invitations, writes, shows pictures, replies, reads, leaves.

Tests and the demo play physicians with it. It is a client of its own and knows nothing about the bot.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any, TypeVar

from nio import (
    AsyncClient,
    AsyncClientConfig,
    DownloadResponse,
    Event,
    InviteMemberEvent,
    JoinResponse,
    LoginResponse,
    MatrixRoom,
    MegolmEvent,
    RedactionEvent,
    RoomCreateResponse,
    RoomPreset,
    RoomSendResponse,
    SyncResponse,
    UploadResponse,
)
from nio.crypto.attachments import decrypt_attachment
from PIL import Image

_FILTER = {"room": {"timeline": {"limit": 1000}}, "presence": {"not_types": ["*"]}}
_MEGOLM = {"algorithm": "m.megolm.v1.aes-sha2"}
_ENCRYPTION = {"type": "m.room.encryption", "state_key": "", "content": _MEGOLM}

Answer = TypeVar("Answer")


class PersonFailed(Exception):
    """The homeserver did not let the person do that."""


@dataclass
class Message:
    """A message as the person sees it; ``content`` is the whole decrypted content, after edits."""

    room: str
    id: str
    sender: str
    content: Mapping[str, Any]
    encrypted: bool
    thread: str = ""
    """The event at the root of its thread, or empty."""
    edited: int = 0
    """How many edits came."""
    gone: bool = False
    """Redacted."""

    @property
    def body(self) -> str:
        """The plain words."""
        return str(self.content.get("body", ""))

    @property
    def speaker(self) -> str:
        """The name of the per-message profile, or empty."""
        profile = self.content.get("com.beeper.per_message_profile") or {}
        return str(profile.get("displayname", ""))


@dataclass
class Person:
    """One account at one client; ``folder`` keeps its keys. Use ``start`` first and ``stop`` last."""

    homeserver: str
    user: str
    password: str = field(repr=False)
    folder: Path
    messages: list[Message] = field(default_factory=list)
    unreadable: dict[str, str] = field(default_factory=dict)
    """Messages that could not be decrypted so far: event id to room."""
    _client: AsyncClient | None = field(default=None, init=False, repr=False)
    _loop: asyncio.Task[None] | None = field(default=None, init=False, repr=False)
    _news: asyncio.Event = field(default_factory=asyncio.Event, init=False, repr=False)
    _closed: dict[str, MegolmEvent] = field(default_factory=dict, init=False, repr=False)
    _sending: asyncio.Lock = field(default_factory=asyncio.Lock, init=False, repr=False)

    @property
    def client(self) -> AsyncClient:
        """The client underneath, for what this class has no word for."""
        if self._client is None:
            raise PersonFailed("not started")
        return self._client

    async def start(self) -> None:
        """Log in and read along from now on."""
        self.folder.mkdir(parents=True, exist_ok=True)
        config = AsyncClientConfig(store_sync_tokens=False, max_timeouts=3)
        self._client = AsyncClient(self.homeserver, self.user, store_path=str(self.folder), config=config)
        _expect(await self.client.login(self.password, device_name="person"), LoginResponse)
        self.client.add_event_callback(self._on_invitation, InviteMemberEvent)  # type: ignore[arg-type]
        self.client.add_event_callback(self._on_event, Event)
        self.client.add_response_callback(self._on_sync, SyncResponse)  # type: ignore[arg-type]
        _expect(await self.client.sync(timeout=0, sync_filter=_FILTER, full_state=True), SyncResponse)
        await self.client.keys_upload()
        self._loop = asyncio.create_task(self._read_along())

    async def stop(self) -> None:
        """Close the client; the account and its rooms stay."""
        if self._loop is not None:
            self._loop.cancel()
            await asyncio.wait((self._loop,))
        if self._client is not None:
            await self._client.close()  # type: ignore[no-untyped-call]
            if self._client.store is not None:
                self._client.store.database.close()

    async def open_chat(self, with_user: str, *, encrypted: bool = True) -> str:
        """Start a direct chat as a client does, and give its room."""
        answer = await self.client.room_create(
            is_direct=True,
            invite=[with_user],
            initial_state=[_ENCRYPTION] if encrypted else [],
        )
        room = _expect(answer, RoomCreateResponse).room_id

        def whole() -> bool:
            here = self.client.rooms.get(room)
            return here is not None and with_user in here.users and here.encrypted == encrypted

        await self.until(whole)
        return room

    async def open_private(self, *others: str) -> str:
        """Make a private, encrypted room in which the invited have as much power, and give it."""
        answer = await self.client.room_create(
            preset=RoomPreset.trusted_private_chat, invite=list(others), initial_state=[_ENCRYPTION]
        )
        room = _expect(answer, RoomCreateResponse).room_id
        await self.until(lambda: room in self.client.rooms and self.client.rooms[room].encrypted)
        return room

    async def say(self, room: str, text: str, *, reply_to: str = "", thread: str = "") -> str:
        """Send words, perhaps as a reply or in a thread, and give the event id."""
        content: dict[str, Any] = {"msgtype": "m.text", "body": text}
        relation: dict[str, Any] = {"rel_type": "m.thread", "event_id": thread} if thread else {}
        if thread:
            relation["is_falling_back"] = not reply_to
        if reply_to or thread:
            relation["m.in_reply_to"] = {"event_id": reply_to or thread}
            content["m.relates_to"] = relation
        return await self.send(room, content)

    async def show(self, room: str, picture: bytes, mime: str = "image/png", caption: str = "") -> str:
        """Send a picture as a client does, with its file name, and give the event id."""
        answer, keys = await self.client.upload(
            lambda *_: BytesIO(picture), mime, encrypt=True, filesize=len(picture)
        )
        url = _expect(answer, UploadResponse).content_uri
        with Image.open(BytesIO(picture)) as opened:
            width, height = opened.size
        name = f"photo.{mime.partition('/')[2]}"
        content: dict[str, Any] = {
            "msgtype": "m.image",
            "body": caption or name,
            "info": {"mimetype": mime, "size": len(picture), "w": width, "h": height},
            "file": {**(keys or {}), "url": url},
        }
        if caption:
            content["filename"] = name
        return await self.send(room, content)

    async def edit(self, room: str, event_id: str, text: str) -> str:
        """Change an own message."""
        new = {"msgtype": "m.text", "body": text}
        relation = {"rel_type": "m.replace", "event_id": event_id}
        return await self.send(
            room, {**new, "body": f"* {text}", "m.new_content": new, "m.relates_to": relation}
        )

    async def send(self, room: str, content: dict[str, Any], kind: str = "m.room.message") -> str:
        """Send any content and give the event id; raises :class:`PersonFailed` when it is refused."""
        async with self._sending:
            answer = await self.client.room_send(room, kind, content, ignore_unverified_devices=True)
        return _expect(answer, RoomSendResponse).event_id

    async def join(self, room: str) -> None:
        """Join a room and wait until it is there."""
        _expect(await self.client.join(room), JoinResponse)
        await self.until(lambda: room in self.client.rooms)

    async def leave(self, room: str) -> None:
        """Leave a room."""
        await self.client.room_leave(room)

    async def picture(self, message: Message) -> bytes:
        """Fetch and decrypt the picture of a message."""
        file = message.content["file"]
        answer: Any = _expect(await self.client.download(mxc=file["url"]), DownloadResponse)
        plain: bytes = decrypt_attachment(answer.body, file["key"]["k"], file["hashes"]["sha256"], file["iv"])
        return plain

    def read(self, room: str = "", sender: str = "") -> list[Message]:
        """Give the messages of a room, or from a sender, or all, oldest first; redacted ones are left out."""
        return [
            message
            for message in self.messages
            if not message.gone and room in ("", message.room) and sender in ("", message.sender)
        ]

    async def until(self, condition: Callable[[], Any], seconds: float = 20.0) -> Any:
        """Wait until a condition holds and give its value; raises ``TimeoutError``."""
        async with asyncio.timeout(seconds):
            while not (value := condition()):
                news = self._news
                await news.wait()
            return value

    async def hear(self, words: str, room: str = "", seconds: float = 20.0) -> Message:
        """Wait for a message that holds some words, and give the newest such one."""

        def found() -> Message | None:
            return next((message for message in reversed(self.read(room)) if words in message.body), None)

        message: Message = await self.until(found, seconds)
        return message

    async def _read_along(self) -> None:
        # Its callbacks are few and never raise; the bot's own loop is another matter.
        await self.client.sync_forever(timeout=30_000, sync_filter=_FILTER)

    async def _on_invitation(self, room: MatrixRoom, event: InviteMemberEvent) -> None:
        if event.state_key == self.client.user_id and event.membership == "invite":
            await self.client.join(room.room_id)

    async def _on_event(self, room: MatrixRoom, event: Event) -> None:
        if isinstance(event, RedactionEvent):
            self._redact(event.redacts)
        elif isinstance(event, MegolmEvent):
            self._closed[event.event_id] = event
            self.unreadable[event.event_id] = room.room_id
        elif event.source.get("type") == "m.room.message" and "state_key" not in event.source:
            self._take(room.room_id, event)

    async def _on_sync(self, _response: SyncResponse) -> None:
        for closed in list(self._closed.values()):
            olm = self.client.olm
            names = (str(closed.room_id), str(closed.sender_key), str(closed.session_id))
            known = olm and olm.inbound_group_store.get(*names)
            if known:
                self._take(closed.room_id, self.client.decrypt_event(closed))
                del self._closed[closed.event_id], self.unreadable[closed.event_id]
        self._news.set()
        self._news = asyncio.Event()

    def _take(self, room: str, event: Any) -> None:
        content = event.source["content"]
        relation = content.get("m.relates_to") or {}
        if relation.get("rel_type") == "m.replace":
            self._replace(relation["event_id"], content.get("m.new_content") or {})
            return
        thread = relation["event_id"] if relation.get("rel_type") == "m.thread" else ""
        self.messages.append(Message(room, event.event_id, event.sender, content, event.decrypted, thread))

    def _replace(self, event_id: str, content: Mapping[str, Any]) -> None:
        for message in self.messages:
            if message.id == event_id:
                message.content = content
                message.edited += 1

    def _redact(self, event_id: str) -> None:
        for message in self.messages:
            if message.id == event_id:
                message.gone = True


def _expect(answer: object, kind: type[Answer]) -> Answer:
    if not isinstance(answer, kind):
        raise PersonFailed(f"{kind.__name__} expected, got {type(answer).__name__}")
    return answer
