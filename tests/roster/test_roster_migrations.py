"""The roster's history goes up, down and up again, and ends where its tables say."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import text

from storage.database import Database
from storage.migrating import step
from storage.refused import StorageRefused
from storage.roster.roster import HISTORY, open_roster
from storage.roster.tables import metadata
from storage.sqlite import SqliteDatabase
from tests.storage.test_migrations import differences, schema


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = SqliteDatabase(tmp_path / "some.db")
    yield database
    await database.close()


async def test_up_down_and_up_again_gives_the_same(database: Database) -> None:
    async with database.transaction() as connection:
        await step(connection, HISTORY, "head")
        once = await connection.run_sync(schema)
        await step(connection, HISTORY, "base")
        assert await connection.run_sync(schema) == {}
        await step(connection, HISTORY, "head")
        assert await connection.run_sync(schema) == once


async def test_the_history_ends_where_the_tables_are(database: Database, tmp_path: Path) -> None:
    made = SqliteDatabase(tmp_path / "made.db")
    async with database.transaction() as connection:
        await step(connection, HISTORY, "head")
        assert await connection.run_sync(differences, metadata) == []
        migrated = await connection.run_sync(schema)
    async with made.transaction() as connection:
        await connection.run_sync(metadata.create_all)
        created = await connection.run_sync(schema)
    await made.close()
    assert migrated.keys() == created.keys()
    for word in ("WITHOUT ROWID", "AUTOINCREMENT", " WHERE "):
        assert {n for n, sql in migrated.items() if word in sql} == {
            n for n, sql in created.items() if word in sql
        }


def test_the_head_that_the_code_names_is_the_newest() -> None:
    configuration = Config()
    configuration.set_main_option("script_location", HISTORY.package.replace(".", "/"))
    assert ScriptDirectory.from_config(configuration).get_current_head() == HISTORY.head


async def test_a_roster_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    roster = await open_roster(tmp_path)
    await roster.close()
    newer = SqliteDatabase(tmp_path / "roster.db")
    async with newer.transaction() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    await newer.close()

    with pytest.raises(StorageRefused, match="The roster database was written by a newer version"):
        await open_roster(tmp_path)


async def test_the_files_are_for_their_owner_alone(tmp_path: Path) -> None:
    roster = await open_roster(tmp_path / "var")
    await roster.close()

    assert (tmp_path / "var" / "roster.db").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "var").stat().st_mode & 0o777 == 0o700
