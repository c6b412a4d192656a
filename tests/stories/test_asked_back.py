"""What cannot be read as an opinion is asked back with everything that was typed; nothing is dropped."""

from __future__ import annotations

import asyncio

from bot.chat.forms import Form, TextField
from tests.stories.linked import link
from tests.stories.test_case_crosses import posted
from tests.stories.world import UNDO, World

THIRTY = ", ".join(f"disease {number}" for number in range(30))


def asked(world: World, person: str) -> dict[str, str]:
    form = world.site_of(person).answers[person][-1]
    assert isinstance(form, Form)
    return {field.name: field.initial for field in form.fields if isinstance(field, TextField)}


async def test_the_form_comes_back_with_what_was_typed_and_is_kept_for_later(world: World) -> None:
    await posted(world)
    await world.command("ben", "opinion 101")
    for words in ("🤷", "no idea", THIRTY):
        await world.submit("ben", {"diagnoses": words, "next": "a biopsy", "confidence": "unsure"})
        assert asked(world, "ben")["diagnoses"] == words
        assert asked(world, "ben")["next"] == "a biopsy"
    await world.command("ben", "opinion 101")
    assert asked(world, "ben")["diagnoses"] == THIRTY
    assert "is in" in await world.submit("ben", {"diagnoses": "gout"})
    await world.command("ben", "opinion 101")
    assert asked(world, "ben")["diagnoses"] == ""

    answer = await world.say("ravi", "opinion 101 no idea next: a biopsy")
    assert "I found no diagnosis in that." in answer
    assert "What you wrote is kept below." in answer
    assert "no idea next: a biopsy" in answer
    await world.say("ravi", "cancel")
    assert "How sure are you" in await world.say("ravi", "opinion 101 gout sure: kinda")


async def test_what_a_case_does_not_take_is_one_sentence(world: World) -> None:
    await posted(world)
    assert "#101 is your own case" in await world.command("ada", "opinion 101 MS")
    await world.command("ada", "close 101")
    assert "Case #101 is closed" in await world.say("ravi", "opinion 101 MS")
    await world.command("ada", "withdraw 101 yes")
    assert "Case #101 was withdrawn" in await world.say("ravi", "opinion 101 MS")


async def test_of_two_opinions_sent_at_once_by_one_person_one_stands(world: World) -> None:
    await posted(world)
    await link(world, "ben", "norma")
    await asyncio.gather(
        world.forms.commands("ben", "opinion 101 gout"), world.words.says("norma", "opinion 101 cellulitis")
    )
    await world.settle()
    await world.wait(UNDO)

    answers = " ".join((world.answer("ben"), world.answer("norma")))
    assert answers.count("Your opinion on #101 is in") == 2
    assert "Your earlier list was replaced" in answers
    assert len(world.room(world.forms)) == len(world.room(world.words)) == 2
