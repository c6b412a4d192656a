"""Helpful: said once by whoever may read, taken back, counted; and what others see of who has helped."""

from __future__ import annotations

import pytest

from tests.stories.test_blind_first import answered
from tests.stories.test_case_crosses import posted
from tests.stories.world import UNDO, World


async def revealed(world: World) -> None:
    await posted(world)
    await answered(world, "ravi", "gout")
    await world.command("ada", "reveal 101")


async def resolve(world: World, number: int = 101) -> None:
    await world.command("ada", f"close {number}")
    await world.command("ada", f"outcome {number} confirmed cellulitis")
    await world.wait(UNDO)


async def test_readers_say_once_that_an_opinion_helped_and_may_take_it_back(world: World) -> None:
    await revealed(world)

    assert "That makes 1." in await world.command("ada", "helpful 101.1")
    assert "That makes 2." in await world.say("sana", "helpful 101.1")
    assert f"101.1 {await world.name_of('ravi')} (helpful to 2)" in await _labels(world)
    assert "Taken back." in await world.say("sana", "helpful 101.1")
    assert "nothing changed" in await world.say("sana", "unhelpful 101.1")
    assert "Taken back." in await world.press("ada", "Take it back")
    assert f"101.1 {await world.name_of('ravi')}" in await _labels(world)


async def _labels(world: World) -> list[str]:
    await world.command("ben", "show 101")
    return [getattr(block, "label", "") for block in world.card("ben").blocks]


async def test_rooms_get_the_count_with_the_outcome_and_not_in_the_moment_of_a_mark(world: World) -> None:
    await revealed(world)
    before = world.room(world.forms)
    await world.command("ada", "helpful 101.1")
    assert world.room(world.forms) == before

    await resolve(world)
    for room in (world.forms, world.words):
        assert "Helpful to 1 · has helped with 1 opinion" in world.room(room)[1]
    assert "others see that you have helped with 1 opinion" in await world.say("ravi", "me")


async def test_a_later_opinion_tells_how_often_its_name_has_helped_unless_it_is_covered(
    world: World,
) -> None:
    await revealed(world)
    await world.command("ben", "helpful 101.1")
    await resolve(world)
    await posted(world)
    await world.say("ravi", "opinion 102 gout")
    await world.wait(UNDO)
    assert "has helped" not in world.room(world.forms)[-1]

    await world.command("ada", "reveal 102")
    assert "has helped with 1 opinion" in world.room(world.forms)[-1]


async def test_the_button_in_the_room_says_it(world: World) -> None:
    await revealed(world)
    (button,) = world.forms.room[1].card.buttons
    assert button.command == "helpful 101.1"


@pytest.mark.parametrize(
    ("person", "words", "answer"),
    [
        ("ravi", "helpful 101.1", "is your own opinion"),
        ("sana", "helpful 101.1", "You cannot read opinion 101.1 yet"),
        ("ada", "helpful 101.7", "#101 has no opinion 7"),
        ("ada", "helpful 101", "Which opinion?"),
    ],
)
async def test_what_cannot_be_called_helpful_has_its_sentence(
    world: World, person: str, words: str, answer: str
) -> None:
    await posted(world)
    await answered(world, "ravi", "gout")
    assert answer in await world.command(person, words)


async def test_what_is_not_shown_helps_nobody(world: World) -> None:
    await posted(world)
    await answered(world, "ravi", "gout show: no")
    assert "You cannot read" in await world.command("ada", "helpful 101.1")
