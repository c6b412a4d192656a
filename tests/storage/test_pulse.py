"""The pulse: a database that refuses is silent until it answers again; its own rules do not count."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from storage.content.store import ContentStore
from storage.database import Database
from storage.postgres import PostgresDatabase
from storage.sqlite import SqliteDatabase
from tests import server


async def refuse(database: Database) -> None:
    """Let the disk be full, as far as SQLite can tell, or PostgreSQL take nothing new."""
    if server.ON_POSTGRES:
        await _set(database, "SET default_transaction_read_only = on")
        return
    async with database.reading() as connection:
        pages = (await connection.execute(text("PRAGMA page_count"))).scalar_one()
    await _set(database, f"PRAGMA max_page_count = {pages}")


async def accept(database: Database) -> None:
    """Let it be as before."""
    more = "SET default_transaction_read_only = off", "PRAGMA max_page_count = 1000000"
    await _set(database, more[0] if server.ON_POSTGRES else more[1])


async def _set(database: Database, setting: str) -> None:
    """Set something on the writer's only connection, for good."""
    if isinstance(database, PostgresDatabase):
        await (await database._riding.opened()).execute(text(setting))
    elif isinstance(database, SqliteDatabase):
        await (await database._opened()).execute(text(setting))


def answering(content: ContentStore) -> bool:
    return content.answering


async def fill(content: ContentStore) -> None:
    async with content.work() as work:
        await work.dialogs.put("key", b"x" * 500_000)


async def test_a_commit_that_fails_makes_it_silent_until_one_succeeds(content: ContentStore) -> None:
    assert answering(content)
    await refuse(content._database)

    with pytest.raises(DBAPIError):
        await fill(content)
    assert not answering(content)
    await content.queue.depth()
    assert not answering(content), "a reading says nothing about writing"

    await accept(content._database)
    await fill(content)
    assert answering(content)


async def test_shared_commits_count_too(content: ContentStore) -> None:
    with pytest.raises(DBAPIError):
        await content._database.share(lambda connection: connection.execute(text("UPDATE nothing SET a = 1")))

    assert not answering(content)


async def test_a_reading_that_fails_counts(content: ContentStore) -> None:
    with pytest.raises(DBAPIError):
        async with content._database.reading() as connection:
            await connection.execute(text("SELECT a FROM nothing"))
    assert not answering(content)

    await content.queue.depth()
    assert answering(content)


async def test_a_rule_of_the_tables_and_a_change_of_mind_are_answers(content: ContentStore) -> None:
    twice = text("INSERT INTO counters (name, value) VALUES ('twice', 1), ('twice', 2)")
    with pytest.raises(IntegrityError):
        async with content._database.transaction() as connection:
            await connection.execute(twice)
    with pytest.raises(LookupError):
        async with content.work():
            raise LookupError

    assert answering(content)
