"""What may be shown of an urn: new people only, large groups only, whatever it is that they voted."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.disclosure import breakdown, fresh, may_show
from bot.domain.members import MemberId
from bot.domain.poll_tally import Bases, Beside, Counts, Group, Urn
from bot.domain.poll_terms import OTHERS, TRAINEES, specialty_of_cell
from bot.domain.polls import Poll

LEAST = 5
NOW = datetime(2026, 3, 2, tzinfo=UTC)
NOTHING = Counts(0, (0, 0))
POLL = Poll("p1", 101, MemberId("a" * 32), "Biopsy?", ("yes", "no"), NOW, cells=("a", "b", "c", OTHERS))
CELLS = st.sampled_from(["a", f"a{TRAINEES}", "b", "c", "d", OTHERS])
MANY = st.dictionaries(CELLS, st.integers(0, 14))


def urn(*came: Bases, gone: Bases | None = None, beside: tuple[Beside, ...] = ()) -> Urn:
    """Fill an urn: what came with each release, and then what is new."""
    total = sum((Counter(bases) for bases in came), Counter[str]())
    cells = {cell: Counts(many, (many, 0)) for cell, many in total.items()}
    return Urn(cells, sum(came[-1].values()), came[:-1], gone or {}, beside)


def names(groups: tuple[Group, ...]) -> list[str]:
    return ["+".join(group.specialties) for group in groups]


@pytest.mark.parametrize(
    ("filled", "expected"),
    [
        (urn({"a": 20, "b": 16}), ["a", "b"]),
        (urn({"a": 36, "b": 4}), []),
        (urn({"a": 20, "b": 16, "c": 4}), ["a", "b+c"]),
        (urn({"a": 20, "b": 16, "c": 4, "d": 2}), ["a", "b", "c+d"]),
        (urn({"a": 20, "b": 16, OTHERS: 6}), ["a", "b", ""]),
        (urn({"a": 3, f"a{TRAINEES}": 3, "b": 5}), ["a", "b"]),
        (urn({"a": 9, "b": 9}, {"a": 6, "b": 5}), ["a", "b"]),
        (urn({"a": 9, "b": 9}, {"a": 6, "b": 2}), []),
        (urn({"a": 9, "b": 9}, {"a": 6, "b": 0, "c": 5}), ["a", "b", "c"]),
        (urn({"a": 9}, {"b": 9}), []),
        (urn({"a": 9, "b": 9}, {"a": 6, "b": 5}, gone={"a": 1}), []),
        (urn({}), []),
    ],
)
def test_a_result_is_parted_by_specialty_where_every_part_is_large(filled: Urn, expected: list[str]) -> None:
    assert names(breakdown(filled, {}, LEAST, NOTHING)) == expected


@pytest.mark.parametrize(
    ("filled", "shown", "expected"),
    [
        (urn({"a": 4}), {}, False),
        (urn({"a": 3, "b": 2}), {}, True),
        (urn({"a": 30}, {"b": 4}), {}, False),
        (urn({"a": 30}, {"b": 5}), {}, True),
        (urn({"a": 30}, {"b": 5}, gone={"a": 1}), {}, False),
        (urn({"a": 30}, {"b": 6}, gone={"a": 1}), {}, True),
        (urn({"a": 30}), {"a": 30}, False),
        (urn({"a": 35}), {"a": 30}, True),
        (urn({"a": 34, "b": 20}), {"a": 30, "b": 20}, False),
        (urn({"a": 30, "b": 5}), {"a": 30}, True),
        (urn({"a": 30}), {OTHERS: 26}, False),
        (urn({OTHERS: 30}), {"a": 13, "b": 13}, False),
        (urn({OTHERS: 30}), {"a": 13, "b": 12}, True),
    ],
)
def test_a_table_needs_people_who_are_in_nothing_that_was_shown(
    filled: Urn, shown: Bases, *, expected: bool
) -> None:
    assert may_show(filled, shown, LEAST) is expected


@given(MANY, MANY, st.integers(0, 2**32))
def test_fresh_never_counts_somebody_who_may_have_been_shown(ballots: Bases, shown: Bases, seed: int) -> None:
    """Whoever it was that voted in two polls: at least so many are in one of them alone."""
    chance = random.Random(seed)  # noqa: S311 - the same people for the same seed
    house = [(cell, number) for cell in ("a", f"a{TRAINEES}", "b", "c", "d") for number in range(18)]

    def voters(bases: Bases) -> set[tuple[str, int]]:
        found: set[tuple[str, int]] = set()
        for cell in sorted(bases, reverse=True):
            able = [person for person in house if person not in found and cell in {person[0], OTHERS}]
            found.update(chance.sample(able, bases[cell]))
        return found

    assert len(voters(ballots) - voters(shown)) >= fresh(ballots, shown)


@given(st.lists(MANY, min_size=1, max_size=3), MANY, st.integers(1, 11))
def test_every_part_and_all_beside_it_hold_the_smallest_cell(
    came: list[Bases], shown: Bases, least: int
) -> None:
    filled = urn(*came)
    groups = breakdown(filled, shown, least, NOTHING)
    parted = [name for group in groups for name in group.specialties]
    assert len(parted) == len(set(parted))
    if groups:
        assert set(parted) == {specialty_of_cell(cell) for cell in filled.cells if filled.cells[cell].ballots}
        assert len(groups) > 1
    for group in groups:
        assert least <= group.counts.ballots <= filled.ballots - least
        blocks = [
            sum(many for cell, many in one.items() if specialty_of_cell(cell) in group.specialties)
            for one in came
        ]
        assert all(block == 0 or block >= least for block in blocks)


@given(st.lists(MANY, min_size=1, max_size=3), MANY)
def test_what_was_voted_and_in_which_order_changes_no_part(came: list[Bases], shown: Bases) -> None:
    filled = urn(*came)
    others = {
        cell: Counts(counts.ballots, (0, counts.ballots))
        for cell, counts in reversed([*filled.cells.items()])
    }
    groups = breakdown(filled, shown, LEAST, NOTHING)
    assert names(groups) == names(breakdown(replace(filled, cells=others), shown, LEAST, NOTHING))


@given(st.lists(MANY, min_size=1, max_size=3), MANY, MANY)
def test_the_more_was_shown_the_less_may_be(came: list[Bases], shown: Bases, more: Bases) -> None:
    filled = urn(*came)
    both = Counter(shown) + Counter(more)
    assert may_show(filled, both, LEAST) <= may_show(filled, shown, LEAST) <= may_show(filled, {}, LEAST)


def test_a_first_result_a_later_one_and_what_is_held_back() -> None:
    assert POLL.release(urn({"a": 4}), NOW, LEAST, final=False) is None
    first = POLL.release(urn({"a": 9, "b": 9}), NOW, LEAST, final=False)
    assert first is not None
    assert (first.counts.ballots, first.groups, first.held_back) == (18, (), 0)

    shown, later = POLL.snapshot(first), NOW + timedelta(hours=1)
    waits = shown.release(urn({"a": 9, "b": 9}, {"a": 4}), later, LEAST, final=True)
    assert waits == replace(first, held_back=4)
    assert shown.release(urn({"a": 9, "b": 9}, {}), later, LEAST, final=True) == first

    last = shown.release(urn({"a": 9, "b": 9}, {"a": 5}), later, LEAST, final=True)
    assert last is not None
    assert (last.counts.ballots, last.at, last.held_back) == (23, later, 0)
    assert names(last.groups) == ["a", "b"]


def test_a_vote_that_was_changed_waits_for_new_people() -> None:
    first = POLL.release(urn({"a": 9}), NOW, LEAST, final=False)
    shown = POLL.snapshot(first)
    changed = replace(urn({"a": 9}, {}), cells={"a": Counts(9, (8, 1))})
    assert shown.release(changed, NOW, LEAST, final=True) == first


def test_the_poll_that_bars_a_result_is_named_only_where_it_does() -> None:
    others = (Beside(45, {"a": 20}), Beside(46, {"a": 30}))
    barred = urn({"a": 30}, beside=others)
    assert POLL.release(barred, NOW, LEAST, final=True) is None
    assert POLL.find_bar(barred, LEAST) == 46
    assert POLL.close(None, NOW, barred_by=46).barred_by == 46
    assert POLL.find_bar(urn({"a": 4}, beside=others), LEAST) == 0
    assert POLL.find_bar(urn({"a": 60}, beside=others), LEAST) == 0
    assert POLL.find_bar(urn({"b": 5}, beside=others), LEAST) == 0
