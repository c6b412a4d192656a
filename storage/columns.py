"""Column types that both databases use."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import BigInteger, Dialect, Integer, Text, TypeDecorator

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_TICK: Final = timedelta(microseconds=1)

RowNumber: Final = BigInteger().with_variant(Integer, "sqlite")
"""A counted key; SQLite counts plain INTEGER keys only."""


def ticks(moment: datetime) -> int:
    """Give an aware time as microseconds since 1970."""
    return (moment - _EPOCH) // _TICK


def moment(microseconds: int) -> datetime:
    """Give microseconds since 1970 as an aware time in UTC."""
    return _EPOCH + microseconds * _TICK


def day(when: datetime) -> int:
    """Give the number of the day since 1970, for rows that are kept for some days."""
    return (when - _EPOCH).days


class Instant(TypeDecorator[datetime]):
    """A time, kept as whole microseconds since 1970 in UTC, so that it sorts and loses nothing."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Write a time; raises TypeError for one without a zone."""
        return None if value is None else ticks(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """Read a time."""
        return None if value is None else moment(value)


class Listed(TypeDecorator[tuple[Any, ...]]):
    """A short tuple of strings, numbers or pairs, kept as a JSON list."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[Any, ...] | None, dialect: Dialect) -> str | None:
        """Write the items."""
        return None if value is None else json.dumps(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[Any, ...] | None:
        """Read the items; inner lists come back as tuples."""
        if value is None:
            return None
        return tuple(tuple(item) if isinstance(item, list) else item for item in json.loads(value))
