"""The queue: one delivery at a time per destination, marked before it is tried, and ended once."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from bot.chat.cards import note
from bot.ports.adapter import Part
from storage.connection import Connection
from storage.content.queue import _MOVING
from storage.content.store import ContentStore
from storage.opened import Opened
from storage.sqlite import SqliteDatabase
from tests.server import ON_POSTGRES, places
from tests.storage.due import due, next_due
from tests.storage.handed_in import START, StillClock, disk
from tests.storage.test_outbox import ADA, NORTH, SOUTH, after, claim, deliver, edit, post, tell


async def test_of_many_claims_at_once_one_gets_the_row(content: ContentStore) -> None:
    await post(content, "case:1")
    claims = await asyncio.gather(*(content.queue.claim(NORTH, START) for _ in range(16)))
    assert len([claimed for claimed in claims if claimed is not None]) == 1


async def test_a_claim_is_committed_as_tried_before_it_is_handed_out(
    content: ContentStore, tmp_path: Path
) -> None:
    await post(content, "case:1")
    claimed = await claim(content, NORTH)
    other = places(tmp_path / "var").content()
    async with other.reading() as connection:
        row = await connection.execute(
            text("SELECT state, tried, tries FROM outbox WHERE id = :id"), {"id": claimed.id}
        )
        assert tuple(row.one()) == ("claimed", 1, 1)
    await other.close()
    assert (claimed.tried, claimed.tries) == (False, 1)


async def test_a_claimed_destination_is_neither_due_nor_claimed_again(content: ContentStore) -> None:
    await post(content, "case:1")
    await post(content, "case:2")
    await claim(content, NORTH)
    assert await due(content.queue, START) == (SOUTH,)
    assert await content.queue.claim(NORTH, after(99)) is None


async def test_a_row_that_waits_for_its_retry_blocks_its_destination_only(content: ContentStore) -> None:
    await post(content, "case:1")
    await post(content, "case:2")
    await content.queue.again(await claim(content, NORTH), after(30), unsure=True)
    assert await due(content.queue, after(29)) == (SOUTH,)
    assert await content.queue.claim(NORTH, after(29)) is None
    assert await next_due(content.queue) == START
    assert await next_due(content.queue, frozenset([SOUTH])) == after(30)
    assert await next_due(content.queue, frozenset([SOUTH, NORTH])) is None
    assert await deliver(content, NORTH) == ["post case:1", "post case:2"]


async def test_nothing_overtakes_a_tried_row_even_if_the_clock_goes_back(
    content: ContentStore, clock: StillClock
) -> None:
    await post(content, "case:1")
    await content.queue.again(await claim(content, NORTH), after(5), unsure=True)
    clock.move(-3600)
    await post(content, "case:2", seconds=-3600)
    assert await deliver(content, NORTH) == ["post case:1", "post case:2"]


async def test_edits_made_while_the_clock_is_back_stay_behind_their_post(
    content: ContentStore, clock: StillClock
) -> None:
    await post(content, "case:1")
    claimed = await claim(content, NORTH)
    clock.move(-3600)
    await edit(content, "case:1", 1)
    await content.queue.again(claimed, START, unsure=True)
    assert await deliver(content, NORTH) == ["post case:1", "edit case:1 v1"]


async def test_claims_of_a_process_that_died_become_due_and_count_as_tried(content: ContentStore) -> None:
    await post(content, "case:1")
    await post(content, "case:2")
    lost = await claim(content, NORTH)
    await content.queue.recover(after(7))
    assert await due(content.queue, after(6)) == (SOUTH,)
    again = await claim(content, NORTH, seconds=7)
    assert (again.id, again.tried, again.tries) == (lost.id, True, 2)


async def test_a_quarantined_row_lets_the_next_one_pass_and_keeps_its_reason(content: ContentStore) -> None:
    await post(content, "case:1")
    await post(content, "case:2")
    assert await content.queue.quarantine(await claim(content, NORTH), "msg_too_long") is None
    assert (await claim(content, NORTH)).subject == "case:2"
    assert await content.queue.depth() == {"waiting": 2, "claimed": 1, "quarantined": 1}
    async with content.work() as work:
        code = await work._connection.execute(text("SELECT code FROM outbox WHERE state = 'quarantined'"))
        assert code.scalar() == "msg_too_long"


async def test_edits_of_a_post_that_never_came_to_stand_are_dropped(content: ContentStore) -> None:
    await post(content, "case:1")
    claimed = await claim(content, NORTH)
    await edit(content, "case:1", 1)
    await content.queue.quarantine(claimed, "channel_not_found")
    assert await content.queue.claim(NORTH, after(9)) is None


async def test_edits_of_a_post_that_stands_in_part_are_kept(content: ContentStore) -> None:
    await post(content, "case:1")
    claimed = await claim(content, NORTH)
    await content.queue.record(claimed, Part("message", "ts1"))
    await edit(content, "case:1", 1)
    await content.queue.quarantine(claimed, "file_gone")
    assert (await claim(content, NORTH)).parts == (Part("message", "ts1"),)


async def test_what_follows_is_claimed_when_the_one_before_has_ended_and_not_sooner(
    content: ContentStore,
) -> None:
    await post(content, "case:1")
    await post(content, "case:2")
    claimed = await claim(content, NORTH)
    assert await content.queue.head(NORTH) is None
    assert await content.queue.head(NORTH, claimed.id) is not None
    assert await content.queue.claim(NORTH, after(9), claimed.id) is None
    part = Part("message", "ts1")
    ending = asyncio.create_task(content.queue.sent(claimed, [part]))
    await asyncio.sleep(0)
    following = await content.queue.claim(NORTH, after(9), claimed.id)
    assert following is not None
    assert following.subject == "case:2"
    await ending
    assert await content.queue.head(NORTH, following.id) is None
    await content.queue.sent(following)
    await edit(content, "case:1", 1)
    assert (await claim(content, NORTH)).parts == (part,)


@pytest.mark.sqlite
async def test_a_unit_of_work_is_announced_though_somebody_elses_commit_fails_at_its_erasure(
    content: ContentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[object] = []
    content.outgoing.append(told.append)
    commit, commits = Opened.commit, list[str]()

    async def fail_second(self: Opened) -> None:
        commits.append("")
        if len(commits) == 2:
            raise OperationalError("COMMIT", None, sqlite3.OperationalError("disk I/O error"))
        await commit(self)

    async def small(connection: Connection) -> str:
        return "kept"

    async def changed_meanwhile(self: SqliteDatabase) -> bool:
        changing.append(asyncio.create_task(self.share(small)))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        return await truncate(self)

    truncate, changing = SqliteDatabase.truncate, list[asyncio.Task[str]]()
    monkeypatch.setattr(SqliteDatabase, "truncate", changed_meanwhile)
    monkeypatch.setattr(Opened, "commit", fail_second)
    content._erasure_owed = True
    await post(content, "case:1")
    assert len(told) == 1
    assert await changing[0] == "kept", "it was tried once more, alone"


async def test_a_delivery_ends_once(content: ContentStore) -> None:
    await post(content, "case:1")
    claimed = await claim(content, NORTH)
    await content.queue.sent(claimed)
    await content.queue.again(claimed, after(1), unsure=True)
    await content.queue.quarantine(claimed, "late")
    assert await content.queue.claim(NORTH, after(9)) is None
    assert await content.queue.depth() == {"waiting": 1, "claimed": 0, "quarantined": 0}


@pytest.mark.parametrize("home", [False, True], ids=["room", "home"])
async def test_an_unreadable_row_is_handed_out_as_damaged_and_holds_nobody_up(
    content: ContentStore, home: bool
) -> None:
    for number in (1, 2):
        await (tell(content, f"k{number}") if home else post(content, f"case:{number}"))
    destination = f"home:{ADA}" if home else NORTH
    async with content.work() as work:
        first = '(SELECT min("row") FROM outbox WHERE destination = :d)'
        spoil = text(f'UPDATE outbox SET payload = :none WHERE "row" = {first}')  # noqa: S608 - a constant
        await work._connection.execute(spoil, {"d": destination, "none": b"\0"})
    spoilt = await claim(content, destination)
    assert (spoilt.damaged, spoilt.card) == (True, None)
    await content.queue.quarantine(spoilt, "unreadable")
    assert (await claim(content, destination)).card == note("k2" if home else "case:2")
    assert (await content.queue.depth())["quarantined"] == 1


async def test_a_message_moved_to_another_row_is_not_delivered(content: ContentStore) -> None:
    await tell(content, "k1")
    await tell(content, "k2")
    async with content.work() as work:
        other = "(SELECT payload FROM outbox WHERE key LIKE '%k2')"
        swap = f"UPDATE outbox SET payload = {other} WHERE key LIKE '%k1'"  # noqa: S608 - a constant
        await work._connection.execute(text(swap))
    moved = await claim(content, f"home:{ADA}")
    assert (moved.damaged, moved.card) == (True, None)


async def test_words_are_erased_once_they_are_sent_or_cancelled(
    content: ContentStore, tmp_path: Path
) -> None:
    await post(content, "case:words-of-a-case")
    assert b"notice" in disk(tmp_path)
    await deliver(content, NORTH)
    await deliver(content, SOUTH)
    async with content.work() as work:
        rows = await work._connection.execute(text("SELECT count(*) FROM outbox WHERE payload IS NOT NULL"))
        assert rows.scalar() == 0
    await content._database.truncate()
    assert b"notice" not in disk(tmp_path)


async def test_looking_for_due_rows_does_not_read_the_whole_outbox(content: ContentStore) -> None:
    async with content._database.reading() as connection:
        if ON_POSTGRES:  # It reads a table as small as this one whole, as long as it may.
            await connection.execute(text("SET LOCAL enable_seqscan = off"))
        explain = "EXPLAIN" if ON_POSTGRES else "EXPLAIN QUERY PLAN"
        query = _MOVING.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True})
        plan = await connection.exec_driver_sql(f"{explain} {query}")
        steps = [str(row[-1]) for row in plan]
    assert steps
    assert not [step for step in steps if "SCAN outbox" in step or "Seq Scan on outbox" in step], steps
