"""What ballots add up to: slots that count, one row of them for each cell, whatever the kind of poll."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.poll_terms import PollKind, Terms

Choice = tuple[int, ...]
"""What one ballot says, as indexes from 0: one option; several, ascending; all, the best first; or one mark.

*Don't know* is the option behind the last real one, alone: the last of the poll's options, or of a number the
mark behind the highest.
"""


@dataclass(frozen=True, slots=True)
class Counts:
    """Ballots of one cell, or of several together.

    ``ballots`` counts people, *don't know* included. ``slots`` count what :func:`slots_of` says: for a single
    choice, Likert and a number one for each option or mark, the last for *don't know*; for multiple choice
    the same, where one ballot may count in several; for a ranking of n options n x n,
    ``option * n + place``, and one for *don't know*.
    """

    ballots: int
    slots: tuple[int, ...]

    def plus(self, other: Counts) -> Counts:
        """Add up two."""
        slots = tuple(a + b for a, b in zip(self.slots, other.slots, strict=True))
        return Counts(self.ballots + other.ballots, slots)

    @property
    def undecided(self) -> int:
        """How many don't know."""
        return self.slots[-1]


def real_options(terms: Terms, options: int) -> int:
    """Count what can be chosen beside *don't know*; ``options`` counts the poll's options with it."""
    return terms.scale.marks if terms.scale is not None else options - 1


def width(terms: Terms, options: int) -> int:
    """Count the slots of a poll."""
    real = real_options(terms, options)
    return (real * real if terms.kind is PollKind.RANKING else real) + 1


def slots_of(terms: Terms, options: int, choice: Choice) -> tuple[int, ...]:
    """Say which slots one ballot counts in."""
    real = real_options(terms, options)
    if choice == (real,):
        return (width(terms, options) - 1,)
    if terms.kind is PollKind.RANKING:
        return tuple(option * real + place for place, option in enumerate(choice))
    return choice


def empty(terms: Terms, options: int) -> Counts:
    """Give the counts of no ballot."""
    return Counts(0, (0,) * width(terms, options))


def added(counts: Iterable[Counts], nothing: Counts) -> Counts:
    """Add up any number."""
    total = nothing
    for one in counts:
        total = total.plus(one)
    return total


Bases = Mapping[str, int]
"""How many ballots of each cell are meant."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What was ever shown of another poll that asks nearly the same of some of the same people."""

    number: int
    shown: Bases


@dataclass(frozen=True, slots=True)
class Urn:
    """What lies in an open poll's urn: counts by cell, and how many ballots came since the last release.

    ``earlier`` says for each release so far how many ballots came with it and still lie here; ``gone`` how
    many were shown and then taken out; ``beside`` what was shown of polls that ask the same.
    """

    cells: Mapping[str, Counts]
    new: int
    earlier: tuple[Bases, ...] = ()
    gone: Bases = field(default_factory=dict)
    beside: tuple[Beside, ...] = ()

    @property
    def ballots(self) -> int:
        """How many ballots lie in it."""
        return sum(counts.ballots for counts in self.cells.values())


@dataclass(frozen=True, slots=True)
class Group:
    """A part of a breakdown: one specialty or several together, physicians and trainees alike."""

    specialties: tuple[str, ...]
    counts: Counts


@dataclass(frozen=True, slots=True)
class Result:
    """A table that was released; ``groups`` is empty without a breakdown.

    ``held_back`` ballots are not in it. ``invited`` is how many could vote when the poll was asked, 0 where
    nobody knows.
    """

    counts: Counts
    at: datetime
    groups: tuple[Group, ...] = ()
    held_back: int = 0
    invited: int = 0
