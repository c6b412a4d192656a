"""What is said in place of something else: ahead of what waits, behind what was tried, and until restored."""

from __future__ import annotations

from bot.chat.cards import note
from bot.ports.backlog import Retried
from storage.content.store import ContentStore
from tests.storage.handed_in import START
from tests.storage.test_outbox import ADA, NORTH, SOUTH, after, claim, delete, deliver, edit, post, tell


async def replace(content: ContentStore, subject: str, *, hides: bool = True) -> None:
    async with content.work() as work:
        await work.outbox.replace(subject, note(f"no {subject}"), hides=hides)


async def restore(content: ContentStore, subject: str, seconds: float = 0) -> None:
    async with content.work() as work:
        await work.outbox.restore(subject, note(f"{subject} again"), release_at=after(seconds))


async def test_it_goes_ahead_of_what_waits_and_behind_what_was_tried(content: ContentStore) -> None:
    await post(content, "case:1")
    assert await deliver(content, NORTH) == ["post case:1"]
    for subject in ("case:2", "case:3"):
        await post(content, subject)
    await content.queue.again(await claim(content, NORTH), after(5), unsure=True)
    await replace(content, "case:1")
    assert await deliver(content, NORTH) == ["post case:2", "replace no case:1", "post case:3"]
    assert await deliver(content, SOUTH) == ["post case:2", "post case:3"]


async def test_it_follows_a_post_that_is_under_way_and_takes_its_parts(content: ContentStore) -> None:
    await post(content, "case:1")
    claimed = await claim(content, NORTH)
    await edit(content, "case:1", 1)
    await replace(content, "case:1")
    await content.queue.again(claimed, START, unsure=True)
    assert await deliver(content, NORTH) == ["post case:1", "replace no case:1"]


async def test_what_waited_never_leaves_and_no_edit_goes_out_before_the_restoring(
    content: ContentStore,
) -> None:
    await post(content, "case:1")
    await deliver(content, NORTH)
    await replace(content, "case:1")
    await edit(content, "case:1", 7)
    assert await deliver(content, NORTH) == ["replace no case:1"]
    assert await deliver(content, SOUTH) == []

    await restore(content, "case:1", seconds=60)
    await edit(content, "case:1", 8)
    assert await deliver(content, NORTH, seconds=0) == ["edit case:1 v8"]
    assert await deliver(content, SOUTH, seconds=59) == []
    assert await deliver(content, SOUTH) == ["post case:1 v8"]


async def test_hidden_and_restored_again_and_again_it_is_each_time_said(content: ContentStore) -> None:
    await post(content, "case:1")
    await deliver(content, NORTH)
    for _ in range(2):
        await replace(content, "case:1")
        assert await deliver(content, NORTH) == ["replace no case:1"]
        await restore(content, "case:1")
        assert await deliver(content, NORTH) == ["edit case:1 again"]


async def test_restored_before_it_left_it_leaves_no_trace(content: ContentStore) -> None:
    await post(content, "case:1")
    await deliver(content, NORTH)
    await replace(content, "case:1")
    await restore(content, "case:1")
    assert await deliver(content, NORTH) == ["edit case:1 again"]


async def test_what_is_said_anew_without_hiding_takes_the_place_of_what_waits(content: ContentStore) -> None:
    await post(content, "summary:1", seconds=60)
    await replace(content, "summary:1", hides=False)
    assert await deliver(content, NORTH, seconds=59) == []
    assert await deliver(content, NORTH) == ["post no summary:1"]
    await edit(content, "summary:1", 1)
    assert await deliver(content, NORTH) == ["edit summary:1 v1"]


async def test_messages_at_home_are_replaced_and_those_that_wait_are_not_sent(content: ContentStore) -> None:
    home = f"home:{ADA}"
    await tell(content, "first", subject="opinion:1")
    assert await deliver(content, home) == ["post first"]
    await tell(content, "second", seconds=60, subject="opinion:1")
    await tell(content, "other", seconds=60, subject="opinion:2")
    await replace(content, "opinion:1")
    assert await deliver(content, home) == ["replace no opinion:1", "post other"]


async def test_what_was_hidden_is_taken_back_like_anything_else(content: ContentStore) -> None:
    await post(content, "case:1")
    await deliver(content, NORTH)
    await replace(content, "case:1")
    await delete(content, "case:1")
    assert await deliver(content, NORTH) == ["replace no case:1", "delete case:1"]


async def test_words_in_quarantine_can_be_let_out_no_more_until_they_are_restored(
    content: ContentStore,
) -> None:
    await post(content, "case:1")
    claimed = await claim(content, NORTH)
    await content.queue.quarantine(claimed, "channel_not_found")
    await replace(content, "case:1")
    assert await content.backlog.retry(claimed.id) is Retried.UNKNOWN
    await restore(content, "case:1")
    assert await deliver(content, NORTH) == ["post case:1 again"]
