"""Standing, pure: what stops a member, for how long, and who may lift it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.standing import (
    GRACE,
    Cause,
    Standing,
    State,
    Stop,
    appealed,
    banned,
    is_due,
    may_stop,
    month_of,
    restored,
    suspended,
)

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
FREE = Standing()


def test_nobody_is_stopped_by_nothing() -> None:
    assert (FREE.state, FREE.barred, FREE.of(*Cause)) == (State.ACTIVE, False, None)


def test_a_suspension_is_over_at_its_moment_and_not_before() -> None:
    standing = suspended(FREE, by="one", said="Words.", until=NOW)
    assert standing.at(NOW - timedelta(microseconds=1)).state is State.SUSPENDED
    assert standing.at(NOW) == FREE
    assert suspended(FREE, by="one", said="Words.", until=None).at(NOW + timedelta(days=9999)).stops


def test_a_later_suspension_takes_the_place_of_the_one_before() -> None:
    first = suspended(FREE, by="one", said="First.", until=None)
    second = suspended(first, by="two", said="Second.", until=NOW)
    assert [(stop.said, stop.until) for stop in second.stops] == [("Second.", NOW)]


def test_the_gravest_stop_comes_first() -> None:
    standing = FREE
    for cause in reversed(Cause):
        standing = standing.with_(Stop(cause))
    assert [stop.cause for stop in standing.stops] == list(Cause)


@pytest.mark.parametrize("by", ["one", "two", "shell"])
def test_a_ban_is_one_when_a_second_moderator_agrees(by: str) -> None:
    asked = banned(FREE, by="one", said="Words.")
    assert (asked.state, asked.barred) == (State.SUSPENDED, True)
    assert banned(asked, by=by, said="").state is (State.SUSPENDED if by == "one" else State.BANNED)


def test_a_ban_is_lifted_by_two_and_a_wish_for_one_by_anybody() -> None:
    asked = banned(FREE, by="one", said="Words.")
    assert restored(asked, by="one") == FREE
    whole = banned(asked, by="two", said="")
    once = restored(whole, by="one")
    assert once.state is State.BANNED
    assert restored(once, by="one") == once
    assert restored(once, by="three") == FREE
    assert banned(whole, by="three", said="More.") == whole


def test_moderators_and_checks_do_not_lift_each_others_stops() -> None:
    both = suspended(FREE.with_(Stop(Cause.NUMBER)), by="one", said="Words.", until=None)
    assert restored(both, by="two").stops == (Stop(Cause.NUMBER),)
    assert [stop.cause for stop in both.without(Cause.NUMBER).stops] == [Cause.MODERATORS]
    assert [stop.appealed for stop in appealed(both).stops] == [True, False]


@pytest.mark.parametrize(
    ("checked", "today", "due"),
    [
        ("2026-03", date(2027, 3, 30), False),
        ("2026-03", date(2027, 3, 31), True),
        ("2026-12", date(2027, 12, 30), False),
        ("2026-12", date(2027, 12, 31), True),
        ("2027-02", date(2028, 2, 28), True),
    ],
)
def test_a_year_counts_from_the_end_of_the_month(checked: str, today: date, due: bool) -> None:
    assert is_due(checked, 365, today) is due


def test_a_month_is_written_as_it_is_read() -> None:
    assert month_of(date(2026, 3, 31)) == "2026-03"
    assert is_due(month_of(date(2026, 3, 31)), 1, date(2026, 4, 1))


def test_a_consult_under_way_is_waited_for_but_not_for_ever() -> None:
    ends = date(2026, 5, 1)
    assert not may_stop(ends, ends - timedelta(days=1), in_consult=False)
    assert may_stop(ends, ends, in_consult=False)
    assert not may_stop(ends, ends + GRACE - timedelta(days=1), in_consult=True)
    assert may_stop(ends, ends + GRACE, in_consult=True)
