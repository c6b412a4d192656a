"""What stands beside a story is proposed from its words; its author changes it with one form or by words."""

from __future__ import annotations

import pytest

from bot.chat.forms import ChoiceField, Form
from tests.stories.test_case_crosses import photo
from tests.stories.world import UNDO, World

PLANTED = "4471920"


def chosen(world: World, name: str) -> str:
    form = world.forms.answers["ada"][-1]
    assert isinstance(form, Form)
    return next(one.initial for one in form.fields if isinstance(one, ChoiceField) and one.name == name)


async def test_what_the_story_says_stands_beside_it_without_a_question_more(world: World) -> None:
    await world.command("ada", "case")
    shown = await world.submit(
        "ada", {"story": "58-year-old man with a plaque.", "question": "What is this?"}
    )
    assert "Beside the story: 50–59 · male · asks for a diagnosis" in shown
    await world.post("ada")
    await world.wait(UNDO + 5)
    for site in (world.forms, world.words):
        assert "50–59 · male · asks for a diagnosis" in world.room(site)[0]


@pytest.mark.parametrize(("question", "nudged"), [("Biopsy now", True), ("Biopsy now? ", False)])
async def test_a_question_that_asks_nothing_is_pointed_at_and_may_leave(
    world: World, question: str, nudged: bool
) -> None:
    await world.command("ada", "case")
    shown = await world.submit("ada", {"story": "A man with a plaque.", "question": question})
    assert ("no question mark at its end" in shown) is nudged
    await world.post("ada")
    await world.wait(UNDO + 5)
    assert "Biopsy now" in world.room(world.words)[0]


async def test_its_author_changes_what_was_proposed_and_adds_a_title(world: World) -> None:
    await world.command("ada", "case")
    await world.submit("ada", {"story": "58-year-old man with a plaque.", "question": "What is this?"})
    assert await world.press("ada", "Details") == "[form] Details"
    assert (chosen(world, "age_band"), chosen(world, "sex")) == ("50–59", "male")
    shown = await world.submit(
        "ada",
        {
            "title": f"A plaque, MRN {PLANTED}",
            "age_band": "60–69",
            "sex": "not said",
            "kind": "next test",
            "consent": "oral",
            "interest": f"My sister runs the laboratory, MRN {PLANTED}",
        },
    )
    assert "Beside the story: 60–69 · asks for the next test" in shown
    assert "the patient agreed, not in writing" in await world.press("ada", "Continue")
    await world.post("ada")
    await world.wait(UNDO + 5)
    room = world.room(world.words)[0]
    assert "#101 A plaque, MRN [" in room
    assert "60–69 · asks for the next test" in room
    assert "My sister runs the laboratory" in room
    assert "male" not in room.split("\n", 2)[1]
    assert PLANTED not in room


async def test_by_words_each_question_says_what_stands_and_skip_keeps_it(world: World) -> None:
    for words in ("case", "58-year-old man with a plaque", "done", "Biopsy?", "2", "skip", "details"):
        await world.say("ravi", words)
    for words in ("An itching plaque", "skip", "skip", "skip", "Psoriasis", "german", "skip"):
        await world.say("ravi", words)
    assert "50–59 · male · asks for the next test · in German" in await world.say("ravi", "skip")
    assert "An itching plaque" in await world.say("ravi", "preview")


async def test_editing_the_words_follows_them_and_keeps_what_was_chosen(world: World) -> None:
    await world.command("ada", "case")
    await world.submit("ada", {"story": "58-year-old man with a plaque.", "question": "What is this?"})
    await world.press("ada", "Details")
    await world.submit("ada", {"title": "What is this?", "age_band": "50–59", "sex": "male", "kind": "other"})
    await world.command("ada", "edit")
    shown = await world.submit("ada", {"story": "A woman of 30 with a plaque.", "question": "Biopsy?"})
    assert "50–59 · male · asks something else" in shown
    await world.post("ada")
    await world.wait(UNDO + 5)
    assert "#101 Biopsy?" in world.room(world.words)[0]


async def test_the_language_of_a_story_is_proposed_said_where_it_is_not_english_and_can_be_asked_for(
    world: World,
) -> None:
    await world.command("ada", "case")
    story = "58-jähriger Mann, seit sechs Wochen eine juckende Plaque und der Rand ist erhaben."
    shown = await world.submit("ada", {"story": story, "question": "Würden Sie eine Biopsie machen?"})
    assert "Beside the story: in German" in shown
    await world.command("ada", "hide all")
    await world.post("ada")
    await world.wait(UNDO + 5)
    assert "in German" in world.room(world.words)[0]
    assert "#101" in await world.say("ravi", "open german")
    assert "names that field" in await world.say("ravi", "open french")


async def test_without_consent_no_picture_leaves(world: World) -> None:
    await world.command("ada", "case")
    await world.submit("ada", {"story": "58-year-old man.", "question": "What is this?"}, photo())
    await world.command("ada", "details")
    shown = await world.submit("ada", {"consent": "not obtained"})
    assert "no picture can be posted" in shown
    assert "no picture can be posted" in await world.command("ada", "post")
    assert "no picture can be posted" not in await world.command("ada", "picture 1 remove")
    assert "Consent: not obtained." in await world.command("ada", "post")
    assert "#101" in await world.command("ada", "post")


@pytest.mark.parametrize("strange", ["120–129", "<b>", ""])
async def test_what_is_no_choice_says_nothing(world: World, strange: str) -> None:
    await world.command("ada", "case")
    await world.submit("ada", {"story": "58-year-old man.", "question": "What is this?"})
    await world.command("ada", "details")
    shown = await world.submit(
        "ada", {"age_band": strange, "sex": strange, "kind": strange, "consent": strange}
    )
    assert "Beside the story: nothing." in shown


async def test_only_cases_and_polls_have_details(world: World) -> None:
    await world.command("ada", "case")
    await world.submit("ada", {"story": "A plaque.", "question": "Biopsy?"})
    await world.post("ada")
    await world.wait(UNDO + 5)
    await world.command("ada", "add 101 The scraping is back.")
    assert "Only cases and polls have details" in await world.command("ada", "details")
