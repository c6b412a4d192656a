"""A house that has grown: many members, and cases with many opinions, copied inside the database itself.

The members stand on the content side only. Their accounts do not: to seal one for each of 300,000 would take
longer than all the rest, and the vault is asked for single accounts by their index. What is copied is in no
index of words.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, String, Table, case, cast, func, insert, literal, select, true

from benchmarks.relaying.house import House, opened
from benchmarks.relaying.runs import Row
from bot.domain.cases import CaseState
from bot.domain.members import MemberId
from bot.domain.opinions import Opinion
from storage.connection import Connection
from storage.content.tables import cases, members, opinion_versions, opinions
from storage.database import Database

OPINIONS_EACH: Final = 20
"""Opinions of a case."""
_OPEN_OF: Final = 50
"""One case of so many is open; the others have ended."""
_AT_ONCE: Final = 100_000
_FIRST: Final = 10_000_000
"""What the smallest copy is called: all numbers have as many digits."""
_TEMPLATE: Final = "e" * 32

At = ColumnElement[int]
Changed = Callable[[At], Mapping[str, ColumnElement[Any]]]
"""Gives what is different in the copy of a number."""


async def grow(house: House, people: int, given: int) -> Row:
    """Let there be so many members, and so many opinions on cases of them; raises ValueError for too few.

    Gives how many there are then.
    """
    if people < OPINIONS_EACH:
        raise ValueError(f"{OPINIONS_EACH} opinions on a case need as many members")
    began = time.perf_counter()
    async with opened(house) as bot:
        database: Database = bot._content._database  # noqa: SLF001 - written past the bot, in bulk
        async with bot._content.work() as work:  # noqa: SLF001 - what is copied, as the bot would keep it
            (asked, *_) = await work.cases.open_cases(1)
            await work.opinions.add(_opinion(asked.id, await work.opinions.next_number(asked.id)))
        for table, template, count, changed in (
            (members, members.c.id == asked.author, people, _member),
            (cases, cases.c.id == asked.id, -(-given // OPINIONS_EACH), _case(people)),
            (opinions, opinions.c.id == _TEMPLATE, given, _given(people)),
            (opinion_versions, opinion_versions.c.opinion == _TEMPLATE, given, _version),
        ):
            for first in range(0, count, _AT_ONCE):
                async with database.transaction() as connection:
                    numbers = (first, min(first + _AT_ONCE, count) - 1)
                    await _copy(connection, table, template, numbers, changed)
        async with bot._content.work() as work:  # noqa: SLF001 - as above
            await work.opinions.remove(_TEMPLATE)
        return {"seconds": time.perf_counter() - began, **await _counted(database)}


def _opinion(asked: str, number: int) -> Opinion:
    step, remark = "Wait, and look again on Monday.", "Seen twice this year, both times after a new drug."
    now = datetime.now(UTC)
    return Opinion(_TEMPLATE, asked, number, MemberId(_TEMPLATE), ("vasculitis", "eczema"), step, remark, now)


async def _copy(
    connection: Connection,
    table: Table,
    template: ColumnElement[bool],
    numbers: tuple[int, int],
    changed: Changed,
) -> None:
    """Copy the row that the template matches once for each number from the first to the last."""
    first, last = numbers
    counted = select(literal(first).label("at")).cte("counted", recursive=True)
    counted = counted.union_all(select(counted.c.at + 1).where(counted.c.at < last))
    new = changed(counted.c.at)
    copied = select(*(new.get(column.name, column) for column in table.columns))
    source = copied.select_from(table.join(counted, true())).where(template)
    names = [column.name for column in table.columns]
    await connection.execute(insert(table).from_select(names, source))


def _name(letter: str, at: ColumnElement[int]) -> ColumnElement[str]:
    """Give an id as long as those that are drawn."""
    return literal(letter * 24) + cast(at + _FIRST, String)


def _member(at: At) -> Mapping[str, ColumnElement[Any]]:
    called = literal("Grown Birch ") + cast(at + _FIRST, String)
    return {"id": _name("a", at), "screen_name": called, "skeleton": called}


def _case(people: int) -> Changed:
    def changed(at: At) -> Mapping[str, ColumnElement[Any]]:
        state = case((at % _OPEN_OF == 0, CaseState.OPEN.value), else_=CaseState.CLOSED.value)
        told = {"state": state, "opinions": literal(OPINIONS_EACH)}
        return {"id": _name("c", at), "number": at + _FIRST, "author": _name("a", at % people), **told}

    return changed


def _given(people: int) -> Changed:
    def changed(at: At) -> Mapping[str, ColumnElement[Any]]:
        # Neighbours in number stand on one case: so its opinions are those of different members.
        where: Mapping[str, ColumnElement[Any]] = {
            "case": _name("c", at // OPINIONS_EACH),
            "number": at % OPINIONS_EACH + 1,
        }
        return {"id": _name("b", at), "member": _name("a", at % people), **where}

    return changed


def _version(at: At) -> Mapping[str, ColumnElement[Any]]:
    return {"opinion": _name("b", at)}


async def _counted(database: Database) -> Row:
    async with database.transaction() as connection:
        if connection.dialect.name == "postgresql":
            # A server does so by itself within minutes.
            await connection.exec_driver_sql("ANALYZE")
    counts = {}
    async with database.reading() as connection:
        for table in (members, cases, opinions):
            found = await connection.execute(select(func.count()).select_from(table))
            counts[table.name] = float(found.scalar_one())
    return counts
