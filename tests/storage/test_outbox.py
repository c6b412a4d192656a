"""The outbox: what is put, changed, taken back and held back, and in which order it may leave."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.chat.cards import Card, note
from bot.domain.members import MemberId
from bot.identity.sealing import AesSealer
from bot.ports.adapter import Part
from bot.ports.outbox import Claimed, Ending, GroupEnded, What
from storage.content.store import ContentStore, open_content
from tests.server import places
from tests.storage.due import due, next_due
from tests.storage.handed_in import START, SeededChance, StillClock, disk

ADA, BEN = MemberId("a" * 32), MemberId("b" * 32)
NORTH, SOUTH = "room:north", "room:south"


def after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


async def post(content: ContentStore, subject: str, seconds: float = 0, thread: str = "") -> None:
    async with content.work() as work:
        await work.outbox.post(subject, note(subject), release_at=after(seconds), thread=thread)


async def edit(content: ContentStore, subject: str, revision: int) -> None:
    async with content.work() as work:
        await work.outbox.edit(subject, note(f"{subject} v{revision}"), revision=revision)


async def delete(content: ContentStore, subject: str, group: str = "g") -> None:
    async with content.work() as work:
        await work.outbox.delete(subject, group=group)


async def hold_back(content: ContentStore, subject: str) -> bool:
    async with content.work() as work:
        return await work.outbox.hold_back(subject)


async def tell(content: ContentStore, key: str, seconds: float = 0, subject: str = "") -> None:
    async with content.work() as work:
        await work.outbox.tell(
            ADA, note(key), quiet=note("news"), key=key, release_at=after(seconds), subject=subject
        )


async def claim(content: ContentStore, destination: str, seconds: float = 0) -> Claimed:
    claimed = await content.queue.claim(destination, after(seconds))
    assert claimed is not None
    return claimed


async def deliver(content: ContentStore, destination: str, seconds: float = 1000) -> list[str]:
    """Deliver everything of a destination; says what went out, in order."""
    said = []
    while claimed := await content.queue.claim(destination, after(seconds)):
        if claimed.what is What.POST and claimed.room:
            await content.queue.record(claimed, Part("message", f"ts-{claimed.subject}"))
        said.append(f"{claimed.what} {claimed.card.notice if claimed.card else claimed.subject}")
        await content.queue.sent(claimed)
    return said


async def test_a_post_goes_to_every_room_once(content: ContentStore) -> None:
    await post(content, "case:1")
    await post(content, "case:1", seconds=9)
    assert await due(content.queue, START) == (NORTH, SOUTH)
    assert await deliver(content, NORTH) == ["post case:1"]
    assert await deliver(content, SOUTH) == ["post case:1"]
    assert await due(content.queue, after(1000)) == ()


async def test_nothing_leaves_before_its_release(content: ContentStore) -> None:
    await post(content, "case:1", seconds=60)
    assert await due(content.queue, after(59.999)) == ()
    assert await content.queue.claim(NORTH, after(59.999)) is None
    assert await next_due(content.queue) == after(60)
    assert await due(content.queue, after(60)) == (NORTH, SOUTH)


async def test_an_earlier_release_leaves_first_although_it_was_put_later(content: ContentStore) -> None:
    await post(content, "case:1", seconds=60)
    await post(content, "case:2", seconds=10)
    await post(content, "case:3", seconds=10)
    assert await next_due(content.queue) == after(10)
    assert await deliver(content, NORTH) == ["post case:2", "post case:3", "post case:1"]


async def test_a_thread_never_leaves_before_its_root(content: ContentStore) -> None:
    await post(content, "case:1", seconds=60)
    await post(content, "opinion:1", seconds=5, thread="case:1")
    await post(content, "comment:1", seconds=0, thread="case:1")
    assert await due(content.queue, after(59)) == ()
    assert await deliver(content, NORTH) == ["post case:1", "post opinion:1", "post comment:1"]


async def test_a_claim_carries_what_stands_in_the_room(content: ContentStore) -> None:
    await post(content, "case:1")
    await post(content, "opinion:1", thread="case:1")
    first = await claim(content, NORTH)
    assert (first.room, first.member, first.thread_root, first.parts) == ("north", None, "", ())
    for part in (Part("file", "F1"), Part("message", "ts1"), Part("message", "ts2"), Part("message", "ts1")):
        await content.queue.record(first, part)
    await content.queue.sent(first)
    second = await claim(content, NORTH)
    assert (second.subject, second.thread, second.thread_root) == ("opinion:1", "case:1", "ts1")
    await content.queue.sent(second)
    await edit(content, "case:1", 1)
    third = await claim(content, NORTH)
    assert third.what is What.EDIT
    assert third.parts == (Part("file", "F1"), Part("message", "ts1"), Part("message", "ts2"))
    async with content.work() as work:
        assert await work.postings.subject_of("north", "ts2") == "case:1"
        assert await work.postings.subject_of("south", "ts2") == ""
        assert await work.postings.subject_of("north", "ts9") == ""


async def test_only_the_newest_untried_edit_leaves(content: ContentStore) -> None:
    await post(content, "case:1")
    await deliver(content, NORTH)
    for revision in (1, 3, 2, 3):
        await edit(content, "case:1", revision)
    assert await deliver(content, NORTH) == ["edit case:1 v3"]
    await edit(content, "case:1", 3)
    assert await deliver(content, NORTH) == []


async def test_an_edit_of_an_untried_post_changes_the_post(content: ContentStore) -> None:
    await post(content, "case:1", seconds=30)
    await edit(content, "case:1", 1)
    await edit(content, "case:1", 0)
    assert await deliver(content, NORTH) == ["post case:1 v1"]


async def test_an_edit_while_the_post_is_under_way_comes_after_it(content: ContentStore) -> None:
    await post(content, "case:1")
    claimed = await claim(content, NORTH)
    await edit(content, "case:1", 1)
    assert await content.queue.claim(NORTH, after(9)) is None
    await content.queue.again(claimed, after(30), unsure=True)
    assert await content.queue.claim(NORTH, after(29)) is None
    again = await claim(content, NORTH, seconds=30)
    assert (again.id, again.tried, again.tries) == (claimed.id, True, 2)
    await content.queue.record(again, Part("message", "ts1"))
    await content.queue.sent(again)
    assert await deliver(content, NORTH) == ["edit case:1 v1"]


async def test_an_edit_of_nothing_is_dropped(content: ContentStore) -> None:
    await edit(content, "case:9", 1)
    assert await next_due(content.queue) is None


async def test_a_deletion_takes_back_what_stands_and_reports_every_room(content: ContentStore) -> None:
    await post(content, "case:1")
    await deliver(content, NORTH)
    await deliver(content, SOUTH)
    await delete(content, "case:1", "g1")
    first = await claim(content, NORTH)
    assert (first.what, first.parts, first.card, first.group) == (
        What.DELETE,
        (Part("message", "ts-case:1"),),
        None,
        "g1",
    )
    assert await content.queue.sent(first) is None
    second = await claim(content, SOUTH)
    assert await content.queue.quarantine(second, "channel_not_found") == GroupEnded(
        "g1", {"north": Ending.SENT, "south": Ending.QUARANTINED}
    )
    async with content.work() as work:
        assert await work.postings.subject_of("north", "ts-case:1") == ""
        assert await work.postings.subject_of("south", "ts-case:1") == "case:1"


async def test_a_deletion_cancels_what_nobody_tried(content: ContentStore) -> None:
    await post(content, "case:1")
    await deliver(content, NORTH)
    await edit(content, "case:1", 1)
    await delete(content, "case:1", "g1")
    assert await due(content.queue, after(1)) == (NORTH,)
    deletion = await claim(content, NORTH)
    assert deletion.what is What.DELETE
    assert await content.queue.sent(deletion) == GroupEnded(
        "g1", {"north": Ending.SENT, "south": Ending.CANCELLED}
    )


async def test_a_deletion_queues_behind_what_was_tried(content: ContentStore) -> None:
    await post(content, "case:1")
    claimed = await claim(content, NORTH)
    await delete(content, "case:1")
    await content.queue.again(claimed, after(5), unsure=False)
    assert await deliver(content, NORTH, seconds=5) == ["post case:1", "delete case:1"]


async def test_a_group_of_several_subjects_ends_with_the_last_of_them(content: ContentStore) -> None:
    for subject in ("case:1", "opinion:1"):
        await post(content, subject)
    await deliver(content, NORTH)
    await deliver(content, SOUTH)
    async with content.work() as work:
        for subject in ("opinion:1", "case:1"):
            await work.outbox.delete(subject, group="g1")
    order = (NORTH, SOUTH, SOUTH, NORTH)
    ended = [await content.queue.sent(await claim(content, destination)) for destination in order]
    assert ended[:3] == [None, None, None]
    assert ended[3] == GroupEnded("g1", {"north": Ending.SENT, "south": Ending.SENT})


async def test_the_end_of_a_group_is_kept_until_it_is_reported(content: ContentStore) -> None:
    await post(content, "case:1")
    await deliver(content, NORTH)
    await delete(content, "case:1", "g1")
    assert await content.queue.unreported() == ()
    ended = await content.queue.sent(await claim(content, NORTH))
    assert ended is not None
    assert await content.queue.unreported() == (ended,)
    async with content.work() as work:
        await work.outbox.reported("g1")
    assert await content.queue.unreported() == ()


async def test_a_group_that_had_nothing_to_take_back_is_given_as_unreported(content: ContentStore) -> None:
    await post(content, "case:1", seconds=60)
    await delete(content, "case:1", "g1")
    cancelled = {"north": Ending.CANCELLED, "south": Ending.CANCELLED}
    assert await content.queue.unreported() == (GroupEnded("g1", cancelled),)


async def test_the_relay_looks_at_everything_when_a_group_began_even_one_without_rooms(
    content: ContentStore, data_dir: Path, sealer: AesSealer, clock: StillClock, chance: SeededChance
) -> None:
    roomless = await open_content(places(data_dir), sealer, rooms=(), clock=clock, chance=chance)
    for store in (content, roomless):
        told: list[Mapping[str, datetime] | None] = []
        store.outgoing.append(told.append)
        await delete(store, "case:1", f"of {len(store._rooms)} rooms")
        assert told == [None]
    await roomless.close()
    assert len(await content.queue.unreported()) == 2


async def test_nothing_is_edited_or_posted_again_after_its_deletion(content: ContentStore) -> None:
    await post(content, "case:1")
    await deliver(content, NORTH)
    await delete(content, "case:1")
    await edit(content, "case:1", 5)
    await post(content, "case:1")
    await delete(content, "case:1")
    assert await deliver(content, NORTH) == ["delete case:1"]


async def test_holding_back_cancels_posts_and_messages_that_wait(content: ContentStore) -> None:
    await post(content, "opinion:1", seconds=60)
    await tell(content, "k", seconds=60, subject="opinion:1")
    await tell(content, "other", seconds=60, subject="case:1")
    assert await hold_back(content, "opinion:1")
    assert not await hold_back(content, "opinion:1")
    assert await deliver(content, NORTH) == []
    assert await deliver(content, f"home:{ADA}") == ["post other"]
    await post(content, "opinion:1", seconds=60)
    assert await deliver(content, SOUTH) == []


async def test_holding_back_works_wholly_or_not_at_all(content: ContentStore) -> None:
    await post(content, "case:1")
    await claim(content, NORTH)
    assert not await hold_back(content, "case:1")
    assert await deliver(content, SOUTH) == ["post case:1"]
    assert not await hold_back(content, "case:2")


async def test_what_certainly_did_not_get_through_can_be_held_back(content: ContentStore) -> None:
    await post(content, "case:1")
    await content.queue.again(await claim(content, NORTH), after(9), unsure=False)
    assert await hold_back(content, "case:1")


@pytest.mark.parametrize("trace", ["unsure", "a part"])
async def test_what_may_have_got_through_cannot_be_held_back(content: ContentStore, trace: str) -> None:
    await post(content, "case:1")
    claimed = await claim(content, NORTH)
    if trace == "a part":
        await content.queue.record(claimed, Part("file", "F1"))
    await content.queue.again(claimed, after(9), unsure=trace == "unsure")
    assert not await hold_back(content, "case:1")
    again = await claim(content, NORTH, seconds=9)
    await content.queue.again(again, after(10), unsure=False)
    assert (await claim(content, NORTH, seconds=10)).tried


async def test_a_member_is_told_once_per_key_in_both_versions(content: ContentStore, tmp_path: Path) -> None:
    card = Card("Loud Heron answered", title="planted-in-a-home-card")
    for _ in range(2):
        async with content.work() as work:
            await work.outbox.tell(
                ADA, card, quiet=note("planted-quiet"), key="k1", release_at=START, subject="case:1"
            )
    left = disk(tmp_path)
    assert b"home:" in left
    assert b"planted" not in left
    assert b"Heron" not in left
    claimed = await claim(content, f"home:{ADA}")
    assert (claimed.card, claimed.quiet) == (card, note("planted-quiet"))
    assert (claimed.room, claimed.member, claimed.subject, claimed.parts) == ("", ADA, "case:1", ())
    with pytest.raises(ValueError, match="kept by the wall"):
        await content.queue.record(claimed, Part("message", "ts"))
    await content.queue.sent(claimed)
    assert await due(content.queue, after(9)) == ()


async def test_the_relay_is_woken_by_commits_that_put_something(
    content: ContentStore, clock: StillClock
) -> None:
    woken: list[int] = []
    content.changed.append(lambda: woken.append(1))
    async with content.work() as work:
        await work.cases.next_number()
    assert woken == []
    async with content.work() as work:
        await work.outbox.post("case:1", note("x"), release_at=clock.now())
        assert woken == []
    assert woken == [1]


async def refresh(content: ContentStore, subject: str, words: str, seconds: float) -> None:
    async with content.work() as work:
        await work.outbox.refresh(subject, note(words), release_at=after(seconds))


async def test_refreshes_that_wait_become_one_and_hold_no_edit_up(content: ContentStore) -> None:
    await refresh(content, "case:1", "nothing stands there", 0)
    await post(content, "case:1")
    await refresh(content, "case:1", "in the post", 60)
    assert await deliver(content, NORTH, seconds=0) == ["post in the post"]
    for count in (1, 2, 3):
        await refresh(content, "case:1", f"{count} helped", 60 * count)
    assert await deliver(content, NORTH, seconds=59) == []
    assert await deliver(content, NORTH, seconds=60) == ["edit 3 helped"]
    await refresh(content, "case:1", "4 helped", 90)
    await edit(content, "case:1", revision=1)
    assert await deliver(content, NORTH, seconds=61) == ["edit case:1 v1"]
    await refresh(content, "case:1", "5 helped", 90)
    await edit(content, "case:1", revision=1)
    assert await deliver(content, NORTH, seconds=90) == ["edit 5 helped"]
    await refresh(content, "case:1", "6 helped", 120)
    await delete(content, "case:1")
    await refresh(content, "case:1", "7 helped", 120)
    assert await deliver(content, NORTH) == ["delete case:1"]


async def test_news_of_what_is_taken_back_is_told_to_nobody_any_more(content: ContentStore) -> None:
    await post(content, "comment:1")
    await tell(content, "waiting", seconds=60, subject="comment:1")
    await tell(content, "of another", seconds=60, subject="comment:2")
    await deliver(content, NORTH, seconds=0)
    await delete(content, "comment:1")
    home = f"home:{ADA}"
    assert await deliver(content, home) == ["post of another"]
