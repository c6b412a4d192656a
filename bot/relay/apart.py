"""Set apart: moderators are told once a day and reason what could not be delivered."""

from __future__ import annotations

from bot.ports.clock import Clock
from bot.ports.outbox import MEMO, Claimed
from bot.ports.work import Content
from bot.views.moderators import apart_card, apart_quiet_card, room_lost_card


class Apart:
    """Tells of deliveries in quarantine."""

    def __init__(self, content: Content, clock: Clock) -> None:
        """Take where notices are put, and the clock that says which day it is."""
        self._content = content
        self._clock = clock

    async def tell(self, claimed: Claimed, code: str) -> None:
        """Say what is set apart and why; of what moderators are told themselves, only their room.

        Otherwise a chat that takes nothing would be told of it for ever.
        """
        day = self._clock.now().date().isoformat()
        if not claimed.subject.startswith(MEMO):
            to = "home" if claimed.member else "room"
            card, at_home, key = apart_card(code, to_room=to == "room"), False, f"apart:{day}:{to}:{code}"
        elif claimed.member is None:
            card, at_home, key = room_lost_card(code), True, f"room lost:{day}"
        else:
            return
        async with self._content.work() as work:
            await work.outbox.notify_moderators(card, quiet=apart_quiet_card(), key=key, at_home=at_home)
