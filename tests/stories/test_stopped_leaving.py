"""Somebody who is stopped sees and erases the own data, links nothing, and escapes no ban by leaving."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest

from bot.chat.cards import Card
from bot.commands.leaving import leave_rooms
from bot.domain.members import MemberId
from bot.domain.standing import Cause
from bot.ports.adapter import Profile
from storage.vault.vault import VaultStore
from tests.stories.applying import NAMED, asked
from tests.stories.register import NEMO, OTTO, licence
from tests.stories.test_banned import LOOKS, by_mail, chosen, in_and_banned
from tests.stories.test_reviewing import reference
from tests.stories.test_standing import DAY, moderators
from tests.stories.test_verifying import Coded
from tests.stories.world import World, enrol_everybody, open_world

BOTH = pytest.mark.parametrize("person", ["ada", "ravi"])
"""One on the platform with forms, one on the one with words."""
LEAVE = "me delete keep yes"


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with open_world(tmp_path) as one:
        yield one


async def suspended(world: World, person: str) -> str:
    """Let moderators suspend somebody; gives the screen name."""
    await enrol_everybody(world)
    await moderators(world)
    name = await world.name_of(person)
    await world.command("mod", f'mod suspend "{name}" 7 You named a hospital.')
    return name


@BOTH
async def test_who_is_suspended_sees_the_own_data_and_links_nothing(world: World, person: str) -> None:
    name = await suspended(world, person)
    labels = [button.label for button in (await me(world, person)).buttons]
    assert labels[-2:] == ["My data", "Delete my account"]
    assert "two databases" in await world.command(person, "me data")
    identity = await world.command(person, "me data identity")
    assert "became a member" in identity
    assert name not in identity
    assert name in await world.command(person, "me data rooms")
    for words in ("link", "link 12345678", "link yes", "unlink", "me link", "me home"):
        assert "A moderator has suspended you until" in await world.command(person, words), words


async def me(world: World, person: str) -> Card:
    await world.command(person, "me")
    return world.card(person)


@BOTH
async def test_who_is_suspended_may_leave_and_is_told_what_stays(world: World, person: str) -> None:
    await suspended(world, person)
    assert "waits for two moderators" in await world.command(person, "me delete")
    await world.command(person, "me delete keep")
    assert "I keep keyed hashes" in await world.command(person, LEAVE)
    await world.settle()
    assert "need to be verified" in await world.command(person, "me data")
    assert await world.bot.wall.leaving.repair(forgotten) == 0
    assert "suspended" not in await world.command("mod", "mod stopped")


async def forgotten(_departure: object) -> None:
    raise AssertionError("nobody is left over")


async def test_who_was_suspended_by_a_check_leaves_like_anybody(world: World) -> None:
    """A check looks again at whoever comes back, so nothing has to stay."""
    await enrol_everybody(world)
    known = await world.bot.wall.who(world.forms.account("ada"))
    assert known is not None
    await world.bot.stopping.stop(known.member, Cause.RECHECK)
    assert "two moderators" not in await world.command("ada", "me delete")
    assert "I know nothing of you any more" in await world.command("ada", LEAVE)


@pytest.mark.parametrize("who", ["nemo", "norma"])
async def test_a_ban_survives_leaving(world: World, who: str) -> None:
    """By the number, from the same account and from others; two moderators may let the person in again."""
    await in_and_banned(world)
    told = await world.command("nemo", LEAVE)
    assert "I keep keyed hashes" in told
    await world.settle()
    world.site_of(who).profiles[who] = NAMED
    assert LOOKS in await asked(world, who, NEMO, licence_text=licence(NEMO))
    ref = reference(world)
    assert "belongs to somebody who is banned" in await world.command("mod", f"mod show {ref}")
    assert "1 more moderator" in await world.command("mod", f"mod approve {ref}")
    await world.command("maude", f"mod approve {ref}")
    await chosen(world, who)
    assert "You need to be verified" not in await world.command(who, "open")

    # In again, and unstopped: another departure leaves nothing behind but an account that was banned.
    assert "I know nothing of you any more" in await world.command(who, LEAVE)
    await world.settle()
    assert len(await world.bot.wall.hard_keys.all_of(await owners(world))) == (who != "nemo")
    assert "Choose the name" in await asked(world, who, NEMO, licence_text=licence(NEMO))


async def owners(world: World) -> list[MemberId]:
    """List whose ids stand in hard keys."""
    keys = world.bot.wall.hard_keys
    return [keys._open(index, sealed) for index, sealed in await keys._vault.hard_keys()]


async def test_an_account_that_was_banned_stays_known_whatever_number_it_gives(world: World) -> None:
    await in_and_banned(world)
    await world.command("nemo", LEAVE)
    await world.settle()
    world.forms.profiles["nemo"] = Profile(member=True, name="Otto Brackenbury")
    assert LOOKS in await asked(world, "nemo", OTTO, licence_text=licence(OTTO))


async def test_an_address_of_somebody_banned_stays_known(tmp_path: Path) -> None:
    async with open_world(tmp_path, ways=(Coded(),)) as world:
        await moderators(world)
        for who in ("nemo", "nils"):
            world.forms.profiles[who] = Profile(member=False)
        await by_mail(world, "nemo", "nemo@city.example", NEMO, "Nemo Vantongeren")
        await world.command("mod", f"mod approve {reference(world)}")
        await chosen(world, "nemo")
        await world.bot.stopping.ban(await world.name_of("nemo"), "Words.", by="shell")
        await world.command("nemo", LEAVE)
        await world.settle()

        await by_mail(world, "nils", " NEMO@city.example", OTTO, "Otto Brackenbury")
        shown = await world.command("mod", f"mod show {reference(world)}")
        assert "belongs to somebody who is banned" in shown


async def test_a_ban_survives_a_change_of_name_and_a_leaving_that_stopped_half_way(world: World) -> None:
    """The keys lie under the id of before the change; the process ends once the rooms have forgotten."""
    await moderators(world)
    world.forms.profiles["nemo"] = NAMED
    await asked(world, "nemo", NEMO, licence_text=licence(NEMO))
    await world.press("nemo", world.card("nemo").buttons[0].label)
    world.clock.pass_(200 * DAY)
    await world.command("nemo", "name")
    await world.press("nemo", world.card("nemo").buttons[0].label)
    await world.bot.stopping.ban(await world.name_of("nemo"), "Words.", by="shell")

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(VaultStore, "keep_hard_keys", faulty)
        assert "Something broke" in await world.command("nemo", LEAVE)
    rooms = partial(leave_rooms, world.bot.house)
    await world.bot.wall.leaving.repair(rooms)  # The hourly look of these 200 days may have come before.
    assert await world.bot.wall.leaving.repair(rooms) == 0
    (former,) = set(await owners(world))
    assert not await world.bot.stopping.stop(former, Cause.NUMBER), "the registry stops nobody who has left"
    world.forms.profiles["nils"] = NAMED
    assert LOOKS in await asked(world, "nils", NEMO, licence_text=licence(NEMO))


async def faulty(*_: object) -> None:
    raise ConnectionAbortedError
