"""Votes that are no ballots yet: events that wait, forms half filled in, messages edited early."""

from __future__ import annotations

import json
import re

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.chat.codec import form_from_bytes
from bot.ports.sealing import SealBroken, Sealer
from storage.content.inbox import mark_handled
from storage.content.tables import dialogs, inbox


async def forget_votes(connection: AsyncConnection, sealer: Sealer, number: int) -> None:
    """Erase all of them that are about one poll.

    An event in memory is still handled and answered; what cannot be opened says nothing to anybody.
    """
    named = re.compile(rb"\bvote\s+#?0*%d\b" % number, re.IGNORECASE)
    waiting = select(inbox.c.row, inbox.c.key, inbox.c.sealed).where(inbox.c.state == "waiting")
    for row in (await connection.execute(waiting)).all():
        if named.search(_opened(sealer, f"inbox|sealed|{row.key.hex()}", row.sealed)):
            await mark_handled(connection, row.row)
    # Only what ends by itself holds somebody's words.
    unfinished = select(dialogs.c.key, dialogs.c.sealed).where(dialogs.c.until.is_not(None))
    for talk in (await connection.execute(unfinished)).all():
        if _holds_vote(_opened(sealer, f"dialogs|sealed|{talk.key.hex()}", talk.sealed), number, named):
            await connection.execute(delete(dialogs).where(dialogs.c.key == talk.key))


def _opened(sealer: Sealer, place: str, sealed: bytes) -> bytes:
    try:
        return sealer.open(sealed, place)
    except SealBroken:
        return b""


def _holds_vote(kept: bytes, number: int, named: re.Pattern[bytes]) -> bool:
    """Look for a form that votes in the poll, or a message that does; a story may only speak of one."""
    if not named.search(kept):
        return False
    told = json.loads(kept)
    if isinstance(told, dict):
        form = (told.get("wizard") or {}).get("form")
        return form is not None and form_from_bytes(form.encode()).command.split()[:2] == [
            "vote",
            str(number),
        ]
    return True
