"""Times as physicians type them: ``3h``, ``2d``, ``tomorrow 8:00``, ``friday 6 pm``, ``2026-03-04 18:00``."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final

from bot.domain.refusal import Refused

_SPAN: Final = re.compile(r"(?:in )?(\d{1,4}) ?(min|minutes?|h|hours?|d|days?|w|weeks?)")
_UNITS: Final = {
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
_CLOCK: Final = re.compile(r"(?:at )?(\d{1,2})(?:[:.](\d{2}))? ?(am|pm)?")
_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SHORTEST_DAY: Final = 3
_NOON: Final = 12


def read_time(typed: str, now: datetime, zone: tzinfo, *, since: datetime, hour: int) -> datetime:
    """Read a moment in a member's time zone, to the minute; raises :class:`Refused`.

    A span counts from ``since``; a day without a clock time means ``hour``. A time is never read as past
    where the words leave that open.
    """
    try:
        return _read_time(typed, now, zone, since=since, hour=hour)
    except OverflowError:
        raise _unreadable(typed) from None


def _read_time(typed: str, now: datetime, zone: tzinfo, *, since: datetime, hour: int) -> datetime:
    words = " ".join(typed.casefold().replace(",", " ").split())
    if words.endswith(" utc"):
        return read_time(words.removesuffix(" utc"), now, UTC, since=since, hour=hour)
    if span := _SPAN.fullmatch(words):
        return _whole_minute(since + int(span[1]) * _UNITS[span[2][0]])
    first, _, rest = words.partition(" ")
    local = now.astimezone(zone)
    day = _day(first, local)
    clock = _clock(words if day is None else rest, None if day is None else hour)
    if clock is None:
        raise _unreadable(typed)
    at = datetime(*_ymd(day or local.date()), *clock, tzinfo=zone)
    if at <= now and (day is None or first in _named(local)):
        at += timedelta(days=1 if day is None else 7)
    return at.astimezone(UTC)


def written_time(at: datetime, zone: tzinfo) -> str:
    """Write a moment so that it is read again the same, in the same zone."""
    sign = " UTC" if zone is UTC else ""
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}{sign}"


def _named(local: datetime) -> tuple[str, ...]:
    """Give the ways to call today's day of the week."""
    name = _DAYS[local.weekday()]
    return tuple(name[:length] for length in range(_SHORTEST_DAY, len(name) + 1))


def _day(word: str, local: datetime) -> date | None:
    """Read a day; None where the word is none."""
    if word in ("today", "tomorrow"):
        return local.date() + timedelta(days=word == "tomorrow")
    for number, name in enumerate(_DAYS):
        if len(word) >= _SHORTEST_DAY and name.startswith(word):
            return local.date() + timedelta(days=(number - local.weekday()) % 7)
    try:
        return date.fromisoformat(word) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", word) else None
    except ValueError:
        return None


def _clock(words: str, otherwise: int | None) -> tuple[int, int] | None:
    """Read hour and minute; a bare hour needs a day before it."""
    if not words:
        return None if otherwise is None else (otherwise, 0)
    match = _CLOCK.fullmatch(words)
    if match is None or (otherwise is None and not (match[2] or match[3])):
        return None
    hour, minute = int(match[1]), int(match[2] or 0)
    if match[3]:
        if not 1 <= hour <= _NOON:
            return None
        hour = hour % _NOON + (_NOON if match[3] == "pm" else 0)
    return (hour, minute) if hour < 24 and minute < 60 else None


def _ymd(day: date) -> tuple[int, int, int]:
    return day.year, day.month, day.day


def _whole_minute(at: datetime) -> datetime:
    """Round up: what ends within a minute ends with it."""
    floor = at.replace(second=0, microsecond=0)
    return (floor if floor == at else floor + timedelta(minutes=1)).astimezone(UTC)


def _unreadable(typed: str) -> Refused:
    return Refused(
        "no_time",
        f"I can't read “{typed.strip()}” as a time. Write it like 3d, friday 18:00 or 2026-03-04 18:00.",
        "help poll",
    )
