"""Figures of a released table: shares with intervals, agreement, points of a ranking, quartiles of a number.

The base of every share is the ballots with an opinion: whoever does not know says nothing about the options,
and is counted apart. All sums are exact; square roots alone are not.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from math import sqrt
from typing import Final

from bot.domain.poll_tally import Counts
from bot.domain.poll_terms import Scale

Z: Final = 1.959964
"""The normal distribution's quantile for 95 %."""
_MOST_BINS: Final = 25
_BIN_MARKS: Final = (1, 2, 5, 10)


@dataclass(frozen=True, slots=True)
class Proportion:
    """So many of a base."""

    count: int
    base: int

    @property
    def share(self) -> float:
        """From 0 to 1; 0 where the base is empty."""
        return self.count / self.base if self.base else 0.0

    @property
    def percent(self) -> int:
        """The share in whole percent, halves upwards."""
        return (200 * self.count + self.base) // (2 * self.base) if self.base else 0

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % score interval of E. B. Wilson (1927), from 0 to 1; all of it where the base is empty."""
        return wilson(self.count, self.base)

    @property
    def interval_percent(self) -> tuple[int, int]:
        """The interval in whole percent, halves upwards; it never ends at 0 or begins at 100."""
        low, high = self.interval
        return min(int(100 * low + 0.5), 99), max(int(100 * high + 0.5), 1)


def wilson(count: int, base: int) -> tuple[float, float]:
    """Give the 95 % score interval of ``count`` of ``base``; whole where the base is empty."""
    if not base:
        return 0.0, 1.0
    share, square = count / base, Z * Z
    middle = share + square / (2 * base)
    half = Z * sqrt(share * (1 - share) / base + square / (4 * base * base))
    scale = 1 + square / base
    low = 0.0 if count == 0 else (middle - half) / scale
    high = 1.0 if count == base else (middle + half) / scale
    return low, high


def opinions(counts: Counts) -> int:
    """Count the ballots that say more than *don't know*: the base of all shares."""
    return counts.ballots - counts.undecided


def undecided(counts: Counts) -> Proportion:
    """Say how many of all ballots don't know."""
    return Proportion(counts.undecided, counts.ballots)


def shares(counts: Counts) -> tuple[Proportion, ...]:
    """Give the share of each option, level or mark; of a multiple choice they may add up to more than all."""
    base = opinions(counts)
    return tuple(Proportion(count, base) for count in counts.slots[:-1])


@dataclass(frozen=True, slots=True)
class Agreement:
    """What five levels come to; ``median`` are the two middle levels, from 0, which mostly are one."""

    disagree: Proportion
    neither: Proportion
    agree: Proportion
    median: tuple[int, int]


def agreement(counts: Counts) -> Agreement:
    """Put the levels of agreement together; raises ValueError where nobody has an opinion."""
    base = opinions(counts)
    one, two, three, four, five = counts.slots[:-1]
    return Agreement(
        Proportion(one + two, base),
        Proportion(three, base),
        Proportion(four + five, base),
        (_at(counts, (base - 1) // 2), _at(counts, base // 2)),
    )


@dataclass(frozen=True, slots=True)
class Ranked:
    """One option of a ranking: its place with ties, J.-C. de Borda's points, and how it was ranked.

    ``points`` are one less than the options for a first place, and none for a last one. ``ranks`` is the sum
    of its ranks, each from 1.
    """

    option: int
    place: int
    tied: bool
    points: int
    ranks: int
    first: Proportion

    @property
    def mean_rank(self) -> float:
        """The mean rank from 1; 0 where nobody ranked."""
        return self.ranks / self.first.base if self.first.base else 0.0


def ranking(counts: Counts, options: int) -> tuple[Ranked, ...]:
    """Rank ``options`` by their points, the best first; equal points share a place."""
    base = opinions(counts)
    rows = [counts.slots[options * option : options * (option + 1)] for option in range(options)]
    points = [sum(many * (options - 1 - place) for place, many in enumerate(row)) for row in rows]
    order = sorted(range(options), key=lambda option: -points[option])
    return tuple(
        Ranked(
            option=option,
            place=1 + sum(other > points[option] for other in points),
            tied=points.count(points[option]) > 1,
            points=points[option],
            ranks=base * options - points[option],
            first=Proportion(rows[option][0], base),
        )
        for option in order
    )


@dataclass(frozen=True, slots=True)
class Spread:
    """The quartiles of numbers."""

    lower: Decimal
    median: Decimal
    upper: Decimal


def spread(counts: Counts, scale: Scale) -> Spread:
    """Give the quartiles by definition 7 of Hyndman and Fan (1996); raises ValueError where nobody said one.

    It is what R, NumPy and pandas compute unless told otherwise; its median is the usual one.
    """
    return Spread(*(_quantile(counts, scale, quarter) for quarter in (1, 2, 3)))


def _quantile(counts: Counts, scale: Scale, quarters: int) -> Decimal:
    place, rest = divmod((opinions(counts) - 1) * quarters, 4)
    below = scale.value(_at(counts, place))
    if not rest:
        return below
    return below + (scale.value(_at(counts, place + 1)) - below) * rest / 4


def _at(counts: Counts, place: int) -> int:
    """Give the slot of the ballot at a place, from 0, when those with an opinion stand in order."""
    for slot, many in enumerate(counts.slots[:-1]):
        if place < many:
            return slot
        place -= many
    raise ValueError("nobody had an opinion")


@dataclass(frozen=True, slots=True)
class Bin:
    """Neighbouring marks of a number counted together; ``first`` and ``last`` are in it."""

    first: int
    last: int
    count: int


def bins(counts: Counts) -> tuple[Bin, ...]:
    """Count marks together, as few as make 25 bins at most; a short end goes with the bin before it."""
    marks = counts.slots[:-1]
    size = next((size for size in _BIN_MARKS if len(marks) <= size * _MOST_BINS), _BIN_MARKS[-1])
    starts = list(range(0, len(marks), size))
    if len(starts) > 1 and 2 * (len(marks) - starts[-1]) < size:
        starts.pop()
    ends = [*starts[1:], len(marks)]
    return tuple(Bin(start, end - 1, sum(marks[start:end])) for start, end in zip(starts, ends, strict=True))
