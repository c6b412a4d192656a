"""When a digest is due: mornings by the reader's clock, clocks that jump, and from when on it tells."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.digest_times import LOOK_BACK, Rhythm, Subscription, morning

MONDAY = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("rhythm", "now", "expected"),
    [
        (Rhythm.DAILY, MONDAY, MONDAY.replace(hour=8, minute=0)),
        (Rhythm.DAILY, MONDAY.replace(hour=7), MONDAY.replace(hour=8, minute=0) - DAY),
        (Rhythm.WEEKLY, MONDAY + 6 * DAY, MONDAY.replace(hour=8, minute=0)),
        (Rhythm.WEEKLY, MONDAY.replace(hour=7), MONDAY.replace(hour=8, minute=0) - 7 * DAY),
    ],
)
def test_a_morning_is_the_newest_that_has_come(rhythm: Rhythm, now: datetime, expected: datetime) -> None:
    assert morning(rhythm, now, 8) == expected


def test_a_morning_keeps_its_hour_when_the_clocks_change() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    after = morning(Rhythm.DAILY, datetime(2026, 3, 29, 9, tzinfo=berlin), 8)
    before = morning(Rhythm.DAILY, datetime(2026, 3, 28, 9, tzinfo=berlin), 8)
    assert after.astimezone(UTC) - before.astimezone(UTC) == timedelta(hours=23)


def test_it_is_due_once_for_each_morning_and_never_while_off() -> None:
    wished = Subscription().wished(Rhythm.DAILY, MONDAY)
    assert not wished.is_due(MONDAY, 8)
    assert wished.is_due(MONDAY + DAY, 8)
    assert not wished.looked(MONDAY + DAY, told=True).is_due(MONDAY + DAY, 8)
    assert not wished.wished(Rhythm.OFF, MONDAY).is_due(MONDAY + DAY, 8)
    assert not Subscription(Rhythm.DAILY).is_due(MONDAY, 8)


def test_each_tells_from_where_the_last_one_ended() -> None:
    wished = Subscription().wished(Rhythm.DAILY, MONDAY)
    assert wished.since == MONDAY - LOOK_BACK
    told = wished.looked(MONDAY + DAY, told=True)
    assert (told.since, told.told_from) == (MONDAY + DAY, MONDAY - LOOK_BACK)
    assert told.looked(MONDAY + 2 * DAY, told=False).told_from == MONDAY - LOOK_BACK
    again = told.wished(Rhythm.OFF, MONDAY + DAY).wished(Rhythm.WEEKLY, MONDAY + 90 * DAY)
    assert again.since == MONDAY + 90 * DAY - LOOK_BACK
    assert told.wished(Rhythm.DAILY, MONDAY + 9 * DAY) is told


def test_a_look_that_lies_ahead_is_brought_back_to_now() -> None:
    ahead = Subscription(Rhythm.DAILY, MONDAY + 400 * DAY, MONDAY + 400 * DAY)
    assert ahead.believed(MONDAY) == Subscription(Rhythm.DAILY, MONDAY, MONDAY)
    assert ahead.believed(MONDAY + 400 * DAY) is ahead
    assert Subscription().believed(MONDAY) == Subscription()
