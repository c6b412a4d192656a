"""Short statements asked of PostgreSQL's driver: values, errors, and what is left of a transaction."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    bindparam,
    delete,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.exc import DBAPIError, IntegrityError

from storage.away import ServerAway
from storage.columns import Instant, Listed, RowNumber
from storage.connection import Connection, Plain
from storage.postgres import PostgresDatabase
from storage.prepared import Prepared
from tests import server
from tests.storage.commits import count_commits

pytestmark = pytest.mark.skipif(not server.ON_POSTGRES, reason="runs with CURBSIDE_TEST_DATABASE=postgresql")

METADATA: Final = MetaData()
THING: Final = Table(
    "thing",
    METADATA,
    Column("row", RowNumber, primary_key=True),
    Column("name", String, unique=True),
    Column("at", Instant),
    Column("bytes", LargeBinary),
    Column("yes", Boolean, nullable=False, default=False),
    Column("big", BigInteger),
    Column("few", Listed),
    Column("small", Integer),
)
PART: Final = Table("part", METADATA, Column("of", ForeignKey("thing.name")))
COLUMNS: Final = ("name", "at", "bytes", "yes", "big", "few", "small")
PUT: Final = Prepared(insert(THING), *COLUMNS)
ADD: Final = Prepared(insert(THING).values(yes=False), "name")
NUMBERED: Final = Prepared(insert(THING).values(yes=False).returning(THING.c.row), "name")
GET: Final = Prepared(select(THING).where(THING.c.name == bindparam("which")))
NAMES: Final = Prepared(select(THING.c.name).order_by(THING.c.name))
MOVE: Final = Prepared(update(THING).where(THING.c.name == bindparam("which")).values(at=bindparam("at_")))
DROP: Final = Prepared(delete(THING).where(THING.c.name == bindparam("which")))
PART_OF: Final = Prepared(insert(PART), "of")
WAIT: Final = Prepared(select(func.pg_sleep(bindparam("seconds"))))
DIVIDE: Final = Prepared(select(1 / bindparam("by", type_=Integer)))
MYSELF: Final = Prepared(select(func.pg_backend_pid()))
LONG: Final = 30


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[PostgresDatabase]:
    database = server.places_on_postgres(tmp_path).content()
    assert isinstance(database, PostgresDatabase)
    async with database.transaction() as connection:
        await connection.run_sync(METADATA.create_all)
    yield database
    await database.close()


async def names(database: PostgresDatabase) -> list[str]:
    return (await database.ask(NAMES)).scalars()


async def end_session(number: int) -> None:
    """Let the server end one of its sessions."""
    await server.server().ask(f"SELECT pg_terminate_backend({number})")


async def somebody_sleeps(tmp_path: Path) -> bool:
    """Say whether a session is in the middle of :data:`WAIT`."""
    active = "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()"
    return bool(await server.server().ask(active, database=server.name_of(tmp_path, "content")))


def answering(database: PostgresDatabase) -> bool:
    return database.pulse.answering


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Ask the server until something is so: it tells nobody what its sessions do."""
    async with asyncio.timeout(20):
        while not await condition():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    "given",
    [
        {
            "at": datetime(2026, 5, 1, 8, 30, 0, 123456, tzinfo=UTC),
            "bytes": b"\x00\xffwords",
            "yes": True,
            "big": 2**62 + 1,
            "few": ("one", 2, ("three", 4)),
            "small": -7,
        },
        {
            "at": datetime(1901, 5, 1, 8, 30, tzinfo=timezone(timedelta(hours=5, minutes=30))),
            "bytes": b"",
            "yes": False,
            "big": -(2**63),
            "few": (),
            "small": 0,
        },
        {"at": None, "bytes": None, "yes": False, "big": None, "few": None, "small": None},
    ],
    ids=["all", "edges", "nothing"],
)
async def test_values_come_out_as_they_went_in_and_as_sqlalchemy_gives_them(
    database: PostgresDatabase, given: dict[str, Any]
) -> None:
    async with database.transaction() as connection:
        assert (await connection.run(PUT, {"name": "a naïve “name” 🙂", **given})).rowcount == 1
        row = (await connection.run(GET, {"which": "a naïve “name” 🙂"})).first()
        assert row._asdict() == {"row": row.row, "name": "a naïve “name” 🙂", **given}
        other = (await connection.execute(GET.statement, {"which": "a naïve “name” 🙂"})).one()
        assert tuple(row) == tuple(other)
        assert [type(value) for value in row] == [type(value) for value in other]


async def test_changes_say_how_many_rows_they_changed(database: PostgresDatabase) -> None:
    now = datetime(2026, 5, 1, tzinfo=UTC)
    async with database.transaction() as connection:
        number: int = (await connection.run(NUMBERED, {"name": "a"})).scalar()
        assert number == (await connection.run(GET, {"which": "a"})).first().row
        assert (await connection.run(MOVE, {"which": "a", "at_": now})).rowcount == 1
        assert (await connection.run(MOVE, {"which": "b", "at_": now})).rowcount == 0
        assert (await connection.run(DROP, {"which": "a"})).rowcount == 1
        empty = await connection.run(GET, {"which": "a"})
        assert (list(empty), empty.first(), empty.scalar(), empty.rowcount) == ([], None, None, 0)
        await connection.run_many(ADD, [{"name": name} for name in "cab"])
        await connection.run_many(ADD, [])
        with pytest.raises(KeyError, match="which"):
            await connection.run(GET)
    assert await names(database) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("prepared", "values"),
    [
        (ADD, {"name": "there"}),
        (PART_OF, {"of": "nowhere"}),
        (Prepared(insert(THING), "name", "yes"), {"name": "b", "yes": None}),
        (DIVIDE, {"by": 0}),
        (ADD, {"name": "planted \x00 byte"}),
        (ADD, {"name": 7}),
        (Prepared(select(Table("missing", MetaData(), Column("a", Integer)))), {}),
        (Prepared(select(func.no_such_thing(bindparam("a", type_=Integer)))), {"a": 1}),
    ],
    ids=["unique", "foreign", "null", "division", "encoding", "type", "table", "function"],
)
async def test_what_the_server_refuses_is_raised_as_sqlalchemy_does(
    database: PostgresDatabase, prepared: Prepared, values: dict[str, Any]
) -> None:
    async def caught(run: Callable[[Connection], Awaitable[object]]) -> DBAPIError:
        async with database.transaction() as connection:
            await connection.run(ADD, {"name": "there"})
            with pytest.raises(DBAPIError) as caught:
                await run(connection)
            raise caught.value

    async def by_sqlalchemy(connection: Connection) -> None:
        assert isinstance(connection, Plain)
        await connection.through.execute(prepared.statement, values)

    raised: list[Any] = []
    for run in (lambda connection: connection.run(prepared, values), by_sqlalchemy):
        with pytest.raises(DBAPIError) as again:
            await caught(run)
        raised.append(again.value)
    ours, theirs = raised
    assert type(ours) is type(theirs)
    assert type(ours.orig) is type(theirs.orig)
    assert ours.orig.sqlstate == theirs.orig.sqlstate
    assert ours.orig.args == theirs.orig.args
    assert ours.connection_invalidated is theirs.connection_invalidated is False
    assert "there" not in str(ours)
    assert "planted" not in str(ours)
    assert await names(database) == []


async def test_a_mistake_that_somebody_caught_is_not_committed_by_silence(database: PostgresDatabase) -> None:
    async def add_twice() -> None:
        async with database.transaction() as connection:
            await connection.run(ADD, {"name": "a"})
            with pytest.raises(IntegrityError):
                await connection.run(ADD, {"name": "a"})

    with pytest.raises(IntegrityError):
        await add_twice()
    assert await names(database) == []
    async with database.transaction() as connection:
        await connection.run(ADD, {"name": "b"})
        with pytest.raises(DBAPIError):
            await connection.run(ADD, {"name": 7})  # The server never heard of it.
    assert await names(database) == ["b"]


async def test_a_table_that_changed_is_asked_again(database: PostgresDatabase) -> None:
    async def look() -> list[str]:
        async with database.transaction() as connection:
            await connection.run(ADD, {"name": "a"})
            found = (await connection.run(GET, {"which": "a"})).all()
            await connection.run(DROP, {"which": "a"})
            return [row.name for row in found]

    assert await look() == ["a"]
    async with database.transaction() as connection:
        await connection.execute(text("ALTER TABLE thing ALTER COLUMN small TYPE bigint"))
    with pytest.raises(DBAPIError, match="cached statement plan"):
        await look()
    assert await look() == ["a"]


async def test_many_values_are_put_all_or_none(database: PostgresDatabase) -> None:
    async def add() -> None:
        async with database.transaction() as connection:
            await connection.run_many(ADD, [{"name": name} for name in "abca"])

    with pytest.raises(IntegrityError):
        await add()
    assert await names(database) == []


async def add_and_wait(database: PostgresDatabase, inside: asyncio.Event, go: asyncio.Event) -> None:
    """Be in the middle of writing until told to go on."""
    async with database.transaction() as connection:
        await connection.run(ADD, {"name": "first"})
        inside.set()
        await go.wait()


async def test_a_statement_that_is_given_up_ends_on_the_server_and_spares_what_came_before(
    database: PostgresDatabase, tmp_path: Path
) -> None:
    commits = count_commits(database)
    inside, go = asyncio.Event(), asyncio.Event()

    async def second() -> None:
        async with database.transaction() as connection:
            await connection.run(ADD, {"name": "second"})
            await connection.run(WAIT, {"seconds": LONG})

    async def third() -> int:
        async with database.transaction() as connection:
            await connection.run(ADD, {"name": "third"})
            session: int = (await connection.run(MYSELF)).scalar()
            return session

    before = await third()
    doing = [asyncio.create_task(add_and_wait(database, inside, go))]
    await inside.wait()
    doing += [asyncio.create_task(second()), asyncio.create_task(change_back(database, "third"))]
    await asyncio.sleep(0)  # Both are in line now.
    go.set()
    await until(lambda: somebody_sleeps(tmp_path))
    assert not doing[0].done(), "its commit is the second one's"
    doing[1].cancel()
    outcomes = await asyncio.wait_for(asyncio.gather(*doing, return_exceptions=True), LONG / 2)
    assert isinstance(outcomes[1], asyncio.CancelledError)
    assert outcomes[0] is outcomes[2] is None
    assert await names(database) == ["first"]
    assert await third() == before, "the connection is used on"
    assert len(commits) <= 3


async def change_back(database: PostgresDatabase, name: str) -> None:
    async with database.transaction() as connection:
        await connection.run(DROP, {"which": name})


async def test_a_reading_that_is_given_up_leaves_its_place_to_others(
    database: PostgresDatabase, tmp_path: Path
) -> None:
    async def look() -> None:
        async with database.reading() as connection:
            await connection.run(WAIT, {"seconds": LONG})

    asking = (database.ask(WAIT, {"seconds": LONG}) for _ in range(3))
    looking: list[asyncio.Task[Any]] = [asyncio.create_task(one) for one in (look(), look(), *asking)]
    await until(lambda: somebody_sleeps(tmp_path))
    for one in looking:
        one.cancel()
    await asyncio.gather(*looking, return_exceptions=True)
    assert await asyncio.wait_for(asyncio.gather(*(names(database) for _ in range(9))), LONG / 2) == [[]] * 9


async def test_a_connection_that_is_ended_in_the_middle_takes_along_whoever_shares_its_commit(
    database: PostgresDatabase,
) -> None:
    inside, go = asyncio.Event(), asyncio.Event()

    async def second() -> None:
        async with database.transaction() as connection:
            await end_session((await connection.run(MYSELF)).scalar())
            await connection.run(ADD, {"name": "second"})

    doing = [asyncio.create_task(add_and_wait(database, inside, go))]
    await inside.wait()
    doing.append(asyncio.create_task(second()))
    await asyncio.sleep(0)  # It is in line now.
    go.set()
    outcomes = await asyncio.gather(*doing, return_exceptions=True)
    assert [type(one) for one in outcomes] == [ServerAway] * 2
    assert not answering(database)
    async with database.transaction() as connection:
        await connection.run(ADD, {"name": "third"})
    assert answering(database)
    assert await names(database) == ["third"]


async def test_a_connection_that_is_ended_before_its_commit_says_so(database: PostgresDatabase) -> None:
    async def add(*, ends: bool) -> None:
        async with database.transaction() as connection:
            await connection.run(ADD, {"name": "a"})
            if ends:
                await end_session((await connection.run(MYSELF)).scalar())

    with pytest.raises(ServerAway, match="away"):
        await add(ends=True)
    await add(ends=False)
    assert await names(database) == ["a"]


async def test_connections_that_were_ended_while_nobody_used_them_are_not_missed(
    database: PostgresDatabase,
) -> None:
    ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'curbside'"
    async with database.reading() as one, database.reading() as other:
        await one.run(NAMES)
        await other.run(NAMES)
    await server.server().ask(ended)
    assert await names(database) == []
    await server.server().ask(ended)
    async with database.reading() as connection:
        assert (await connection.run(NAMES)).all() == ()
    await server.server().ask(ended)
    async with database.transaction() as connection:
        await connection.run(ADD, {"name": "a"})
    assert await names(database) == ["a"]


async def test_a_reading_sees_one_state_and_a_single_question_the_last(database: PostgresDatabase) -> None:
    async with database.reading() as connection:
        assert (await connection.run(NAMES)).scalars() == []
        async with database.transaction() as writer:
            await writer.run(ADD, {"name": "a"})
        assert (await connection.run(NAMES)).scalars() == []
        assert await names(database) == ["a"]


async def test_what_is_told_goes_out_once_with_the_commit(database: PostgresDatabase, tmp_path: Path) -> None:
    heard: list[str] = []
    came = asyncio.Event()

    def hear(_session: object, _pid: int, _channel: str, what: str) -> None:
        heard.append(what)
        came.set()

    async def fail() -> None:
        async with database.transaction() as connection:
            await database.tell(connection, "undone")
            raise LookupError

    async with server.server().session(server.name_of(tmp_path, "content")) as listening:
        await listening.add_listener("curbside_content", hear)
        with pytest.raises(LookupError):
            await fail()
        async with database.transaction() as connection:
            await database.tell(connection, "outbox")
            await database.tell(connection, "outbox")
            await connection.run(ADD, {"name": "a"})
        await asyncio.wait_for(came.wait(), 20)
    assert heard == ["outbox:0"]
