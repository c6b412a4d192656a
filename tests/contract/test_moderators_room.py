"""The moderators' room on every platform: cards, invitations, and what is taken in of what is said there."""

from __future__ import annotations

import pytest

from bot.chat.cards import Button, Card, note
from bot.chat.events import Account, Kind, Place
from bot.ports.adapter import Delete, Delivery, Edit, Post, Room, Undeliverable
from tests.contract.rig import Kept, Rig, Seen, deliver, eventually

WAITS = Card(
    "An application waits: V-0123456789",
    title="Application V-0123456789",
    buttons=(Button("Approve", "mod approve V-0123456789"),),
)


async def words_in(rig: Rig, words: str) -> list[Seen]:
    """Look at the moderators' room until these words stand there."""

    async def look() -> list[Seen]:
        return [seen for seen in await rig.moderators() if words in seen.words]

    return await eventually(rig, look, bool)


async def test_a_card_stands_there_is_changed_there_and_taken_back(rig: Rig) -> None:
    await rig.open_moderators_room()
    kept = Kept()
    await rig.adapter.deliver(Delivery("d1", None, Post(WAITS), room=Room.MODERATORS), kept)
    [seen] = await words_in(rig, "Application V-0123456789")
    assert [part.remote for part in kept.parts] == [seen.place]
    assert "direct chat" not in seen.words
    assert await rig.room() == []

    done = note("Approved by a moderator.")
    await rig.adapter.deliver(Delivery("d2", None, Edit(done, tuple(kept.parts)), room=Room.MODERATORS), kept)
    [changed] = await words_in(rig, "Approved by a moderator.")
    assert changed.place == seen.place
    assert "mod approve" not in changed.words

    await deliver(rig, Delivery("d3", None, Delete(tuple(kept.parts)), room=Room.MODERATORS))
    await eventually(rig, rig.moderators, lambda found: found == [])


async def test_the_same_delivery_again_stands_there_once(rig: Rig) -> None:
    await rig.open_moderators_room()
    once = Delivery("d1", None, Post(note("Said once.")), room=Room.MODERATORS)
    first = await deliver(rig, once)
    again = await deliver(rig, Delivery("d1", None, once.action, tried=True, room=Room.MODERATORS))
    await deliver(rig, Delivery("d2", None, Post(note("Said later.")), room=Room.MODERATORS))

    await words_in(rig, "Said later.")
    assert len(await words_in(rig, "Said once.")) == 1
    assert again == first


async def test_a_moderator_is_let_in_and_into_no_other_room(rig: Rig) -> None:
    await rig.open_moderators_room()
    assert not await rig.in_moderators_room(rig.stranger)
    for _ in range(2):
        await rig.adapter.admit(rig.stranger, Room.MODERATORS)

    await rig.until(lambda: rig.in_moderators_room(rig.stranger))
    assert not await rig.in_room(rig.stranger)


async def test_who_is_there_is_listed_and_can_be_put_out(rig: Rig) -> None:
    await rig.open_moderators_room()
    await rig.adapter.admit(rig.stranger, Room.MODERATORS)

    async def there() -> set[Account | None]:
        return set(await rig.adapter.occupants(Room.MODERATORS))

    await eventually(rig, there, lambda found: found >= {rig.stranger, rig.adapter.own})
    assert rig.stranger not in await rig.adapter.occupants()
    assert await rig.adapter.show_out(rig.stranger, Room.MODERATORS)
    await eventually(rig, there, lambda found: rig.stranger not in found)
    assert not await rig.in_moderators_room(rig.stranger)
    assert not await rig.adapter.show_out(rig.stranger, Room.MODERATORS)


async def test_a_site_without_the_room_says_so(rig: Rig) -> None:
    if rig.adapter.platform == "memory":
        pytest.skip("every site in memory has one")
    with pytest.raises(Undeliverable, match="no_moderators_room"):
        await rig.adapter.occupants(Room.MODERATORS)


async def test_a_moderators_words_come_in_whole_and_nothing_else_does(rig: Rig) -> None:
    await rig.open_moderators_room()
    await rig.chat_among_moderators("Do you know this applicant?")
    await rig.command_among_moderators("mod ask V-0123456789 Which licence?")
    event = await rig.inbox.event("mod ask V-0123456789 Which licence?")

    assert (event.kind, event.place, event.account) == (Kind.COMMAND, Place.MODERATORS, rig.account)
    assert all("applicant" not in one.text for one in rig.inbox.offered)


async def test_an_answer_is_shown_there_or_to_the_moderator_alone(rig: Rig) -> None:
    await rig.open_moderators_room()
    await rig.command_among_moderators("mod queue")
    event = await rig.inbox.event("mod queue")
    await rig.adapter.answer(event, note("Nobody waits for you."), {}, Kept())

    async def shown() -> list[str]:
        return [*await rig.shown(), *(seen.words for seen in await rig.moderators())]

    await eventually(rig, shown, lambda found: "Nobody waits for you." in "\n".join(found))
    assert await rig.room() == []
    assert await rig.home() == []
