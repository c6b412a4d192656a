"""The bot on a real homeserver: taking back what a person said at home, where it may."""

from typing import Any

import pytest
from nio import RoomPreset

from bot.adapters.matrix.adapter import MatrixAdapter
from bot.adapters.matrix.wire import path
from bot.chat.cards import note
from bot.chat.events import Kind
from bot.ports.adapter import Delete, Delivery, Part, Post, Undeliverable
from bot.standin.people import Person
from tests.matrix.fakes import Parts
from tests.matrix.rig import Hospital, png

_MEGOLM = {"algorithm": "m.megolm.v1.aes-sha2"}
pytestmark = pytest.mark.matrix_real


def erasing(*remotes: str, name: str = "d") -> Delivery:
    return Delivery(name, None, Delete(tuple(Part("message", remote) for remote in remotes)))


async def kept(bot: MatrixAdapter, room: str, person: Person) -> list[Any]:
    """What the homeserver still has of a person's messages, oldest first, as the bot gets it."""
    asked = {"dir": "b", "limit": "100", "filter": '{"types":["m.room.encrypted"]}'}
    answer = await bot._session.wire.get(path("rooms", room, "messages"), asked)
    mine = [event for event in reversed(answer["chunk"]) if event["sender"] == person.user]
    return [event["content"] for event in mine]


async def story_in_own_chat(city: Hospital, person: Person, preset: str) -> str:
    """Let a person open a chat and say a story there; gives its remote."""
    encryption = {"type": "m.room.encryption", "state_key": "", "content": _MEGOLM}
    made = await person.client.room_create(
        is_direct=True, invite=[city.site.user], preset=RoomPreset(preset), initial_state=[encryption]
    )
    rooms = person.client.rooms
    await person.until(lambda: made.room_id in rooms and city.site.user in rooms[made.room_id].users)
    await person.until(lambda: city.site.user not in rooms[made.room_id].invited_users)
    await person.say(made.room_id, "a story")
    return (await city.intake.hear("a story")).remote


async def test_in_its_own_chat_the_bot_takes_back_words_pictures_and_edits(city: Hospital) -> None:
    bot = await city.adapter()
    person, account = await city.person()
    await bot.deliver(Delivery("hello", account, Post(note("What is the story?"))), Parts())
    home = (await person.hear("What is the story?")).room
    words = await person.say(home, "a man of 58")
    await person.edit(home, words, "a man of 59")
    await person.show(home, png(), caption="the left shin")
    await person.say(home, "!consult post")
    events = [event for event in await city.intake.until(5) if event.remote]
    assert [event.kind for event in events] == [Kind.TEXT, Kind.EDITED, Kind.TEXT, Kind.COMMAND]
    assert all("ciphertext" in content for content in await kept(bot, home, person))

    asked = erasing(*(event.remote for event in events if event.kind is not Kind.EDITED))
    for _ in range(2):
        await bot.deliver(asked, Parts())
    await person.until(lambda: not person.read(home, sender=person.user))
    left = await kept(bot, home, person)
    assert len(left) == 4
    assert all(content.keys() <= {"m.relates_to"} for content in left)
    assert len(person.read(home, sender=city.site.user)) == 1


async def test_a_chat_made_as_element_makes_it_lets_the_bot_take_words_back(city: Hospital) -> None:
    bot = await city.adapter()
    person, _ = await city.person()
    remote = await story_in_own_chat(city, person, "trusted_private_chat")
    await bot.deliver(erasing(remote), Parts())
    await person.until(lambda: not person.read(sender=person.user))


async def test_in_a_chat_that_the_person_made_the_words_stay_and_the_relay_hears_why(city: Hospital) -> None:
    bot = await city.adapter()
    person, _ = await city.person()
    remote = await story_in_own_chat(city, person, "private_chat")
    for _ in range(2):
        with pytest.raises(Undeliverable) as refused:
            await bot.deliver(erasing(remote), Parts())
        assert refused.value.code == "forbidden"
    assert [message.body for message in person.read(sender=person.user)] == ["a story"]
    [content] = await kept(bot, remote.split(" ")[0], person)
    assert "ciphertext" in content


async def test_what_the_person_deleted_already_counts_as_taken_back(city: Hospital) -> None:
    bot = await city.adapter()
    person, _ = await city.person()
    remote = await story_in_own_chat(city, person, "private_chat")
    await person.client.room_redact(*remote.split(" "))
    await person.until(lambda: not person.read(sender=person.user))
    await bot.deliver(erasing(remote), Parts())


async def test_all_that_can_be_taken_back_is_before_the_refusal(city: Hospital) -> None:
    bot = await city.adapter()
    person, account = await city.person()
    await bot.deliver(Delivery("hello", account, Post(note("What is the story?"))), Parts())
    home = (await person.hear("What is the story?")).room
    await person.say(home, "its beginning")
    goes = (await city.intake.hear("its beginning")).remote
    stays = await story_in_own_chat(city, person, "private_chat")
    with pytest.raises(Undeliverable):
        await bot.deliver(erasing(stays, f"{home} $nothing", goes), Parts())
    await person.until(lambda: not person.read(home, sender=person.user))
    assert [message.body for message in person.read(sender=person.user)] == ["a story"]


async def test_what_is_no_address_of_this_platform_is_undeliverable(city: Hospital) -> None:
    bot = await city.adapter()
    with pytest.raises(Undeliverable) as refused:
        await bot.deliver(erasing("D123 1700000000.000100"), Parts())
    assert refused.value.code == "malformed_remote"
