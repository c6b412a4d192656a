"""T-06: moderators are told where the audit chain ends, so that a chain that was cut is noticed."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.domain.members import Role
from tests.stories.applying import moderator
from tests.stories.world import World, open_world
from tests.views.test_views import words_of

DAY = 24 * 3600


@pytest.fixture
async def guarded(tmp_path: Path) -> AsyncIterator[World]:
    async with open_world(tmp_path, moderators="forms") as world:
        await moderator(world, "mod")
        await world.settle()
        yield world


def told(world: World) -> list[str]:
    cards = [words_of(shown.card) for shown in world.forms.moderators]
    return [card for card in cards if "audit chain" in card]


async def look(world: World, days: int = 0) -> None:
    world.clock.pass_(days * DAY)
    await world.bot.watch.look()
    await world.settle()


async def enrol(world: World, person: str) -> None:
    account = world.forms.account(person)
    await world.bot.wall.joining.enrol(account, f"{person} Planted", "Surgery", Role.PHYSICIAN, by="test")
    await world.settle()


async def test_t_06_the_end_is_told_once_a_day_where_the_chain_has_grown(guarded: World) -> None:
    await look(guarded)
    await look(guarded)
    assert len(told(guarded)) == 1
    await look(guarded, days=1)
    assert len(told(guarded)) == 1
    await enrol(guarded, "ada")
    await look(guarded, days=1)
    assert len(told(guarded)) == 2


async def test_t_06_a_chain_that_is_cut_with_its_note_is_found_by_an_end_that_was_told(
    guarded: World,
) -> None:
    await enrol(guarded, "ada")
    await look(guarded)
    (end,) = re.findall(r"ends in (\d+-[0-9a-f]{64})", told(guarded)[-1])
    assert (await guarded.bot.audit.check(end)).problem == ""

    vault = guarded.bot._vault._database
    async with vault.transaction() as connection:
        await connection.execute(text("DELETE FROM audit WHERE number > 1"))
    verdict = await guarded.bot.audit.check(end)
    assert "missing" in verdict.problem
    await look(guarded, days=1)
    assert "does not hold" in told(guarded)[-1]


async def test_t_06_what_is_no_end_is_refused(guarded: World) -> None:
    with pytest.raises(ValueError, match="12-zz"):
        await guarded.bot.audit.check("12-zz")
