"""Calendar dates as people write them: the month words, and reading a written date into a day."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

MONTHS: Final[dict[str, int]] = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb febr",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sep sept",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}
_PARTS: Final = re.compile(r"[^\W\d_]+|\d+")
_NUMERIC: Final = re.compile(r"\s*(\d{1,4})[-/. ]+(\d{1,2})[-/. ]+(\d{1,4})(?!\d)")


def read_date(text: str) -> date | None:
    """Return the day that a text names in full, month before day in numeric dates; None for anything less."""
    numeric = _NUMERIC.match(text)
    if numeric:
        return _of_numbers(*(int(part) for part in numeric.groups()))
    parts = [part.lower() for part in _PARTS.findall(text)]
    months = [MONTHS[part] for part in parts if part in MONTHS]
    numbers = [int(part) for part in parts if part.isdigit()]
    if len(months) != 1 or len(numbers) < 2:
        return None
    day, year = (numbers[1], numbers[0]) if numbers[0] > 31 else (numbers[0], numbers[1])
    return _day(year, months[0], day)


def _of_numbers(one: int, two: int, three: int) -> date | None:
    if one > 31:
        return _day(one, two, three)
    return _day(three, one, two) or _day(three, two, one)


def _day(year: int, month: int, day: int) -> date | None:
    century = 0 if year >= 100 else (2000 if year < 50 else 1900)
    try:
        return date(year + century, month, day)
    except ValueError:
        return None
