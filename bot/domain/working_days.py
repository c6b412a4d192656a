"""Working days: Monday to Friday; what a holiday is, each hospital knows for itself."""

from __future__ import annotations

from datetime import date, timedelta

_SATURDAY = 5


def is_working_day(day: date) -> bool:
    """Say whether a day is none of a weekend."""
    return day.weekday() < _SATURDAY


def working_days(since: date, now: date) -> int:
    """Count the working days that began after ``since``, ``now`` included; 0 where none did."""
    days = (since + timedelta(days=number) for number in range(1, (now - since).days + 1))
    return sum(map(is_working_day, days))
