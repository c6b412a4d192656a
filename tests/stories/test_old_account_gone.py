"""An old account is gone: what belongs to it moves to a new one, unless the old one objects."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.members import MemberId
from bot.ports.adapter import Profile
from tests.stories.applying import NAMED, asked, moderator
from tests.stories.linked import link
from tests.stories.register import NEMO, NORA, licence
from tests.stories.test_reviewing import reference
from tests.stories.world import World, open_world

DAY = 24 * 3600
SLACK, MATRIX = ("nemo", "nils"), ("norma", "nemo")
"""The old account and the new one."""


async def joins(world: World, person: str) -> str:
    world.site_of(person).profiles[person] = NAMED
    await asked(world, person, NEMO, licence_text=licence(NEMO))
    if world.site_of(person) is world.forms:
        await world.press(person, world.card(person).buttons[0].label)
    else:
        await world.say(person, "1")
    return await world.name_of(person)


async def claims(world: World, person: str) -> str:
    """Show the same number from a new account, and say that the old one is gone."""
    world.site_of(person).profiles[person] = NAMED
    assert "A member has that number already" in await asked(world, person, NEMO, licence_text=licence(NEMO))
    assert "usually within 2 working days" in await world.press(person, "My old account is gone")
    return reference(world)


async def pass_days(world: World, days: int) -> None:
    world.clock.pass_(days * DAY)
    await world.bot.review.moving.tidy()
    await world.bot.proofing.tidy()
    await world.settle()


async def member_of(world: World, person: str) -> MemberId | None:
    known = await world.bot.wall.who(world.site_of(person).account(person))
    return None if known is None else known.member


@pytest.mark.parametrize(("old", "new"), [SLACK, MATRIX])
async def test_after_fourteen_days_without_objection_the_screen_name_moves(
    world: World, old: str, new: str
) -> None:
    await moderator(world)
    name, member = await joins(world, old), await member_of(world, old)
    ref = await claims(world, new)

    shown = await world.command("mod", f"mod show {ref}")
    assert "A member has this number already" in shown
    assert "14 days to object" in shown
    assert name not in shown
    assert "may object now before anything moves" in await world.command("mod", f"mod approve {ref}")
    assert "this account of yours is gone" in world.home(old)[-1]
    assert "within 14 days" in await world.say(new, "verify")

    await pass_days(world, 13)
    assert await member_of(world, new) is None
    assert f"Others see you as {name}" in await world.command(old, "me")
    assert "within a day" in await world.say(new, "verify")

    await pass_days(world, 1)
    assert await world.name_of(new) == name
    assert await member_of(world, new) == member
    assert await member_of(world, old) is None
    assert new in world.site_of(new).admitted
    assert ("belongs to this one now" in world.home(new)[-1]) is world.site_of(new).capabilities.private_home
    # The way out of the room has a delivery of its own, and either may come first.
    assert any("belongs to no member now" in told for told in world.home(old)[-2:])
    assert "You need to be verified" in await world.say(old, "mine")
    assert await world.bot.wall.mailbox(MemberId(str(member))) == world.site_of(new).account(new)
    assert await world.bot.proofing.heard(world.site_of(new).account(new)) is None


@pytest.mark.parametrize(("old", "new"), [SLACK, MATRIX])
async def test_the_old_account_objects_and_nothing_moves(world: World, old: str, new: str) -> None:
    await moderator(world)
    name = await joins(world, old)
    ref = await claims(world, new)
    await world.command("mod", f"mod approve {ref}")

    assert "Noted. Nothing moves" in await world.press(old, "I object")

    await pass_days(world, 30)
    assert await world.name_of(old) == name
    assert await member_of(world, new) is None
    assert "An account objected" in await world.say(new, "verify")
    shown = await world.command("mod", f"mod show {ref}")
    assert "objected, so it cannot be approved" in shown
    assert "Approve" not in [button.label for button in world.card("mod").buttons]
    assert "cannot be approved" in await world.command("mod", f"mod approve {ref}")
    assert "Nobody asks to move" in await world.command(old, "me object")
    assert "rejected" in await world.command("mod", f"mod reject {ref} Use your old account.")


@pytest.mark.parametrize("told", [None, Profile(member=False)])
async def test_an_old_account_that_the_platform_calls_switched_off_is_not_waited_for(
    world: World, told: Profile | None
) -> None:
    await moderator(world)
    name = await joins(world, "nemo")
    ref = await claims(world, "nils")
    world.forms.profiles["nemo"] = told
    await world.command("mod", f"mod approve {ref}")
    assert await world.name_of("nils") == name
    assert await member_of(world, "nemo") is None


async def test_an_account_that_is_switched_off_later_ends_the_wait(world: World) -> None:
    await moderator(world)
    name = await joins(world, "nemo")
    await world.command("mod", f"mod approve {await claims(world, 'nils')}")
    await pass_days(world, 2)
    assert await member_of(world, "nils") is None
    world.forms.profiles["nemo"] = None
    await pass_days(world, 1)
    assert await world.name_of("nils") == name


async def test_the_days_go_on_over_a_restart(tmp_path: Path) -> None:
    async with open_world(tmp_path) as first:
        await moderator(first)
        name = await joins(first, "nemo")
        await first.command("mod", f"mod approve {await claims(first, 'nils')}")
        start = first.clock.now()
    async with open_world(tmp_path, life=2) as second:
        second.clock.pass_((start - second.clock.now()).total_seconds())
        await pass_days(second, 15)
        assert await second.name_of("nils") == name
        assert await member_of(second, "nemo") is None


async def test_t_22_whoever_has_proved_no_name_learns_nothing_of_the_number(world: World) -> None:
    """The same words for a number that is a member's and for one that is nobody's."""
    await moderator(world)
    await joins(world, "nemo")
    world.workspace.names_locked.clear()
    answers = {}
    for person, number, name in (("nils", NEMO, "Nemo Vantongeren"), ("nora", NORA, "Nora Quillfeather")):
        first = await asked(world, person, number, licence_text=licence(number), name=name)
        answers[person] = (
            first,
            *[await world.command(person, f"verify{word}") for word in ("", " gone", "")],
        )
    assert answers["nils"] == answers["nora"]
    assert "A moderator will look" in answers["nils"][0]
    assert "If that goes well and there is an old account" in answers["nils"][2]


async def test_a_name_that_only_moderators_bind_needs_two_of_them(world: World) -> None:
    """T-21: public data and an unproved name take nothing from anybody with one moderator's yes."""
    await moderator(world)
    await moderator(world, "maude")
    name = await joins(world, "nemo")
    world.workspace.names_locked.clear()
    await asked(world, "nils", NEMO, licence_text=licence(NEMO), name="Nemo Vantongeren")
    assert "If that goes well and there is an old account" in await world.command("nils", "verify gone")
    ref = reference(world)
    assert "1 more moderator must approve" in await world.command("mod", f"mod approve {ref}")
    assert await world.name_of("nemo") == name
    assert "may object now" in await world.command("maude", f"mod approve {ref}")
    assert "this account of yours is gone" in world.home("nemo")[-1]


async def test_linking_after_all_ends_the_move(world: World) -> None:
    await moderator(world)
    name = await joins(world, "nemo")
    await world.command("mod", f"mod approve {await claims(world, 'nils')}")
    await link(world, "nemo", "nils")
    await pass_days(world, 15)
    assert await world.name_of("nemo") == await world.name_of("nils") == name


async def test_where_the_old_membership_ends_meanwhile_a_moderator_lets_in_anew(world: World) -> None:
    await moderator(world)
    name, member = await joins(world, "nemo"), await member_of(world, "nemo")
    ref = await claims(world, "nils")
    await world.command("mod", f"mod approve {ref}")
    wall, nemo = world.bot.wall, world.forms.account("nemo")
    application = await world.bot.proofing._applications.of(world.forms.account("nils"))
    assert member is not None
    assert application is not None
    keys = [wall.hard_keys.index(key) for key in application.keys]
    await wall._vault.drop_account(wall.accounts.index(nemo), wall.accounts.route(member), keys, {})

    await pass_days(world, 1)
    shown = await world.command("mod", f"mod show {ref}")
    assert "but no member has this number" in shown
    assert "chooses a screen name" in await world.command("mod", f"mod approve {ref}")
    await world.press("nils", "Choose a screen name")
    chosen = world.card("nils").buttons[0].label
    await world.press("nils", chosen)
    assert await world.name_of("nils") == chosen != name


async def test_stopping_ends_the_move(world: World) -> None:
    await moderator(world)
    name = await joins(world, "nemo")
    await world.command("mod", f"mod approve {await claims(world, 'nils')}")
    assert "forgotten" in await world.command("nils", "verify stop")
    await pass_days(world, 15)
    assert await world.name_of("nemo") == name
    assert "Nobody asks to move" in await world.command("nemo", "me object")


async def test_an_account_that_came_meanwhile_is_asked_too(world: World) -> None:
    """Two new accounts want the same membership: the second takes nothing from the first unasked."""
    await moderator(world)
    name = await joins(world, "nemo")
    for new in ("nils", "nick"):
        await world.command("mod", f"mod approve {await claims(world, new)}")
        await pass_days(world, 1)
    await pass_days(world, 12)
    assert await world.name_of("nils") == name

    await pass_days(world, 1)
    assert await member_of(world, "nick") is None
    assert "this account of yours is gone" in world.home("nils")[-1]
    await world.press("nils", "I object")
    await pass_days(world, 20)
    assert await world.name_of("nils") == name
    assert await member_of(world, "nick") is None


async def test_every_account_of_the_member_is_asked_and_any_of_them_can_object(world: World) -> None:
    await moderator(world)
    name = await joins(world, "nemo")
    await link(world, "nemo", "norma")
    await world.command("mod", f"mod approve {await claims(world, 'nils')}")
    assert "this account of yours is gone" in world.home("nemo")[-1]
    assert "this account of yours is gone" in world.home("norma")[-1]
    assert "Noted" in await world.say("norma", "me object")
    await pass_days(world, 15)
    assert await world.name_of("norma") == name
    assert await member_of(world, "nils") is None
