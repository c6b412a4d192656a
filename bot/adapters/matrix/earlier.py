"""Earlier tries: what a delivery has said already is found in its room by a mark, whichever device said it.

A homeserver knows a transaction again for the device that sent it, and for about a day. Nothing else tells
that a message of another device, which died before it could say so, got through.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from bot.adapters.matrix.session import Session
from bot.adapters.matrix.wire import path

_MARK: Final = "curbside.delivery"
"""A key of the content, in clear: the random id of the delivery and the number of the part."""
_SPAN: Final = timedelta(days=2)
"""How far back to look: what waited longer was never tried, or is sent anew by an operator's word."""
_PAGE: Final = 100
_MOST_PAGES: Final = 20


def marked(content: Mapping[str, Any], txn: str) -> dict[str, Any]:
    """Give the content of an event with the mark of its delivery."""
    return {**content, _MARK: txn}


async def said_earlier(session: Session, room_id: str, delivery_id: str, now: datetime) -> dict[str, str]:
    """Look in a room for what a delivery has said: event ids by transaction id.

    Raises ``Declined`` and ``Unreachable``.
    """
    oldest = (now - _SPAN).timestamp() * 1000
    wanted = {"senders": [session.user_id], "types": ["m.room.message", "m.room.encrypted"]}
    query = {"dir": "b", "limit": str(_PAGE), "filter": json.dumps(wanted)}
    found: dict[str, str] = {}
    for _ in range(_MOST_PAGES):
        page = await session.wire.get(path("rooms", room_id, "messages"), query)
        for event in page.get("chunk", []):
            txn = _mark_of(event, session.user_id)
            if txn.startswith(f"{delivery_id}."):
                found[txn] = str(event["event_id"])
        last = page.get("chunk", [])[-1:]
        if not page.get("end") or (last and last[0].get("origin_server_ts", 0) < oldest):
            break
        query["from"] = page["end"]
    return found


def _mark_of(event: Mapping[str, Any], user_id: str) -> str:
    return str(event.get("content", {}).get(_MARK, "")) if event.get("sender") == user_id else ""
