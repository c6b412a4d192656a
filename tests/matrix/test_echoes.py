"""What the bot said itself is taken out of a sync before anything reads it; all else stays."""

from __future__ import annotations

from typing import Any

from bot.adapters.matrix.echoes import drop_echoes

BOT = "@bot:north.example"


def event(kind: str, sender: str = BOT, **more: Any) -> dict[str, Any]:
    return {"type": kind, "sender": sender, "event_id": "$1", "content": {}, **more}


def joined(*events: Any) -> dict[str, Any]:
    return {
        "!room:north.example": {"timeline": {"events": list(events), "limited": True, "prev_batch": "s1"}}
    }


def test_own_words_go_and_nothing_else_does() -> None:
    stay = [
        event("m.room.message", "@ada:north.example"),
        event("m.room.encrypted", "@ada:north.example"),
        event("m.room.member", state_key=BOT),
        event("m.room.member", state_key="@ben:north.example"),
        event("m.room.encrypted", state_key=""),
        event("m.reaction"),
        event("m.room.redaction"),
    ]
    rooms = joined(event("m.room.message"), *stay, event("m.room.encrypted"))
    drop_echoes(rooms, BOT)
    assert rooms == joined(*stay)


def test_what_is_no_event_is_left_to_the_library() -> None:
    odd = joined("words", None, {"type": "m.room.message"}, {"sender": BOT})
    before = repr(odd)
    drop_echoes(odd, BOT)
    assert repr(odd) == before
    malformed: list[dict[str, Any]] = [
        {"!a": None},
        {"!a": {"timeline": []}},
        {"!a": {"timeline": {"events": 1}}},
    ]
    for rooms in malformed:
        drop_echoes(rooms, BOT)


def test_before_the_login_nobody_is_left_out() -> None:
    rooms = joined(event("m.room.message"))
    drop_echoes(rooms, "")
    assert len(rooms["!room:north.example"]["timeline"]["events"]) == 1
