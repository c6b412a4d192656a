"""A moderator who is asked in turn says a moderator's word: it is done, and the question goes on waiting."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.stories.applying import asked, moderator
from tests.stories.register import NEMO, licence
from tests.stories.world import World, enrol_everybody, open_world

LINES = {
    "mod": "Applications",
    "mod queue": "Applications",
    "MOD show {ref}": "Application {ref}",
    "mod stopped": "Nobody is stopped",
    "mod words": "A moderator's words",
    "mod ask V-0 Which hospital?": "No application V-0 waits",
}


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with open_world(tmp_path) as one:
        yield one


async def asked_for_words(world: World) -> str:
    """Let an applicant wait, and a moderator be asked for the words to him; gives the reference."""
    await moderator(world, "norma")
    world.workspace.names_locked.clear()
    await asked(world, "nemo", NEMO, licence_text=licence(NEMO), name="Nemo Vantongeren")
    (waits,) = await world.bot.review.queue()
    assert "(1/1)" in await world.say("norma", f"mod ask {waits.reference}")
    return waits.reference


async def test_a_moderators_word_is_no_answer(world: World) -> None:
    ref = await asked_for_words(world)
    for words, told in LINES.items():
        assert told.format(ref=ref) in await world.say("norma", words.format(ref=ref)), words
    assert "asked for more" in await world.say("norma", "Mod squad or not: which ward?")
    assert "Mod squad or not: which ward?" in await world.command("nemo", "verify")


async def test_anybody_elses_words_are_an_answer(world: World) -> None:
    await enrol_everybody(world)
    await world.say("ravi", "case")
    assert "Noted: 20 characters" in await world.say("ravi", "mod show of a fibula")
