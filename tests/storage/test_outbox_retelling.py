"""What was told at home says something else, or is taken back, wherever it is on its way."""

from __future__ import annotations

from bot.chat.cards import note
from bot.ports.backlog import Retried
from bot.ports.outbox import What, kept_as
from storage.content.store import ContentStore
from tests.storage.test_outbox import ADA, BEN, after, claim, tell

HOME = f"home:{ADA}"


async def retell(content: ContentStore, revision: int) -> None:
    async with content.work() as work:
        words = note(f"v{revision}")
        for member in (ADA, BEN):
            await work.outbox.retell(member, words, quiet=note("news"), subject="s", revision=revision)


async def untell(content: ContentStore) -> None:
    async with content.work() as work:
        await work.outbox.untell("s", await work.outbox.told("s"))


async def test_what_waits_says_the_newer_words(content: ContentStore) -> None:
    await tell(content, "k", 5, subject="s")
    for revision in (1, 2):
        await retell(content, revision)
    async with content.work() as work:
        assert await work.outbox.told("s") == (ADA,)
    said = await claim(content, HOME, 5)
    assert (said.what, said.card) == (What.POST, note("v2"))
    await content.queue.sent(said)
    assert await content.queue.claim(HOME, after(1000)) is None


async def test_what_stands_or_is_under_way_is_changed_in_its_turn(content: ContentStore) -> None:
    await tell(content, "k", subject="s")
    under_way = await claim(content, HOME)
    await retell(content, 1)
    assert await content.queue.claim(HOME, after(1000)) is None
    await content.queue.sent(under_way)
    changed = await claim(content, HOME)
    assert (changed.what, changed.card, changed.thread) == (What.EDIT, note("v1"), kept_as("s", under_way.id))


async def test_what_is_taken_back_is_cancelled_deleted_or_given_up(content: ContentStore) -> None:
    for key in ("stands", "apart", "waits"):
        await tell(content, key, subject="s")
    stands = await claim(content, HOME)
    await content.queue.sent(stands)
    apart = await claim(content, HOME)
    await content.queue.quarantine(apart, "why")
    await untell(content)
    gone = await claim(content, HOME)
    assert (gone.what, gone.card, gone.thread) == (What.DELETE, None, kept_as("s", stands.id))
    await content.queue.sent(gone)
    assert await content.queue.claim(HOME, after(1000)) is None
    assert await content.backlog.retry(apart.id) is Retried.UNKNOWN
