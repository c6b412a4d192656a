"""Soft signals add up; none of them rejects anybody."""

from __future__ import annotations

from itertools import combinations

import pytest

from bot.domain.duplicates import SCORES, Signal, score

EVERY_SET = [set(some) for size in range(len(Signal) + 1) for some in combinations(Signal, size)]


@pytest.mark.parametrize("signals", EVERY_SET, ids=lambda one: "+".join(sorted(one)) or "none")
def test_signals_add_up_in_any_order(signals: set[Signal]) -> None:
    assert (
        score(sorted(signals)) == score(sorted(signals, reverse=True)) == sum(SCORES[one] for one in signals)
    )


def test_every_signal_has_a_score_of_0_to_100_and_counts_once() -> None:
    assert SCORES.keys() == set(Signal)
    assert all(0 <= one <= 100 for one in SCORES.values())
    assert score([Signal.EMAIL, Signal.EMAIL]) == SCORES[Signal.EMAIL]


def test_a_picture_alone_rejects_nobody_and_with_a_name_somebody_looks() -> None:
    assert score([Signal.PICTURE]) < 75 <= score([Signal.PICTURE, Signal.NAME_AND_STATE])


def test_namesakes_alone_are_let_in() -> None:
    assert score([Signal.NAME_AND_STATE]) < 75 <= score([Signal.NAME_AND_STATE, Signal.TOGETHER])
