"""What the bot says, on every platform: once, whole, changed in place, taken back to the last file, inert."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from bot.chat.cards import (
    Button,
    Card,
    Fields,
    Fine,
    Items,
    Paragraph,
    Picture,
    Quote,
    Speaker,
    Strong,
    note,
)
from bot.ports.adapter import Delete, Delivery, Edit, Part, Post
from tests.contract.rig import Kept, Rig, Seen, deliver, drawing, eventually, images_of
from tests.views.gallery import HOSTILE

HERON = Speaker("Quiet Heron", "a1b2")
PICTURES = (Picture("m1", "The left shin, seen from the side"), Picture("m2", "A scale bar beside it", "Bar"))
WITH_PICTURES = Card(
    "New case #123", title="#123 A plaque", speaker=HERON, blocks=(Quote("Since May."),), pictures=PICTURES
)


def spoken(words: str, speaker: Speaker | None = HERON) -> Card:
    """Make a card with words of a physician."""
    return Card("New case #123", speaker=speaker, blocks=(Quote(words),))


async def room_with(rig: Rig, words: str, count: int = 1) -> list[Seen]:
    """Look at the room until so many messages hold some words, and give those."""

    async def look() -> list[Seen]:
        return [seen for seen in await rig.room() if words in seen.words]

    return await eventually(rig, look, lambda found: len(found) == count)


async def pictures_in(rig: Rig, count: int) -> list[tuple[str, bytes]]:
    """Look at the room until so many pictures are there."""

    async def look() -> list[tuple[str, bytes]]:
        return [picture for seen in await rig.room() for picture in seen.pictures]

    return await eventually(rig, look, lambda found: len(found) == count)


async def test_a_card_stands_in_the_room_under_its_speaker(rig: Rig) -> None:
    parts = await deliver(rig, Delivery("d1", None, Post(spoken("An itching plaque."))))

    [seen] = await room_with(rig, "An itching plaque.")
    assert seen.speaker == "Quiet Heron"
    assert [(part.kind, part.remote) for part in parts] == [("message", seen.place)]
    assert await rig.home() == []


async def test_a_card_stands_in_the_thread_of_another(rig: Rig) -> None:
    [root] = await deliver(rig, Delivery("d1", None, Post(spoken("The case."))))
    await deliver(rig, Delivery("d2", None, Post(spoken("An opinion."), thread=root.remote)))

    [seen] = await room_with(rig, "An opinion.")
    assert seen.thread == root.remote


@pytest.mark.parametrize("home", [False, True])
async def test_the_same_delivery_again_stands_once(rig: Rig, home: bool) -> None:
    account = rig.account if home else None
    first = await deliver(rig, Delivery("d1", account, Post(note("Said once."))))
    again = await deliver(rig, Delivery("d1", account, Post(note("Said once.")), tried=True))
    await deliver(rig, Delivery("d2", account, Post(note("Said later."))))

    look = rig.home if home else rig.room
    seen = await eventually(rig, look, lambda found: any("Said later." in one.words for one in found))
    assert ["Said once." in one.words for one in seen] == [True, False]
    assert again == first


async def test_the_same_delivery_again_after_a_restart_stands_once(rig: Rig) -> None:
    first = await deliver(rig, Delivery("d1", None, Post(spoken("Said once."))))
    await rig.restart()
    again = await deliver(rig, Delivery("d1", None, Post(spoken("Said once.")), tried=True))

    assert again == first
    await room_with(rig, "Said once.", 1)


async def test_an_edit_changes_the_message_and_makes_no_new_one(rig: Rig) -> None:
    parts = await deliver(rig, Delivery("d1", None, Post(spoken("First words."))))
    made = await deliver(rig, Delivery("d2", None, Edit(spoken("Better words."), tuple(parts))))

    [seen] = await room_with(rig, "Better words.")
    assert made == []
    assert seen.place == parts[0].remote
    assert len(await rig.room()) == 1
    assert "First words." not in seen.words


async def test_a_card_brings_its_pictures_and_their_text_alternatives(rig: Rig) -> None:
    images = {"m1": drawing(1), "m2": drawing(2)}
    await deliver(rig, Delivery("d1", None, Post(WITH_PICTURES), images=images))

    pictures = await pictures_in(rig, 2)
    assert [data for _, data in pictures] == [images["m1"].data, images["m2"].data]
    for (alt, _), picture in zip(pictures, PICTURES, strict=True):
        assert picture.alt in alt


async def test_an_edit_with_a_redrawn_picture_shows_that_one_alone(rig: Rig) -> None:
    one, redrawn = PICTURES[:1], (replace(PICTURES[0], redrawn=True),)
    card = replace(WITH_PICTURES, pictures=one)
    parts = await deliver(rig, Delivery("d1", None, Post(card), images={"m1": drawing(1)}))
    await pictures_in(rig, 1)
    for _ in range(2):
        edit = Edit(replace(card, pictures=redrawn), tuple(parts))
        parts += await deliver(rig, Delivery("d2", None, edit, tried=True, images={"m1": drawing(2)}))

    await eventually(rig, lambda: pictures_in(rig, 1), lambda found: found[0][1] == drawing(2).data)


async def test_a_deletion_takes_everything_back_and_may_be_repeated(rig: Rig) -> None:
    images = {"m1": drawing(1), "m2": drawing(2)}
    parts = await deliver(rig, Delivery("d1", None, Post(WITH_PICTURES), images=images))
    await pictures_in(rig, 2)
    await deliver(rig, Delivery("d2", None, Post(spoken("This stays."))))

    for _ in range(2):
        assert await deliver(rig, Delivery("d3", None, Delete(tuple(parts)), tried=True)) == []
    [left] = await eventually(rig, rig.room, lambda seen: len(seen) == 1)
    assert "This stays." in left.words
    assert await rig.files() == 0


@pytest.mark.parametrize("broken", [1, 2, 3, 4, 5])
async def test_a_delivery_that_broke_off_is_finished_and_nothing_doubled(rig: Rig, broken: int) -> None:
    images = {"m1": drawing(1), "m2": drawing(2)}
    kept = Kept(broken=broken)
    delivery = Delivery("d1", None, Post(WITH_PICTURES), images=images)
    try:
        await rig.adapter.deliver(delivery, kept)
    except ConnectionError:
        done = tuple(kept.parts)
        kept.broken = 0
        again = Delivery("d1", None, Post(WITH_PICTURES), tried=True, done=done, images=images)
        await rig.adapter.deliver(again, kept)
    else:  # this platform has fewer parts
        assert len(kept.parts) < broken

    assert len(set(kept.parts)) == len(kept.parts)
    assert [data for _, data in await pictures_in(rig, 2)] == [images["m1"].data, images["m2"].data]
    await room_with(rig, "Since May.", 1)
    await deliver(rig, Delivery("d2", None, Delete(tuple(kept.parts))))
    await eventually(rig, rig.room, lambda seen: seen == [])
    assert await rig.files() == 0


async def test_a_card_reaches_a_home_chat_and_nobody_else(rig: Rig) -> None:
    [part] = await deliver(rig, Delivery("d1", rig.account, Post(note("For you alone."))))

    [seen] = await eventually(rig, rig.home, bool)
    assert "For you alone." in seen.words
    assert seen.place == part.remote
    assert await rig.room() == []


async def test_a_long_card_arrives_whole(rig: Rig) -> None:
    story = " ".join(f"w{number:04}" for number in range(1000))
    card = Card("New case #123", title="#123 Long", speaker=HERON, blocks=(Quote(story, label="History"),))
    assert len(story) == 5999
    parts = await deliver(rig, Delivery("d1", None, Post(card)))

    seen = await eventually(rig, rig.room, lambda found: len(found) == len(parts))
    assert re.findall(r"w\d{4}", "\n".join(one.words for one in seen)) == story.split()


async def test_hostile_words_stay_words_wherever_they_stand(rig: Rig) -> None:
    card = Card(
        notice=HOSTILE,
        title=HOSTILE[:60],
        speaker=Speaker("Quiet Heron <@U012AB3CD> \u202e", "a1b2"),
        blocks=(
            Paragraph((HOSTILE, Strong(HOSTILE))),
            Quote(HOSTILE, label=HOSTILE[:40]),
            Fields(((HOSTILE[:40], HOSTILE),)),
            Items(((HOSTILE,), (Strong(HOSTILE),)), numbered=True),
            Fine((HOSTILE,)),
        ),
        pictures=(Picture("m1", HOSTILE, HOSTILE),),
        buttons=(Button(HOSTILE[:60], "show 123", confirm=HOSTILE),),
    )
    parts = await deliver(rig, Delivery("d1", None, Post(card), images=images_of(card)))
    await pictures_in(rig, 1)
    assert await rig.inert() == []

    changes = tuple(part for part in parts if part.kind != "picture")
    await deliver(rig, Delivery("d2", None, Edit(spoken(f"Changed: {HOSTILE}"), changes)))
    [stays] = await room_with(rig, "Changed: ")
    assert await rig.inert() == []
    assert "*bold* _it_" in stays.words
    assert "<b>x</b>" in stays.words


async def test_an_account_is_let_into_the_room(rig: Rig) -> None:
    assert not await rig.in_room(rig.stranger)
    for _ in range(2):
        await rig.adapter.admit(rig.stranger)

    await rig.until(lambda: rig.in_room(rig.stranger))


async def test_health_says_whether_the_site_is_connected(rig: Rig) -> None:
    assert rig.adapter.health().connected
    await rig.adapter.stop()
    assert not rig.adapter.health().connected
    await rig.restart()
    assert rig.adapter.health().connected


async def test_an_adapter_serves_its_own_people(rig: Rig) -> None:
    assert rig.adapter.serves(rig.account)
    assert rig.adapter.site
    assert rig.adapter.platform == rig.account.platform


async def test_what_is_gone_already_counts_as_taken_back(rig: Rig) -> None:
    [part] = await deliver(rig, Delivery("d1", None, Post(spoken("Here."))))
    await deliver(rig, Delivery("d2", None, Delete((part,))))
    await deliver(rig, Delivery("d3", None, Delete((part, Part("message", part.remote)))))
    await eventually(rig, rig.room, lambda seen: seen == [])
