"""What an author thinks it is: hidden from whoever it could lead, until they have answered or the reveal."""

from __future__ import annotations

from dataclasses import replace

from tests.stories.test_blind_first import answered
from tests.stories.world import UNDO, World

PLANTED = "4471920"
GUESS = "Erysipelas"


async def posted_with_a_guess(world: World) -> str:
    await world.command("ada", "case")
    await world.submit("ada", {"story": "A woman of 68 with a red shin.", "question": "What is this?"})
    await world.command("ada", "details")
    shown = await world.submit("ada", {"working": f"{GUESS}, as MRN {PLANTED} says"})
    await world.post("ada")
    await world.wait(UNDO + 5)
    return shown


async def test_it_is_read_after_answering_or_just_reading_and_by_all_after_the_reveal(world: World) -> None:
    assert f"{GUESS}, as MRN ⟦" in await posted_with_a_guess(world)
    assert GUESS in await world.command("ada", "show 101")
    assert GUESS not in await world.say("sana", "show 101")
    assert GUESS not in await world.say("sana", "next")
    assert GUESS not in await answered(world, "ravi", "gout")
    assert GUESS in await world.say("ravi", "show 101")
    assert GUESS in await world.say("tove", "read 101")
    for room in (world.forms, world.words):
        assert not any(GUESS in words for words in world.room(room))

    assert "1 opinion" in await world.command("ada", "reveal 101")
    await world.settle()
    for room in (world.forms, world.words):
        assert f"{GUESS}, as MRN [" in world.room(room)[0]
        assert PLANTED not in world.room(room)[0]
    assert GUESS in await world.say("sana", "show 101")
    await world.command("ada", "close 101")
    await world.settle()
    summary = next(words for words in world.room(world.words) if "Summary of #101" in words)
    assert GUESS not in summary


async def test_the_clock_reveals_it_too(world: World) -> None:
    await posted_with_a_guess(world)
    await world.wait(37 * 3600)
    assert GUESS in world.room(world.words)[0]


async def test_where_opinions_stand_open_it_waits_until_the_case_has_ended(world: World) -> None:
    await posted_with_a_guess(world)
    async with world.bot.house.content.work() as work:
        case = await work.cases.by_number(101)
        assert case is not None
        await work.cases.replace(replace(case, blind=False))
    assert GUESS not in await world.say("sana", "show 101")
    await answered(world, "ravi", "gout")
    assert GUESS in await world.say("ravi", "show 101")
    assert GUESS not in world.room(world.words)[0]
    await world.command("ada", "close 101")
    await world.settle()
    assert GUESS in world.room(world.words)[0]
