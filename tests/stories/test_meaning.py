"""An abbreviation with several meanings is asked about at once, and the opinion waits for the answer."""

from __future__ import annotations

from pathlib import Path

from tests.stories.test_case_crosses import posted
from tests.stories.test_summary import LISTS
from tests.stories.world import UNDO, World, enrol_everybody, open_world

TEN_MINUTES = 600


async def test_in_one_line_a_number_answers(world: World) -> None:
    await posted(world)
    asked = await world.say("ravi", "opinion 101 1) MS 2) lupus next: test MRI")

    assert "“MS” has more than one meaning. Which do you mean?" in asked
    labels = [button.label for button in world.card("ravi").buttons]
    assert labels == ["Multiple Sclerosis", "Mitral Valve Stenosis", "Use “MS” as typed", "Undo"]
    told = await world.say("ravi", "1")
    assert "Your opinion on #101 is in" in told
    assert "MS (Multiple Sclerosis)\nlupus" in told
    await world.wait(UNDO)
    await world.command("ada", "reveal 101")
    for room in (world.forms, world.words):
        assert "MS (Multiple Sclerosis)" in world.room(room)[1]
        assert "(changed)" not in world.room(room)[1]


async def test_on_the_form_a_button_answers_once_all_pieces_are_decided(world: World) -> None:
    await posted(world)
    await world.command("ben", "opinion 101")
    words = {"diagnoses": "lupus, r/o MS!", "remark": "MRN 4471920 says so"}
    await world.submit("ben", words)
    assert world.card("ben").title == "Preview of your opinion"
    assert "more than one meaning" in await world.command("ben", "post")
    told = await world.press("ben", "Mitral Valve Stenosis")

    assert "r/o MS (Mitral Valve Stenosis) (must not be missed)" in told
    await world.wait(UNDO)
    await world.command("ada", "reveal 101")
    assert "Mitral Valve Stenosis) (must not be missed)" in world.room(world.forms)[1]


async def test_several_are_asked_one_after_another(world: World) -> None:
    await posted(world)
    await world.say("ravi", "opinion 101 AD, gout, PD vs lupus")
    assert "“PD” (in “PD vs lupus”) has more" in await world.say("ravi", "mean 101 2")
    assert world.room(world.words)[1:] == []
    told = await world.say("ravi", "mean 101 3 1")

    assert "AD (Atopic dermatitis)" in told
    assert "PD (Parkinson Disease) vs lupus" in told
    assert "is in" in await world.say("ravi", "mean 101")


async def test_nothing_goes_out_and_nothing_counts_before_the_answer(world: World) -> None:
    await posted(world)
    await world.say("ravi", "opinion 101 MS")
    await world.wait(UNDO + 60)

    assert len(world.room(world.words)) == 1
    assert "Something new in #101. " not in world.home("ada")
    for words in ("mean 101 9", "mean 101 1 9", "mean 101 one"):
        assert "number" in await world.say("ravi", words)
    assert "more than one meaning" in await world.say("ravi", "mean 101")
    await world.say("ravi", "2")
    await world.wait(UNDO)
    assert len(world.room(world.words)) == len(world.room(world.forms)) == 2


async def test_without_an_answer_it_goes_out_as_typed_and_a_late_one_changes_it(world: World) -> None:
    await posted(world)
    await world.say("ravi", "opinion 101 MS, lupus")
    await world.wait(TEN_MINUTES - 1)
    assert len(world.room(world.words)) == 1
    await world.wait(2)

    assert len(world.room(world.words)) == 2
    await world.command("ada", "reveal 101")
    assert "MS\nlupus" in world.room(world.words)[1]
    assert "MS (Multiple Sclerosis)" in await world.press("ravi", "Multiple Sclerosis")
    assert "(changed)" in world.room(world.words)[1]
    assert "MS (Multiple Sclerosis)" in world.room(world.words)[1]


async def test_as_typed_is_the_last_choice_and_undo_takes_it_back_while_it_waits(world: World) -> None:
    await posted(world)
    await world.say("ravi", "opinion 101 MS")
    assert "is in" in await world.say("ravi", "3")
    await world.say("sana", "opinion 101 MS")
    assert "Undone" in await world.press("sana", "Undo")
    await world.wait(TEN_MINUTES + 1)

    assert len(world.room(world.words)) == 2
    await world.command("ada", "reveal 101")
    assert "\nMS" in world.room(world.words)[1]
    assert "You have no opinion on #101" in await world.say("sana", "mean 101 1")


async def test_a_restart_keeps_the_question(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        await enrol_everybody(world)
        await world.settle()
        await posted(world)
        await world.say("ravi", "opinion 101 MS")
        now = world.clock.now()
    async with open_world(tmp_path, life=2) as world:
        world.clock.pass_((now - world.clock.now()).total_seconds() + 30)
        assert "MS (Multiple Sclerosis)" in await world.say("ravi", "1")
        await world.wait(UNDO)
        assert len(world.room(world.words)) >= 1


async def test_the_answer_counts_in_the_summary(world: World) -> None:
    await posted(world)
    for person, words in LISTS.items():
        await world.say(person, f"opinion 101 {words}")
    await world.say("tove", "opinion 101 MS")
    await world.say("tove", "2")
    await world.wait(UNDO)
    await world.command("ada", "close 101")
    await world.settle()

    assert "Mitral Valve Stenosis: named by 1 of 5" in world.room(world.forms)[-1]
