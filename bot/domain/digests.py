"""Digests: what one member has not seen yet or has still to do, as one list in the morning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.domain.cases import Case, CaseState
from bot.domain.outcomes import Outcome, Reminder

ENOUGH: Final = 3
"""Opinions from which on there is a group answer; a case that has them is in no digest."""


class Turn(StrEnum):
    """What happened to a case that somebody follows."""

    REVEALED = "revealed"
    SUMMED_UP = "summed up"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class Digest:
    """What one digest tells: cases of the own field, followed cases that turned, own ones without outcome.

    ``news`` says whether any of it is newer than the last digest; what is known already is no reason for one.
    """

    waiting: tuple[Case, ...] = ()
    followed: tuple[tuple[Case, Turn], ...] = ()
    own: tuple[Case, ...] = ()
    news: bool = False

    @property
    def empty(self) -> bool:
        """Whether there is nothing to tell at all."""
        return not (self.waiting or self.followed or self.own)


def turn_of(case: Case, since: datetime, reminder: Reminder | None, outcome: Outcome | None) -> Turn | None:
    """Say what happened to a case last, if it happened after ``since``; None for nothing."""
    if case.state is CaseState.RESOLVED and outcome is not None and outcome.told_at > since:
        return Turn.RESOLVED
    if case.ended and reminder is not None and reminder.ended_at > since:
        return Turn.SUMMED_UP
    if case.state is not CaseState.WITHDRAWN and case.revealed_at is not None and case.revealed_at > since:
        return Turn.SUMMED_UP if case.ended else Turn.REVEALED
    return None


def for_field(cases: Sequence[Case], specialty: str) -> tuple[Case, ...]:
    """Choose the cases that want a specialty and have too few opinions for a group answer."""
    return tuple(case for case in cases if specialty in case.specialties and case.opinions < ENOUGH)
