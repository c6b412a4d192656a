"""T-41: whatever stood committed when the process died is there afterwards, whole, and nothing else is.

A copy of the files while they are open is what `kill -9` leaves: no fold of the log, no clean close. A server
ends what a dead client had begun, so a copy of what is committed is what that client leaves there.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.chat.cards import note
from bot.chat.events import Account, Event, Kind, Place
from bot.domain.drafts import Sent
from bot.domain.members import MemberId
from bot.identity.sealing import AesSealer
from bot.ports.adapter import Part
from bot.ports.intake import Checkpoint
from bot.ports.outbox import GroupEnded
from storage.content.store import ContentStore, open_content
from tests import server
from tests.storage.due import due, next_due
from tests.storage.handed_in import ROOMS, START, SeededChance, StillClock

NORTH = "room:north"
ADA = MemberId("a" * 32)
HOME = f"home:{ADA}"
SAID = (Sent("north", "!room $one"), Sent("north", "!room $two"))
EVENT = Event("Ev1", Kind.COMMAND, Account("slack", "T0", "U0"), Place.HOME, text="mine")


@dataclass
class Crash:
    """Copies the files as they are at one moment, and opens the copy like the next process would."""

    live: Path
    copies: Path
    sealer: AesSealer
    count: int = field(default=0)

    def copy(self) -> Path:
        self.count += 1
        folder = self.copies / str(self.count)
        folder.mkdir(parents=True)
        if server.ON_POSTGRES:
            server.copy_committed(self.live, folder)
            return folder
        for name in ("content.db", "content.db-wal"):
            shutil.copy(self.live / name, folder / name)
        return folder

    @asynccontextmanager
    async def reopened(self) -> AsyncIterator[ContentStore]:
        store = await open_content(
            server.places(self.copy()), self.sealer, rooms=ROOMS, clock=StillClock(), chance=SeededChance(77)
        )
        try:
            if not server.ON_POSTGRES:
                async with store._database.reading() as connection:
                    check = await connection.execute(text("PRAGMA integrity_check"))
                    assert check.scalar() == "ok"
            await store.queue.recover(START)
            yield store
        finally:
            await store.close()


@pytest.fixture
def crash(content: ContentStore, tmp_path: Path, sealer: AesSealer) -> Crash:
    return Crash(tmp_path / "var", tmp_path / "copies", sealer)


async def put(content: ContentStore) -> None:
    async with content.work() as work:
        await work.outbox.post("case:1", note("first"), release_at=START)


async def test_a_unit_of_work_is_there_wholly_or_not_at_all(content: ContentStore, crash: Crash) -> None:
    async with content.work() as work:
        assert await work.cases.next_number() == 101
        await work.outbox.post("case:1", note("first"), release_at=START)
        async with crash.reopened() as died:
            assert await due(died.queue, START) == ()
            async with died.work() as other:
                assert await other.cases.next_number() == 101
    async with crash.reopened() as died:
        assert await due(died.queue, START) == (NORTH, "room:south")
        async with died.work() as other:
            assert await other.cases.next_number() == 102


async def test_an_accepted_event_waits_and_its_checkpoint_holds(content: ContentStore, crash: Crash) -> None:
    (received,) = await content.inbox.accept("north", [EVENT], Checkpoint("matrix:north", "s7"))
    async with crash.reopened() as died:
        assert await died.inbox.waiting() == (received,)
        assert await died.inbox.checkpoint("matrix:north") == "s7"
        assert await died.inbox.accept("north", [EVENT], None) == (received,)


async def test_32_events_that_were_acknowledged_are_all_there(content: ContentStore, crash: Crash) -> None:
    events = [Event(f"Ev{n}", Kind.COMMAND, EVENT.account, Place.HOME) for n in range(32)]
    acknowledged = await asyncio.gather(*(content.inbox.accept("north", [one], None) for one in events))
    async with crash.reopened() as died:
        assert {one.event.id for one in await died.inbox.waiting()} == {
            one[0].event.id for one in acknowledged
        }


async def test_an_event_is_handled_together_with_what_it_caused(content: ContentStore, crash: Crash) -> None:
    (received,) = await content.inbox.accept("north", [EVENT], None)
    async with content.work() as work:
        await work.outbox.post("case:1", note("first"), release_at=START)
        await work.handled(received.row)
        async with crash.reopened() as died:
            assert await died.inbox.waiting() == (received,)
            assert await due(died.queue, START) == ()
    async with crash.reopened() as died:
        assert await died.inbox.waiting() == ()
        assert await due(died.queue, START) == (NORTH, "room:south")


async def test_a_claim_that_was_handed_out_is_marked_as_tried(content: ContentStore, crash: Crash) -> None:
    await put(content)
    async with crash.reopened() as died:
        assert (claimed := await died.queue.claim(NORTH, START)) is not None
        assert not claimed.tried
    first = await content.queue.claim(NORTH, START)
    async with crash.reopened() as died:
        assert (again := await died.queue.claim(NORTH, START)) is not None
        assert first is not None
        assert (again.id, again.tried, again.parts) == (first.id, True, ())


async def test_a_recorded_part_is_not_made_again(content: ContentStore, crash: Crash) -> None:
    await put(content)
    claimed = await content.queue.claim(NORTH, START)
    assert claimed is not None
    await content.queue.record(claimed, Part("message", "ts1"))
    async with crash.reopened() as died:
        assert (again := await died.queue.claim(NORTH, START)) is not None
        assert again.parts == (Part("message", "ts1"),)


async def test_what_was_sent_is_not_sent_again(content: ContentStore, crash: Crash) -> None:
    await put(content)
    claimed = await content.queue.claim(NORTH, START)
    assert claimed is not None
    await content.queue.sent(claimed)
    async with crash.reopened() as died:
        assert await due(died.queue, START) == ("room:south",)


async def test_a_retry_that_was_put_off_stays_put_off(content: ContentStore, crash: Crash) -> None:
    await put(content)
    claimed = await content.queue.claim(NORTH, START)
    assert claimed is not None
    await content.queue.again(claimed, START.replace(hour=23), unsure=True)
    async with crash.reopened() as died:
        assert await due(died.queue, START) == ("room:south",)
        assert await next_due(died.queue, frozenset({"room:south"})) == START.replace(hour=23)


@pytest.mark.parametrize("end", ["sent", "quarantine"])
async def test_the_end_of_a_group_is_reported_after_a_crash(
    content: ContentStore, crash: Crash, end: str
) -> None:
    await put(content)
    claimed = await content.queue.claim(NORTH, START)
    assert claimed is not None
    await content.queue.record(claimed, Part("message", "ts1"))
    await content.queue.sent(claimed)
    async with content.work() as work:
        await work.outbox.delete("case:1", group="g1")
    deletion = await content.queue.claim(NORTH, START)
    assert deletion is not None
    finish: Callable[[], Awaitable[GroupEnded | None]] = {
        "sent": lambda: content.queue.sent(deletion),
        "quarantine": lambda: content.queue.quarantine(deletion, "gone"),
    }[end]
    ended = await finish()
    assert ended is not None
    async with crash.reopened() as died:
        assert await died.queue.unreported() == (ended,)


async def test_what_is_to_be_taken_back_is_there_with_its_fact_or_not_at_all(
    content: ContentStore, crash: Crash
) -> None:
    async with content.work() as work:
        await work.outbox.post("case:1", note("first"), release_at=START)
        await work.outbox.erase(ADA, SAID, key="case:1")
        async with crash.reopened() as died:
            assert await due(died.queue, START) == ()
    async with crash.reopened() as died:
        assert await due(died.queue, START) == (HOME, NORTH, "room:south")


async def test_what_is_being_taken_back_when_the_process_dies_is_done_by_the_next_and_then_over(
    content: ContentStore, crash: Crash
) -> None:
    async with content.work() as work:
        await work.outbox.erase(ADA, SAID, key="case:1")
    first = await content.queue.claim(HOME, START)
    assert first is not None
    async with crash.reopened() as died:
        assert (again := await died.queue.claim(HOME, START)) is not None
        assert (again.id, again.tried, again.sent) == (first.id, True, SAID)
    await content.queue.sent(first)
    async with crash.reopened() as died:
        assert await next_due(died.queue) is None
