"""Questions asked one by one: the words that their cards print work, and numbers go to what is newest."""

from __future__ import annotations

from bot.chat.events import Place
from tests.stories.world import World


async def with_prefix(world: World, person: str, words: str) -> str:
    """Type a command with its prefix in the home chat; gives the answer in words."""
    await world.site_of(person).commands(person, words, Place.HOME)
    await world.settle()
    return world.answer(person)


async def test_the_words_of_a_question_work_as_they_are_printed_with_the_prefix(world: World) -> None:
    await world.say("ravi", "case")
    await world.say("ravi", "A plaque.")

    assert "Your question" in await with_prefix(world, "ravi", "done")
    assert "The story" in await with_prefix(world, "ravi", "back")
    assert "Stopped" in await with_prefix(world, "ravi", "cancel")
    assert "not open any more" in await with_prefix(world, "ravi", "cancel")


async def test_a_question_shows_its_example(world: World) -> None:
    assert "68-year-old woman" in await world.say("ravi", "case")


async def test_a_number_chooses_from_a_card_that_is_newer_than_a_question_for_words(world: World) -> None:
    await world.say("ravi", "case")
    await with_prefix(world, "ravi", "me")
    assert "You have not asked anything yet" in await world.say("ravi", "1")

    await world.say("ravi", "A plaque.")
    assert "Your question" in await world.say("ravi", "done")


async def test_a_number_answers_a_choice_even_when_a_card_came_since(world: World) -> None:
    for words in ("case", "A plaque.", "done", "Biopsy?"):
        await world.say("ravi", words)
    await with_prefix(world, "ravi", "me")
    assert "(4/4): For which specialties" in await world.say("ravi", "2")
