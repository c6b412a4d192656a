"""Both histories go up, down and up again, and end where the tables say. Of PostgreSQL: test_postgres.py."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, inspect, text

import storage.content.store as content_side
import storage.vault.vault as vault_side
from bot.identity.keys import MasterKey
from bot.identity.sealing import AesSealer
from storage.content.outbox_rooms import _FROZEN
from storage.content.tables import metadata as content_tables
from storage.database import Database
from storage.files import OwnerLock
from storage.migrating import History, _downgrade, bring_up, step
from storage.refused import StorageRefused
from storage.sqlite import SqliteDatabase
from storage.vault.keyring import open_keys
from storage.vault.tables import metadata as vault_tables
from storage.vault.vault import open_vault
from tests.storage.handed_in import SeededChance

pytestmark = pytest.mark.sqlite

SIDES = pytest.mark.parametrize(
    ("history", "tables"),
    [(content_side.HISTORY, content_tables), (vault_side.HISTORY, vault_tables)],
    ids=["content", "vault"],
)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = SqliteDatabase(tmp_path / "some.db")
    yield database
    await database.close()


def schema(connection: Connection) -> dict[str, str]:
    rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"))
    return {name: " ".join(sql.replace('"', "").split()) for name, sql in rows if name != "alembic_version"}


def _is_table_of_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Leave out the index of words: it is no table of rows, and the names of its parts are SQLite's."""
    return kind != "table" or not (name or "").startswith("case_words")


def differences(connection: Connection, tables: MetaData) -> list[object]:
    options = {"compare_type": True, "include_name": _is_table_of_ours}
    context = MigrationContext.configure(connection, opts=options)
    return list(compare_metadata(context, tables))


@SIDES
async def test_up_down_and_up_again_gives_the_same(
    database: Database, history: History, tables: MetaData
) -> None:
    async with database.transaction() as connection:
        await step(connection, history, "head")
        once = await connection.run_sync(schema)
        await step(connection, history, "base")
        assert await connection.run_sync(schema) == {}
        await step(connection, history, "head")
        assert await connection.run_sync(schema) == once


@SIDES
async def test_the_history_ends_where_the_tables_are(
    database: Database, history: History, tables: MetaData, tmp_path: Path
) -> None:
    made = SqliteDatabase(tmp_path / "made.db")
    async with database.transaction() as connection:
        await step(connection, history, "head")
        assert await connection.run_sync(differences, tables) == []
        migrated = await connection.run_sync(schema)
    async with made.transaction() as connection:
        await connection.run_sync(tables.create_all)
        created = await connection.run_sync(schema)
    await made.close()
    assert migrated.keys() == created.keys()
    # What a comparison of types and columns does not see: tables without row ids, and conditions of indexes.
    for word in ("WITHOUT ROWID", "AUTOINCREMENT", " WHERE ", "ON DELETE CASCADE"):
        assert {n for n, sql in migrated.items() if word in sql} == {
            n for n, sql in created.items() if word in sql
        }


@SIDES
def test_the_head_that_the_code_names_is_the_newest(history: History, tables: MetaData) -> None:
    configuration = Config()
    configuration.set_main_option("script_location", history.package.replace(".", "/"))
    assert ScriptDirectory.from_config(configuration).get_current_head() == history.head


async def test_vault_tables_have_no_row_ids_and_no_times(vault: object, tmp_path: Path) -> None:
    database = SqliteDatabase(tmp_path / "var" / "vault.db")
    async with database.transaction() as connection:
        tables = await connection.run_sync(schema)
        columns = await connection.run_sync(
            lambda c: {
                column["name"]
                for table in inspect(c).get_table_names()
                for column in inspect(c).get_columns(table)
            }
        )
    await database.close()
    made = {sql for sql in tables.values() if sql.startswith("CREATE TABLE")}
    assert made
    assert all(sql.endswith("WITHOUT ROWID") for sql in made)
    assert not {name for name in columns if "at" in name.split("_") or "day" in name or "time" in name}


@SIDES
async def test_a_database_of_a_newer_version_is_refused_and_left_alone(
    database: Database, history: History, tables: MetaData, tmp_path: Path
) -> None:
    await bring_up(database, history)
    async with database.transaction() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StorageRefused, match=f"The {history.name} database was written by a newer version"):
        await bring_up(database, history)
    async with database.reading() as connection:
        assert (await connection.execute(text("SELECT version_num FROM alembic_version"))).scalar() == "9999"


@SIDES
async def test_a_running_bot_keeps_others_from_migrating(
    database: Database, history: History, tables: MetaData, tmp_path: Path
) -> None:
    running = OwnerLock(tmp_path / "some.lock")
    running.take()
    with pytest.raises(StorageRefused, match="Another Curbside is running"):
        await bring_up(database, history)
    running.release()
    await bring_up(database, history)


async def test_a_vault_of_the_first_version_keeps_its_rows_and_gets_its_ring(
    tmp_path: Path, chance: SeededChance
) -> None:
    master = MasterKey(bytes(range(32)))
    before = AesSealer(master, chance)
    database = SqliteDatabase(tmp_path / "vault.db")
    async with database.transaction() as connection:
        await step(connection, vault_side.HISTORY, "0001")
        assert "keyring" not in await connection.run_sync(schema)
        for table, key, place in (("canary", 1, "vault|canary"), ("secrets", b"name", "here")):
            row = {"key": key, "sealed": before.seal(b"curbside", place)}
            await connection.execute(text(f"INSERT INTO {table} VALUES (:key, :sealed)"), row)  # noqa: S608
    await database.close()
    (tmp_path / "key").write_bytes(bytes(range(32)))
    (tmp_path / "key").chmod(0o600)

    after = AesSealer(await open_keys(tmp_path, tmp_path / "key", chance), chance)

    vault = await open_vault(tmp_path, after)
    kept = await vault.secret(b"name")
    await vault.close()
    assert kept is not None
    assert after.open(kept, "here") == b"curbside"
    assert after.index("acct", "x") == before.index("acct", "x")


async def test_the_vault_goes_back_to_its_first_version(database: Database) -> None:
    async with database.transaction() as connection:
        await step(connection, vault_side.HISTORY, "0001")
        first = await connection.run_sync(schema)
        await step(connection, vault_side.HISTORY, "0002")
        second = await connection.run_sync(schema)
        await connection.run_sync(_downgrade, vault_side.HISTORY, "0001")
        assert await connection.run_sync(schema) == first
    assert second.keys() - first.keys() == {"applications", "hard_keys", "keyring"}


async def test_cases_that_were_withdrawn_before_lose_their_words(database: Database) -> None:
    async with database.transaction() as connection:
        await step(connection, content_side.HISTORY, "0012")
        for case, state in (("gone", "withdrawn"), ("stays", "open")):
            await connection.exec_driver_sql(
                "INSERT INTO cases (id, number, author, title, story, question, urgency, posted_at,"
                " released_at, pictures, state, opinions, comments, revision) VALUES (?, ?, 'a', 'Rash',"
                " 'A rash.', 'Now?', 'soon', '2031-01-01', '2031-01-01', '[]', ?, 1, 1, 0)",
                (case, 101 if case == "gone" else 102, state),
            )
            await connection.exec_driver_sql(
                'INSERT INTO comments (id, "case", member, text, said_at)'
                " VALUES (?, ?, 'b', 'Tap it.', '2031-01-01')",
                (f"of {case}", case),
            )
        await step(connection, content_side.HISTORY, "head")
        cases = await connection.exec_driver_sql("SELECT title, story, question FROM cases ORDER BY number")
        assert list(map(tuple, cases)) == [("", "", ""), ("Rash", "A rash.", "Now?")]
        said = await connection.exec_driver_sql('SELECT text FROM comments ORDER BY "case"')
        assert list(map(tuple, said)) == [("",), ("Tap it.",)]
        found = await connection.exec_driver_sql("SELECT rowid FROM case_words WHERE case_words MATCH 'rash'")
        assert list(map(tuple, found)) == [(102,)]


async def test_what_hid_something_before_still_does(database: Database) -> None:
    revisions = text("SELECT revision FROM outbox ORDER BY revision")
    async with database.transaction() as connection:
        await step(connection, content_side.HISTORY, "0024")
        for revision in (7, 2**62):
            await connection.exec_driver_sql(
                'INSERT INTO outbox (id, "key", destination, room, member, what, subject, thread, "group",'
                " revision, release_at, position, due_at, state, ended, tried, tries, code, day)"
                " VALUES (?, ?, 'room:north', 'north', '', 'replace', 'case:1', '', '', ?, 0, 0, 0, 'sent',"
                " 1, 1, 1, '', 0)",
                (f"d{revision}", f"k{revision}", revision),
            )
        await step(connection, content_side.HISTORY, "0025")
        assert list((await connection.execute(revisions)).scalars()) == [7, _FROZEN]
        await connection.run_sync(_downgrade, content_side.HISTORY, "0024")
        assert list((await connection.execute(revisions)).scalars()) == [7, 2**62]
