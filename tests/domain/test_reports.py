"""What reports hide: what may identify somebody at once, anything else when enough members agree."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.domain.hiding import Why
from bot.domain.members import MemberId
from bot.domain.reports import ENOUGH, TRUSTED_A_DAY, Report, hides

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def reports(why: Why, members: int) -> list[Report]:
    return [Report("case:1", MemberId(f"{number:032x}"), why, NOW) for number in range(members)]


@pytest.mark.parametrize("why", Why)
def test_enough_different_members_hide_whatever_they_say(why: Why) -> None:
    assert hides(reports(why, ENOUGH), reports(why, ENOUGH)[-1], TRUSTED_A_DAY + 9)
    fewer = reports(why, ENOUGH - 1)
    assert hides(fewer, fewer[-1], 1) is (why is Why.IDENTIFIES)


def test_one_report_of_danger_hides_unless_its_member_reports_too_much() -> None:
    [one] = reports(Why.IDENTIFIES, 1)
    assert hides([one], one, TRUSTED_A_DAY)
    assert not hides([one], one, TRUSTED_A_DAY + 1)
