"""Terms of a poll: its kind, who may vote, when it opens and closes, who reads the result, who pays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

from bot.domain.members import Member, Role

MOST_OPTIONS: Final = 10
"""Options of a poll at most, :data:`NO_OPINION` among them."""
MOST_RANKED: Final = 7
"""Options that can be put in order."""
MOST_MARKS: Final = 101
"""Values that a number can have: with more of them, hardly two people would give the same."""
NO_OPINION: Final = "Don't know / not my field"
AGREEMENT: Final = ("Strongly disagree", "Disagree", "Neither agree nor disagree", "Agree", "Strongly agree")
"""The five levels of R. Likert, A Technique for the Measurement of Attitudes (1932)."""
OTHERS: Final = ""
"""The cell of whoever belongs in no other."""
TRAINEES: Final = "/trainees"
"""What the cell of a specialty's trainees has behind the specialty."""


class PollKind(StrEnum):
    """What a ballot says."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    LIKERT = "likert"
    RANKING = "ranking"
    NUMBER = "number"


class Shows(StrEnum):
    """Who reads a result, and when."""

    CLOSE = "close"
    """Everybody, after the poll is closed."""
    SNAPSHOTS = "snapshots"
    """Those who voted, now and then while it is open; everybody after it is closed."""
    AUTHOR = "author"
    """Its author alone, after it is closed."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Numbers that a vote can be: ``low`` to ``high`` by ``step``, with their unit; ends included."""

    low: Decimal
    high: Decimal
    step: Decimal
    unit: str = ""

    @property
    def marks(self) -> int:
        """How many values there are."""
        return int((self.high - self.low) / self.step) + 1

    def value(self, mark: int) -> Decimal:
        """Give the value of a mark, counted from 0."""
        return self.low + self.step * mark


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for a poll beside its words.

    ``most`` is how many options of a multiple choice may be chosen. ``audience`` are broad specialties, none
    for all. ``closes_after`` counts ballots, 0 for none; ``sample`` physicians are drawn at random and only
    they may vote, 0 where everybody of the audience may. Whoever names a ``sponsor`` says what is paid.
    """

    kind: PollKind = PollKind.SINGLE
    most: int = 0
    scale: Scale | None = None
    shuffled: bool = False
    audience: tuple[str, ...] = ()
    trainees: bool = True
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    closes_after: int = 0
    shows: Shows = Shows.CLOSE
    sponsor: str = ""
    payment: str = ""
    sample: int = 0

    def admits(self, member: Member) -> bool:
        """Say whether a member is of the audience."""
        if member.role is Role.TRAINEE and not self.trainees:
            return False
        return not self.audience or member.specialty in self.audience


def cell_of(member: Member) -> str:
    """Name the cell in which a member's ballot is counted: the specialty, and whether a trainee's."""
    return member.specialty + (TRAINEES if member.role is Role.TRAINEE else "")


def specialty_of_cell(cell: str) -> str:
    """Give the specialty of a cell."""
    return cell.removesuffix(TRAINEES)
