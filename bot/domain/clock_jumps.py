"""Jumps of the machine's clock, and what they mean for a case that waits: as long as it was promised."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Protocol

from bot.domain.cases import Case

SMALL: Final = 5.0
"""Seconds that the clock may be off from one look to the next without having jumped: it is being slewed."""


@dataclass(frozen=True, slots=True)
class Jump:
    """The clock was at ``before`` when last looked at, is at ``now``, and went ``seconds`` too far between.

    Less than 0 is a jump back.
    """

    before: datetime
    now: datetime
    seconds: float

    @property
    def by(self) -> timedelta:
        """How far it jumped."""
        return timedelta(seconds=self.seconds)

    def is_after(self, moment: datetime) -> bool:
        """Say whether a moment was told by the clock as it runs now.

        After a jump back some moments may be of either time; they count as after it, so that nothing that
        waits for them is early.
        """
        if self.seconds > 0:
            return moment > self.now - self.by
        return self.before + self.by <= moment <= self.now


def shifted(case: Case, jump: Jump) -> Case:
    """Let a case that was asked before the jump wait as long as it would have without it."""
    if case.closes_at is None or jump.is_after(case.posted_at):
        return case
    return replace(case, closes_at=case.closes_at + jump.by).looked_at(jump.now)


@dataclass(frozen=True, slots=True)
class Ahead:
    """What a keeper of the time looks at: the delivery that was put ``newest``, and what is due next.

    ``due`` is None where nothing will be; ``lost`` says that something is due whenever it is seen: an open
    poll without its urn.
    """

    newest: int
    due: datetime | None
    lost: bool = False

    def following(self, now: datetime) -> datetime | None:
        """Give the moment of the next thing, whatever it is; None where there is none."""
        return now if self.lost else self.due


class Schedule(Protocol):
    """What happens by the clock, and when deliveries leave."""

    async def ahead(self) -> Ahead:
        """Give what comes next; the newest delivery has number 0 before the first."""
        ...

    async def move(self, upto: int, by: timedelta) -> int:
        """Move all that waits and was put no later than ``upto``, in its order; gives how many deliveries."""
        ...
