"""Votes that are no ballots yet: events that wait, forms half filled in, messages edited early."""

from __future__ import annotations

import json
import re

from sqlalchemy import delete, select

from bot.chat.codec import PayloadRefused, event_from_bytes, form_from_bytes
from bot.ports.sealing import SealBroken, Sealer
from storage.connection import Connection
from storage.content.inbox import mark_handled
from storage.content.tables import dialogs, inbox


async def forget_votes(connection: Connection, sealer: Sealer, number: int) -> None:
    """Erase all of them that are about one poll; what somebody only says about it stays.

    An event in memory is still handled and answered; what cannot be opened says nothing to anybody.
    """
    vote = re.compile(rf"\s*(\S+\s+)?vote\s+#?0*{number}\b", re.IGNORECASE)
    waiting = select(inbox.c.row, inbox.c.key, inbox.c.sealed).where(inbox.c.state == "waiting")
    for row in (await connection.execute(waiting)).all():
        if _is_vote(_opened(sealer, f"inbox|sealed|{row.key.hex()}", row.sealed), vote):
            await mark_handled(connection, row.row)
    # Only what ends by itself holds somebody's words.
    unfinished = select(dialogs.c.key, dialogs.c.sealed).where(dialogs.c.until.is_not(None))
    for talk in (await connection.execute(unfinished)).all():
        if _holds_vote(_opened(sealer, f"dialogs|sealed|{talk.key.hex()}", talk.sealed), vote):
            await connection.execute(delete(dialogs).where(dialogs.c.key == talk.key))


def _opened(sealer: Sealer, place: str, sealed: bytes) -> bytes:
    try:
        return sealer.open(sealed, place)
    except SealBroken:
        return b""


def _is_vote(kept: bytes, vote: re.Pattern[str]) -> bool:
    """Read an event, which lies behind the line that names its site; its text or its form's command votes."""
    try:
        event = event_from_bytes(kept.rpartition(b"\n")[2])
    except PayloadRefused:
        return False
    return vote.match(event.text) is not None


def _holds_vote(kept: bytes, vote: re.Pattern[str]) -> bool:
    """Look for a form that votes, or for what a message was edited to before it came."""
    try:
        told = json.loads(kept)
    except ValueError:
        return False
    if isinstance(told, dict) and told.get("wizard"):
        return vote.match(form_from_bytes(told["wizard"]["form"].encode()).command) is not None
    if isinstance(told, list) and told[:1] in (["edited"], ["deleted"]):
        return vote.match(told[-1]) is not None
    return False
