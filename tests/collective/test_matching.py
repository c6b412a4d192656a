"""Where the truth stood: names are read as the list reads them, and order changes nothing."""

from __future__ import annotations

import pytest

from bot.collective import NOT_NAMED, group_rank, ranks_of

LISTS = (
    ("gout", "cellulitis"),
    ("septic arthritis", "gouty arthritis"),
    ("cellulitis",),
    ("CELLULITIS?", "pseudogout"),
)


def test_the_place_is_that_of_the_list_however_it_was_written() -> None:
    assert ranks_of("Cellulitis", LISTS) == (2, NOT_NAMED, 1, 1)
    assert ranks_of("celulitis", LISTS[2:]) == (1, 1)


def test_of_several_true_ones_the_best_place_counts() -> None:
    assert ranks_of("gout and cellulitis", LISTS[:1]) == (1,)


@pytest.mark.parametrize("lists", [LISTS, LISTS[::-1]])
def test_the_group_has_its_place_in_any_order(lists: tuple[tuple[str, ...], ...]) -> None:
    assert group_rank("cellulitis", lists) == 1
    assert group_rank("psoriasis", lists) == NOT_NAMED


def test_what_names_nothing_has_no_place() -> None:
    assert ranks_of("?", LISTS) == (NOT_NAMED,) * len(LISTS)
    assert group_rank("?", LISTS) == NOT_NAMED
