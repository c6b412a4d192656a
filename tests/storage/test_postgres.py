"""What is special on PostgreSQL: several bots write in turn, and a server says no in one clear sentence."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import Connection as SyncConnection
from sqlalchemy import inspect, text

from bot.chat.cards import note
from bot.identity.sealing import AesSealer
from storage import postgres, session
from storage.away import ServerAway
from storage.connection import Connection
from storage.content.store import HISTORY as CONTENT
from storage.content.store import ContentStore, open_content
from storage.database import Database
from storage.migrating import History, _downgrade, bring_up, step
from storage.postgres import PostgresDatabase
from storage.refused import StorageRefused
from storage.vault.vault import HISTORY as VAULT
from storage.vault.vault import VaultStore
from tests import server
from tests.storage.due import due
from tests.storage.handed_in import ROOMS, START, SeededChance, StillClock

pytestmark = pytest.mark.skipif(not server.ON_POSTGRES, reason="runs with CURBSIDE_TEST_DATABASE=postgresql")

PASSWORD: Final = "planted-password"


@pytest.fixture
async def other(content: ContentStore, data_dir: Path, sealer: AesSealer) -> AsyncIterator[ContentStore]:
    """Another bot's store over the same databases."""
    store = await open_content(
        server.places(data_dir), sealer, rooms=ROOMS, clock=StillClock(), chance=SeededChance(8)
    )
    yield store
    await store.close()


def address(data_dir: Path, *, user: str = "curbside", database: str = "") -> str:
    database = database or server.name_of(data_dir, "content")
    where = f"127.0.0.1:{server.server().port}/{database}"
    return f"postgresql+asyncpg://{user}:{PASSWORD}@{where}"


async def refused(url: str) -> str:
    """Try to open a database at an address; gives the sentence."""
    database = PostgresDatabase(url, "content")
    with pytest.raises(StorageRefused) as caught:
        await database.prepare()
    await database.abandon()
    assert PASSWORD not in caught.value.sentence
    return caught.value.sentence


def answering(database: Database) -> bool:
    return database.pulse.answering


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Ask the server until something is so: it tells nobody when a session begins to wait."""
    async with asyncio.timeout(20):
        while not await condition():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def somebody_waits(data_dir: Path) -> bool:
    waiting = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    return bool(await server.server().ask(waiting, database=server.name_of(data_dir, "content")))


async def test_units_of_work_of_two_bots_exclude_each_other(
    content: ContentStore, other: ContentStore, data_dir: Path
) -> None:
    async def take() -> int:
        async with other.work() as work:
            return await work.cases.next_number()

    async with content.work() as work:
        first = await work.cases.next_number()
        waiting = asyncio.create_task(take())
        await until(lambda: somebody_waits(data_dir))
        assert not waiting.done()
    assert (first, await waiting) == (101, 102)


async def test_numbers_are_given_out_once_by_two_bots_at_the_same_time(
    content: ContentStore, other: ContentStore
) -> None:
    async def take(store: ContentStore) -> int:
        async with store.work() as work:
            return await work.cases.next_number()

    taken = await asyncio.gather(*(take(store) for _ in range(10) for store in (content, other)))
    assert sorted(taken) == list(range(101, 121))


async def test_shared_changes_of_two_bots_do_not_wait_for_each_other(
    content: ContentStore, other: ContentStore
) -> None:
    inside, go = asyncio.Event(), asyncio.Event()

    async def slow(connection: Connection) -> None:
        await connection.execute(text("INSERT INTO counters (name, value) VALUES ('slow', 1)"))
        inside.set()
        await go.wait()

    async def quick(connection: Connection) -> None:
        await connection.execute(text("INSERT INTO counters (name, value) VALUES ('quick', 1)"))

    staying = asyncio.create_task(content._database.share(slow))
    await inside.wait()
    await asyncio.wait_for(other._database.share(quick), 20)
    assert not staying.done()
    go.set()
    await staying


async def test_a_unit_of_work_waits_for_shared_changes(
    content: ContentStore, other: ContentStore, data_dir: Path
) -> None:
    inside, go = asyncio.Event(), asyncio.Event()

    async def slow(connection: Connection) -> None:
        inside.set()
        await go.wait()

    async def work() -> None:
        async with other.work():
            pass

    sharing = asyncio.create_task(content._database.share(slow))
    await inside.wait()
    working = asyncio.create_task(work())
    await until(lambda: somebody_waits(data_dir))
    assert not working.done()
    go.set()
    await asyncio.gather(sharing, working)


async def test_a_unit_of_work_does_not_join_changes_that_other_bots_may_share(content: ContentStore) -> None:
    """Its turn is its own, though the commit of a change before it may be still to come."""
    database = content._database
    mine = text(
        "SELECT mode FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND granted"
    )
    modes: list[list[str]] = []

    async def small(connection: Connection) -> None:
        await connection.execute(text("SELECT 1"))

    async def work() -> None:
        async with database.transaction() as connection:
            modes.append(list((await connection.execute(mine)).scalars()))

    await asyncio.gather(database.share(small), work(), database.share(small), work())
    assert modes == [["ExclusiveLock"], ["ExclusiveLock"]]


async def test_a_bot_that_stops_in_the_middle_holds_up_nobody_for_long(
    data_dir: Path, other: ContentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(session._SETTINGS, "idle_in_transaction_session_timeout", "200ms")
    stopped = server.places(data_dir).content()

    async def work() -> int:
        async with other.work() as work:
            return await work.cases.next_number()

    async def stop_half_way() -> None:
        async with stopped.transaction() as connection:
            await connection.execute(text("INSERT INTO counters (name, value) VALUES ('half', 1)"))
            assert await asyncio.wait_for(work(), 20) == 101

    with pytest.raises(ServerAway, match="the server is away"):
        await stop_half_way()
    assert not answering(stopped)

    async with stopped.transaction() as connection:
        found = await connection.execute(text("SELECT value FROM counters WHERE name = 'half'"))
        assert found.all() == []
    assert answering(stopped)
    await stopped.close()


async def test_a_bot_works_on_after_the_server_ended_its_sessions(
    content: ContentStore, data_dir: Path
) -> None:
    ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'curbside'"

    async def post_and_lose_the_server() -> None:
        async with content.work() as work:
            await work.outbox.post("case:2", note("second"), release_at=START)
            await server.server().ask(ended)

    async with content.work() as work:
        await work.outbox.post("case:1", note("first"), release_at=START)
    with pytest.raises(ServerAway, match="the server is away"):
        await post_and_lose_the_server()
    assert len(await due(content.queue, START)) == len(ROOMS)
    async with content.work() as work:
        await work.outbox.post("case:3", note("third"), release_at=START)
    told = server.look(data_dir, "content", "SELECT DISTINCT subject FROM outbox ORDER BY subject")
    assert told == [("case:1",), ("case:3",)]


async def test_nobody_migrates_while_a_bot_runs_and_no_bot_starts_meanwhile(
    content: ContentStore, other: ContentStore
) -> None:
    await content.own()
    await other.own()
    with pytest.raises(StorageRefused, match="A Curbside is running on the content database"):
        await other._database.alone().__aenter__()
    await content._database.release()
    await other._database.release()
    assert not await other._database.in_use()

    async with other._database.alone():
        with pytest.raises(StorageRefused, match="is being migrated; start again"):
            await content.own()
    await content.own()
    assert await other._database.in_use()


async def test_what_one_process_holds_no_other_gets(content: ContentStore, other: ContentStore) -> None:
    assert await content._database.hold("timekeeper")
    assert await content._database.hold("timekeeper")
    assert not await other._database.hold("timekeeper")
    assert await other._database.hold("matrix:north")
    await content._database.let_go("timekeeper")
    assert await other._database.hold("timekeeper")
    for store in (content, other):
        for name in ("timekeeper", "matrix:north"):
            await store._database.let_go(name)


@pytest.mark.parametrize("history", [CONTENT, VAULT], ids=["content", "vault"])
async def test_a_newer_version_is_refused_and_left_alone(data_dir: Path, history: History) -> None:
    database = made(data_dir, history)
    server.look(data_dir, history.name, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StorageRefused, match=f"The {history.name} database was written by a newer version"):
        await bring_up(database, history)
    await database.close()
    assert server.look(data_dir, history.name, "SELECT version_num FROM alembic_version") == [("9999",)]


@pytest.mark.parametrize(
    ("history", "oldest"), [(CONTENT, "0024"), (VAULT, "0008")], ids=["content", "vault"]
)
async def test_the_history_of_the_server_goes_down_and_up_again(
    data_dir: Path, history: History, oldest: str
) -> None:
    database = made(data_dir, history)
    async with database.transaction() as connection:
        before = await connection.run_sync(columns)
        await connection.run_sync(_downgrade, history, oldest)
        await step(connection, history, "head")
        assert await connection.run_sync(columns) == before
    await database.close()


async def test_nothing_in_the_vault_has_a_time(vault: VaultStore) -> None:
    async with vault._database.reading() as connection:
        names = {name for table in (await connection.run_sync(columns)).values() for name in table}
    assert names
    assert not {name for name in names if "at" in name.split("_") or "day" in name or "time" in name}


def made(data_dir: Path, history: History) -> Database:
    lies = server.places(data_dir)
    return lies.content() if history is CONTENT else lies.vault()


def columns(connection: SyncConnection) -> dict[str, dict[str, str]]:
    looked = inspect(connection)
    return {
        table: {column["name"]: str(column["type"]) for column in looked.get_columns(table)}
        for table in looked.get_table_names()
    }


async def test_a_server_that_is_not_there_is_one_sentence() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # Taken, and nobody listens at it.
        port = closed.getsockname()[1]
        said = await refused(f"postgresql+asyncpg://curbside:{PASSWORD}@127.0.0.1:{port}/curbside")
    assert said.startswith("The content database on 127.0.0.1 cannot be reached (")
    assert said.endswith("see whether PostgreSQL runs there and whether the address is right.")


async def test_a_database_that_is_not_there_is_one_sentence(data_dir: Path) -> None:
    assert 'database "nowhere" does not exist' in await refused(address(data_dir, database="nowhere"))


async def test_a_wrong_password_is_one_sentence_without_it(data_dir: Path) -> None:
    await server.server().ask("DROP ROLE IF EXISTS strict", "CREATE ROLE strict LOGIN PASSWORD 'right'")
    await server.server().demand_password("strict")
    assert 'password authentication failed for user "strict"' in await refused(
        address(data_dir, user="strict")
    )


async def test_a_server_that_is_too_old_is_one_sentence(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "OLDEST", 99)
    said = await refused(address(data_dir))
    assert said.startswith("The content database is on PostgreSQL 1")
    assert said.endswith("Curbside needs 99 or newer.")


async def test_a_role_that_may_make_nothing_is_told(data_dir: Path) -> None:
    await server.server().ask("DROP ROLE IF EXISTS guest", "CREATE ROLE guest LOGIN")
    said = await refused(address(data_dir, user="guest"))
    assert said == "The role of the content database may make no tables in it; let it CREATE there."
