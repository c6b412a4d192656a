"""An applicant who asks colleagues, and colleagues who vouch: the steps that several stories share."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bot.domain.vouches import ask, read
from bot.identity.applications import Application
from bot.ports.adapter import Profile
from tests.stories.world import World, enrol_everybody, open_world

NOTED: Final = "Noted. If that code counts, so does your word. Your colleague sees it with verify."
DAY: Final = 24 * 3600
UNKNOWN: Final = [ask(bytes([number]), datetime(2026, 3, 1, tzinfo=UTC)).code for number in range(1, 9)]
"""Codes that nobody has."""


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[World]:
    async with open_world(folder, vouching=True) as world:
        await enrol_everybody(world)
        await world.settle()
        yield world


async def asks_for_a_code(world: World, person: str) -> str:
    """Let a guest of a site choose two colleagues as the way; gives the code."""
    world.site_of(person).profiles[person] = Profile(member=False)
    assert "another way" in await world.command(person, "verify")
    told = await world.press(person, "Two colleagues")
    assert told.startswith("Your code is ")
    return "".join(re.findall(r"\d{3}", told)[:3])


async def vouches(world: World, person: str, code: str) -> str:
    """Type a code and confirm it; gives the last answer."""
    told = await world.say(person, f"vouch {code}")
    return await world.press(person, "I vouch") if "You say:" in told else told


async def application_of(world: World, person: str) -> Application:
    account = world.site_of(person).account(person)
    application = await world.bot.proofing._applications.of(account)
    assert application is not None
    return application


async def given(world: World, person: str) -> int:
    """Count who has vouched for an applicant."""
    return len(read((await application_of(world, person)).ref).by)
