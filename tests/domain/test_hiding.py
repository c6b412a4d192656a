"""What moderators name, why, and what becomes of a case's clock: the rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.cases import Case, CaseState
from bot.domain.hiding import LONGEST_REASON, Reason, Target, Why, reason_of, target_of
from bot.domain.refusal import Refused
from tests.views.gallery import CASE, NOON

OPEN = CASE.wait_on(NOON)
ACTS: Mapping[str, Callable[[Case, datetime], Case]] = {
    "hide": lambda case, at: case.hide(at),
    "restore": lambda case, at: case.restore(at),
    "lock": lambda case, _: case.lock(),
    "unlock": lambda case, _: case.unlock(),
    "close": lambda case, at: case.close(at),
    "withdraw": lambda case, _: case.withdraw(),
}


@pytest.mark.parametrize(
    ("typed", "named"),
    [
        ("123", Target(123)),
        ("#123", Target(123)),
        ("123.2", Target(123, opinion=2)),
        ("#123.C4", Target(123, comment=4)),
        *((typed, None) for typed in ("", "it", "123.", "123.c", "12 3", "V-123", "1234567890", "123.x2")),
    ],
)
def test_what_is_named(typed: str, named: Target | None) -> None:
    assert target_of(typed) == named
    if named is not None:
        assert target_of(named.name) == named


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", Reason()),
        ("identifies", Reason(Why.IDENTIFIES)),
        ("Identifies: the ward  is named", Reason(Why.IDENTIFIES, "the ward is named")),
        ("not-clinical a joke", Reason(Why.NOT_CLINICAL, "a joke")),
        ("it identifies her", Reason(Why.OTHER, "it identifies her")),
        ("a" * 999, Reason(Why.OTHER, "a" * LONGEST_REASON)),
    ],
)
def test_why(typed: str, reason: Reason) -> None:
    assert reason_of(typed) == reason


def test_a_case_waits_as_much_longer_as_it_was_hidden() -> None:
    hidden = OPEN.hide(NOON + timedelta(hours=3))
    shown = hidden.restore(NOON + timedelta(hours=10))
    assert OPEN.closes_at is not None
    assert shown.closes_at == OPEN.closes_at + timedelta(hours=7)
    assert shown.look_at == NOON + timedelta(hours=10)


def test_a_case_that_has_ended_stays_as_it_was() -> None:
    summarised = OPEN.close(NOON).next_look()
    assert summarised.hide(NOON).restore(NOON + timedelta(days=9)).look_at is None


def test_unlocking_puts_off_nothing_that_is_due_sooner() -> None:
    sooner = replace(OPEN, specialties=("Cardiology",), look_at=NOON)
    assert sooner.lock().unlock().look_at == NOON
    later = replace(sooner, look_at=NOON + timedelta(hours=1))
    assert later.lock().unlock().look_at == later.page_at == later.released_at
    ended = OPEN.lock().close(NOON)
    assert ended.unlock().look_at == NOON


@given(st.lists(st.tuples(st.sampled_from(sorted(ACTS)), st.integers(0, 99)), max_size=12))
def test_marks_stand_beside_the_state_whatever_is_done(done: list[tuple[str, int]]) -> None:
    """An act does what it says or is refused; what is hidden takes nothing, and never ends by itself."""
    case, now = OPEN, NOON
    for word, hours in done:
        now += timedelta(hours=hours)
        before = case
        try:
            case = ACTS[word](case, now)
        except Refused:
            assert case == before
            continue
        assert case.revision > before.revision
        assert case.hidden == (word == "hide" or (before.hidden and word not in ("restore", "withdraw")))
        assert case.locked == (word == "lock" or (before.locked and word != "unlock"))
        if word not in ("close", "withdraw"):
            assert case.state is before.state
        assert case.answerable == takes(case)


def takes(case: Case) -> bool:
    try:
        case.require_taking()
    except Refused:
        return False
    return case.state is CaseState.OPEN
