"""The writer: one transaction at a time, shared commits, and nobody pays for another's mistake."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError

from storage.asking import Asking
from storage.connection import Connection
from storage.database import Database
from storage.opened import Opened
from storage.sqlite import SqliteDatabase
from tests.server import ON_POSTGRES, places
from tests.storage.commits import count_commits
from tests.storage.handed_in import disk

Insert = Callable[[Connection], Awaitable[int]]


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = places(tmp_path).content() if ON_POSTGRES else SqliteDatabase(tmp_path / "some.db")
    strict = "" if ON_POSTGRES else "STRICT"
    async with database.transaction() as connection:
        await connection.execute(text(f"CREATE TABLE word (number INTEGER PRIMARY KEY) {strict}"))
    yield database
    await database.close()


def put(number: int) -> Insert:
    async def change(connection: Connection) -> int:
        await connection.execute(text("INSERT INTO word VALUES (:number)"), {"number": number})
        return number

    return change


async def words(database: Database) -> list[int]:
    async with database.reading() as connection:
        return list((await connection.execute(text("SELECT number FROM word ORDER BY number"))).scalars())


async def test_changes_that_wait_together_share_a_commit(database: Database) -> None:
    commits = count_commits(database)
    async with database.transaction():
        waiting = [asyncio.create_task(database.share(put(number))) for number in range(100)]
        await asyncio.sleep(0)
    assert await asyncio.gather(*waiting) == list(range(100))
    assert await words(database) == list(range(100))
    assert len(commits) <= 1 + 4  # at most 32 of them at a time


async def test_changes_of_a_busy_loop_share_a_commit_with_what_is_just_about_to_write(
    database: Database,
) -> None:
    commits = count_commits(database)

    async def come(number: int) -> None:
        for _ in range(number):
            await asyncio.sleep(0)
        if number % 2:
            await database.share(put(number))
        else:
            async with database.transaction() as connection:
                await put(number)(connection)

    await asyncio.gather(*(come(number) for number in range(8)))
    assert await words(database) == list(range(8))
    assert len(commits) < 8


async def test_a_commit_waits_for_nobody_who_computes_in_a_thread(database: Database) -> None:
    enough, loop = threading.Event(), asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(1))
    computing = loop.run_in_executor(None, enough.wait)
    try:
        assert await database.share(put(1)) == 1
        assert await words(database) == [1]
    finally:
        enough.set()
    await computing


async def test_changes_whose_commit_failed_are_tried_alone(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = Asking if ON_POSTGRES else Opened
    commit, failures = kind.commit, [2, 1]

    async def fail_twice(self: Any) -> None:
        if failures:
            failures.pop()
            raise OperationalError("COMMIT", None, sqlite3.OperationalError("disk I/O error"))
        await commit(self)

    await database.share(put(0))
    with monkeypatch.context() as broken:
        broken.setattr(kind, "commit", fail_twice)
        changes = [database.share(put(number)) for number in (1, 2, 3)]
        outcomes = await asyncio.gather(*changes, return_exceptions=True)
    assert [type(one) for one in outcomes] == [OperationalError, int, int]
    assert await words(database) == [0, 2, 3]


async def test_a_change_that_fails_fails_alone(database: Database) -> None:
    await database.share(put(3))
    outcomes = await asyncio.gather(*(database.share(put(n)) for n in (1, 2, 3, 4)), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [int, int, IntegrityError, int]
    assert await words(database) == [1, 2, 3, 4]


async def test_a_caller_that_gives_up_takes_nobody_along(database: Database) -> None:
    async with database.transaction():
        waiting = [asyncio.create_task(database.share(put(number))) for number in range(5)]
        await asyncio.sleep(0)
        waiting[0].cancel()
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    assert isinstance(outcomes[0], asyncio.CancelledError)
    assert outcomes[1:] == [1, 2, 3, 4]
    assert set(await words(database)) >= {1, 2, 3, 4}


async def test_an_error_inside_a_transaction_rolls_all_of_it_back(database: Database) -> None:
    async def fail() -> None:
        async with database.transaction() as connection:
            await put(1)(connection)
            raise LookupError

    with pytest.raises(LookupError):
        await fail()
    assert await words(database) == []
    await database.share(put(2))
    assert await words(database) == [2]


async def test_a_cancelled_transaction_rolls_back_and_lets_the_next_one_in(database: Database) -> None:
    inside = asyncio.Event()

    async def stay() -> None:
        async with database.transaction() as connection:
            await put(1)(connection)
            inside.set()
            await asyncio.Event().wait()

    staying = asyncio.create_task(stay())
    await inside.wait()
    staying.cancel()
    await asyncio.gather(staying, return_exceptions=True)
    await database.share(put(2))
    assert await words(database) == [2]


async def test_a_transaction_inside_a_transaction_fails_instead_of_waiting_for_ever(
    database: Database,
) -> None:
    async with database.transaction():
        with pytest.raises(RuntimeError, match="open already"):
            await database.share(put(1))
        with pytest.raises(RuntimeError, match="open already"):
            await database.transaction().__aenter__()
    await database.share(put(2))
    assert await words(database) == [2]


async def test_readers_see_the_last_commit_while_someone_writes(database: Database) -> None:
    await database.share(put(1))
    async with database.transaction() as connection:
        await put(2)(connection)
        assert await words(database) == [1]
    assert await words(database) == [1, 2]


async def test_transactions_come_one_after_the_other(database: Database) -> None:
    async def take_next() -> int:
        async with database.transaction() as connection:
            highest = text("SELECT coalesce(max(number), 0) FROM word")
            number: int = (await connection.execute(highest)).scalar_one() + 1
            await asyncio.sleep(0)
            return await put(number)(connection)

    assert sorted(await asyncio.gather(*(take_next() for _ in range(20)))) == list(range(1, 21))


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("secure_delete", 1),
        ("foreign_keys", 1),
        ("trusted_schema", 0),
    ],
)
async def test_every_connection_has_the_safe_settings(database: Database, pragma: str, value: object) -> None:
    async with database.transaction() as writer, database.reading() as one, database.reading() as other:
        for connection in (writer, one, other):
            assert (await connection.execute(text(f"PRAGMA {pragma}"))).scalar() == value


@pytest.mark.sqlite
async def test_another_process_that_writes_is_waited_for_beside_the_loop(
    database: Database, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(tmp_path / "some.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("INSERT INTO word VALUES (1)")
        waiting = asyncio.create_task(database.share(put(2)))
        assert await words(database) == [], "the loop goes on"
        other.execute("COMMIT")
        await waiting
    assert await words(database) == [1, 2]


async def test_transactions_in_line_share_a_commit_and_one_that_fails_fails_alone(database: Database) -> None:
    commits = count_commits(database)

    async def write(number: int) -> None:
        async with database.transaction() as connection:
            await put(number)(connection)
            if number % 3 == 0:
                raise LookupError

    outcomes = await asyncio.gather(*(write(number) for number in range(12)), return_exceptions=True)
    assert [type(one) for one in outcomes] == [LookupError, type(None), type(None)] * 4
    assert await words(database) == [1, 2, 4, 5, 7, 8, 10, 11]
    assert len(commits) < 8


async def test_whoever_gives_up_in_line_leaves_nobody_without_a_commit(database: Database) -> None:
    async def write(number: int) -> None:
        async with database.transaction() as connection:
            await put(number)(connection)

    first, *others = [asyncio.create_task(write(number)) for number in range(4)]
    while not first.done():
        for one in others:
            one.cancel()
        await asyncio.sleep(0)
    assert await words(database) == [0]
    async with asyncio.timeout(5):
        await write(9)


async def test_a_commit_that_fails_is_told_to_all_who_shared_it(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await database.share(put(0))

    async def fail(self: Connection) -> None:
        raise OperationalError("COMMIT", None, sqlite3.OperationalError("disk I/O error"))

    async def write(number: int) -> None:
        async with database.transaction() as connection:
            await put(number)(connection)

    with monkeypatch.context() as broken:
        broken.setattr(Asking if ON_POSTGRES else Opened, "commit", fail)
        outcomes = await asyncio.gather(*(write(number) for number in (1, 2, 3)), return_exceptions=True)
    assert [type(one) for one in outcomes] == [OperationalError] * 3
    assert await words(database) == [0]
    await write(4)
    assert await words(database) == [0, 4]


async def test_a_connection_that_cannot_go_back_is_used_no_more(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Opened) -> None:
        raise OperationalError("ROLLBACK", None, sqlite3.OperationalError("disk I/O error"))

    async def not_undone(self: Asking, words: str) -> bool:
        return False

    async def fail() -> None:
        async with database.transaction() as connection:
            await put(1)(connection)
            raise LookupError

    await database.share(put(0))
    with monkeypatch.context() as broken:
        broken.setattr(Opened, "undo", refuse)
        broken.setattr(Asking, "_undone", not_undone)
        with pytest.raises(LookupError):
            await fail()
    await database.share(put(2))
    assert await words(database) == [0, 2]


@pytest.mark.sqlite
async def test_cutting_the_log_leaves_nothing_of_it(database: Database, tmp_path: Path) -> None:
    await database.share(put(1))
    assert (tmp_path / "some.db-wal").stat().st_size > 0
    assert await database.truncate()
    assert (tmp_path / "some.db-wal").stat().st_size == 0


async def test_erased_words_leave_no_bytes(database: Database, tmp_path: Path) -> None:
    async with database.transaction() as connection:
        await connection.execute(text("CREATE TABLE note (words TEXT)"))
        await connection.execute(text("INSERT INTO note VALUES ('heliotrope gramophone')"))
    async with database.transaction() as connection:
        await connection.execute(text("DELETE FROM note"))
    await database.truncate()
    assert b"gramophone" not in disk(tmp_path)


async def test_a_shared_commit_does_not_wait_behind_everybody_who_wants_a_transaction(
    database: Database,
) -> None:
    ended: list[str] = []

    async def whole(number: int) -> None:
        async with database.transaction() as connection:
            await put(number)(connection)
        ended.append("whole")

    async def shared() -> None:
        await database.share(put(100))
        ended.append("shared")

    writing = [asyncio.create_task(whole(number)) for number in range(20)]
    await asyncio.sleep(0)
    await asyncio.gather(*writing, shared())
    assert ended.index("shared") <= 2
    assert len(ended) == 21


async def test_a_small_change_that_came_first_waits_for_no_line(database: Database) -> None:
    ended: list[str] = []

    async def whole(number: int) -> None:
        async with database.transaction() as connection:
            for place in range(3):
                await put(100 * number + place)(connection)
        ended.append("whole")

    async def shared() -> None:
        await database.share(put(9))
        ended.append("shared")

    async with database._turn:
        small = asyncio.create_task(shared())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        writing = [asyncio.create_task(whole(number)) for number in range(1, 20)]
        await asyncio.sleep(0)
    await asyncio.gather(small, *writing)
    assert ended.index("shared") <= 3


async def test_very_many_small_changes_leave_others_their_turn_of_the_loop(database: Database) -> None:
    done: list[int] = []
    rounds = 0

    async def change(_connection: Connection) -> None:
        done.append(rounds)

    async def turn() -> None:
        nonlocal rounds
        while len(done) < 320:
            rounds += 1
            await asyncio.sleep(0)

    await asyncio.gather(turn(), *(database.share(change) for _ in range(320)))
    assert len(set(done)) >= 10, "at most 32 of them in one round"


async def read_and_write(database: Database) -> None:
    async with database.transaction() as connection:
        for number in range(20):
            await connection.execute(text("SELECT number FROM word"))
            await connection.execute(text("INSERT INTO word VALUES (:number)"), {"number": 100 + number})


async def test_who_is_cut_off_in_the_middle_leaves_nothing_locked(database: Database) -> None:
    async with database.transaction() as connection:
        for number in range(3):
            await put(number)(connection)
    cut_off = []
    for turns in range(60):
        cut_off.append(asyncio.create_task(read_and_write(database)))
        for _ in range(turns):
            await asyncio.sleep(0)
        cut_off[-1].cancel()
        await asyncio.wait(cut_off[-1:])
        assert await database.truncate()
        await database.share(put(1000 + turns))

    assert await words(database) == [0, 1, 2, *range(1000, 1060)]
