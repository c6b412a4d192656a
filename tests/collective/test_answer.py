"""What a summary shows: shares, words for agreement, minority views, next steps, and no small cell."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.collective import NO_CHANGES, Opinion, agreement_word, group_answer
from bot.collective.answer import SMALLEST_CELL, specialty_cells


def opinion(*diagnoses: str, **rest: Any) -> Opinion:
    return Opinion(diagnoses, **rest)


SURE = opinion("PE", "ACS", confidence="likely", next_step="test", specialty="Cardiology")
OTHER = opinion("pulmonary embolism", confidence="possible", next_step="test", specialty="Cardiology")
ALONE = opinion("gout", "PE", confidence="very likely", next_step="refer", specialty="Surgery")
MARKED = opinion(
    "PE", "r/o dissection of aorta", must_not_miss=("r/o dissection of aorta",), specialty="Cardiology"
)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_fewer_than_three_are_no_group(count: int) -> None:
    answer = group_answer([SURE] * count)
    assert answer.too_few
    assert (answer.responders, answer.top, answer.minority, answer.specialties) == (count, (), (), ())


def test_late_opinions_do_not_count() -> None:
    late = opinion("gout", independent=False)
    assert group_answer([SURE, OTHER, late]).too_few
    assert group_answer([SURE, OTHER, MARKED, late]) == group_answer([SURE, OTHER, MARKED])


def test_the_top_five_with_shares_of_all_responders() -> None:
    answer = group_answer([SURE, OTHER, ALONE, opinion("measles", "croup", "asthma", "TB")])
    assert not answer.too_few
    assert [(row.bucket.name, row.share, row.first) for row in answer.top] == [
        ("Pulmonary Embolism", 0.75, 2),
        ("Gout", 0.25, 1),
        ("Measles", 0.25, 1),
        ("Acute Coronary Syndrome", 0.25, 0),
        ("Croup", 0.25, 0),
    ]


def test_who_stands_alone_and_sure_is_always_listed() -> None:
    unsure = opinion("measles", confidence="possible")
    answer = group_answer([SURE, OTHER, ALONE, unsure, MARKED])
    assert [(view.bucket.name, view.alone, view.must_not_miss) for view in answer.minority] == [
        ("Gout", True, 0),
        ("Aortic Dissection", False, 1),
    ]
    assert [view.bucket.name for view in answer.must_not_miss] == ["Aortic Dissection"]


def test_two_who_agree_are_no_minority() -> None:
    again = opinion("Gout?", confidence="likely")
    assert group_answer([SURE, OTHER, ALONE, again]).minority == ()


def test_next_steps_are_counted() -> None:
    assert group_answer([SURE, OTHER, ALONE, MARKED]).next_steps == (("test", 2), ("refer", 1))


def test_changes_reach_the_answer() -> None:
    before = group_answer([SURE, OTHER, ALONE])
    embolism, gout = before.top[0].bucket, before.top[1].bucket
    answer = group_answer([SURE, OTHER, ALONE], changes=NO_CHANGES.merge(gout, embolism))
    assert [row.bucket.name for row in answer.top] == ["Pulmonary Embolism", "Acute Coronary Syndrome"]
    assert len(answer.changes.made) == 1


@pytest.mark.parametrize(
    ("figure", "word"),
    [
        (None, None),
        (1.0, "strong"),
        (0.7, "strong"),
        (0.69, "moderate"),
        (0.4, "moderate"),
        (0.39, "split"),
        (0.0, "split"),
    ],
)
def test_agreement_in_words(figure: float | None, word: str | None) -> None:
    assert agreement_word(figure) == word


def test_small_cells_stand_together() -> None:
    assert specialty_cells(["A"] * 5 + ["B"] * 3 + ["C", "D", "E"]) == (("A", 5), ("B", 3), ("other", 3))
    assert specialty_cells(["A"] * 5 + ["B"] * 3 + ["C"]) == (("A", 5), ("other", 4))
    assert specialty_cells(["A", "B"]) == (("other", 2),)
    assert specialty_cells([]) == ()


@given(st.lists(st.sampled_from("ABCDEF"), max_size=20))
def test_no_shown_cell_is_small(specialties: list[str]) -> None:
    cells = specialty_cells(specialties)
    assert sum(count for _, count in cells) == len(specialties)
    assert len(cells) <= 1 or min(count for _, count in cells) >= SMALLEST_CELL


@given(st.permutations([SURE, OTHER, ALONE, MARKED]))
def test_no_order_of_arrival_shows(opinions: list[Opinion]) -> None:
    assert repr(group_answer(opinions)) == repr(group_answer([SURE, OTHER, ALONE, MARKED]))
