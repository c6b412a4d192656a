"""Who is told of new opinions, and how often their phone says so."""

from __future__ import annotations

from tests.stories.test_blind_first import answered
from tests.stories.test_case_crosses import posted
from tests.stories.world import UNDO, World


async def asked_by_ravi(world: World) -> None:
    await world.say("ravi", "case A plaque, six weeks.")
    for words in ("done", "Biopsy?", "2", "skip"):
        await world.say("ravi", words)
    await world.post("ravi")
    await world.wait(UNDO + 5)


def news(world: World, person: str) -> list[str]:
    return [words for words in world.home(person) if " answered #" in words or " answered your case" in words]


async def test_the_author_is_pinged_once_and_again_for_what_must_not_be_missed(world: World) -> None:
    await asked_by_ravi(world)
    await answered(world, "ben", "gout")
    assert len(news(world, "ravi")) == 1
    await answered(world, "sana", "cellulitis")
    (told,) = news(world, "ravi")
    assert "cellulitis" in told
    await answered(world, "tove", "septic arthritis!")
    assert ["septic arthritis" in one for one in news(world, "ravi")] == [False, True]
    await answered(world, "cleo", "erysipelas")
    assert "erysipelas" in news(world, "ravi")[1]
    assert "cellulitis" in news(world, "ravi")[0]


async def test_who_answered_or_just_reads_hears_of_the_next_one_before_and_after_the_reveal(
    world: World,
) -> None:
    await posted(world)
    await answered(world, "sana", "gout")
    await world.say("tove", "read 101")
    await answered(world, "ben", "cellulitis")
    for person in ("sana", "tove"):
        (told,) = news(world, person)
        assert "answered #101 too." in told
        assert "cellulitis" in told
    await world.command("ada", "reveal 101")
    await answered(world, "cleo", "erysipelas")
    for person in ("sana", "tove"):
        (told,) = news(world, person)
        assert "erysipelas" in told
    assert news(world, "udo") == []
    assert world.home("ben").count("Something new in #101. ") == 1


async def test_a_notice_that_is_gone_or_still_held_is_no_hindrance(world: World) -> None:
    await asked_by_ravi(world)
    await world.command("cleo", "opinion 101 MS")
    await answered(world, "dara", "erysipelas")
    assert len(news(world, "ravi")) == 1
    await world.wait(600)
    assert len(news(world, "ravi")) == 2
    await answered(world, "ben", "gout")
    world.words.homes["ravi"].clear()
    await answered(world, "sana", "cellulitis")
    (told,) = news(world, "ravi")
    assert "cellulitis" in told
