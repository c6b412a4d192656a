"""Where a form is asked question by question, its case and pictures stand above the first question."""

from __future__ import annotations

from bot.chat.cards import Card
from bot.ports.adapter import Later, Undeliverable
from tests.stories.test_case_crosses import QUESTION, posted
from tests.stories.world import World
from tests.views.test_views import words_of


async def opened(world: World) -> tuple[Card, Card]:
    """Open the form of an opinion where questions come one by one; gives the last two answers."""
    await world.command("ravi", "opinion 101")
    shown, asked = world.words.answers["ravi"][-2:]
    assert isinstance(shown, Card)
    assert isinstance(asked, Card)
    return shown, asked


async def test_story_and_pictures_come_as_a_message_of_their_own_before_the_question(world: World) -> None:
    await posted(world)
    shown, asked = await opened(world)

    assert QUESTION in words_of(shown)
    assert "68-year-old woman" in words_of(shown)
    assert len(shown.pictures) == 1
    assert "Your list" not in words_of(shown)
    assert "(1/" in words_of(asked)
    assert "Your list" in words_of(asked)
    assert QUESTION not in words_of(asked)
    assert not asked.pictures


async def test_a_picture_that_does_not_arrive_holds_no_question_up_and_is_said(world: World) -> None:
    await posted(world)
    for fault in (Later(None), Undeliverable("picture_missing")):
        world.words.picture_faults.append(fault)
        _, asked = await opened(world)
        assert "Your list" in words_of(asked)
        assert "A picture could not be shown" in words_of(asked)

    assert "How sure" in await world.say("ravi", "cellulitis")
    assert "could not be shown" not in world.answer("ravi")


async def test_pictures_are_shown_once_also_after_back(world: World) -> None:
    await posted(world)
    await opened(world)
    await world.say("ravi", "cellulitis")
    count = len(world.words.answers["ravi"])
    assert "Your list" in await world.say("ravi", "back")
    assert len(world.words.answers["ravi"]) == count + 1
    assert not world.card("ravi").pictures
