"""One of every card of a poll whose result cannot stand beside another one's."""

from __future__ import annotations

from datetime import datetime

from bot.chat.cards import Card
from bot.domain.members import Member
from bot.domain.polls import Poll
from bot.views import poll_result


def cards(poll: Poll, author: Member, now: datetime) -> dict[str, Card]:
    """Show it in the rooms, and to whoever ended it."""
    barred = poll.close(None, now, barred_by=poll.number - 3)
    return {
        "poll_barred": poll_result.result_card(barred, author),
        "poll_ended_barred": poll_result.ended_card(barred),
    }
