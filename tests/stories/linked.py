"""Two accounts become one member: the steps that several stories share."""

from __future__ import annotations

import re

from tests.stories.world import World


async def code_of(world: World, person: str) -> str:
    """Ask for a code; gives its eight digits with a blank between."""
    shown = await world.command(person, "link")
    found = re.search(r"link (\d{4} \d{4})", shown)
    assert found, shown
    return found[1]


async def link(world: World, shows: str, types: str) -> str:
    """Let one account show a code and another type it, and both agree; gives the last answer."""
    code = await code_of(world, shows)
    assert "Are both accounts yours?" in await world.say(types, f"link {code}")
    assert "your other account's turn" in await world.press(types, "Both are mine")
    told = world.home(shows)[-1]
    assert ("typed in another account" in told) is world.site_of(shows).capabilities.private_home
    assert "Are both accounts yours?" in await world.press(shows, "Look")
    return await world.press(shows, "Both are mine")
