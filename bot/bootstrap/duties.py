"""Duties: what is done every so many seconds, beside what concerns people."""

from __future__ import annotations

from functools import partial
from typing import Final

from bot.commands.context import House
from bot.commands.digests import send_digests
from bot.commands.housekeeping import tidy
from bot.commands.leaving import leave_rooms
from bot.commands.paging import list_unanswered
from bot.identity.people import Duty
from bot.identity.resealing import KeyCare
from bot.identity.wall import Wall

_TIDY_EVERY: Final = 3600.0
_DIGESTS_EVERY: Final = 600.0
"""Seconds between two looks for members whose morning has come."""
_SPREAD_EVERY: Final = 30.0
"""Seconds between two looks for lists that another process left, or a fault. No other duty waits for it."""


def duties_of(house: House, wall: Wall, key_care: KeyCare, spread: Duty) -> tuple[tuple[float, Duty], ...]:
    """List each duty with the seconds between two times; ``spread`` works off what many are told."""
    leaving = partial(wall.leaving.repair, partial(leave_rooms, house))
    hourly = (partial(tidy, house), leaving, key_care.tend, partial(list_unanswered, house))
    return (
        (_SPREAD_EVERY, spread),
        (_DIGESTS_EVERY, partial(send_digests, house)),
        *((_TIDY_EVERY, duty) for duty in hourly),
    )
