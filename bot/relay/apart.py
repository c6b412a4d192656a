"""Set apart: moderators are told once a day and reason what could not be delivered."""

from __future__ import annotations

from datetime import datetime

from bot.ports.outbox import MEMO, Claimed, Notice
from bot.views.moderators import apart_card, apart_quiet_card, room_lost_card


def notice_of(claimed: Claimed, code: str, now: datetime) -> Notice | None:
    """Say what is set apart and why; of their own memos, only that their room takes none.

    Otherwise a chat that takes nothing would be told of it for ever.
    """
    day = now.date().isoformat()
    if not claimed.subject.startswith(MEMO):
        to = "home" if claimed.member else "room"
        card = apart_card(code, to_room=to == "room")
        return Notice(card, apart_quiet_card(), key=f"apart:{day}:{to}:{code}")
    if claimed.member is None:
        return Notice(room_lost_card(code), apart_quiet_card(), key=f"room lost:{day}", at_home=True)
    return None
