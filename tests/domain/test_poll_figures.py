"""Figures of polls: against published values, and against a few lines of brute force over single ballots."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import permutations
from math import sqrt
from statistics import median, median_high, median_low, quantiles

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.poll_figures import (
    Z,
    agreement,
    bins,
    opinions,
    ranking,
    shares,
    spread,
    undecided,
    wilson,
)
from bot.domain.poll_tally import Choice, Counts, added, empty, slots_of
from bot.domain.poll_terms import AGREEMENT, PollKind, Scale, Terms

LIKERT = Terms(PollKind.LIKERT)
RANKING = Terms(PollKind.RANKING)
DOSE = Scale(Decimal("0.5"), Decimal("10.5"), Decimal("0.5"), "mg")
NUMBER = Terms(PollKind.NUMBER, scale=DOSE)


def counted(terms: Terms, options: int, ballots: list[Choice]) -> Counts:
    nothing = empty(terms, options)
    ones = (slots_of(terms, options, choice) for choice in ballots)
    return added(
        (Counts(1, tuple(int(slot in one) for slot in range(len(nothing.slots)))) for one in ones), nothing
    )


@pytest.mark.parametrize(
    ("count", "base", "low", "high"),
    [
        # R. G. Newcombe, Statistics in Medicine 17 (1998) 857-872, table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_intervals_are_the_published_ones(count: int, base: int, low: float, high: float) -> None:
    assert list(wilson(count, base)) == pytest.approx([low, high], abs=5e-5)


@given(st.integers(1, 2000).flatmap(lambda base: st.tuples(st.integers(0, base), st.just(base))))
def test_the_ends_of_an_interval_are_where_the_score_test_turns(of: tuple[int, int]) -> None:
    count, base = of
    low, high = wilson(count, base)
    assert 0 <= low <= count / base <= high <= 1
    assert list(wilson(base - count, base)) == pytest.approx([1 - high, 1 - low])
    for end in (low, high):
        if 0 < end < 1:
            score = abs(count / base - end) / sqrt(end * (1 - end) / base)
            assert score == pytest.approx(Z, rel=1e-6)


def test_an_empty_base_says_nothing() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
    assert [(one.percent, one.share) for one in shares(Counts(2, (0, 0, 2)))] == [(0, 0.0), (0, 0.0)]


@given(st.lists(st.integers(0, 3), min_size=1))
def test_shares_are_of_those_with_an_opinion(votes: list[int]) -> None:
    counts = counted(Terms(), 4, [(vote,) for vote in votes])
    said = [vote for vote in votes if vote < 3]
    assert opinions(counts) == len(said)
    assert (undecided(counts).count, undecided(counts).base) == (votes.count(3), len(votes))
    for option, one in enumerate(shares(counts)):
        assert (one.count, one.base) == (said.count(option), len(said))
        if said:
            assert one.percent == int(Fraction(100 * said.count(option), len(said)) + Fraction(1, 2))


@given(st.lists(st.integers(0, 5), min_size=1).filter(lambda votes: min(votes) < 5))
def test_levels_add_up_to_agreement(votes: list[int]) -> None:
    found = agreement(counted(LIKERT, 6, [(vote,) for vote in votes]))
    said = [vote for vote in votes if vote < 5]
    assert found.disagree.count == sum(vote < 2 for vote in said)
    assert found.neither.count == said.count(2)
    assert found.agree.count == sum(vote > 2 for vote in said)
    assert found.median == (median_low(said), median_high(said))
    assert len(AGREEMENT) == 5


@given(st.lists(st.sampled_from([*permutations(range(4)), (4,)])))
def test_a_ranking_is_counted_as_borda_did(votes: list[Choice]) -> None:
    rows = ranking(counted(RANKING, 5, votes), 4)
    said = [vote for vote in votes if len(vote) == 4]
    points = {option: sum(3 - vote.index(option) for vote in said) for option in range(4)}
    assert {row.option: row.points for row in rows} == points
    assert sum(points.values()) == 6 * len(said)
    assert [row.points for row in rows] == sorted(points.values(), reverse=True)
    for row in rows:
        assert row.first.count == sum(vote[0] == row.option for vote in said)
        assert row.tied == (list(points.values()).count(row.points) > 1)
        if said:
            ranks = [vote.index(row.option) + 1 for vote in said]
            assert row.mean_rank == pytest.approx(sum(ranks) / len(ranks))


def test_equal_points_share_a_place_and_the_next_one_is_left_out() -> None:
    rows = ranking(counted(RANKING, 4, [(0, 1, 2), (1, 0, 2)]), 3)
    assert [(row.option, row.place, row.tied, row.points) for row in rows] == [
        (0, 1, True, 3),
        (1, 1, True, 3),
        (2, 3, False, 0),
    ]


@given(st.lists(st.integers(0, 21), min_size=1).filter(lambda votes: min(votes) < 21))
def test_quartiles_are_those_of_the_single_numbers(votes: list[int]) -> None:
    found = spread(counted(NUMBER, 1, [(vote,) for vote in votes]), DOSE)
    said = [DOSE.value(vote) for vote in votes if vote < 21]
    assert found.median == median(said)
    if len(said) > 1:
        assert [found.lower, found.median, found.upper] == quantiles(said, n=4, method="inclusive")
    else:
        assert found.lower == found.median == found.upper == said[0]


def test_quartiles_where_nobody_said_a_number_are_no_numbers() -> None:
    with pytest.raises(ValueError, match="nobody"):
        spread(Counts(3, (*(0,) * 21, 3)), DOSE)


@given(st.integers(1, 101).flatmap(lambda size: st.lists(st.integers(0, 9), min_size=size, max_size=size)))
def test_bins_hold_every_mark_once(marks: list[int]) -> None:
    found = bins(Counts(sum(marks), (*marks, 0)))
    assert len(found) <= 25
    assert [mark for one in found for mark in range(one.first, one.last + 1)] == list(range(len(marks)))
    assert all(one.count == sum(marks[one.first : one.last + 1]) for one in found)


def test_a_hundred_and_one_marks_make_twenty_bins() -> None:
    found = bins(Counts(0, (0,) * 102))
    assert [(one.first, one.last) for one in found][:1] == [(0, 4)]
    assert (found[-1].first, found[-1].last, len(found)) == (95, 100, 20)
