"""A case ends: by its author, by the number of opinions, or by the clock; and everybody gets one answer."""

from __future__ import annotations

from tests.stories.test_blind_first import HOUR, answered
from tests.stories.test_case_crosses import posted
from tests.stories.world import World

LISTS = {
    "ben": "1) gout 2) cellulitis next: test a tap sure: likely",
    "cleo": "1) gout 2) septic arthritis! next: test joint aspiration",
    "ravi": "1) cellulitis 2) gout next: treat at once sure: very likely",
    "sana": "gout",
}


async def told(world: World) -> None:
    await posted(world)
    for person, words in LISTS.items():
        await answered(world, person, words)


async def test_closing_posts_one_summary_with_a_picture_and_tells_who_took_part(world: World) -> None:
    await told(world)
    assert "The summary goes out now" in await world.command("ada", "close 101")
    await world.settle()

    for room in (world.forms, world.words):
        summary = world.room(room)[-1]
        assert "4 independent opinions. Agreement: moderate" in summary
        assert "Gout: named by 4 of 4 (100 %), first by 3" in summary
        assert "Cellulitis: one physician's first choice" in summary
        assert "Infectious arthritis: must not be missed, by 1 physician" in summary
        assert "test 2, treat 1" in summary
        assert "The treating physician decides." in summary
        (picture,) = room.room[-1].card.pictures
        assert "1: Gout, 100 %, first by 3" in picture.alt
        assert room.room[-1].thread == room.room[0].remote
    assert "has ended" in world.home("ravi")[-1]
    assert world.home("ben")[-1] == world.home("ada")[-1] == "Something new in #101. "


async def test_the_summary_stays_with_the_case_and_goes_with_it(world: World) -> None:
    await told(world)
    await world.command("ada", "close 101")
    await world.settle()
    assert "named by 4 of 4" in await world.command("dara", "show 101")

    await world.command("ada", "withdraw 101 yes")
    await world.settle()
    assert world.room(world.forms) == world.room(world.words) == []


async def test_only_first_versions_count(world: World) -> None:
    await told(world)
    await answered(world, "sana", "erysipelas")
    await world.command("ada", "close 101")
    await world.settle()

    assert "named by 4 of 4" in world.room(world.forms)[-1]


async def test_two_opinions_are_no_group_answer(world: World) -> None:
    await posted(world)
    for person in ("ben", "ravi"):
        await answered(world, person, LISTS[person])
    await world.command("ada", "close 101")
    await world.settle()

    summary = world.room(world.forms)[-1]
    assert "2 independent opinions. Too few opinions for a group answer." in summary
    assert "Gout" not in summary
    assert not world.forms.room[-1].card.pictures


async def test_a_case_ends_by_the_clock(world: World) -> None:
    await told(world)
    await world.wait(24 * HOUR)

    assert "4 independent opinions" in world.room(world.forms)[-1]
    assert "closed" in world.room(world.forms)[0]
    assert "Case #101 is closed" in await world.say("tove", "opinion 101 gout")


async def test_a_case_that_nobody_answered_stays_open_and_its_author_hears_of_it(world: World) -> None:
    await posted(world)
    await world.wait(24 * HOUR)

    assert len(world.room(world.forms)) == 1
    assert "Something new in #101" in world.home("ada")[-1]
    assert "Your opinion" in await world.say("tove", "opinion 101 gout")


async def test_what_was_undone_is_not_counted(world: World) -> None:
    await told(world)
    await world.say("tove", "opinion 101 erysipelas")
    await world.say("tove", "undo")
    await world.command("ada", "close 101")
    await world.settle()

    assert "4 independent opinions" in world.room(world.forms)[-1]
