"""Matrix half: what one person's client shows, decrypted by it, and what the page's player does there."""

from __future__ import annotations

import mimetypes
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from nio import Event, MatrixRoom, SyncResponse

from bot.demo import cast
from bot.demo.cast import MATRIX_HOSPITAL
from bot.demo.stage import CannotAct, Json, Media, Upload
from bot.demo.words import COMMAND_HINTS
from bot.standin.people import Message, Person, PersonFailed

_PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")
_QUIET_STATE = {"m.room.encryption": "End-to-end encryption was turned on."}


@dataclass(slots=True)
class Watcher:
    """Beside one person's client: when each event happened, and a ring at every sync."""

    times: dict[str, int] = field(default_factory=dict)
    """Milliseconds since the epoch, by event id."""
    notes: list[tuple[str, str, str]] = field(default_factory=list)
    """Quiet lines of the timeline: room, event id, words."""

    def listen(self, person: Person, ring: Callable[[], None]) -> None:
        """Begin, from the next sync on."""

        async def on_event(room: MatrixRoom, event: Event) -> None:
            self.times.setdefault(event.event_id, event.server_timestamp)
            if words := _QUIET_STATE.get(event.source.get("type", "")):
                self.notes.append((room.room_id, event.event_id, words))

        async def on_sync(answer: SyncResponse) -> None:
            ring()

        person.client.add_event_callback(on_event, Event)
        person.client.add_response_callback(on_sync, SyncResponse)  # type: ignore[arg-type]


@dataclass(slots=True)
class MatrixHalf:
    """The people of one homeserver, each at an own client."""

    people: dict[str, Person]
    """By whole Matrix user id, in the cast's order."""
    bot: str
    _watchers: dict[str, Watcher] = field(default_factory=dict)

    def listen(self, ring: Callable[[], None]) -> None:
        """Ring whenever anybody's client took something in."""
        for user, person in self.people.items():
            self._watchers[user] = Watcher()
            self._watchers[user].listen(person, ring)

    def about(self) -> Json:
        """Say who works here."""
        return {
            "name": MATRIX_HOSPITAL.name,
            "workspace": MATRIX_HOSPITAL.name.removesuffix(" Medical Center"),
            "people": [_about(user) for user in self.people],
            "commands": [{"text": f"!consult {word}", "detail": does} for word, does in COMMAND_HINTS],
        }

    def has(self, person: str) -> bool:
        """Say whether this is one of the homeserver's people."""
        return person in self.people

    def view(self, person: str) -> Json:
        """Give everything that this person's client shows now."""
        player = self.people[person]
        rooms = [room for room in player.client.rooms.values() if person in room.users]
        shown = [self._room(person, player, room) for room in rooms]
        return {
            "platform": "matrix",
            "person": _about(person),
            "rooms": sorted(shown, key=lambda room: (room["kind"] != "home", room["name"])),
        }

    async def act(self, person: str, act: Json, uploads: Sequence[Upload]) -> Json:
        """Do one thing; raises :class:`CannotAct` where the homeserver refuses."""
        do = _ACTS.get(str(act.get("do")))
        if do is None:
            raise CannotAct(f"The Matrix half cannot do “{act.get('do')}”.")
        try:
            await do(self.people[person], act, uploads)
        except PersonFailed as refusal:
            raise CannotAct(f"The homeserver says: {refusal}.") from refusal
        return {"ok": True, "error": ""}

    async def media(self, person: str, reference: str) -> Media:
        """Fetch and decrypt a picture as this person; KeyError where there is none."""
        player = self.people[person]
        message = next((one for one in player.read() if one.id == reference and _is_picture(one)), None)
        if message is None:
            raise KeyError(reference)
        return Media(_mime_of(message), await player.picture(message))

    def _room(self, user: str, player: Person, room: MatrixRoom) -> Json:
        kind = self._kind(room, user)
        return {
            "id": room.room_id,
            "kind": kind,
            "name": "Curbside" if kind == "home" else room.display_name,
            "encrypted": bool(room.encrypted),
            "members": len(room.users),
            "can_speak": _can_speak(room, user),
            "events": sorted(self._events(user, player, room.room_id), key=lambda event: int(event["at"])),
        }

    def _kind(self, room: MatrixRoom, user: str) -> str:
        """Tell the consult room, where only the bot may speak, from the direct message with it."""
        if self.bot not in room.users:
            return "ward"
        return "home" if _can_speak(room, user) else "room"

    def _events(self, user: str, player: Person, room: str) -> list[Json]:
        watcher = self._watchers[user]
        said = [self._event(watcher, one) for one in player.messages if one.room == room]
        quiet = [_note(watcher, event, words) for place, event, words in watcher.notes if place == room]
        closed = [_closed(watcher, event) for event, place in player.unreadable.items() if place == room]
        return said + quiet + closed

    def _event(self, watcher: Watcher, message: Message) -> Json:
        content = {} if message.gone else message.content
        relation = content.get("m.relates_to") or {}
        return {
            "id": message.id,
            "at": watcher.times.get(message.id, 0),
            "kind": _kind_of(message),
            "sender": message.sender,
            "sender_name": self._name(message.sender),
            "from_bot": message.sender == self.bot,
            "speaker": message.speaker,
            "body": "" if message.gone else _words(message),
            "html": content.get("formatted_body", ""),
            "encrypted": message.encrypted,
            "edited": bool(message.edited),
            "thread": message.thread,
            "reply_to": "" if message.thread else (relation.get("m.in_reply_to") or {}).get("event_id", ""),
            "media": _media(message),
        }

    def _name(self, user: str) -> str:
        if user == self.bot:
            return "Curbside"
        return str(_about(user)["name"]) if user in self.people else user


def _about(user: str) -> Json:
    one = cast.by_handle(user.removeprefix("@").partition(":")[0])
    return {"id": user, "name": one.name, "specialty": one.specialty, "standing": one.standing}


def _can_speak(room: MatrixRoom, user: str) -> bool:
    """Compare levels as the homeserver will for people who are guests: every room here is the bot's."""
    levels = room.power_levels
    own = levels.users.get(user, levels.defaults.users_default)
    return own >= levels.events.get("m.room.encrypted", levels.defaults.events_default)


def _is_picture(message: Message) -> bool:
    return message.content.get("msgtype") == "m.image" and "file" in message.content


def _kind_of(message: Message) -> str:
    if message.gone:
        return "redacted"
    if _is_picture(message):
        return "picture"
    return "notice" if message.content.get("msgtype") == "m.notice" else "text"


def _words(message: Message) -> str:
    """Give what a client prints: a picture's words are its caption, which its file name is not."""
    if _is_picture(message) and message.content.get("filename", message.body) == message.body:
        return ""
    return message.body


def _media(message: Message) -> Json | None:
    if message.gone or not _is_picture(message):
        return None
    info = message.content.get("info") or {}
    return {"alt": message.body or "Picture", "width": info.get("w"), "height": info.get("h")}


def _mime_of(message: Message) -> str:
    info = message.content.get("info") or {}
    return str(info.get("mimetype", "application/octet-stream"))


def _note(watcher: Watcher, event: str, words: str) -> Json:
    return {"id": event, "at": watcher.times.get(event, 0), "kind": "state", "body": words, "sender": ""}


def _closed(watcher: Watcher, event: str) -> Json:
    return {
        **_note(watcher, event, ""),
        "kind": "undecryptable",
        "sender_name": "Somebody",
        "encrypted": True,
    }


async def _say(player: Person, act: Json, uploads: Sequence[Upload]) -> None:
    for upload in uploads:
        await _show(player, act["room"], upload)
    if act["text"]:
        reply, thread = act.get("reply_to") or "", act.get("thread") or ""
        await player.say(act["room"], act["text"], reply_to=reply, thread=thread)


async def _show(player: Person, room: str, upload: Upload) -> None:
    mime = upload.mime if upload.mime in _PICTURES else mimetypes.guess_type(upload.name)[0] or upload.mime
    try:
        await player.show(room, upload.content, mime)
    except OSError as problem:
        raise CannotAct(f"{upload.name} is not a picture that this client can send.") from problem


_ACTS: dict[str, Callable[[Person, Json, Sequence[Upload]], Awaitable[None]]] = {"say": _say}
