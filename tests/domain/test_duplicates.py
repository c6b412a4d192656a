"""Soft signals add up; none of them rejects by itself but a ban."""

from __future__ import annotations

from itertools import combinations

import pytest

from bot.domain.duplicates import SCORES, Signal, Weight, score, weigh

SOFT = [one for one in Signal if one is not Signal.BANNED]
EVERY_SET = [set(some) for size in range(len(SOFT) + 1) for some in combinations(SOFT, size)]


@pytest.mark.parametrize("signals", EVERY_SET, ids=lambda one: "+".join(sorted(one)) or "none")
def test_without_a_ban_nothing_is_ever_rejected(signals: set[Signal]) -> None:
    expected = Weight.REVIEW if sum(SCORES[one] for one in signals) >= 75 else Weight.NOTHING
    assert weigh(signals, 75) is expected


@pytest.mark.parametrize("signals", EVERY_SET, ids=lambda one: "+".join(sorted(one)) or "none")
def test_a_ban_rejects_whatever_else_there_is(signals: set[Signal]) -> None:
    assert weigh({*signals, Signal.BANNED}, 100) is Weight.REJECT


def test_every_signal_has_a_score_of_0_to_100_and_counts_once() -> None:
    assert SCORES.keys() == set(Signal)
    assert all(0 <= one <= 100 for one in SCORES.values())
    assert score([Signal.EMAIL, Signal.EMAIL]) == SCORES[Signal.EMAIL]


def test_namesakes_alone_are_let_in_and_a_higher_bar_lets_more_in() -> None:
    assert weigh([Signal.NAME_AND_STATE], 75) is Weight.NOTHING
    assert weigh([Signal.NAME_AND_STATE, Signal.TOGETHER], 75) is Weight.REVIEW
    assert weigh([Signal.NAME_AND_STATE, Signal.TOGETHER], 91) is Weight.NOTHING
