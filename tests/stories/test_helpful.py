"""Helpful: said once by whoever may read, taken back, counted; and what others see of who has helped."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from bot.adapters.memory import MemoryAdapter
from bot.ports.adapter import Delivery, Edit, Record
from tests.stories.test_blind_first import answered
from tests.stories.test_case_crosses import posted
from tests.stories.world import UNDO, World


async def test_what_cannot_be_called_helpful_has_its_sentence(world: World) -> None:
    await posted(world)
    await answered(world, "ravi", "gout")
    await answered(world, "tove", "gout show: no")
    for person, words, answer in (
        ("ravi", "helpful 101.1", "is your own opinion"),
        ("sana", "helpful 101.1", "You cannot read opinion 101.1 yet"),
        ("ada", "helpful 101.2", "You cannot read opinion 101.2 yet"),
        ("ada", "helpful 101.7", "#101 has no opinion 7"),
        ("ada", "helpful 101", "Which opinion?"),
        ("ada", "unhelpful 101.1", "nothing changed"),
    ):
        assert answer in await world.say(person, words)
    assert "That makes 1." in await world.command("ada", "helpful 101.1")


async def test_readers_say_it_once_and_rooms_get_the_count_with_the_outcome(world: World) -> None:
    await posted(world)
    await answered(world, "ravi", "gout")
    await world.command("ada", "reveal 101")
    (button,) = world.forms.room[1].card.buttons
    assert button.command == "helpful 101.1"
    before, name = world.room(world.forms), await world.name_of("ravi")

    assert "That makes 1." in await world.command("ada", "helpful 101.1")
    assert "That makes 2." in await world.say("sana", "helpful 101.1")
    assert f"101.1 {name} (helpful to 2)" in await _labels(world)
    assert "Taken back." in await world.say("sana", "helpful 101.1")
    assert "Taken back." in await world.press("ada", "Take it back")
    assert f"101.1 {name}" in await _labels(world)
    await world.wait(301)
    assert world.room(world.forms) == before
    await world.command("ben", "helpful 101.1")
    assert world.room(world.forms) == before
    await world.wait(301)
    for room in (world.forms, world.words):
        assert world.room(room)[1].endswith("Helpful to 1")

    await world.command("ada", "close 101")
    await world.command("ada", "outcome 101 confirmed cellulitis")
    await world.wait(UNDO)
    for room in (world.forms, world.words):
        assert "Helpful to 1 · has helped with 1 opinion" in world.room(room)[1]
    assert "others see that you have helped with 1 opinion" in await world.say("ravi", "me")

    # On another case the count of the name stands on the whole card, and not on the covered one.
    await posted(world)
    await world.say("ravi", "opinion 102 gout")
    await world.wait(UNDO)
    assert "Opinion 102.1" in world.room(world.forms)[-1]
    assert "has helped" not in world.room(world.forms)[-1]
    await world.command("ada", "reveal 102")
    assert "has helped with 1 opinion" in world.room(world.forms)[-1]


async def test_many_marks_in_a_minute_make_one_edit_in_each_room(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await posted(world)
    await answered(world, "ravi", "gout")
    await world.command("ada", "reveal 101")
    edits: list[str] = []
    for site in (world.forms, world.words):
        monkeypatch.setattr(site, "deliver", _watched(site, edits))
    for person in ("ada", "ben", "cleo", "dara", "sana", "tove", "udo") * 3:
        await world.command(person, "helpful 101.1")
        await world.wait(2)
    assert edits == []
    await world.wait(300)
    assert sorted(edits) == ["forms", "words"]
    assert "Helpful to 7" in world.room(world.words)[1]


async def test_a_covered_opinion_shows_no_count_and_the_reveal_brings_it(world: World) -> None:
    await posted(world)
    for person in ("ravi", "sana"):
        await answered(world, person, "gout")
    await world.say("sana", "helpful 101.1")
    await world.wait(301)
    assert not any("elpful" in words for words in world.room(world.forms)[1:])
    await world.command("ada", "reveal 101")
    assert "Helpful to 1" in world.room(world.forms)[1]


async def test_a_revision_does_not_wait_for_a_count(world: World) -> None:
    await posted(world)
    await answered(world, "ravi", "gout")
    await world.command("ada", "reveal 101")
    await world.command("ada", "helpful 101.1")
    await world.say("ravi", "opinion 101 1) erysipelas")
    assert "erysipelas" in world.room(world.forms)[1]
    assert "Helpful to 1" in world.room(world.forms)[1]
    await world.wait(301)
    assert "erysipelas" in world.room(world.forms)[1]


def _watched(site: MemoryAdapter, edits: list[str]) -> Callable[[Delivery, Record], Awaitable[None]]:
    """Deliver as the site does, and note each edit."""
    deliver = site.deliver

    async def watched(delivery: Delivery, record: Record) -> None:
        edits.extend([site.site] if isinstance(delivery.action, Edit) else [])
        await deliver(delivery, record)

    return watched


async def _labels(world: World) -> list[str]:
    await world.command("ben", "show 101")
    return [getattr(block, "label", "") for block in world.card("ben").blocks]
