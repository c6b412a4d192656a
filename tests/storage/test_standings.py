"""Standings on disk: read as they were written, forgotten whole, and telling a thief nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import text

from bot.chat.cards import note
from bot.domain.members import Member, MemberId, Role
from bot.domain.standing import Cause, Standing, Stop
from storage.content.store import ContentStore
from tests.server import places
from tests.storage.due import due
from tests.storage.handed_in import StillClock
from tests.stories.world import bytes_below

ADA, BEN = MemberId("a1" * 16), MemberId("b2" * 16)
UNTIL = datetime(2026, 3, 8, 9, 0, 0, 123456, tzinfo=UTC)
SUSPENDED = Standing((Stop(Cause.MODERATORS, "Words of a moderator.", UNTIL, "one", appealed=True),))
BANNED = Standing(
    (Stop(Cause.BAN, "W\N{LATIN SMALL LETTER O WITH DIAERESIS}rds.", None, "one", "two", "three"),)
)


async def rows(data_dir: Path) -> list[tuple[bytes, bytes]]:
    database = places(data_dir).content()
    async with database.transaction() as connection:
        found = (await connection.execute(text("SELECT key, sealed FROM standings"))).all()
    await database.close()
    return [(row.key, row.sealed) for row in found]


async def test_a_standing_is_read_as_it_was_written(content: ContentStore) -> None:
    async with content.work() as work:
        assert await work.standings.get(ADA) == Standing()
        await work.standings.put(ADA, BANNED)
        await work.standings.put(ADA, SUSPENDED)
        await work.standings.put(BEN, BANNED)
    async with content.work() as work:
        assert await work.standings.get(ADA) == SUSPENDED
        assert set(await work.standings.all()) == {(ADA, SUSPENDED), (BEN, BANNED)}


async def test_a_standing_without_stops_leaves_nothing(content: ContentStore, data_dir: Path) -> None:
    async with content.work() as work:
        await work.standings.put(ADA, SUSPENDED)
    (row,) = await rows(data_dir)
    async with content.work() as work:
        await work.standings.put(ADA, Standing())
        await work.standings.put(BEN, Standing())
    assert await rows(data_dir) == []
    assert row[1] not in bytes_below(data_dir)


async def test_a_row_names_nobody_and_all_are_of_one_size(content: ContentStore, data_dir: Path) -> None:
    """T-01: the register tells whose number is deactivated, so the disk must not tell who is stopped."""
    async with content.work() as work:
        await work.standings.put(ADA, Standing((Stop(Cause.NUMBER),)))
        await work.standings.put(BEN, SUSPENDED)
    found = await rows(data_dir)
    assert len({len(sealed) for _, sealed in found}) == 1
    everything = b"".join(key + sealed for key, sealed in found)
    for planted in (ADA.encode(), bytes.fromhex(ADA), b"number", b"Words of a moderator."):
        assert planted not in everything


async def test_whoever_is_stopped_gets_no_news_but_of_that(content: ContentStore, clock: StillClock) -> None:
    async with content.work() as work:
        await work.members.add(Member(ADA, "Quiet Heron", Role.PHYSICIAN, "Dermatology"))
        for key in ("waits", "waits too"):
            await work.outbox.tell(ADA, note(key), quiet=note("q"), key=key, release_at=clock.now())
        await work.outbox.hush(ADA)
        until = clock.now() + timedelta(hours=1)
        await work.standings.put(ADA, Standing((Stop(Cause.MODERATORS, until=until),)))
        await work.outbox.tell(ADA, note("news"), quiet=note("q"), key="news", release_at=clock.now())
        await work.outbox.tell(
            ADA, note("told"), quiet=note("q"), key="told", release_at=clock.now(), though_stopped=True
        )
    (destination,) = await due(content.queue, clock.now())
    claimed = await content.queue.claim(destination, clock.now())
    assert claimed is not None
    assert claimed.card == note("told")
    await content.queue.sent(claimed)
    assert await due(content.queue, clock.now()) == ()


async def test_a_member_is_found_by_a_name_that_looks_like_it(content: ContentStore) -> None:
    heron = Member(ADA, "Quiet Heron", Role.PHYSICIAN, "Dermatology")
    async with content.work() as work:
        await work.members.add(heron)
        assert await work.members.named("quiet  heron") == heron
        assert await work.members.named("Quiet Her0n") == heron
        assert await work.members.named("Amber Otter") is None
