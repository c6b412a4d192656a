"""Waiting: the cases that a member may still answer, and in which order they come."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final, Protocol

from bot.domain.cases import WINDOWS, Case
from bot.domain.members import MemberId

SKIPPED_FOR: Final = timedelta(days=1)
"""How long a case that was skipped comes after all others."""


def in_turn(cases: Collection[Case], skipped: Collection[str] = ()) -> tuple[Case, ...]:
    """Order waiting cases: the fewest opinions first, then the most urgent, then the oldest.

    ``skipped`` are the ids of cases that come after all others.
    """
    return tuple(
        sorted(cases, key=lambda one: (one.id in skipped, one.opinions, WINDOWS[one.urgency], one.number))
    )


class Waiting(Protocol):
    """Open cases by who has not looked at them yet."""

    async def cases(self, members: Collection[MemberId], now: datetime) -> tuple[Case, ...]:
        """List open cases in the rooms that a member neither asked, answered nor chose to just read.

        They come in no order; ``members`` are all ids of the member.
        """
        ...
