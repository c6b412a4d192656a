"""Numbers that members speak of: one count for cases and polls together, from 101, never used twice."""

from __future__ import annotations

from typing import Final

from sqlalchemy import insert, update

from storage.connection import Connection
from storage.content.tables import counters

FIRST: Final = 101
_NAME: Final = "numbers"


async def next_number(connection: Connection) -> int:
    """Give the next number within the connection's transaction."""
    count = (
        update(counters)
        .where(counters.c.name == _NAME)
        .values(value=counters.c.value + 1)
        .returning(counters.c.value)
    )
    number: int | None = (await connection.execute(count)).scalar()
    if number is None:
        await connection.execute(insert(counters).values(name=_NAME, value=FIRST))
        return FIRST
    return number


async def skip_numbers(connection: Connection, count: int) -> None:
    """Pass over so many numbers: they may have been given by a bot whose rows are lost."""
    last = await next_number(connection) - 1
    further = update(counters).where(counters.c.name == _NAME)
    await connection.execute(further.values(value=last + count))
