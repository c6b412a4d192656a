"""T-45: a disk that is full or read-only: nothing is promised or half done, and it goes on by itself.

`query_only` stands for a disk that was mounted read-only: SQLite refuses every write with the same error, and
root's too. A limit on pages, with ballast up to it, stands for a full one.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs
from structlog.typing import EventDict

from bot.chat.events import Kind
from bot.ports.adapter import Delivery, Record
from storage.sqlite import SqliteDatabase
from tests.stories.world import UNDO, World, enrol_everybody, open_world
from tests.waiting import until

pytestmark = pytest.mark.sqlite

_NO_LIMIT = 2**30


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with open_world(tmp_path) as opened:
        await enrol_everybody(opened)
        await opened.settle()
        yield opened


@pytest.fixture(autouse=True)
def logged() -> Iterator[list[EventDict]]:
    with capture_logs() as lines:
        yield lines


@asynccontextmanager
async def read_only(database: SqliteDatabase) -> AsyncIterator[None]:
    """Let the disk be read-only for a while."""
    await _pragma(database, "query_only = ON")
    try:
        yield
    finally:
        await _pragma(database, "query_only = OFF")


@asynccontextmanager
async def full(database: SqliteDatabase) -> AsyncIterator[None]:
    """Let the disk be full for a while."""
    async with database.transaction() as connection:
        await connection.execute(text("CREATE TABLE ballast (b)"))
    await _pragma(database, "max_page_count = 1")  # SQLite takes what there is now for the least
    with pytest.raises(OperationalError, match="full"):
        await _fill(database)
    try:
        yield
    finally:
        await _pragma(database, f"max_page_count = {_NO_LIMIT}")


async def _fill(database: SqliteDatabase) -> None:
    while True:
        async with database.transaction() as connection:
            await connection.execute(text("INSERT INTO ballast VALUES (zeroblob(4000))"))


async def _pragma(database: SqliteDatabase, setting: str) -> None:
    async with database._turn:
        await (await database._opened()).execute(text(f"PRAGMA {setting}"))


async def posted_soon(world: World) -> None:
    """Let ada post a case, which is held for its undo time."""
    await world.command("ada", "case")
    await world.submit("ada", {"story": "A swollen joint.", "question": "Tap it?"})
    await world.post("ada")


def content_of(world: World) -> SqliteDatabase:
    database = world.bot._content._database
    assert isinstance(database, SqliteDatabase)
    return database


async def taken_in(world: World) -> int:
    async with content_of(world).reading() as connection:
        found: int = (await connection.execute(text("SELECT count(*) FROM inbox"))).scalar_one()
    return found


def tophi(world: World) -> list[int]:
    """Count in both rooms how often the comment stands."""
    return [sum("tophus" in shown for shown in world.room(site)) for site in (world.forms, world.words)]


async def integrity(world: World) -> str:
    async with content_of(world).reading() as connection:
        return str((await connection.execute(text("PRAGMA integrity_check"))).scalar_one())


@pytest.mark.parametrize("disk", [read_only, full])
async def test_t45_nothing_is_acknowledged_that_was_not_kept(world: World, disk: object) -> None:
    await posted_soon(world)
    await world.wait(UNDO + 5)
    before = await taken_in(world)
    words = f"comment 101 {'a gouty tophus it is ' * 400}"
    async with disk(content_of(world)):  # type: ignore[operator]
        with pytest.raises(OperationalError):
            await world.forms.does("ben", Kind.COMMAND, words, event="again")
        assert not world.bot.health()["database"].connected
    assert await taken_in(world) == before

    for _ in range(2):  # as a platform does that got no acknowledgement
        await world.forms.does("ben", Kind.COMMAND, words, event="again")
    await world.settle()
    assert await taken_in(world) == before + 1
    assert world.bot.health()["database"].connected
    assert await integrity(world) == "ok"


async def test_t45_what_was_taken_in_before_is_handled_once_the_disk_takes_it(
    world: World, logged: list[EventDict]
) -> None:
    world.bot.door._open.clear()  # as when much is in hand before it
    await world.forms.commands("ben", "help")
    before = len(world.forms.answers["ben"])
    async with read_only(content_of(world)):
        world.bot.door.open()
        await until(lambda: any(line["event"] == "not_handled" for line in logged))
        world.clock.pass_(6)
        await until(lambda: any(line["event"] == "inbox_unavailable" for line in logged))
    world.clock.pass_(6)
    await until(lambda: len(world.forms.answers["ben"]) > before and not world.bot.door._in_hand)
    assert await world.bot.door.inbox.waiting() == ()


async def test_t45_who_was_served_just_before_the_disk_filled_is_told_so(
    world: World, monkeypatch: pytest.MonkeyPatch, logged: list[EventDict]
) -> None:
    await posted_soon(world)
    await world.wait(UNDO + 5)
    keep, database = world.bot.door._keep, content_of(world)

    async def on_a_full_disk(*given: object) -> None:
        await _pragma(database, "query_only = ON")
        await keep(*given)  # type: ignore[arg-type]  # handed through

    monkeypatch.setattr(world.bot.door, "_keep", on_a_full_disk)
    before = len(world.forms.answers["ben"])
    await world.forms.commands("ben", "comment 101 a gouty tophus it is")
    await until(lambda: len(world.forms.answers["ben"]) == before + 1)
    assert "comment" in world.answer("ben").casefold()
    assert not any(line["event"] in ("not_handled", "request_failed") for line in logged)
    monkeypatch.undo()
    await _pragma(database, "query_only = OFF")
    await world.wait(UNDO + 5)
    assert len(world.forms.answers["ben"]) == before + 1
    assert [sum("tophus" in shown for shown in world.room(one)) for one in (world.forms, world.words)] == [
        1,
        1,
    ]


async def test_t45_who_was_cut_off_half_way_is_told_that_it_may_be_done(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await posted_soon(world)
    await world.wait(UNDO + 5)
    run, database = world.bot.door._run, content_of(world)

    async def and_then_no_more(*given: object) -> None:
        await run(*given)  # type: ignore[arg-type]  # handed through
        await _pragma(database, "query_only = ON")
        async with world.bot.house.content.work():
            raise AssertionError("a disk that is read-only lets nobody begin to write")

    monkeypatch.setattr(world.bot.door, "_run", and_then_no_more)
    before = len(world.forms.answers["ben"])
    await world.forms.commands("ben", "comment 101 a gouty tophus it is")
    await until(lambda: len(world.forms.answers["ben"]) == before + 1)
    assert "I was cut off in the middle of this" in world.answer("ben")
    monkeypatch.undo()
    await _pragma(database, "query_only = OFF")
    await world.wait(UNDO + 5)
    assert len(world.forms.answers["ben"]) == before + 1
    assert [sum("tophus" in shown for shown in world.room(one)) for one in (world.forms, world.words)] == [
        1,
        1,
    ]


async def test_t45_what_waits_leaves_by_itself_once_the_disk_takes_it(
    world: World, logged: list[EventDict]
) -> None:
    await posted_soon(world)
    async with read_only(content_of(world)):
        world.clock.pass_(UNDO + 5)
        world.bot.relay.wake()
        await until(lambda: any(line["event"] == "queue_unavailable" for line in logged))
        tries = sum(line["event"] == "queue_unavailable" for line in logged)
        assert tries <= 2  # one for each room, and none before a second has passed
        assert world.forms.room == world.words.room == []
    world.clock.pass_(1)
    await until(lambda: len(world.forms.room) == len(world.words.room) == 1)
    await world.bot.relay.drain()
    assert (await world.bot.queue.depth()) == {"waiting": 0, "claimed": 0, "quarantined": 0}
    assert await integrity(world) == "ok"


async def test_t45_what_a_platform_took_is_recorded_once_the_disk_takes_it(
    world: World, monkeypatch: pytest.MonkeyPatch, logged: list[EventDict]
) -> None:
    await posted_soon(world)
    deliver, database = world.forms.deliver, content_of(world)
    ill: list[str] = []

    async def fills_the_disk(delivery: Delivery, record: Record) -> None:
        if not ill:
            ill.append(delivery.id)
            await _pragma(database, "query_only = ON")
        await deliver(delivery, record)

    monkeypatch.setattr(world.forms, "deliver", fills_the_disk)
    world.clock.pass_(UNDO + 5)
    world.bot.relay.wake()
    await until(lambda: any(line["event"] == "queue_unavailable" for line in logged))
    await _pragma(database, "query_only = OFF")
    world.clock.pass_(1)
    await until(lambda: len(world.words.room) == 1)
    await world.bot.relay.drain()
    assert len(world.forms.room) == 1
    assert (await world.bot.queue.depth()) == {"waiting": 0, "claimed": 0, "quarantined": 0}
