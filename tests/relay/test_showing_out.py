"""Putting a member out on request: every account, every room, after trouble too, in turn with welcomes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.chat.events import Account
from bot.domain.members import MemberId
from bot.ports.adapter import Later
from bot.ports.outbox import JOINING
from bot.views.home import let_in_card
from tests.relay.test_erasing import depth, member_of
from tests.stories.world import World, enrol_everybody, open_world


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with open_world(tmp_path) as opened:
        await enrol_everybody(opened)
        await opened.settle()
        yield opened


async def show_out(world: World, person: str, key: str = "k") -> None:
    async with world.bot.house.content.work() as work:
        await work.outbox.show_out(await member_of(world, person), key=key)
    await world.settle()


async def test_a_member_with_two_accounts_is_out_of_both_rooms_although_one_platform_refuses(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = (world.forms.account("ada"), world.words.account("ada"))

    async def logins(member: MemberId) -> tuple[Account, ...]:
        return both

    monkeypatch.setattr(world.bot.wall, "logins", logins)
    world.words.admitted.add("ada")
    world.forms.immovable.add("ada")
    await show_out(world, "ada")
    assert ("ada" in world.forms.admitted, "ada" in world.words.admitted) == (True, False)
    assert await depth(world) == {"quarantined": 1}


async def test_trouble_is_tried_again_and_other_members_are_not_touched(world: World) -> None:
    world.forms.put_out_faults.append(Later(30.0))
    await show_out(world, "ada")
    assert "ada" in world.forms.admitted
    await world.wait(30)
    assert "ada" not in world.forms.admitted
    assert "ben" in world.forms.admitted
    assert await depth(world) == {}


async def test_after_a_restart_it_is_done(tmp_path: Path) -> None:
    async with open_world(tmp_path) as before:
        await enrol_everybody(before)
        await before.settle()
        before.forms.put_out_faults.append(Later(30.0))
        await show_out(before, "ada")
    async with open_world(tmp_path, life=2, inside=("ada", "ben")) as after:
        await after.wait(3600)
        assert after.forms.admitted == {"ben"}


async def test_a_welcome_that_comes_later_is_not_overtaken(world: World) -> None:
    """Somebody is suspended while the platform is in trouble, and the suspension ends before it does."""
    world.forms.put_out_faults.append(Later(30.0))
    await show_out(world, "ada")
    card = let_in_card()
    async with world.bot.house.content.work() as work:
        member, now = await member_of(world, "ada"), world.clock.now()
        await work.outbox.tell(member, card, quiet=card, key="again", release_at=now, subject=JOINING)
    await world.settle()
    await world.wait(60)
    assert "ada" in world.forms.admitted
    assert await depth(world) == {}
