"""Slack's payloads to events: who did what, where; everything else that Slack tells is left behind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.adapters.slack.forms import ANSWER, Origin
from bot.adapters.slack.ids import Malformed, MessageAddress, account_of, is_home
from bot.adapters.slack.typed import typed
from bot.chat.events import Account, Event, FileRef, Kind, Place

Payload = Mapping[str, Any]

SHORTCUTS = {"give_opinion": "opinion", "report": "report", "new_consult": "case"}
"""What a shortcut's callback id means, as a command."""

OPENED, INSIDE = "opened", "inside"
"""What an event has to do with the Home tab: it wants the tab drawn, or was done from there."""

_SAID = (None, "file_share", "thread_broadcast", "me_message")
_AFTERWARDS = ("message_changed", "message_deleted")


class Unknown(Exception):
    """A payload of a shape that this adapter does not know. Asking Slack to repeat it would not help."""


def to_event(payload: Payload, room: str, moderators: str = "") -> Event | None:
    """Translate a payload; None for what is none of ours.

    ``room`` is the consult room's channel, ``moderators`` that of the moderators' room, if it is here.
    Raises :class:`Unknown` for a payload that lacks what its kind always has.
    """
    try:
        event = _reader(payload)(payload, room)
    except (KeyError, TypeError, IndexError, AttributeError, Malformed):
        raise Unknown from None  # without its cause: that would quote the payload
    among_moderators = event is not None and moderators and event.handle.get("channel") == moderators
    return replace(event, place=Place.MODERATORS) if event is not None and among_moderators else event


def _reader(payload: Payload) -> Callable[[Payload, str], Event | None]:
    if "command" in payload:
        return _slash_command
    return _READERS.get(payload.get("type", ""), _nothing)


def _nothing(_payload: Payload, _room: str) -> None:
    return None


def _slash_command(payload: Payload, room: str) -> Event:
    channel = payload["channel_id"]
    return Event(
        id=f"trigger:{payload['trigger_id']}",
        kind=Kind.COMMAND,
        account=account_of(payload["team_id"], payload["user_id"]),
        place=_place(channel, room),
        text=typed(payload.get("text", "")).strip(),
        handle=_handle(payload, channel=channel),
    )


def _click(payload: Payload, room: str) -> Event | None:
    action = payload["actions"][0]
    if action["type"] != "button":
        return None
    view = payload.get("view") or {}
    origin = Origin.read(view.get("private_metadata", ""))
    channel = (payload.get("channel") or {}).get("id", "") or origin.channel
    message = payload.get("message") or {}
    modal = "" if view.get("type") == "home" else view.get("id", "")
    return Event(
        id=f"trigger:{payload['trigger_id']}",
        kind=Kind.COMMAND,
        account=_person(payload),
        place=_place(channel, room),
        text=action["value"],
        handle=_handle(
            payload,
            channel=channel,
            view=modal,
            thread=_inside(message),
            tab=INSIDE if origin.tab or view.get("type") == "home" else "",
        ),
    )


def _submission(payload: Payload, room: str) -> Event:
    view = payload["view"]
    origin = Origin.read(view["private_metadata"])
    answers = {name: block[ANSWER] for name, block in view["state"]["values"].items() if ANSWER in block}
    return Event(
        id=f"view:{view['id']}:{view['hash']}",
        kind=Kind.FORM,
        account=_person(payload),
        place=_place(origin.channel, room),
        text=origin.command,
        values={name: value for name, answer in answers.items() if (value := _value(answer))},
        files=tuple(ref for answer in answers.values() for ref in _files(answer.get("files"))),
        handle=_handle(payload, channel=origin.channel, view=view["id"], tab=INSIDE if origin.tab else ""),
    )


def _shortcut(payload: Payload, _room: str) -> Event:
    return Event(
        id=f"trigger:{payload['trigger_id']}",
        kind=Kind.COMMAND,
        account=_person(payload),
        place=Place.HOME,
        text=SHORTCUTS[payload["callback_id"]],
        handle=_handle(payload),
    )


def _message_shortcut(payload: Payload, room: str) -> Event:
    channel, message = payload["channel"]["id"], payload["message"]
    return Event(
        id=f"trigger:{payload['trigger_id']}",
        kind=Kind.COMMAND,
        account=_person(payload),
        place=_place(channel, room),
        text=SHORTCUTS[payload["callback_id"]],
        reply_to=str(MessageAddress.of(channel, message["ts"])),
        handle=_handle(payload, channel=channel, thread=_inside(message)),
    )


def _events_api(payload: Payload, room: str) -> Event | None:
    inner = payload["event"]
    if inner["type"] == "app_home_opened":
        return _opened(payload, inner)
    if inner["type"] == "member_joined_channel" and inner["channel"] == room:
        return _entered(payload, inner)
    if inner["type"] == "message" and inner.get("subtype") in _AFTERWARDS:
        return _afterwards(payload, inner, room)
    if inner["type"] == "message" and _by_a_person(inner):
        return _message(payload, inner, room)
    return None


def _entered(payload: Payload, inner: Payload) -> Event:
    return Event(
        id=f"event:{payload['event_id']}",
        kind=Kind.ENTERED,
        account=account_of(payload["team_id"], inner["user"]),
        place=Place.ROOM,
    )


def _opened(payload: Payload, inner: Payload) -> Event:
    if inner.get("tab") == "home":
        account = account_of(payload["team_id"], inner["user"])
        return _tab_of(account, f"event:{payload['event_id']}")
    return Event(
        id=f"event:{payload['event_id']}",
        kind=Kind.HELLO,
        account=account_of(payload["team_id"], inner["user"]),
        place=Place.HOME,
        handle=_handle({}, channel=inner.get("channel", "")),
    )


def _tab_of(account: Account, ident: str) -> Event:
    """Ask for what the Home tab shows: what a command without a word answers."""
    return Event(ident, Kind.COMMAND, account, Place.HOME, handle={"tab": OPENED})


def drawn_again(event: Event) -> tuple[Event, ...]:
    """Ask for the Home tab anew after what somebody did from there: it may show another thing now."""
    if event.handle.get("tab") != INSIDE:
        return ()
    return (_tab_of(event.account, f"{event.id}:tab"),)


def _message(payload: Payload, inner: Payload, room: str) -> Event | None:
    channel, thread = inner["channel"], inner.get("thread_ts", "")
    if inner.get("channel_type") != "im" and channel != room:
        return None  # what people say elsewhere is none of ours, even where the app was invited
    at_home = channel != room
    return Event(
        id=f"event:{payload['event_id']}",
        kind=Kind.TEXT if at_home else Kind.NATIVE,
        account=_speaker(payload, inner),
        place=Place.HOME if at_home else Place.ROOM,
        text=typed(inner.get("text", "")) if at_home else "",
        files=tuple(_files(inner.get("files"))) if at_home else (),
        reply_to=_answered(channel, thread, inner["ts"]),
        handle=_handle({}, channel=channel, thread=thread),
        message=str(MessageAddress.of(channel, inner["ts"])) if at_home else "",
    )


def _afterwards(payload: Payload, inner: Payload, room: str) -> Event | None:
    """Read what became of a message in a home chat.

    Slack tells of more than edits here: links that were unfolded, what the bot changed itself, and a deleted
    message that has replies, of which a stone is left.
    """
    if inner.get("channel_type") != "im" or inner["channel"] == room:
        return None
    before, now = inner.get("previous_message") or {}, inner.get("message") or {}
    if inner["subtype"] == "message_deleted" or now.get("subtype") == "tombstone":
        return _changed(payload, inner, before, Kind.DELETED) if _by_a_person(before) else None
    said, says = typed(before.get("text", "")), typed(now.get("text", ""))
    if not _by_a_person(now) or now["user"] != before.get("user") or said == says:
        return None
    return _changed(payload, inner, now, Kind.EDITED)


def _changed(payload: Payload, inner: Payload, message: Payload, kind: Kind) -> Event:
    return Event(
        id=f"event:{payload['event_id']}",
        kind=kind,
        account=_speaker(payload, message),
        place=Place.HOME,
        text=typed(message.get("text", "")) if kind is Kind.EDITED else "",
        handle=_handle({}, channel=inner["channel"], thread=_inside(message)),
        message=str(MessageAddress.of(inner["channel"], message["ts"])),
    )


def _speaker(payload: Payload, message: Payload) -> Account:
    team = message.get("user_team") or message.get("team") or payload["team_id"]
    return account_of(team, message["user"])


def _by_a_person(inner: Payload) -> bool:
    return inner.get("subtype") in _SAID and not inner.get("bot_id") and bool(inner.get("user"))


def _inside(message: Payload) -> str:
    """Give the thread that a message is a reply in; its first message stands outside."""
    thread = message.get("thread_ts", "")
    return str(thread) if thread != message.get("ts") else ""


def _answered(channel: str, thread: str, ts: str) -> str:
    return str(MessageAddress.of(channel, thread)) if thread and thread != ts else ""


def _person(payload: Payload) -> Any:  # noqa: ANN401  (an Account; keeps the readers to one line)
    user = payload["user"]
    return account_of(user.get("team_id") or payload["team"]["id"], user["id"])


def _place(channel: str, room: str) -> Place:
    if channel == room:
        return Place.ROOM
    return Place.HOME if not channel or is_home(channel) else Place.ELSEWHERE


def _handle(payload: Payload, **known: str) -> dict[str, str]:
    given = {"trigger": payload.get("trigger_id"), "respond": payload.get("response_url"), **known}
    return {name: value for name, value in given.items() if value}


def _value(answer: Payload) -> str:
    if answer.get("selected_option"):
        return str(answer["selected_option"]["value"])
    if answer.get("selected_options"):
        return ",".join(str(option["value"]) for option in answer["selected_options"])
    return str(answer.get("value") or "")


def _files(files: Any) -> list[FileRef]:  # noqa: ANN401  (JSON)
    return [_file(file) for file in files or () if file.get("mode") != "tombstone"]


def _file(file: Payload) -> FileRef:
    url = file.get("url_private_download") or file.get("url_private") or ""
    locator = {"id": str(file["id"]), "url": str(url)}
    return FileRef({name: value for name, value in locator.items() if value}, int(file.get("size") or 0))


_READERS: dict[str, Callable[[Payload, str], Event | None]] = {
    "block_actions": _click,
    "view_submission": _submission,
    "shortcut": _shortcut,
    "message_action": _message_shortcut,
    "event_callback": _events_api,
}
