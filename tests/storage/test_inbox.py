"""The inbox: committed before it is acknowledged, once per event, sealed until it is handled."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.chat.events import Account, Event, FileRef, Kind, Place
from bot.identity.sealing import AesSealer
from bot.ports.intake import Checkpoint
from storage.content.store import ContentStore, open_content
from tests.server import places
from tests.storage.commits import count_commits
from tests.storage.handed_in import ROOMS, SeededChance, StillClock, disk

EVENT = Event(
    id="Ev-1",
    kind=Kind.FORM,
    account=Account("slack", "T0PLANTED", "U0PLANTED"),
    place=Place.HOME,
    text="case",
    values={"story": "Mrs Planted was seen on Tuesday"},
    files=(FileRef({"url": "file-planted"}, 12),),
)


def events(*numbers: int) -> list[Event]:
    return [replace(EVENT, id=f"Ev-{number}") for number in numbers]


def ids(received: object) -> list[str]:
    return [one.event.id for one in received]  # type: ignore[attr-defined]


async def test_events_come_back_in_their_order_until_they_are_handled(content: ContentStore) -> None:
    first = await content.inbox.accept("north", events(1, 2), None)
    async with content.work() as work:
        await work.handled(first[0].row)
    second = await content.inbox.accept("north", events(2, 3, 1, 4), None)
    assert ids(first) == ["Ev-1", "Ev-2"]
    assert ids(second) == ["Ev-2", "Ev-3", "Ev-4"]
    assert second[0] == first[1]
    assert [one.event for one in first] == events(1, 2)
    assert {one.site for one in (*first, *second)} == {"north"}
    assert ids(await content.inbox.waiting()) == ["Ev-2", "Ev-3", "Ev-4"]


async def test_one_event_twice_in_a_call_counts_once(content: ContentStore) -> None:
    assert ids(await content.inbox.accept("north", events(1, 1), None)) == ["Ev-1"]


async def test_an_id_counts_once_per_site(content: ContentStore) -> None:
    await content.inbox.accept("north", events(1), None)
    assert ids(await content.inbox.accept("south", events(1), None)) == ["Ev-1"]
    assert {one.site for one in await content.inbox.waiting()} == {"north", "south"}


async def test_the_same_event_32_times_at_once_is_there_once(content: ContentStore) -> None:
    accepted = await asyncio.gather(*(content.inbox.accept("north", events(1), None) for _ in range(32)))
    (waiting,) = await content.inbox.waiting()
    assert {one.row for took in accepted for one in took} == {waiting.row}
    async with content.work() as work:
        await work.handled(waiting.row)
    assert await content.inbox.accept("north", events(1), None) == ()


@pytest.mark.sqlite  # A server takes them in by statements of their own: test_lane.py.
async def test_calls_at_once_share_a_commit(content: ContentStore) -> None:
    commits = count_commits(content._database)
    async with content.work():
        waiting = [asyncio.create_task(content.inbox.accept("north", events(n), None)) for n in range(32)]
        await asyncio.sleep(0)
    accepted = await asyncio.gather(*waiting)
    assert [ids(one) for one in accepted] == [[f"Ev-{number}"] for number in range(32)]
    assert len(commits) <= 2


async def test_a_checkpoint_is_kept_with_its_events(content: ContentStore) -> None:
    assert await content.inbox.checkpoint("matrix:north") == ""
    await content.inbox.accept("north", events(1), Checkpoint("matrix:north", "s1"))
    await content.inbox.accept("north", [], Checkpoint("matrix:north", "s2"))
    await content.inbox.accept("south", [], Checkpoint("matrix:south", "s9"))
    assert await content.inbox.checkpoint("matrix:north") == "s2"
    assert await content.inbox.checkpoint("matrix:south") == "s9"


async def test_when_nothing_can_be_committed_the_call_raises_and_keeps_nothing(content: ContentStore) -> None:
    async with content.work() as work:
        await work._connection.execute(text("ALTER TABLE checkpoints RENAME TO elsewhere"))
    with pytest.raises(DBAPIError):
        await content.inbox.accept("north", events(1), Checkpoint("matrix:north", "s1"))
    assert await content.inbox.waiting() == ()


async def test_what_is_handled_does_not_wait_any_more_and_is_erased(
    content: ContentStore, tmp_path: Path
) -> None:
    first, second = await content.inbox.accept("north", events(1, 2), None)
    async with content.work() as work:
        await work.handled(first.row)
    assert await content.inbox.waiting() == (second,)
    async with content.work() as work:
        rows = await work._connection.execute(text('SELECT sealed IS NULL FROM inbox ORDER BY "row"'))
        assert list(rows.scalars()) == [1, 0]
    assert ids(await content.inbox.accept("north", events(1), None)) == []


async def test_handling_that_fails_leaves_the_event_waiting(content: ContentStore) -> None:
    (received,) = await content.inbox.accept("north", events(1), None)

    async def fail() -> None:
        async with content.work() as work:
            await work.handled(received.row)
            raise LookupError

    with pytest.raises(LookupError):
        await fail()
    assert await content.inbox.waiting() == (received,)


async def test_what_was_accepted_waits_after_a_restart(
    tmp_path: Path, sealer: AesSealer, clock: StillClock, chance: SeededChance
) -> None:
    content = await open_content(places(tmp_path), sealer, rooms=ROOMS, clock=clock, chance=chance)
    accepted = await content.inbox.accept("nörth\nwing", events(1, 2), None)
    await content.close()
    content = await open_content(places(tmp_path), sealer, rooms=ROOMS, clock=clock, chance=chance)
    assert await content.inbox.waiting() == accepted
    await content.close()


async def test_an_altered_row_is_set_apart_and_the_others_are_handled(content: ContentStore) -> None:
    _, second, _ = await content.inbox.accept("north", events(1, 2, 3), None)
    async with content.work() as work:
        swap = text('UPDATE inbox SET sealed = (SELECT sealed FROM inbox WHERE "row" = 1) WHERE "row" = :row')
        await work._connection.execute(swap, {"row": second.row})
    assert ids(await content.inbox.waiting()) == ["Ev-1", "Ev-3"]
    async with content.work() as work:
        states = await work._connection.execute(text('SELECT state FROM inbox ORDER BY "row"'))
        assert list(states.scalars()) == ["waiting", "unreadable", "waiting"]


async def test_no_word_of_an_event_and_no_site_stands_in_the_files(
    content: ContentStore, tmp_path: Path
) -> None:
    await content.inbox.accept("site-planted", [EVENT], None)
    left = disk(tmp_path)
    assert b"waiting" in left
    for planted in (b"PLANTED", b"Planted", b"planted", b"Ev-1"):
        assert planted not in left


async def test_rows_of_short_and_long_texts_have_few_lengths(content: ContentStore) -> None:
    await content.inbox.accept("north", [replace(EVENT, id=f"E{n}", text="x" * n) for n in range(300)], None)
    async with content.work() as work:
        lengths = await work._connection.execute(text("SELECT DISTINCT length(sealed) FROM inbox"))
        assert len(list(lengths)) <= 2
