"""Databases of every earlier version, with rows in every table, come up to this one and keep their rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, Connection, LargeBinary, MetaData, Table, insert, select
from sqlalchemy.types import Boolean, Date, Integer

from storage.content.store import HISTORY as CONTENT
from storage.database import Database
from storage.migrating import History, bring_up, step, version_of
from storage.roster.roster import HISTORY as ROSTER
from storage.sqlite import SqliteDatabase
from storage.vault.vault import HISTORY as VAULT

EARLIER = [
    *((CONTENT, version) for version in ("0001", "0010", "0018", "0022")),
    *((VAULT, version) for version in ("0001", "0003", "0005")),
    *((ROSTER, version) for version in ("0001", "0002")),
]
AS_JSON = {"counts": "[3, 2]", "result": '{"counts": [5, [3, 2]]}', "terms": "{}", "cells": '[""]'}
"""Texts that a migration reads; every other text is an empty list, which is a text as well."""
RENAMED = {("polls", "counts"), ("polls", "ballots")}
"""What later layouts keep in another way: `test_the_count_of_an_earlier_poll_is_kept` looks at these."""

FORGOTTEN = ("drafts",)
"""What the second layout begins anew, because the first one held more than a draft may."""


def _is_ours(name: str) -> bool:
    return not name.startswith(("case_words", "alembic", "sqlite"))


def _tables(connection: Connection) -> dict[str, Table]:
    found = MetaData()
    found.reflect(connection, only=lambda name, _: _is_ours(name))
    return {table.name: table for table in found.sorted_tables}


def _value(column: Column[Any]) -> object:
    if isinstance(column.type, Boolean):
        return True
    if isinstance(column.type, Integer):
        return 7
    if isinstance(column.type, LargeBinary):
        return b"sealed"
    if isinstance(column.type, Date):
        return None
    return AS_JSON.get(column.name, "[]")


def _fill(connection: Connection) -> None:
    for table in _tables(connection).values():
        connection.execute(insert(table).values({one.name: _value(one) for one in table.columns}))


def _rows(connection: Connection) -> dict[tuple[str, str], list[object]]:
    """Give the values of every column of every table."""
    return {
        (name, column.name): list(connection.execute(select(column)).scalars())
        for name, table in _tables(connection).items()
        for column in table.columns
    }


async def _at(database: Database, history: History, version: str) -> None:
    async with database.transaction() as connection:
        await step(connection, history, version)
        await connection.run_sync(_fill)


@pytest.mark.parametrize(("history", "version"), EARLIER, ids=lambda one: getattr(one, "name", one))
async def test_an_earlier_database_comes_up_with_its_rows(
    tmp_path: Path, history: History, version: str
) -> None:
    database = SqliteDatabase(tmp_path / "some.db")
    await _at(database, history, version)
    async with database.reading() as connection:
        before = await connection.run_sync(_rows)
    assert await version_of(database, history) == version

    await bring_up(database, history)

    assert await version_of(database, history) == history.head
    async with database.reading() as connection:
        after = await connection.run_sync(_rows)
        broken = (await connection.exec_driver_sql("PRAGMA foreign_key_check")).all()
        whole = (await connection.exec_driver_sql("PRAGMA integrity_check")).scalar()
    await database.close()
    assert (broken, whole) == ([], "ok")
    assert before.keys() - after.keys() <= RENAMED
    for place, values in before.items():
        assert len(values) == 1
        if place in after and not (version == "0001" and place[0] in FORGOTTEN):
            assert after[place] == values, place


async def test_the_count_of_an_earlier_poll_is_kept(tmp_path: Path) -> None:
    database = SqliteDatabase(tmp_path / "some.db")
    await _at(database, CONTENT, "0018")
    await bring_up(database, CONTENT)
    async with database.reading() as connection:
        kept = (await connection.exec_driver_sql("SELECT result FROM polls")).scalar()
    await database.close()
    assert kept is not None
    assert "[7, [3, 2]]" in kept
