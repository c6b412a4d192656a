"""Telling moderators: one message to each of them, out with the fact that it tells."""

from __future__ import annotations

from datetime import datetime

from bot.chat.cards import Card
from bot.domain.members import Role
from bot.ports.work import Work


async def tell_moderators(work: Work, card: Card, quiet: Card, *, key: str, at: datetime) -> int:
    """Put a message to every moderator into the outbox, once per ``key``; say how many there are."""
    told = [one for one in await work.members.everybody() if one.role is Role.MODERATOR]
    for moderator in told:
        await work.outbox.tell(moderator.id, card, quiet=quiet, key=key, release_at=at)
    return len(told)
