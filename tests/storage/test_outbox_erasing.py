"""Taking back what a member said at home: durable, sealed, in its turn, once, and nobody's undo."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from bot.domain.drafts import Sent
from bot.ports.backlog import Quarantined, Retried, Waiting
from bot.ports.outbox import What
from storage.content.store import ContentStore
from tests.storage.due import due, next_due
from tests.storage.handed_in import START, StillClock, disk
from tests.storage.test_backlog import HOME, set_apart
from tests.storage.test_outbox import ADA, BEN, NORTH, after, claim, deliver, hold_back, post, tell

SAID = (Sent("plantedsite", "!planted:room $plantedone"), Sent("plantedsite", "!planted:room $plantedtwo"))


async def erase(content: ContentStore, key: str = "k", said: tuple[Sent, ...] = SAID) -> None:
    async with content.work() as work:
        await work.outbox.erase(ADA, said, key=key)


async def payloads(content: ContentStore) -> int:
    async with content._database.reading() as connection:
        found = await connection.execute(text("SELECT count(*) FROM outbox WHERE payload IS NOT NULL"))
        return int(found.scalar_one())


async def test_what_was_said_is_handed_out_at_once_whole_and_once(content: ContentStore) -> None:
    await erase(content)
    await erase(content, said=SAID[:1])
    claimed = await claim(content, HOME)
    assert (claimed.what, claimed.room, claimed.member) == (What.ERASE, "", ADA)
    assert claimed.sent == SAID
    assert "planted" not in repr(claimed)
    assert (claimed.card, claimed.quiet, claimed.parts, claimed.group) == (None, None, (), "")
    assert await content.queue.sent(claimed) is None
    await erase(content)
    assert await content.queue.claim(HOME, after(9)) is None


async def test_the_same_key_of_another_member_is_another_one(content: ContentStore) -> None:
    await erase(content)
    async with content.work() as work:
        await work.outbox.erase(BEN, SAID[:1], key="k")
    assert await due(content.queue, START) == (HOME, f"home:{BEN}")


async def test_of_nothing_there_is_nothing_to_take_back(content: ContentStore) -> None:
    woken: list[bool] = []
    content.changed.append(lambda: woken.append(True))
    await erase(content, said=())
    assert await next_due(content.queue) is None
    assert woken == []
    await erase(content)
    assert woken == [True]


async def test_it_leaves_in_its_turn(content: ContentStore) -> None:
    await tell(content, "before")
    await erase(content)
    await tell(content, "after")
    assert await deliver(content, HOME) == ["post before", "erase erase:k", "post after"]


async def test_other_messages_carry_nothing_to_take_back(content: ContentStore) -> None:
    await tell(content, "news")
    assert (await claim(content, HOME)).sent == ()


async def test_where_it_was_said_is_nowhere_in_clear_and_goes_once_it_is_done(
    content: ContentStore, tmp_path: Path
) -> None:
    await erase(content)
    left = disk(tmp_path)
    assert b"erase:k" in left
    assert b"planted" not in left
    assert await payloads(content) == 1
    await content.queue.sent(await claim(content, HOME))
    assert await payloads(content) == 0


async def test_where_it_was_said_goes_also_when_the_operator_gives_it_up(content: ContentStore) -> None:
    await erase(content)
    assert await content.backlog.drop(await set_apart(content, HOME))
    assert await payloads(content) == 0


async def test_an_undo_neither_cancels_it_nor_is_stopped_by_it(content: ContentStore) -> None:
    await post(content, "case:1", seconds=60)
    await erase(content, key="case:1")
    await content.queue.again(await claim(content, HOME), after(5), unsure=True)
    assert await hold_back(content, "case:1")
    assert await deliver(content, NORTH) == []
    assert await deliver(content, HOME) == ["erase erase:case:1"]


@pytest.mark.parametrize("tried", [False, True])
async def test_nothing_holds_back_what_is_to_be_taken_back(content: ContentStore, tried: bool) -> None:
    await erase(content)
    if tried:
        await content.queue.again(await claim(content, HOME), START, unsure=False)
    assert not await hold_back(content, "erase:k")
    assert await deliver(content, HOME) == ["erase erase:k"]


async def test_another_try_is_the_same_delivery_with_the_same_messages(content: ContentStore) -> None:
    await erase(content)
    first = await claim(content, HOME)
    await content.queue.again(first, after(30), unsure=True)
    assert await content.queue.claim(HOME, after(29)) is None
    again = await claim(content, HOME, seconds=30)
    assert (again.id, again.tried, again.tries, again.sent) == (first.id, True, 2, SAID)


async def test_one_that_a_process_died_over_is_done_by_the_next(content: ContentStore) -> None:
    await erase(content)
    lost = await claim(content, HOME)
    await content.queue.recover(after(7))
    again = await claim(content, HOME, seconds=7)
    assert (again.id, again.tried, again.sent) == (lost.id, True, SAID)


async def test_the_operator_sees_it_among_home_chats_and_can_let_it_leave_again(
    content: ContentStore, clock: StillClock
) -> None:
    await erase(content)
    assert await content.backlog.waiting() == (Waiting("", 1, 0),)
    delivery = await set_apart(content, HOME)
    assert await content.backlog.quarantined() == (
        Quarantined(delivery, "", What.ERASE, 1, 0, "channel_not_found"),
    )
    assert await content.backlog.retry(delivery) is Retried.WAITING
    assert (await claim(content, HOME)).sent == SAID


@pytest.mark.parametrize(
    "spoilt", [":nothing", "NULL", "(SELECT payload FROM outbox WHERE key LIKE 'tell%')"]
)
async def test_one_that_cannot_be_read_is_handed_out_as_damaged(content: ContentStore, spoilt: str) -> None:
    await erase(content)
    await tell(content, "after")
    async with content.work() as work:
        spoil = f"UPDATE outbox SET payload = {spoilt} WHERE what = 'erase'"  # noqa: S608 - a constant
        await work._connection.execute(text(spoil), {"nothing": b"\0"})
    claimed = await claim(content, HOME)
    assert (claimed.what, claimed.damaged, claimed.sent) == (What.ERASE, True, ())


async def test_a_message_is_not_taken_for_something_to_erase(content: ContentStore) -> None:
    await tell(content, "news")
    async with content.work() as work:
        await work._connection.execute(text("UPDATE outbox SET what = 'erase'"))
    claimed = await claim(content, HOME)
    assert (claimed.damaged, claimed.sent) == (True, ())
