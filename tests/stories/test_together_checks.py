"""Where checks meet names and leaving: what is under way goes on for somebody who has another name by now."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from bot.commands.leaving import leave_rooms
from bot.domain.former import Posts
from bot.domain.members import Persona
from bot.domain.standing import State
from bot.ports.adapter import Profile
from tests.stories.applying import asked, moderator
from tests.stories.linked import link
from tests.stories.register import NEMO, licence
from tests.stories.test_deactivated import imported, let_in, told
from tests.stories.test_names import renamed
from tests.stories.test_old_account_gone import claims, joins, member_of, pass_days
from tests.stories.test_recheck import days, married
from tests.stories.test_recheck import let_in as let_in_by_the_story
from tests.stories.test_reviewing import reference
from tests.stories.test_standing import state_of
from tests.stories.world import World


async def test_a_membership_moves_though_its_screen_name_changed_meanwhile(world: World) -> None:
    await moderator(world)
    await joins(world, "nemo")
    await world.command("mod", f"mod approve {await claims(world, 'nils')}")
    _, name = await renamed(world, "nemo")
    await pass_days(world, 13)
    assert await member_of(world, "nils") is None
    await pass_days(world, 1)
    assert await world.name_of("nils") == name
    assert await member_of(world, "nemo") is None


async def test_the_old_account_objects_under_another_name_too(world: World) -> None:
    await moderator(world)
    await joins(world, "nemo")
    await world.command("mod", f"mod approve {await claims(world, 'nils')}")
    _, name = await renamed(world, "nemo")
    assert "Nobody asks to move" not in await world.command("nemo", "me object")
    await pass_days(world, 20)
    assert await world.name_of("nemo") == name
    assert await member_of(world, "nils") is None


async def test_a_change_of_name_that_broke_off_is_followed_at_the_next_start(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await moderator(world)
    await joins(world, "nemo")
    await world.command("mod", f"mod approve {await claims(world, 'nils')}")

    async def stopped() -> None:
        raise RuntimeError("the power went")

    with monkeypatch.context() as patch:
        patch.setattr(world.bot.wall.renaming, "_follow", stopped)
        await world.command("nemo", "name")
        await world.command("nemo", "name 1")
    await world.bot.wall.renaming.repair()
    name = await world.name_of("nemo")
    await pass_days(world, 14)
    assert await world.name_of("nils") == name


async def test_who_is_verified_again_by_a_moderator_may_change_the_name_meanwhile(world: World) -> None:
    await moderator(world)
    await moderator(world, "maude")
    await let_in_by_the_story(world, "nemo")
    await link(world, "nemo", "norma")
    married(world)
    await days(world, 396)
    assert "under another name" in await asked(world, "nemo", NEMO, licence_text=licence(NEMO))
    await world.press("nemo", "Ask a moderator")
    await renamed(world, "norma")
    ref = reference(world)
    await world.command("mod", f"mod approve {ref}")
    assert "goes on as before" in await world.command("maude", f"mod approve {ref}")
    await days(world, 40)
    await days(world, 20)
    assert await state_of(world, "nemo") is State.ACTIVE
    assert await state_of(world, "norma") is State.ACTIVE


async def test_a_warning_goes_on_under_another_name(world: World) -> None:
    await let_in_by_the_story(world, "nemo")
    await link(world, "nemo", "norma")
    married(world)
    await days(world, 396)
    await renamed(world, "norma")
    await days(world, 31)
    for person in ("nemo", "norma"):
        assert await state_of(world, person) is State.SUSPENDED
        assert person not in world.site_of(person).admitted
    world.forms.profiles["nemo"] = Profile(member=True, name="Nemo Undermoor")
    assert "You are verified again." in await asked(world, "nemo", NEMO, licence_text=licence(NEMO))
    await world.settle()
    for person in ("nemo", "norma"):
        assert await state_of(world, person) is State.ACTIVE
        assert person in world.site_of(person).admitted


async def test_a_check_that_takes_its_time_overwrites_no_change_of_name(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await let_in_by_the_story(world, "nemo")
    recheck, found, names = world.bot.proofing._recheck, world.bot.proofing._recheck._found, list[str]()

    async def slowly(enrolment: object) -> object:
        if not names:
            names.extend(await renamed(world, "nemo"))
        return await found(enrolment)  # type: ignore[arg-type]

    monkeypatch.setattr(recheck, "_found", slowly)
    await days(world, 396)
    assert await world.name_of("nemo") == names[1]
    known = await world.bot.wall.who(world.forms.account("nemo"))
    assert known is not None
    async with world.bot.house.content.work() as work:
        member = await work.members.get(known.member)
    assert member is not None
    assert member.persona is Persona.MEMBER


@pytest.mark.parametrize("leaves", ["nemo", "norma"])
async def test_the_number_of_somebody_who_has_left_is_forgotten(
    world: World, tmp_path: Path, leaves: str
) -> None:
    await let_in(world, "nemo", NEMO)
    await link(world, "nemo", "norma")
    await imported(tmp_path, (NEMO, "02/20/2026", ""))
    world.clock.pass_(60)
    await told(world)
    cabinet = world.bot.wall.cabinet("deactivations")
    assert NEMO.encode() in (await cabinet.get("walked") or b"")
    account, rooms = world.site_of(leaves).account(leaves), partial(leave_rooms, world.bot.house)
    assert await world.bot.wall.leaving.leave(account, Posts.KEPT, rooms)
    await told(world)
    kept = await cabinet.get("walked")
    assert kept is not None
    assert NEMO.encode() not in kept
