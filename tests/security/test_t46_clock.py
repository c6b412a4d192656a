"""T-46: the clock jumps an hour and back, the bot restarts: nothing is early, lost or doubled."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.cases import Case
from bot.domain.clock_jumps import Jump, shifted
from bot.domain.members import MemberId
from bot.ports.adapter import Later
from tests.stories.test_blind_first import HOUR, answered
from tests.stories.test_case_crosses import posted
from tests.stories.world import UNDO, World, enrol_everybody, open_world

DAY = 24 * HOUR
MINUTE = 60
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
CASE = Case(
    "c3" * 16, 101, MemberId("a1" * 16), "", "", "", "soon", NOON, NOON, closes_at=NOON + timedelta(days=1)
)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with open_world(tmp_path) as opened:
        await enrol_everybody(opened)
        await opened.settle()
        yield opened


async def asked(world: World) -> None:
    """Post case 101 and poll 102, and answer the case; it is revealed after 12 h and ends after 24."""
    await posted(world)
    await answered(world, "ravi", "gout")
    await world.command("ada", 'poll "Tap it?" yes | no')
    await world.post("ada")
    await world.wait(UNDO + 5)


async def posted_soon(world: World, story: str) -> None:
    """Let ada post a case, which is held for its undo time."""
    await world.command("ada", "case")
    await world.submit("ada", {"story": f"{story} plaque", "question": "Biopsy?"})
    await world.post("ada")


def rooms(world: World) -> list[list[str]]:
    """Give the first words of the cases that stand in each room, in their order."""
    words = ("First", "Second")
    texts = [world.room(site) for site in (world.forms, world.words)]
    return [[word for text in room for word in words if f"{word} plaque" in text] for room in texts]


def stands(world: World) -> tuple[bool, bool]:
    """Say whether the case's opinion is revealed, and whether the case has ended."""
    words = world.room(world.forms)
    return "gout" in words[1], "closed" in words[0]


@pytest.mark.parametrize("jumps", [(HOUR,), (-HOUR,), (HOUR, -HOUR)])
async def test_t_46_reveal_and_end_come_after_the_time_that_was_promised(
    world: World, jumps: tuple[float, ...]
) -> None:
    await asked(world)
    await world.wait(11 * HOUR)
    for seconds in jumps:
        world.clock.jump(seconds)
        await world.settle()
    assert stands(world) == (False, False)

    await world.wait(50 * MINUTE)
    assert stands(world) == (False, False)
    await world.wait(10 * MINUTE)
    assert stands(world) == (True, False)
    await world.wait(11 * HOUR + 50 * MINUTE)
    assert stands(world) == (True, False)
    await world.wait(10 * MINUTE)
    assert stands(world) == (True, True)
    assert "Your vote counted" in await world.say("tove", "vote 102 1")


async def test_t_46_an_author_is_asked_once_each_time_whatever_the_clock_does(world: World) -> None:
    await posted(world)
    await world.command("ada", "close 101")
    before = len(world.home("ada"))
    await world.wait(3 * DAY)
    assert len(world.home("ada")) - before == 1

    for jump in (HOUR, -HOUR, -HOUR, HOUR, HOUR):
        world.clock.jump(jump)
        await world.settle()
    assert len(world.home("ada")) - before == 1
    await world.wait(11 * DAY + HOUR)
    assert len(world.home("ada")) - before == 2


@pytest.mark.parametrize("jump", [HOUR, -HOUR])
async def test_t_46_what_waits_to_leave_is_neither_early_nor_stuck(world: World, jump: float) -> None:
    await posted_soon(world, "First")
    await world.wait(UNDO / 2)
    world.clock.jump(jump)
    await world.bot.relay.drain()  # before anybody else noticed
    assert rooms(world) == [[], []]
    await posted_soon(world, "Second")
    await world.wait(UNDO / 2)
    assert rooms(world) == [["First"], ["First"]]
    await world.wait(UNDO / 2)
    assert rooms(world) == [["First", "Second"], ["First", "Second"]]


@pytest.mark.parametrize("jump", [HOUR, -HOUR])
async def test_t_46_a_try_that_was_put_off_comes_in_its_time_and_in_its_order(
    world: World, jump: float
) -> None:
    world.forms.room_faults += [Later(30)]
    await posted_soon(world, "First")
    await posted_soon(world, "Second")
    await world.wait(UNDO)
    world.clock.jump(jump)
    await world.settle()
    assert rooms(world) == [[], ["First", "Second"]]
    await world.wait(29)
    assert rooms(world)[0] == []
    await world.wait(1)
    assert rooms(world)[0] == ["First", "Second"]


async def test_t_46_a_restart_loses_and_doubles_nothing(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        await enrol_everybody(world)
        await asked(world)
        await world.command("ada", "close 101")
        world.clock.jump(-HOUR)
        await world.settle()
        then = world.clock.now()
    for life, days in ((2, 4), (3, 8)):
        async with open_world(tmp_path, life=life, start=then + timedelta(days=days)) as world:
            await world.settle()
            assert world.home("ada") == (["Something new in #101. "] if life != 3 else [])


def test_t_46_a_case_asked_after_the_jump_waits_as_it_was_asked() -> None:
    forward = Jump(NOON - timedelta(hours=1, seconds=30), NOON - timedelta(seconds=10), HOUR - 10)
    assert shifted(CASE, forward) == CASE
    back = Jump(NOON + timedelta(minutes=59, seconds=50), NOON + timedelta(seconds=20), -HOUR - 30)
    assert shifted(CASE, back) == CASE


def test_t_46_a_case_asked_before_the_jump_goes_along_with_it() -> None:
    for hours in (1, -1):
        before = NOON + timedelta(hours=3)
        jump = Jump(before, before + timedelta(hours=hours), hours * HOUR)
        assert shifted(CASE, jump).closes_at == NOON + timedelta(days=1, hours=hours)
        assert shifted(CASE, jump).look_at == jump.now
