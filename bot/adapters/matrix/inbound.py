"""Inbound: one event of a room becomes what a person did, or nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.adapters.matrix.site import Remote, account_of
from bot.chat.events import Event, FileRef, Kind, Place

_COMMAND = re.compile(r"\s*!(?:consult|c)(?:\s+(.*))?\s*\Z", re.IGNORECASE | re.DOTALL)
_TEXTS = ("m.text", "m.emote", "m.notice")
_FILES = ("m.image", "m.file", "m.audio", "m.video")
_SPOKEN = ("m.room.message", "m.room.encrypted", "m.sticker", "m.reaction", "m.room.redaction")
_POLLS = ("m.poll.", "org.matrix.msc3381.poll.")
HARMLESS = ("help", "rules")
"""Words that are answered where others read along."""


MODERATION = "mod"
"""What a moderator's words begin with."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One event of a room, decrypted where that could be done.

    ``source`` is the event as JSON, ``readable`` is false while its key is missing, and ``protected`` says
    that it came encrypted.
    """

    room: str
    source: Mapping[str, Any]
    readable: bool = True
    protected: bool = False

    @property
    def id(self) -> str:
        """The event's id."""
        return str(self.source.get("event_id", ""))

    @property
    def sender(self) -> str:
        """The sender's user id."""
        return str(self.source.get("sender", ""))

    @property
    def content(self) -> Mapping[str, Any]:
        """The event's content, an empty one when it is no object."""
        content = self.source.get("content")
        return content if isinstance(content, Mapping) else {}


def to_event(heard: Heard, place: Place, *, encryption: bool) -> Event | None:
    """Translate; None for what is nobody's doing or nothing to the bot.

    ``encryption`` says that words of the home chat count only when they came encrypted.
    """
    if "state_key" in heard.source or not _is_spoken(heard):
        return None
    if place is Place.ROOM:
        return None if _is_edit(heard) or _is_deletion(heard) else _event(heard, Kind.NATIVE, place)
    if place is Place.MODERATORS:
        return _from_moderators(heard, encryption=encryption)
    if place is Place.ELSEWHERE:
        return _from_ward(heard)
    return _from_home(heard, encryption=encryption)


def unreadable(heard: Heard, why: str) -> Event:
    """Say that something in the home chat could not be taken.

    ``why`` is ``key`` (it could not be decrypted), ``plain`` (it came unencrypted) or ``kind`` (a place, a
    poll, a sticker).
    """
    return _event(heard, Kind.UNREADABLE, Place.HOME, values={"why": why})


def hello(room: str, user_id: str) -> Event:
    """Say that a person's home chat was opened."""
    handle = {"room": room}
    return Event(f"hello {room}", Kind.HELLO, account_of(user_id), Place.HOME, handle=handle)


def entered(heard: Heard) -> Event | None:
    """Say who came into the consult room or was invited; None for other news, a new name included."""
    unsigned = heard.source.get("unsigned") or {}
    before = (unsigned.get("prev_content") or {}).get("membership")
    now = heard.content.get("membership")
    if heard.source.get("type") != "m.room.member" or now not in ("join", "invite") or now == before:
        return None
    return Event(heard.id, Kind.ENTERED, account_of(str(heard.source.get("state_key"))), Place.ROOM)


def is_join(heard: Heard, user_id: str) -> bool:
    """Say whether this is the event by which a user came into the room, and not a change of their name."""
    if heard.source.get("type") != "m.room.member" or heard.source.get("state_key") != user_id:
        return False
    unsigned = heard.source.get("unsigned") or {}
    before = (unsigned.get("prev_content") or {}).get("membership")
    return heard.content.get("membership") == "join" and before != "join"


def is_invitation(heard: Heard, user_id: str) -> bool:
    """Say whether this event invites a user."""
    about = heard.source.get("type") == "m.room.member" and heard.source.get("state_key") == user_id
    return about and heard.content.get("membership") == "invite"


def _from_ward(heard: Heard) -> Event | None:
    """Take commands only, and of anything but the harmless words no more than where they lead.

    Others read along there, so the words themselves are dropped: the person is asked again in the home chat.
    """
    command = _COMMAND.match(_body(heard)) if heard.readable and not _is_edit(heard) else None
    if command is None:
        return None
    words = (command[1] or "").split()
    text = " ".join(words[:2] if words[:1] and words[0].lower() in HARMLESS else _destination(words))
    return _event(heard, Kind.COMMAND, Place.ELSEWHERE, text=text)


def _from_moderators(heard: Heard, *, encryption: bool) -> Event | None:
    """Take a moderator's words whole, and any other command as from a ward; what else they say is theirs."""
    command = _COMMAND.match(_body(heard)) if heard.readable and not _is_edit(heard) else None
    text = (command[1] or "").strip() if command else ""
    if text.partition(" ")[0].lower() != MODERATION:
        return _from_ward(heard)
    if encryption and not heard.protected:
        return unreadable(heard, "plain")
    return _event(heard, Kind.COMMAND, Place.MODERATORS, text=text)


def _destination(words: list[str]) -> list[str]:
    """Keep the command word and the number after it."""
    return words[:2] if len(words) > 1 and words[1].lstrip("#").isdigit() else words[:1]


def _from_home(heard: Heard, *, encryption: bool) -> Event | None:
    if _is_deletion(heard):
        return _deleted(heard)
    if _is_gone(heard) or heard.source.get("type") == "m.reaction":
        return None
    if encryption and not heard.protected:
        return unreadable(heard, "plain")
    return _edited(heard) if _is_edit(heard) else _spoken(heard)


def _spoken(heard: Heard) -> Event:
    msgtype = heard.content.get("msgtype")
    if msgtype in _TEXTS:
        return _said(heard)
    if msgtype in _FILES and (file := _file(heard.content)):
        return _event(heard, Kind.TEXT, Place.HOME, text=_caption(heard.content), files=(file,))
    return unreadable(heard, "kind")


def _edited(heard: Heard) -> Event | None:
    """Read an edit; None for one of something that is no words, or that says neither what nor which."""
    new, target = heard.content.get("m.new_content"), _relation(heard).get("event_id")
    if not isinstance(new, Mapping) or not isinstance(target, str) or not target:
        return None
    body = new.get("body") if new.get("msgtype") in _TEXTS else _caption(new)
    text = _without_fallback(body).strip() if isinstance(body, str) else ""
    edit = _event(heard, Kind.EDITED, Place.HOME, text=text)
    message = str(Remote(heard.room, target))
    return replace(edit, reply_to="", remote=message, message=message)


def _deleted(heard: Heard) -> Event | None:
    """Read a deletion: older rooms name what is gone beside the content, newer ones in it."""
    target = heard.source.get("redacts") or heard.content.get("redacts")
    if not isinstance(target, str) or not target:
        return None
    deletion = _event(heard, Kind.DELETED, Place.HOME)
    return replace(deletion, remote="", message=str(Remote(heard.room, target)))


def _said(heard: Heard) -> Event:
    body = _body(heard)
    command = _COMMAND.match(body)
    if command:
        return _event(heard, Kind.COMMAND, Place.HOME, text=(command[1] or "").strip())
    return _event(heard, Kind.TEXT, Place.HOME, text=body.strip())


def _event(
    heard: Heard,
    kind: Kind,
    place: Place,
    *,
    text: str = "",
    files: tuple[FileRef, ...] = (),
    values: Mapping[str, str] | None = None,
) -> Event:
    own = str(Remote(heard.room, heard.id)) if place is Place.HOME else ""
    return Event(
        id=heard.id,
        kind=kind,
        account=account_of(heard.sender),
        place=place,
        text=text,
        values=values or {},
        files=files,
        reply_to=_reply_to(heard),
        handle={"room": heard.room, "event": heard.id},
        remote=own,
        message=own,
    )


def _is_spoken(heard: Heard) -> bool:
    kind = str(heard.source.get("type", ""))
    asks_for_verification = heard.content.get("msgtype") == "m.key.verification.request"
    return (kind in _SPOKEN or kind.startswith(_POLLS)) and not asks_for_verification


def _relation(heard: Heard) -> Mapping[str, Any]:
    relation = heard.content.get("m.relates_to")
    return relation if isinstance(relation, Mapping) else {}


def _is_edit(heard: Heard) -> bool:
    return _relation(heard).get("rel_type") == "m.replace"


def _is_deletion(heard: Heard) -> bool:
    return heard.source.get("type") == "m.room.redaction"


def _is_gone(heard: Heard) -> bool:
    """Say whether a message was deleted before it was read: what is left of it holds nothing."""
    unsigned = heard.source.get("unsigned")
    return isinstance(unsigned, Mapping) and "redacted_because" in unsigned


def _reply_to(heard: Heard) -> str:
    """Find what a message answers: a reply beats the thread it stands in, unless it only imitates one."""
    relation = _relation(heard)
    answered = relation.get("m.in_reply_to")
    target = answered.get("event_id") if isinstance(answered, Mapping) else None
    if relation.get("rel_type") == "m.thread" and (relation.get("is_falling_back") or not target):
        target = relation.get("event_id")
    return str(Remote(heard.room, target)) if isinstance(target, str) and target else ""


def _body(heard: Heard) -> str:
    body = heard.content.get("body")
    if not isinstance(body, str):
        return ""
    answers = isinstance(_relation(heard).get("m.in_reply_to"), Mapping)
    return _without_fallback(body) if answers else body


def _without_fallback(body: str) -> str:
    """Drop the quoted lines that older clients put before a reply."""
    lines = body.split("\n")
    if not lines[0].startswith("> <@"):
        return body
    quoted = next((at for at, line in enumerate(lines) if not line.startswith("> ")), len(lines))
    return "\n".join(lines[quoted:]).lstrip("\n")


def _caption(content: Mapping[str, Any]) -> str:
    """Give the caption of a file. Without a ``filename``, ``body`` is the file's name, which nobody needs."""
    body, filename = content.get("body"), content.get("filename")
    return body if isinstance(body, str) and isinstance(filename, str) and body != filename else ""


def _file(content: Mapping[str, Any]) -> FileRef | None:
    info = content.get("info")
    size = info.get("size") if isinstance(info, Mapping) else 0
    locator = _locator(content)
    return FileRef(locator, size if isinstance(size, int) and size > 0 else 0) if locator else None


def _locator(content: Mapping[str, Any]) -> dict[str, str] | None:
    """Keep what fetching and decrypting need, and nothing else of the message."""
    file = content.get("file")
    if not isinstance(file, Mapping):
        url = content.get("url")
        return {"url": url} if isinstance(url, str) else None
    found = {
        "url": file.get("url"),
        "k": _part(file, "key", "k"),
        "iv": file.get("iv"),
        "sha256": _part(file, "hashes", "sha256"),
    }
    whole = {name: part for name, part in found.items() if isinstance(part, str)}
    return whole if len(whole) == len(found) else None


def _part(of: Mapping[str, Any], name: str, inner: str) -> object:
    part = of.get(name)
    return part.get(inner) if isinstance(part, Mapping) else None
