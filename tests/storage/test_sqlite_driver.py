"""The driver: short statements on the loop, what may wait beside it, nothing lost by a cancellation."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.sqlite_driver import LoopConnection, connect

LONG = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) SELECT count(*) FROM n"
)


@pytest.fixture
async def connection(tmp_path: Path) -> AsyncIterator[LoopConnection]:
    opened = await connect(tmp_path / "some.db", sqlite3.Connection)()
    async with opened.execute("PRAGMA journal_mode = WAL"):
        pass
    async with opened.execute("CREATE TABLE word (number INTEGER)"):
        pass
    yield opened
    await opened.close()


def threads_of(connection: LoopConnection) -> list[str]:
    """Note in which threads statements of this connection call ``here()``."""
    seen: list[str] = []

    def here() -> int:
        seen.append(threading.current_thread().name)
        return 1

    connection._conn.create_function("here", 0, here)
    return seen


async def test_a_short_statement_runs_on_the_loop(connection: LoopConnection) -> None:
    seen = threads_of(connection)
    async with connection.execute("SELECT here()") as cursor:
        assert await cursor.fetchall() == [(1,)]
    async with connection.execute("INSERT INTO word VALUES (here())") as cursor:
        assert cursor.rowcount == 1
    assert seen == [threading.current_thread().name] * 2


async def test_a_long_read_goes_on_beside_the_loop(connection: LoopConnection) -> None:
    turns = 0

    async def count_turns() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    counting = asyncio.create_task(count_turns())
    async with connection.execute(LONG) as cursor:
        assert await cursor.fetchone() == (300000,)
    counting.cancel()
    assert turns > 3


async def test_a_long_read_leaves_the_transaction_that_it_stands_in(connection: LoopConnection) -> None:
    for statement in ("BEGIN IMMEDIATE", "INSERT INTO word VALUES (1)", LONG):
        async with connection.execute(statement):
            pass
    await connection.commit()
    async with connection.execute("SELECT number FROM word") as cursor:
        assert await cursor.fetchall() == [(1,)]


async def test_who_begins_waits_for_another_writer_without_holding_up_the_loop(
    connection: LoopConnection, tmp_path: Path
) -> None:
    async with connection.execute("PRAGMA busy_timeout = 5000"):
        pass
    other = sqlite3.connect(tmp_path / "some.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    beginning = asyncio.ensure_future(connection.cursor().execute("BEGIN IMMEDIATE"))
    for _ in range(5):
        await asyncio.sleep(0)
    assert not beginning.done()
    other.execute("COMMIT")
    other.close()
    await beginning
    await connection.rollback()
    async with connection.execute("PRAGMA busy_timeout") as cursor:
        assert await cursor.fetchone() == (5000,)


async def test_after_a_cancelled_commit_the_next_statement_waits_for_it(connection: LoopConnection) -> None:
    for statement in ("BEGIN IMMEDIATE", "INSERT INTO word VALUES (1)"):
        async with connection.execute(statement):
            pass
    committing = asyncio.ensure_future(connection.commit())
    await asyncio.sleep(0)
    committing.cancel()
    await asyncio.wait([committing])
    await connection.rollback()
    async with connection.execute("SELECT number FROM word") as cursor:
        assert await cursor.fetchall() == [(1,)]
    assert committing.cancelled()


async def test_many_rows_and_what_is_no_plain_statement_run_beside_the_loop(
    connection: LoopConnection,
) -> None:
    seen = threads_of(connection)
    cursor = connection.cursor()
    await cursor.executemany("INSERT INTO word VALUES (here() + ?)", [(number,) for number in range(100)])
    await cursor.execute("CREATE TABLE other AS SELECT here()")
    assert set(seen) == {"sqlite_0"}
    await cursor.close()


async def test_what_goes_wrong_is_told_as_the_library_tells_it(connection: LoopConnection) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        await connection.cursor().execute("SELECT 1 FROM nowhere")
    await connection.close()
    await connection.close()
