"""Open polls are listed for each member as they stand for them, and on the home menu."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.stories.world import World, enrol_everybody, open_world


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with open_world(tmp_path) as opened:
        await enrol_everybody(opened)
        yield opened


async def test_polls_are_listed_with_what_is_left_to_do(world: World) -> None:
    assert "No poll is open." in await world.command("ada", "polls")
    for question in ("Biopsy?", "Steroid?"):
        await world.command("ben", f'poll "{question}" yes | no')
        await world.post("ben")
    assert "No poll is open." in await world.command("ada", "polls"), "both can still be undone"
    assert "Biopsy?" in await world.command("ben", "polls")

    await world.wait(90)
    await world.command("ada", "vote 102 1")
    told = await world.command("ada", "polls")
    assert "Poll 101 Biopsy? (waits for your vote)" in told
    assert "Poll 102 Steroid? (you have voted)" in told
    assert told.index("Biopsy?") < told.index("Steroid?")
    assert "1 poll waits for your vote." in await world.command("ada", "home")

    await world.command("ben", "endpoll 101")
    await world.command("ben", "endpoll 102")
    assert "No poll is open." in await world.command("ada", "polls")
    assert "your vote" not in await world.command("ada", "home")


async def test_a_poll_that_can_still_be_undone_is_nobody_elses(world: World) -> None:
    await world.command("ben", 'poll "Biopsy?" yes | no')
    await world.post("ben")
    unknown = await world.command("ada", "vote 199 1")
    assert await world.command("ada", "vote 101 1") == unknown.replace("199", "101")
    await world.wait(90)
    assert "Your vote counted" in await world.command("ada", "vote 101 1")
