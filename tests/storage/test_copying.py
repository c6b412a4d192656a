"""Rows go from one database to the other by key, counted and summed, and nothing is left behind."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert, literal, select, update

from storage.backup import Part, copy_out, trouble_in
from storage.connection import Connection
from storage.content.backup import BACKUP as CONTENT
from storage.content.tables import counters, outbox, readings
from storage.content.tables import metadata as content_tables
from storage.copying import Choice, Fingerprint, Key, copy_some, copy_table, fingerprint
from storage.database import Database
from storage.roster.backup import BACKUP as ROSTER
from storage.sqlite import SqliteDatabase
from storage.vault.backup import BACKUP as VAULT
from tests.storage.templates import _migrated

ROWS = 1203
START = datetime(2031, 1, 1, tzinfo=UTC)


@asynccontextmanager
async def made(file: Path) -> AsyncIterator[Database]:
    """Open a database with some tables of the content side and no references between them."""
    database = SqliteDatabase(file)
    async with database.transaction() as connection:
        for table in (counters, outbox):
            await connection.run_sync(table.create)
        await connection.exec_driver_sql(
            'CREATE TABLE readings ("case" VARCHAR, member VARCHAR, PRIMARY KEY ("case", member))'
        )
    try:
        yield database
    finally:
        await database.close()


@pytest.fixture
async def source(tmp_path: Path) -> AsyncIterator[Database]:
    async with made(tmp_path / "source.db") as database:
        async with database.transaction() as connection:
            read = [{"case": f"c{n % 7}", "member": f"m{n:04}"} for n in range(ROWS)]
            await connection.execute(insert(readings), read)
            await connection.execute(insert(outbox), [delivery(number) for number in range(1, 6)])
        yield database


@pytest.fixture
async def target(tmp_path: Path) -> AsyncIterator[Database]:
    async with made(tmp_path / "target.db") as database:
        yield database


def delivery(number: int) -> dict[str, Any]:
    words = ("destination", "room", "member", "subject", "thread", "group", "code")
    at = START + timedelta(microseconds=number)
    return dict.fromkeys(words, f"ä{number}") | {
        "row": number,
        "id": f"d{number}",
        "key": f"k{number}",
        "what": "post",
        "revision": 1,
        "payload": bytes([number]) if number > 1 else None,
        "release_at": at,
        "position": at,
        "due_at": at,
        "state": "waiting",
        "ended": 0,
        "tried": number % 2 == 0,
        "tries": 0,
        "day": 1,
    }


async def all_of(connection: Connection) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in await connection.execute(select(outbox).order_by(outbox.c.row))]


async def test_everything_goes_over_as_it_was(source: Database, target: Database) -> None:
    async with source.reading() as read, target.transaction() as written:
        for table, count in ((readings, ROWS), (outbox, 5), (counters, 0)):
            copied = await copy_table(read, written, table)
            assert copied.rows == count
            assert copied == await fingerprint(read, table) == await fingerprint(written, table)
        assert await all_of(read) == await all_of(written)


async def test_a_copy_that_stopped_goes_on_behind_its_last_key(source: Database, target: Database) -> None:
    after: Key | None = ("c2", "m0500")
    async with source.reading() as read:
        async with target.transaction() as written:
            front = readings.c.case <= "c2"
            await copy_table(read, written, readings, choice=Choice(where=front))
            await written.execute(
                delete(readings).where(readings.c.case == "c2", readings.c.member > "m0500")
            )
        while after is not None:
            async with target.transaction() as written:
                after = await copy_some(read, written, readings, after)
        async with target.reading() as written:
            assert await fingerprint(written, readings) == await fingerprint(read, readings)


async def test_a_choice_says_which_rows_and_what_they_hold(source: Database, target: Database) -> None:
    choice = Choice(where=outbox.c.row > 2, instead={"payload": literal(None), "tried": literal(value=True)})
    async with source.reading() as read, target.transaction() as written:
        copied = await copy_table(read, written, outbox, choice=choice)
        assert copied == await fingerprint(read, outbox, choice) != await fingerprint(read, outbox)
        found = await written.execute(select(outbox.c.row, outbox.c.payload, outbox.c.tried))
        assert found.all() == [(3, None, True), (4, None, True), (5, None, True)]


@pytest.mark.parametrize(
    "changed",
    [
        update(outbox).where(outbox.c.row == 3).values(payload=b"\x04"),
        update(outbox).where(outbox.c.row == 1).values(payload=b""),
        update(outbox).where(outbox.c.row == 2).values(tried=False),
        update(outbox).where(outbox.c.row == 2).values(due_at=START),
        update(outbox).where(outbox.c.row == 2).values(code="", group="ä2ä2"),
        delete(outbox).where(outbox.c.row == 5),
    ],
)
async def test_whatever_changes_shows(source: Database, changed: Any) -> None:
    async with source.transaction() as connection:
        before = await fingerprint(connection, outbox)
        await connection.execute(changed)
        assert await fingerprint(connection, outbox) != before


def test_the_order_of_rows_says_nothing_and_a_number_is_no_word() -> None:
    one, other = (1, "a", b"a", None, True), (2, "b", b"", START.date(), False)
    assert Fingerprint().plus([one, other]) == Fingerprint().plus([other]).plus([one])
    sums = {Fingerprint().plus([row]).checksum for row in [("1",), (1,), (b"1",), (None,), ("",), (b"",)]}
    assert len(sums) == 6
    with pytest.raises(TypeError, match="float"):
        Fingerprint().plus([(1.5,)])


@pytest.mark.parametrize("part", [CONTENT, VAULT, ROSTER], ids=["content", "vault", "roster"])
async def test_of_every_table_it_is_said_whether_it_goes_over(part: Part, tmp_path: Path) -> None:
    (tmp_path / part.file).write_bytes(_migrated(part.history))
    database = SqliteDatabase(tmp_path / part.file)
    async with database.reading() as connection:
        found = await connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
            " AND name NOT LIKE 'case_words%' AND name <> 'alembic_version'"
        )
        there = set(found.scalars())
    await database.close()
    goes = {table.name for table in part.tables}
    assert goes | part.left_out == there
    assert not goes & part.left_out
    assert content_tables.tables.keys() == {table.name for table in CONTENT.tables} | CONTENT.left_out


async def test_a_row_that_vanished_from_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "source.db").write_bytes(_migrated(CONTENT.history))
    database, copy = SqliteDatabase(tmp_path / "source.db"), tmp_path / "content.db"
    async with database.transaction() as connection:
        await connection.execute(insert(counters).values(name="numbers", value=7))
    async with database.reading() as connection:
        told = await copy_out(connection, copy, CONTENT)
    await database.close()
    assert told.rows == 1
    assert await trouble_in(copy, CONTENT, told) == ""
    database = SqliteDatabase(copy)
    async with database.transaction() as connection:
        await connection.execute(delete(counters))
    await database.close()
    assert await trouble_in(copy, CONTENT, told) == "the rows of counters are not those that were written"
