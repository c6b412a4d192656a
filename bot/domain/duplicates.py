"""Duplicates: what speaks for two memberships of one person, as a sum of scores. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Final

CLOSE: Final = timedelta(minutes=10)
"""Applications from one workplace that begin within this time of each other count as begun together."""


class Signal(StrEnum):
    """One thing that an applicant has in common with somebody else."""

    EMAIL = "email"
    """The same e-mail address as a member's."""
    NAME_AND_STATE = "name_and_state"
    """The same full name as a member's, with a licence in the same state."""
    PICTURE = "picture"
    """The same uploaded profile picture as a member's."""
    TOGETHER = "together"
    """Another application from the same workplace, begun within ten minutes, that shares an answer."""


SCORES: Final[Mapping[Signal, int]] = {
    Signal.EMAIL: 80,
    Signal.NAME_AND_STATE: 40,
    Signal.PICTURE: 40,
    Signal.TOGETHER: 50,
}
"""0 to 100 each. An address is one person's with few exceptions; namesakes in one state are many, and a
picture may be handed on by whoever sets accounts up."""
SHARED_BY: Final = 3
"""So many members with one picture have it from their hospital, not from each other: it says nothing."""


def score(signals: Collection[Signal]) -> int:
    """Add the scores up, each signal once."""
    return sum(SCORES[one] for one in set(signals))
