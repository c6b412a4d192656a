"""Blind first: opinions stand covered in the rooms until the reveal, and only first ones count."""

from __future__ import annotations

import pytest

from tests.stories.test_case_crosses import posted
from tests.stories.world import UNDO, World

HOUR = 3600
COVERED = "bot: Opinion 101.1 · Internal medicine\nIts content is shown at the reveal"


async def answered(world: World, person: str, words: str) -> str:
    """Give an opinion, and wait until it cannot be undone."""
    answer = await world.say(person, f"opinion 101 {words}")
    await world.wait(UNDO)
    return answer


async def test_until_the_reveal_rooms_show_that_there_is_an_opinion_and_no_more(
    world: World,
) -> None:
    await posted(world)
    told = await answered(world, "ravi", "1) gout 2) sepsis! next: test a tap why: the toe sure: likely")

    assert "Until the reveal only the author reads it" in told
    for room in (world.forms, world.words):
        assert world.room(room)[1].startswith(COVERED)
        assert "gout" not in "".join(world.room(room))
    assert "gout" in await world.command("ada", "show 101")

    gate = await world.say("sana", "show 101")
    assert "1 opinion so far." in gate
    assert "gout" not in gate


async def test_who_has_answered_reads_the_others(world: World) -> None:
    await posted(world)
    await answered(world, "ravi", "gout")

    await answered(world, "sana", "cellulitis")
    assert "1) gout" in await world.press("sana", "Read 1 other")
    assert "cellulitis" in await world.say("ravi", "show 101")


async def test_just_reading_shows_all_and_makes_a_later_opinion_count_for_nothing(world: World) -> None:
    await posted(world)
    await answered(world, "ravi", "gout")

    assert "1) gout" in await world.say("sana", "read 101")
    assert "1) gout" in await world.say("sana", "show 101")
    await answered(world, "sana", "gout")
    await world.command("ada", "reveal 101")

    assert "after the reveal" not in world.room(world.forms)[1]
    assert "after the reveal" in world.room(world.forms)[2]


async def test_the_author_reveals_and_what_comes_then_is_marked(world: World) -> None:
    await posted(world)
    await answered(world, "ravi", "1) gout 2) sepsis! next: test a tap why: the toe sure: likely")

    assert "1 opinion on #101 can be read by everybody now" in await world.command("ada", "reveal 101")
    await answered(world, "sana", "cellulitis")

    name = await world.name_of("ravi")
    for room in (world.forms, world.words):
        _, first, late = world.room(room)
        assert first.startswith(f"bot: Opinion 101.1 · {name} · Internal medicine")
        for words in ("gout", "sepsis (must not be missed)", "likely", "test a tap", "the toe"):
            assert words in first
        assert "after the reveal" in late
        assert "cellulitis" in late
    assert "are revealed already" in await world.command("ada", "reveal 101")


@pytest.mark.parametrize("person", ["ben", "ravi"])
async def test_only_the_author_reveals(world: World, person: str) -> None:
    await posted(world)

    assert "I know no case #101" in await world.say(person, "reveal 101")


async def test_five_opinions_are_revealed_once_none_can_be_undone(world: World) -> None:
    await posted(world)
    for person in ("ben", "cleo", "dara", "ravi"):
        await answered(world, person, "gout")
    await world.say("sana", "opinion 101 cellulitis")
    assert world.room(world.forms)[1].startswith(COVERED)

    await world.wait(UNDO)
    assert all("gout" in opinion for opinion in world.room(world.forms)[1:5])


async def test_half_the_time_reveals_too(world: World) -> None:
    await posted(world)
    await answered(world, "ravi", "gout")
    await world.wait(12 * HOUR - 2 * UNDO)
    assert world.room(world.forms)[1].startswith(COVERED)

    await world.wait(2 * UNDO)
    assert "gout" in world.room(world.forms)[1]


async def test_an_opinion_that_is_not_shown_is_counted_and_nobody_reads_it(world: World) -> None:
    await posted(world)
    assert "nobody reads it" in await answered(world, "ravi", "gout why: the toe show: no")
    await world.command("ada", "reveal 101")

    for room in (world.forms, world.words):
        assert "Counted in the group answer, and not shown" in world.room(room)[1]
        assert "gout" not in "".join(world.room(room))
    assert "gout" not in await world.command("ada", "show 101")
    assert await world.name_of("ravi") not in await world.command("ada", "show 101")


async def test_a_list_changed_before_the_reveal_shows_its_last_words(world: World) -> None:
    await posted(world)
    await answered(world, "ravi", "gout")
    await answered(world, "ravi", "cellulitis")
    await world.command("ada", "reveal 101")
    await answered(world, "ravi", "erysipelas")

    shown = world.room(world.forms)[1]
    assert "(changed)" in shown
    assert "erysipelas" in shown


async def test_the_form_asks_for_all_and_the_wizard_for_what_matters(world: World) -> None:
    await posted(world)
    await world.command("ben", "opinion 101")
    said = {
        "diagnoses": "1) gout\n2) sepsis!",
        "confidence": "possible",
        "next": "refer to rheumatology",
        "remark": "the toe",
        "change": "a clear tap",
        "needs": "rheumatology",
        "shown": "yes",
    }
    assert "possible" in await world.submit("ben", said)
    assert "(1/4)" in await world.say("ravi", "opinion 101")
    for words in ("1) gout", "2", "skip", "skip"):
        await world.say("ravi", words)
    assert "Your opinion on #101 is in" in world.answer("ravi")

    await world.wait(UNDO)
    await world.command("ada", "reveal 101")
    first = world.room(world.forms)[1]
    for words in ("sepsis (must not be missed)", "possible", "refer to rheumatology", "a clear tap"):
        assert words in first


async def test_an_unknown_certainty_is_asked_again(world: World) -> None:
    await posted(world)

    assert "How sure are you" in await world.say("ravi", "opinion 101 gout sure: absolutely")
