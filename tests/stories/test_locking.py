"""Locking: a case stays readable, nothing more is said about it, and its clock goes on."""

from __future__ import annotations

from tests.stories.applying import moderator
from tests.stories.test_blind_first import HOUR, answered
from tests.stories.test_case_crosses import posted
from tests.stories.world import World
from tests.views.test_views import words_of

LOCKED = "A moderator has locked case #101."


async def test_a_locked_case_is_read_and_closed_and_nothing_is_added_before_it_is_unlocked(
    world: World,
) -> None:
    await moderator(world)
    await posted(world)
    await answered(world, "ravi", "gout")
    await world.command("cleo", "opinion 101 gout, as Mr. Ingvar Sandkvist has")
    assert "Locked: #101." in await world.command("mod", "mod lock 101 Enough was said.")

    for room in (world.forms, world.words):
        assert "open, locked by moderation" in words_of(room.room[0].card)
        assert [button.label for button in room.room[0].card.buttons] == ["Just read", "Show"]
    for words in ("opinion 101 gout", "comment 101 Hm.", "ask 101 Why?"):
        assert LOCKED in await world.command("ben", words)
    for words in ("add 101 More.", "wider 101"):
        assert LOCKED in await world.command("ada", words)
    assert "68-year-old woman" in await world.command("ben", "show 101")
    assert "101" in await world.command("ben", "open")
    assert "68-year-old" not in await world.command("ben", "next")
    assert LOCKED in await world.post("cleo")

    assert "Unlocked: #101." in await world.press("mod", "Unlock")
    assert "is in" in await world.command("ben", "opinion 101 gout")
    await world.command("mod", "mod lock 101")
    assert "is closed" in await world.command("ada", "close 101")


async def test_the_clock_reveals_and_ends_a_locked_case(world: World) -> None:
    await moderator(world)
    await posted(world)
    await answered(world, "ravi", "gout")
    await world.command("mod", "mod lock 101")
    await world.wait(12 * HOUR)
    assert "gout" in world.room(world.forms)[1]
    await world.wait(12 * HOUR)
    assert "Summary of #101" in world.room(world.forms)[-1]
    assert LOCKED in await world.command("ada", "merge 101 1 2")
    assert "[form]" in await world.command("ada", "outcome 101")


async def test_a_locked_case_that_nobody_answered_ends_instead_of_waiting_on(world: World) -> None:
    await moderator(world)
    await posted(world)
    await world.command("mod", "mod lock 101")
    await world.wait(25 * HOUR)
    assert "closed, locked by moderation" in world.room(world.forms)[0]
