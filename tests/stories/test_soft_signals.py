"""Two applicants, or an applicant and a member, who look like one person."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.duplicates import Signal
from bot.ports.adapter import Profile
from tests.stories.applying import NAMED, asked, moderator
from tests.stories.register import NEMO, NORA, OTTO, licence, npi, physician
from tests.stories.test_banned import by_mail, chosen
from tests.stories.test_reviewing import reference
from tests.stories.test_verifying import Coded
from tests.stories.world import World, bytes_below, open_world

TEN_MINUTES = 600
NAMESAKE = npi(198765432)


@pytest.fixture
async def namesakes(world: World) -> World:
    """A register with two physicians of one name in one state, and one of them a member."""
    await moderator(world)
    world.register.rows[NAMESAKE] = physician(NAMESAKE, "Nemo", "Vantongeren")
    world.forms.profiles["nemo"] = world.forms.profiles["nils"] = NAMED
    await asked(world, "nemo", NEMO, licence_text=licence(NEMO))
    return world


async def test_a_namesake_alone_comes_in(namesakes: World) -> None:
    await namesakes.press("nemo", namesakes.card("nemo").buttons[0].label)
    told = await asked(namesakes, "nils", NAMESAKE, licence_text=licence(NAMESAKE))
    assert "Choose the name" in told


async def test_a_namesake_who_begins_at_the_same_time_is_looked_at(namesakes: World) -> None:
    """The same name twice, from one workplace, within ten minutes: the first is not in yet."""
    world = namesakes
    world.workspace.names_locked.clear()
    await asked(world, "nora", NORA, licence_text=licence(NORA), name="Nora Quillfeather")
    await asked(world, "nina", NORA, licence_text=licence(NORA), name="Nora Quillfeather")
    shown = await world.command("mod", f"mod show {reference(world)}")
    assert "Another application from this workplace began within ten minutes" in shown


async def pictured(world: World, *people: str, mark: str = "upload-1") -> None:
    for person in people:
        world.forms.profiles[person] = replace(NAMED, picture=mark)


async def test_a_namesake_with_the_same_picture_is_looked_at(namesakes: World, tmp_path: Path) -> None:
    world = namesakes
    await world.say("nemo", "verify stop")
    await pictured(world, "nemo", "nils")
    await asked(world, "nemo", NEMO, licence_text=licence(NEMO))
    await world.press("nemo", world.card("nemo").buttons[0].label)
    await world.wait(TEN_MINUTES)

    told = await asked(world, "nils", NAMESAKE, licence_text=licence(NAMESAKE))
    assert "A moderator will look" in told
    assert "picture" not in told
    shown = await world.command("mod", f"mod show {reference(world)}")
    assert "A member's account shows the same profile picture." in shown
    assert "upload-1" not in shown
    assert b"upload-1" not in bytes_below(tmp_path)


async def test_a_picture_alone_lets_in_and_a_hospitals_own_says_nothing(world: World) -> None:
    await moderator(world)
    people = {
        "nora": (NORA, "Nora Quillfeather"),
        "nick": (OTTO, "Otto Brackenbury"),
        "nemo": (NEMO, NAMED.name),
    }
    duplicates, applications = world.bot.proofing._duplicates, world.bot.proofing._applications
    found = []
    for person, (number, name) in people.items():
        world.forms.profiles[person] = Profile(member=True, name=name, picture="the hospital's badge")
        assert "Choose the name" in await asked(world, person, number, licence_text=licence(number))
        application = await applications.of(world.forms.account(person))
        assert application is not None
        found.append(await duplicates.look(application))
        await world.press(person, world.card(person).buttons[0].label)
        await world.wait(TEN_MINUTES)
    world.register.rows[NAMESAKE] = physician(NAMESAKE, "Nemo", "Vantongeren")
    world.forms.profiles["nils"] = replace(NAMED, picture="the hospital's badge")
    assert "Choose the name" in await asked(world, "nils", NAMESAKE, licence_text=licence(NAMESAKE))

    assert found == [(), (Signal.PICTURE,), (Signal.PICTURE,)]


async def test_name_and_time_together_send_even_a_proved_applicant_to_a_moderator(namesakes: World) -> None:
    world = namesakes
    name = world.card("nemo").buttons[0].label
    await world.press("nemo", name)
    for person in ("nils", "nick"):
        world.forms.profiles[person] = NAMED
        await world.command(person, "verify")
    typed = {"number": NAMESAKE, "licence": licence(NAMESAKE)}
    assert "Choose the name" in await world.submit("nils", typed)
    told = await world.submit("nick", typed)
    assert "A moderator will look" in told
    assert "member" not in told
    shown = await world.command("mod", f"mod show {reference(world)}")
    assert "A member with a licence in the same state has this name." in shown
    assert "began within ten minutes" in shown
    assert name not in shown
    assert "Approved" in await world.command("mod", f"mod approve {reference(world)}")


async def test_ten_minutes_later_it_is_no_longer_together(namesakes: World) -> None:
    world = namesakes
    await world.press("nemo", world.card("nemo").buttons[0].label)
    for person in ("nils", "nick"):
        world.forms.profiles[person] = NAMED
    typed = {"number": NAMESAKE, "licence": licence(NAMESAKE)}
    await world.command("nils", "verify")
    await world.submit("nils", typed)
    await world.wait(TEN_MINUTES)
    await world.command("nick", "verify")
    assert "Choose the name" in await world.submit("nick", typed)


@pytest.mark.parametrize("proved", [True, False], ids=["shown by a code", "only typed"])
async def test_an_address_of_a_members_counts_where_it_was_shown(tmp_path: Path, *, proved: bool) -> None:
    """Whoever types a colleague's address must not learn, nor let moderators think, that it is a member's."""
    async with open_world(tmp_path, ways=(Coded(),)) as world:
        await moderator(world)
        for who in ("nemo", "nora"):
            world.forms.profiles[who] = Profile(member=False)
        await by_mail(world, "nemo", "shared@city.example", NEMO, "Nemo Vantongeren")
        await world.command("mod", f"mod approve {reference(world)}")
        await chosen(world, "nemo")
        await world.command("nora", "verify")
        await world.command("nora", "verify email Shared@City.example")
        if proved:
            await world.say("nora", "1111 2222")
        application = await world.bot.proofing._applications.of(world.forms.account("nora"))
        assert application is not None
        assert application.values["email"] == "Shared@City.example"
        found = await world.bot.proofing._duplicates.look(application)
        assert found == ((Signal.EMAIL,) if proved else ())


async def test_what_an_applicant_who_stopped_had_in_common_is_forgotten(namesakes: World) -> None:
    world = namesakes
    duplicates, applications = world.bot.proofing._duplicates, world.bot.proofing._applications
    await asked(world, "nils", NAMESAKE, licence_text=licence(NAMESAKE))
    await world.wait(TEN_MINUTES)
    nemo, nils = [await applications.of(world.forms.account(person)) for person in ("nemo", "nils")]
    assert nemo is not None
    assert nils is not None
    await duplicates.keep(nemo)
    assert Signal.NAME_AND_STATE in await duplicates.look(nils)
    assert Signal.NAME_AND_STATE not in await duplicates.look(nemo)

    await world.command("nemo", "verify stop")
    assert await duplicates.look(nils) == ()
