"""`add`: what is new stands beneath the first words, in every room, and who answered hears of it."""

from __future__ import annotations

from tests.stories.test_blind_first import answered
from tests.stories.test_case_crosses import posted
from tests.stories.world import UNDO, World

NEWS = "add 101 The tap shows crystals."


async def test_an_update_is_looked_at_posted_and_told_to_who_answered(world: World) -> None:
    await posted(world)
    await answered(world, "ravi", "gout")
    await world.say("udo", "follow 101")
    before = world.room(world.forms)[0]

    assert "Preview of your update" in await world.command("ada", NEWS)
    assert "Update 1 on #101 is in" in await world.press("ada", "Post")
    await world.wait(UNDO)
    name = await world.name_of("ada")
    for room in (world.forms, world.words):
        assert world.room(room)[-1].startswith(f"{name}: Update 1 on #101\nThe tap shows crystals.")
    assert world.room(world.forms)[0] == before
    assert "The tap shows crystals." in world.home("ravi")[-1]
    assert "You follow #101." in world.home("udo")[-1]
    assert "The tap shows crystals." in world.home("udo")[-1]
    assert "The tap shows crystals." in await world.say("sana", "show 101")
    assert await world.command("ben", "opinion 101") == "[form] Opinion on #101"


async def test_updates_are_counted_and_one_can_be_undone_or_taken_back(world: World) -> None:
    await posted(world)
    await world.command("ada", NEWS)
    await world.press("ada", "Post")
    await world.wait(UNDO)
    await world.command("ada", "add 101 Fever now.")
    assert "Update 2" in await world.press("ada", "Post")
    assert "Your update was not posted" in await world.command("ada", "undo")
    await world.wait(UNDO)
    assert not any("Fever" in words for words in world.room(world.words))

    await world.command("ada", "add 101 Fever now.")
    await world.press("ada", "Post")
    await world.wait(UNDO)
    assert "Taking your update on #101 back" in await world.command("ada", "undo")
    await world.settle()
    assert not any("Fever" in words for words in world.room(world.words))
    await world.command("ada", "withdraw 101 yes")
    await world.settle()
    assert world.room(world.words) == []


async def test_what_cannot_be_added_to_has_its_sentence(world: World) -> None:
    await posted(world)
    assert "I know no case #101" in await world.command("ben", NEWS)
    assert "I know no case #999" in await world.command("ada", "add 999 more")
    assert await world.command("ada", "add 101") == "[form] Add to #101"
    assert "An update needs words" in await world.submit("ada", {"update": " "})
    await world.command("ada", "close 101")
    assert "is closed" in await world.command("ada", NEWS)
