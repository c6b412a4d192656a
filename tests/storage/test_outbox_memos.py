"""What moderators are told: one queue for their room, or one for each of them, and nothing of it in clear."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.chat.cards import note
from bot.domain.members import Member, MemberId, Role
from bot.identity.sealing import AesSealer
from bot.ports.adapter import Part, Room
from bot.ports.outbox import MEMO, Claimed, Notice, What, room_name, site_and_room
from storage.content.store import ContentStore, open_content
from tests.server import places
from tests.storage.due import due
from tests.storage.handed_in import ROOMS, START, SeededChance, StillClock, disk

ROOM = room_name("north", Room.MODERATORS)
QUEUE = f"room:{ROOM}"
MOD, MAUDE, ADA = MemberId("a" * 32), MemberId("b" * 32), MemberId("c" * 32)
PEOPLE = (
    Member(MOD, "Quiet Heron", Role.MODERATOR, "Moderation"),
    Member(MAUDE, "Amber Otter", Role.MODERATOR, "Moderation"),
    Member(ADA, "Brisk Wren", Role.PHYSICIAN, "Dermatology"),
)


@pytest.fixture(params=[ROOM, ""])
async def content(
    request: pytest.FixtureRequest, data_dir: Path, sealer: AesSealer, clock: StillClock, chance: SeededChance
) -> AsyncIterator[ContentStore]:
    store = await open_content(
        places(data_dir), sealer, rooms=ROOMS, moderators=request.param, clock=clock, chance=chance
    )
    async with store.work() as work:
        for member in PEOPLE:
            await work.members.add(member)
    yield store
    await store.close()


in_a_room = pytest.mark.parametrize("content", [ROOM], indirect=True)
at_home = pytest.mark.parametrize("content", [""], indirect=True)


async def notify(content: ContentStore, key: str, *, subject: str = "", home: bool = False) -> None:
    async with content.work() as work:
        await work.outbox.notify_moderators(
            note(f"V-CANARY {key}"), quiet=note("news"), key=key, subject=subject, at_home=home
        )


async def change(content: ContentStore, subject: str, words: str, revision: int) -> None:
    async with content.work() as work:
        await work.outbox.change_memo(subject, note(words), revision=revision)


async def claim(content: ContentStore, destination: str) -> Claimed:
    claimed = await content.queue.claim(destination, START)
    assert claimed is not None
    return claimed


def words(claimed: Claimed) -> str:
    return claimed.card.notice if claimed.card else ""


@pytest.mark.parametrize("room", Room)
def test_a_rooms_name_is_read_as_it_was_written(room: Room) -> None:
    assert site_and_room(room_name("st-anna.2", room)) == ("st-anna.2", room)


@in_a_room
async def test_a_memo_goes_to_the_room_once(content: ContentStore) -> None:
    for _ in range(2):
        await notify(content, "k")
    assert await due(content.queue, START) == (QUEUE,)
    claimed = await claim(content, QUEUE)
    assert (claimed.room, claimed.member, claimed.what) == (ROOM, None, What.POST)
    assert claimed.subject.startswith(MEMO)
    assert words(claimed) == "V-CANARY k"
    await content.queue.sent(claimed)
    assert await due(content.queue, START) == ()


@at_home
async def test_without_a_room_every_moderator_is_told_once(content: ContentStore) -> None:
    for _ in range(2):
        await notify(content, "k", subject=f"{MEMO}1")
    await change(content, f"{MEMO}1", "changed", 1)
    assert await due(content.queue, START) == (f"home:{MOD}", f"home:{MAUDE}")
    for member in (MOD, MAUDE):
        claimed = await claim(content, f"home:{member}")
        assert (claimed.member, words(claimed), claimed.subject) == (member, "V-CANARY k", f"{MEMO}1")
        await content.queue.sent(claimed)
    assert await due(content.queue, START) == ()


@in_a_room
async def test_what_the_room_cannot_be_told_goes_home(content: ContentStore) -> None:
    await notify(content, "k", home=True)
    assert await due(content.queue, START) == (f"home:{MOD}", f"home:{MAUDE}")


@in_a_room
async def test_a_change_takes_the_place_of_what_waits_and_follows_what_stands(content: ContentStore) -> None:
    subject = f"{MEMO}1"
    await notify(content, "k", subject=subject)
    await change(content, subject, "seen before it left", 1)
    claimed = await claim(content, QUEUE)
    assert (claimed.what, words(claimed)) == (What.POST, "seen before it left")
    await content.queue.record(claimed, Part("message", "ts-1"))
    await content.queue.sent(claimed)

    await change(content, subject, "approved", 2)
    await change(content, subject, "older", 1)
    claimed = await claim(content, QUEUE)
    assert (claimed.what, words(claimed), claimed.parts) == (
        What.EDIT,
        "approved",
        (Part("message", "ts-1"),),
    )
    await content.queue.sent(claimed)
    assert await due(content.queue, START) == ()


@in_a_room
async def test_a_change_of_what_never_stood_does_nothing(content: ContentStore) -> None:
    await change(content, f"{MEMO}9", "approved", 1)
    assert await due(content.queue, START) == ()


async def test_nothing_of_a_memo_lies_in_clear(content: ContentStore, data_dir: Path) -> None:
    await notify(content, "k")
    assert b"V-CANARY" not in disk(data_dir)


@in_a_room
async def test_a_consult_rooms_post_does_not_go_there(content: ContentStore) -> None:
    async with content.work() as work:
        await work.outbox.post("case:1", note("n"), release_at=START)
    assert await due(content.queue, START) == ("room:north", "room:south")
    assert await content.queue.apart() == 0


async def set_apart(content: ContentStore, subject: str, *, held: bool = True) -> None:
    """Set apart what is put under a subject, with a notice; where the claim is not ``held``, too late."""
    async with content.work() as work:
        await work.outbox.post(subject, note("n"), release_at=START)
    claimed = await claim(content, "room:north")
    if not held:
        await content.queue.sent(claimed)
    await content.queue.quarantine(claimed, "gone", Notice(note("V-CANARY apart"), note("news"), key="k"))


async def test_moderators_are_told_once_of_what_is_set_apart(content: ContentStore) -> None:
    woken: list[bool] = []
    content.changed.append(lambda: woken.append(True))
    await set_apart(content, "case:1")
    assert len(woken) == 2  # For what was put, and for the notice.
    await set_apart(content, "case:2")
    told = [await claim(content, one) for one in await due(content.queue, START) if one != "room:south"]
    assert [words(one) for one in told] == ["V-CANARY apart"] * (1 if told[0].room else 2)
    for one in told:
        await content.queue.sent(one)
    assert await due(content.queue, START) == ("room:south",)


async def test_nobody_is_told_by_a_bot_that_has_lost_the_claim(content: ContentStore) -> None:
    await set_apart(content, "case:1", held=False)
    assert await due(content.queue, START) == ("room:south",)


async def test_nothing_is_set_apart_where_nobody_could_be_told(
    content: ContentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> bytes:
        raise OSError("planted")

    monkeypatch.setattr(AesSealer, "seal", broken)
    with pytest.raises(OSError, match="planted"):
        await set_apart(content, "case:1")
    assert await content.queue.apart() == 0
