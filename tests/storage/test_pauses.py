"""Pauses: nothing is handed out for a paused room, in no process; the others go on, and order stays."""

from __future__ import annotations

from bot.domain.pauses import Cause, Pause
from bot.ports.outbox import What
from storage.content.store import ContentStore
from tests.storage.due import due, next_due
from tests.storage.handed_in import START
from tests.storage.test_backlog import HOME
from tests.storage.test_outbox import ADA, NORTH, SOUTH, after, claim, deliver, post, tell


async def put(content: ContentStore, cause: Cause = Cause.STRANGER, room: str = "north") -> bool:
    async with content.work() as work:
        return await work.pauses.put(room, cause, START)


async def lift(content: ContentStore, cause: Cause = Cause.STRANGER) -> Pause | None:
    async with content.work() as work:
        return await work.pauses.lift("north", cause)


async def test_what_is_for_a_paused_room_waits_in_its_order_and_others_go_on(content: ContentStore) -> None:
    await put(content)
    await post(content, "case:1", seconds=0)
    await post(content, "case:2", seconds=0)
    await tell(content, "news")
    assert set(await due(content.queue, START)) == {SOUTH, HOME}
    assert await content.queue.claim(NORTH, START) is None
    assert await deliver(content, SOUTH) == ["post case:1", "post case:2"]
    assert await deliver(content, HOME) == ["post news"]
    assert await next_due(content.queue) is None
    await lift(content)
    assert await deliver(content, NORTH) == ["post case:1", "post case:2"]


async def test_a_pause_that_comes_between_looking_and_claiming_still_holds(content: ContentStore) -> None:
    await post(content, "case:1", seconds=0)
    assert NORTH in await due(content.queue, START)
    await put(content)
    assert await content.queue.claim(NORTH, START) is None


async def test_each_cause_is_lifted_apart_and_the_last_one_wakes_the_relay(content: ContentStore) -> None:
    woken: list[bool] = []
    content.changed.append(lambda: woken.append(True))
    assert await put(content)
    assert not await put(content)
    assert await put(content, Cause.MODERATOR)
    assert woken == []
    await post(content, "case:1", seconds=0)
    woken.clear()
    assert await lift(content) == Pause("north", Cause.STRANGER, START)
    assert await lift(content) is None
    assert await content.queue.claim(NORTH, START) is None
    assert await lift(content, Cause.MODERATOR) is not None
    assert woken
    assert (await claim(content, NORTH)).subject == "case:1"


async def test_moderators_are_told_once_and_not_of_what_is_over(content: ContentStore) -> None:
    await put(content)
    async with content.work() as work:
        assert await work.pauses.tell("north", Cause.STRANGER)
        assert not await work.pauses.tell("north", Cause.STRANGER)
        assert not await work.pauses.tell("south", Cause.STRANGER)
    assert await content.backlog.paused() == (Pause("north", Cause.STRANGER, START, told=True),)


async def test_what_was_under_way_when_the_pause_came_is_not_tried_again_before_its_end(
    content: ContentStore,
) -> None:
    await post(content, "case:1", seconds=0)
    claimed = await claim(content, NORTH)
    await put(content)
    await content.queue.again(claimed, START, unsure=True)
    assert await content.queue.claim(NORTH, after(60)) is None
    await lift(content)
    assert (await claim(content, NORTH, seconds=60)).id == claimed.id


async def test_putting_a_member_out_is_kept_once_for_each_key_in_the_members_own_queue(
    content: ContentStore,
) -> None:
    await tell(content, "before")
    for key in ("k", "k", "l"):
        async with content.work() as work:
            await work.outbox.show_out(ADA, key=key)
    await tell(content, "after")
    assert await deliver(content, HOME) == [
        "post before",
        "show_out show_out:k",
        "show_out show_out:l",
        "post after",
    ]


async def test_nothing_holds_back_a_putting_out(content: ContentStore) -> None:
    async with content.work() as work:
        await work.outbox.show_out(ADA, key="k")
        assert not await work.outbox.hold_back("show_out:k")
    claimed = await claim(content, HOME)
    assert (claimed.what, claimed.member, claimed.card, claimed.sent) == (What.SHOW_OUT, ADA, None, ())
