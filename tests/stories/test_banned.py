"""A ban is of the person: another account with the same number, licence or address does not lead in again."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.standing import State
from bot.ports.adapter import Profile
from tests.stories.applying import NAMED, asked, moderator
from tests.stories.register import NEMO, NORA, OTTO, licence
from tests.stories.test_reviewing import reference
from tests.stories.test_standing import state_of
from tests.stories.test_verifying import Coded, rename
from tests.stories.world import UNDO, World, open_world

LOOKS = "A moderator will look, usually within 2 working days"
BOTH = pytest.mark.parametrize("who", ["nils", "norma"])


async def in_and_banned(world: World) -> str:
    """Let somebody in and ban them; gives the screen name."""
    await moderator(world)
    await moderator(world, "maude")
    world.forms.profiles["nemo"] = NAMED
    await asked(world, "nemo", NEMO, licence_text=licence(NEMO))
    await world.press("nemo", world.card("nemo").buttons[0].label)
    name = await world.name_of("nemo")
    await world.command("mod", f'mod ban "{name}" Sold things.')
    await world.command("maude", f'mod ban "{name}"')
    assert await state_of(world, "nemo") is State.BANNED
    return name


async def chosen(world: World, who: str) -> None:
    """Choose the first of the proposed names."""
    await world.command(who, "verify")
    choice = world.card(who).buttons[0].label
    await (world.press(who, choice) if world.site_of(who) is world.forms else world.say(who, "1"))


@BOTH
async def test_another_account_with_the_same_number_waits_for_two_moderators(world: World, who: str) -> None:
    name = await in_and_banned(world)
    world.site_of(who).profiles[who] = NAMED
    assert LOOKS in await asked(world, who, NEMO, licence_text=licence(NEMO))
    ref = reference(world)
    shown = await world.command("mod", f"mod show {ref}")
    assert "belongs to somebody who is banned" in shown
    assert "2 approvals needed" in shown
    assert name not in shown

    assert "belongs to somebody who is banned, so 1 more" in await world.command("mod", f"mod approve {ref}")
    assert "1 more moderator" in await world.command("mod", f"mod approve {ref}")
    assert await world.bot.wall.who(world.site_of(who).account(who)) is None
    assert "Approved" in await world.command("maude", f"mod approve {ref}")
    await chosen(world, who)
    assert await state_of(world, who) is State.ACTIVE
    assert await world.name_of(who) != name
    assert await state_of(world, "nemo") is State.BANNED
    assert "You need to be verified" not in await world.command(who, "open")


async def test_who_comes_back_has_the_number_and_votes_once(world: World) -> None:
    """T-20: the vote of before the ban and the one of after are one person's."""
    await moderator(world)
    await moderator(world, "maude")
    world.forms.profiles["nemo"] = NAMED
    await asked(world, "nemo", NEMO, licence_text=licence(NEMO))
    await world.press("nemo", world.card("nemo").buttons[0].label)
    await world.command("ada", 'poll "Biopsy?" yes | no')
    await world.post("ada")
    await world.wait(UNDO + 5)
    assert "Your vote counted" in await world.command("nemo", "vote 101 1")
    name = await world.name_of("nemo")
    await world.command("mod", f'mod ban "{name}" Sold things.')
    await world.command("maude", f'mod ban "{name}"')
    world.forms.profiles["nils"] = NAMED
    await asked(world, "nils", NEMO, licence_text=licence(NEMO))
    ref = reference(world)
    for one in ("mod", "maude"):
        await world.command(one, f"mod approve {ref}")
    await chosen(world, "nils")
    assert "Your vote was changed" in await world.command("nils", "vote 101 2")

    world.forms.profiles["third"] = NAMED
    assert "A member has that number already" in await asked(world, "third", NEMO, licence_text=licence(NEMO))


async def test_a_wrong_name_on_a_banned_number_fails_like_any_other(world: World) -> None:
    """T-22: nobody learns from a number that somebody with it was banned."""
    await in_and_banned(world)
    for who, number in (("nils", NEMO), ("nora", OTTO)):
        world.forms.profiles[who] = Profile(member=True, name="Nina Oxenholt")
        assert "under another name" in await asked(world, who, number, licence_text=licence(number))


async def test_the_banned_account_itself_is_told_what_it_is(world: World) -> None:
    await in_and_banned(world)
    assert "Two moderators have banned you" in await world.command("nemo", "verify")
    assert "Two moderators have banned you" in await world.command("nemo", "verify again")
    assert await world.bot.review.queue() == ()


async def test_a_ban_that_falls_while_somebody_chooses_a_name_counts(world: World) -> None:
    await moderator(world)
    await moderator(world, "maude")
    for who in ("nemo", "nils"):
        world.forms.profiles[who] = NAMED
        await asked(world, who, NEMO, licence_text=licence(NEMO))
    await world.press("nemo", world.card("nemo").buttons[0].label)
    name = await world.name_of("nemo")
    await world.command("mod", f'mod ban "{name}" Sold things.')
    assert LOOKS in await world.command("nils", "verify name 1")
    assert await world.bot.wall.who(world.forms.account("nils")) is None


async def test_a_ban_that_is_lifted_leaves_the_number_with_its_owner(world: World) -> None:
    name = await in_and_banned(world)
    world.forms.profiles["nils"] = NAMED
    await asked(world, "nils", NEMO, licence_text=licence(NEMO))
    ref = reference(world)
    for one in ("mod", "maude"):
        await world.command(one, f"mod approve {ref}")
        await world.command(one, f'mod restore "{name}"')
    assert await state_of(world, "nemo") is State.ACTIVE
    await chosen(world, "nils")
    assert "A member has that number already" in world.answer("nils")
    assert await world.bot.wall.who(world.forms.account("nils")) is None


async def test_a_name_that_is_gone_leaves_the_number_with_the_banned_member(world: World) -> None:
    await in_and_banned(world)
    world.forms.profiles["nils"] = NAMED
    await asked(world, "nils", NEMO, licence_text=licence(NEMO))
    ref = reference(world)
    for one in ("mod", "maude"):
        await world.command(one, f"mod approve {ref}")
    await world.command("nils", "verify")
    proposed = world.card("nils").buttons[0].label
    async with world.bot.house.content.work() as work:
        ada = (await work.members.everybody())[0]
    await rename(world, ada.id, proposed)
    assert "Somebody took that name" in await world.press("nils", proposed)
    world.forms.profiles["third"] = NAMED
    assert LOOKS in await asked(world, "third", NEMO, licence_text=licence(NEMO))


async def test_the_same_address_with_another_number_waits_too(tmp_path: Path) -> None:
    async with open_world(tmp_path, ways=(Coded(),)) as world:
        await moderator(world)
        await moderator(world, "maude")
        for who in ("nemo", "nils", "nora"):
            world.forms.profiles[who] = Profile(member=False)
        await by_mail(world, "nemo", "nemo@city.example", NEMO, "Nemo Vantongeren")
        ref = reference(world)
        await world.command("mod", f"mod approve {ref}")
        await chosen(world, "nemo")
        await world.bot.stopping.ban(await world.name_of("nemo"), "Words.", by="shell")

        assert LOOKS in await by_mail(world, "nils", " NEMO@city.example", OTTO, "Otto Brackenbury")
        assert "somebody who is banned" in await world.command("mod", f"mod show {reference(world)}")
        assert LOOKS in await by_mail(world, "nora", "nora@city.example", NORA, "Nora Quillfeather")
        assert "banned" not in await world.command("mod", f"mod show {reference(world)}")


async def by_mail(world: World, who: str, address: str, number: str, name: str) -> str:
    await world.command(who, "verify")
    await world.command(who, f"verify email {address.strip()}")
    await world.say(who, "1111 2222")
    return await world.submit(who, {"number": number, "licence": licence(number), "name": name})
