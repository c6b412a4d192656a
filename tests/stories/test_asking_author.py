"""Questions to the author of a case, and who hears of what is said on it."""

from __future__ import annotations

from bot.chat.cards import Quote
from tests.stories.test_case_crosses import posted
from tests.stories.test_hearing import asked_by_ravi
from tests.stories.world import UNDO, World


async def test_a_question_reaches_the_author_and_the_answer_whoever_asked(world: World) -> None:
    await posted(world)
    assert "Your question on #101 is in" in await world.say("ravi", "ask 101 How long has she had it?")
    await world.wait(UNDO)

    asker = await world.name_of("ravi")
    for room in (world.forms, world.words):
        assert world.room(room)[1].startswith(f"{asker}: How long has she had it?\nasks the author")
    assert world.home("ada")[-1] == "Something new in #101. "
    await world.command("ada", "show 101")
    labels = [block.label for block in world.card("ada").blocks if isinstance(block, Quote)]
    assert f"{asker} asks the author" in labels

    await world.command("ada", "comment 101 Six weeks.")
    await world.wait(UNDO)
    assert "who asked #101, wrote:\nSix weeks." in world.home("ravi")[-1]


async def test_by_form_and_in_turn_a_question_is_asked_and_answered_by_a_reply(world: World) -> None:
    await asked_by_ravi(world)
    await world.command("ben", "ask 101")
    assert "Your question" in await world.submit("ben", {"text": "Does it itch?"})
    await world.say("sana", "ask 101")
    assert "Your question" in await world.say("sana", "Any travel?")
    await world.wait(UNDO)

    assert "asks you about your case #101:\nDoes it itch?" in world.home("ravi")[-2]
    assert [button.label for button in world.words.homes["ravi"][-1].card.buttons] == [
        "Show the case",
        "Answer",
    ]
    await world.say("ravi", "No travel at all.", reply_to=world.words.homes["ravi"][-1].remote)
    await world.wait(UNDO)
    assert "No travel at all." in world.room(world.forms)[-1]
    assert "own case" in await world.say("ravi", "ask 101 Why me?")
