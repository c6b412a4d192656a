"""The operator's view of the outbox: counts, reasons, and second chances that undo nothing newer."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import text

from bot.identity.sealing import AesSealer
from bot.ports.backlog import Quarantined, Retried, Waiting
from bot.ports.outbox import Ending, What
from storage.content.store import ContentStore, open_content
from tests.server import places
from tests.storage.handed_in import ROOMS, SeededChance, StillClock
from tests.storage.test_outbox import ADA, NORTH, claim, delete, deliver, edit, post, tell

HOME = f"home:{ADA}"


async def set_apart(content: ContentStore, destination: str = NORTH) -> str:
    claimed = await claim(content, destination)
    await content.queue.quarantine(claimed, "channel_not_found")
    return claimed.id


async def test_what_waits_is_counted_by_room_and_for_all_homes_together(
    content: ContentStore, clock: StillClock
) -> None:
    await post(content, "case:1")
    await post(content, "case:2", seconds=30)
    await tell(content, "news", seconds=90)
    clock.move(45)

    assert await content.backlog.waiting() == (
        Waiting("north", 2, 45),
        Waiting("south", 2, 45),
        Waiting("", 1, 0),
    )


async def test_what_was_set_apart_is_listed_with_its_reason(content: ContentStore, clock: StillClock) -> None:
    await post(content, "case:1")
    delivery = await set_apart(content)
    clock.move(600)

    assert await content.backlog.quarantined() == (
        Quarantined(delivery, "north", What.POST, 1, 600, "channel_not_found"),
    )
    assert [one.room for one in await content.backlog.waiting()] == ["south"]


async def test_a_second_chance_leaves_at_once_and_ahead_of_the_rest(content: ContentStore) -> None:
    await post(content, "case:1")
    await post(content, "case:2")
    delivery = await set_apart(content)

    assert await content.backlog.retry(delivery) is Retried.WAITING

    again = await claim(content, NORTH)
    assert (again.id, again.tried, again.tries) == (delivery, True, 1)
    await content.queue.sent(again)
    assert await deliver(content, NORTH) == ["post case:2"]
    assert await content.backlog.retry(delivery) is Retried.UNKNOWN


async def test_a_second_chance_wakes_the_relay(content: ContentStore) -> None:
    await post(content, "case:1")
    delivery = await set_apart(content)
    woken: list[bool] = []
    content.changed.append(lambda: woken.append(True))

    await content.backlog.retry(delivery)

    assert woken == [True]


async def test_a_private_card_is_still_sealed_and_whole(content: ContentStore) -> None:
    await tell(content, "news")
    delivery = await set_apart(content, HOME)

    await content.backlog.retry(delivery)

    again = await claim(content, HOME)
    assert again.card is not None
    assert again.card.notice == "news"


async def test_a_withdrawn_case_is_never_posted_after_all(content: ContentStore) -> None:
    await post(content, "case:1")
    delivery = await set_apart(content)
    await delete(content, "case:1")

    assert await content.backlog.retry(delivery) is Retried.OVERTAKEN
    assert await content.queue.claim(NORTH, content._clock.now()) is None


async def test_an_older_change_never_undoes_a_newer_one(content: ContentStore) -> None:
    await post(content, "case:1")
    await deliver(content, NORTH)
    await edit(content, "case:1", 1)
    older = await set_apart(content)
    await edit(content, "case:1", 2)

    assert await content.backlog.retry(older) is Retried.OVERTAKEN
    assert await deliver(content, NORTH) == ["edit case:1 v2"]
    assert await content.backlog.retry(older) is Retried.OVERTAKEN


async def test_a_deletion_gets_its_second_chance(content: ContentStore) -> None:
    await post(content, "case:1")
    await deliver(content, NORTH)
    await delete(content, "case:1")
    delivery = await set_apart(content)

    assert await content.backlog.retry(delivery) is Retried.WAITING

    again = await claim(content, NORTH)
    assert again.what is What.DELETE
    await content.queue.sent(again)
    [ended] = [group for group in await content.queue.unreported() if group.rooms["north"] is Ending.SENT]
    assert ended.group == "g"


async def test_what_is_dropped_is_gone_with_its_words(content: ContentStore, tmp_path: Path) -> None:
    await post(content, "case:planted")
    delivery = await set_apart(content)

    assert await content.backlog.drop(delivery)

    assert not await content.backlog.drop(delivery)
    assert await content.backlog.quarantined() == ()
    assert await content.backlog.retry(delivery) is Retried.UNKNOWN
    async with content._database.reading() as connection:
        row = await connection.execute(
            text("SELECT payload, state FROM outbox WHERE id = :id"), {"id": delivery}
        )
        assert tuple(row.one()) == (None, "cancelled")


async def test_what_still_waits_can_be_neither_retried_nor_dropped(content: ContentStore) -> None:
    await post(content, "case:1")
    waiting = await claim(content, NORTH)

    assert await content.backlog.retry(waiting.id) is Retried.UNKNOWN
    assert not await content.backlog.drop(waiting.id)


async def test_a_second_chance_from_another_process_rings_the_running_bot(
    data_dir: Path, sealer: AesSealer, content: ContentStore, clock: StillClock, chance: SeededChance
) -> None:
    await post(content, "case:1")
    delivery = await set_apart(content)
    rung: list[bool] = []
    content.changed.append(lambda: rung.append(True))
    await content.own()
    beside = await open_content(places(data_dir), sealer, rooms=ROOMS, clock=clock, chance=chance)

    await beside.backlog.retry(delivery)
    await beside.close()
    await content.queue.depth()  # One round through the loop and a database: the bell has been heard.

    assert rung == [True]
