"""What is said in place of something else: nothing of what stood can be read, and it can be said again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.chat.cards import note
from bot.ports.adapter import GONE, Delivery, Edit, Part, Post, Replace
from tests.contract.rig import Rig, Seen, deliver, drawing, eventually
from tests.contract.test_said import WITH_PICTURES, pictures_in, room_with, spoken

IMAGES = {"m1": drawing(1), "m2": drawing(2)}


def standing(*recorded: Sequence[Part]) -> tuple[Part, ...]:
    """Give what is left of all that was recorded, as the outbox keeps it."""
    kept = list(dict.fromkeys(part for parts in recorded for part in parts))
    gone = {part.remote for part in kept if part.kind == GONE}
    return tuple(part for part in kept if part.remote not in gone)


async def test_nothing_of_what_was_replaced_is_left_however_often_it_is_tried(rig: Rig) -> None:
    parts = standing(await deliver(rig, Delivery("d1", None, Post(WITH_PICTURES), images=IMAGES)))
    await pictures_in(rig, 2)
    for _ in range(2):
        hidden = Delivery("d2", None, Replace(note("Hidden."), parts), tried=True)
        parts = standing(parts, await deliver(rig, hidden))

    [seen] = await eventually(rig, rig.room, lambda found: len(found) == 1)
    assert "Hidden." in seen.words
    assert "Since May." not in seen.words
    assert seen.pictures == ()
    assert await rig.files() == 0
    assert parts == (Part("message", seen.place),)


async def test_what_was_replaced_is_said_again_by_an_edit_pictures_too(rig: Rig) -> None:
    parts = standing(await deliver(rig, Delivery("d1", None, Post(WITH_PICTURES), images=IMAGES)))
    parts = standing(parts, await deliver(rig, Delivery("d2", None, Replace(note("Hidden."), parts))))
    await deliver(rig, Delivery("d3", None, Edit(WITH_PICTURES, parts), images=IMAGES))

    await room_with(rig, "Since May.")
    assert [data for _, data in await pictures_in(rig, 2)] == [IMAGES["m1"].data, IMAGES["m2"].data]
    assert not [seen for seen in await rig.room() if "Hidden." in seen.words]


async def test_what_takes_a_place_in_a_thread_stands_in_it_and_shows_its_own_picture(rig: Rig) -> None:
    [root] = await deliver(rig, Delivery("d1", None, Post(spoken("The case."))))
    said = Delivery("d2", None, Post(WITH_PICTURES, root.remote), images=IMAGES)
    parts = standing(await deliver(rig, said))
    one = replace(WITH_PICTURES, pictures=WITH_PICTURES.pictures[:1])
    anew = Delivery("d3", None, Replace(one, parts, root.remote), images={"m1": drawing(3)})
    await deliver(rig, anew)

    [(_, data)] = await pictures_in(rig, 1)
    assert data == drawing(3).data
    assert all(seen.thread in ("", root.remote) for seen in await rig.room())


async def test_a_message_of_a_home_chat_is_replaced_there(rig: Rig) -> None:
    parts = standing(await deliver(rig, Delivery("d1", rig.account, Post(note("Somebody answered.")))))
    await deliver(rig, Delivery("d2", rig.account, Replace(note("Hidden."), parts)))

    def said_alone(found: list[Seen]) -> bool:
        return ["Hidden." in one.words for one in found] == [True]

    [seen] = await eventually(rig, rig.home, said_alone)
    assert "Somebody answered." not in seen.words
