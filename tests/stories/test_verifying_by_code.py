"""Somebody shows the workplace by the code of a mail."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.chat.forms import Form
from bot.domain.verification import Stage
from bot.ports.adapter import Profile
from tests.stories.applying import NAMED, moderator
from tests.stories.front_office import (
    DOMAIN,
    ELSEWHERE,
    GUEST,
    MAIL,
    SITES,
    Office,
    answers,
    at,
    is_in,
    link,
    open_office,
    say_form,
    shown,
    stage,
)
from tests.stories.register import NEMO, licence
from tests.stories.test_reviewing import reference


@asynccontextmanager
async def by_mail(folder: Path, site: str, profile: Profile) -> AsyncIterator[tuple[Office, str]]:
    """Open an office at which a code was sent to the applicant."""
    async with open_office(folder, "workspace", "email", names_locked=("forms",)) as office:
        world, person = office.world, at(office.world, site)
        world.site_of(person).profiles[person] = profile
        assert "[form]" in await world.command(person, "verify") or site == "words"
        told = await say_form(world, person, email=MAIL)
        assert "If that address exists, a code of eight digits is on its way" in told
        yield office, person


async def test_where_the_hospital_locks_names_a_code_by_mail_leads_straight_in(tmp_path: Path) -> None:
    """Four exchanges as for everybody, and the code: the account's own address is not the hospital's."""
    async with by_mail(tmp_path, "forms", ELSEWHERE) as (office, person):
        world = office.world
        (mail,) = office.tray.mails
        assert mail["To"] == MAIL
        assert "Vantongeren" not in mail.as_string().replace(MAIL, "")

        assert "[form] Your number" in await world.say(person, office.code)
        assert "Choose the name" in await world.submit(person, {"number": NEMO, "licence": licence(NEMO)})
        told = await world.press(person, world.card(person).buttons[0].label)

        assert told.startswith("You're in")
        assert answers(world, person) == 4 + 1
        assert "Cardiology" in await world.command(person, "me")


@pytest.mark.parametrize("site", SITES)
async def test_a_code_by_mail_shows_the_workplace_and_a_moderator_binds_the_name(
    tmp_path: Path, site: str
) -> None:
    """T-21: a guest who renamed himself to a physician of the register gets as far as to a moderator."""
    async with by_mail(tmp_path, site, GUEST) as (office, person):
        world = office.world
        await moderator(world)
        code = office.code
        await world.say(person, f" {code[:4]} {code[4:]}")
        assert "Your number" in shown(world, person)
        told = await say_form(world, person, number=NEMO, licence=licence(NEMO), name=NAMED.name)
        assert "Nothing here proves your name, so somebody has to look. A moderator will look" in told
        assert answers(world, person) == (4 if site == "forms" else 6), "one for each question asked in turn"
        assert not await is_in(world, person)

        moderators_see = await world.command("mod", f"mod show {reference(world)}")
        assert f"E-mail as confirmed: {MAIL}" in moderators_see
        assert "email: pass, code agrees" in moderators_see
        assert "Name as proved" not in moderators_see
        await world.command("mod", f"mod approve {reference(world)}")
        await world.press(person, "Choose a screen name")
        first = world.card(person).buttons[0].label
        told = await (world.press(person, first) if site == "forms" else world.say(person, "1"))
        assert told.startswith(f"You're in, as {first}.")


async def test_a_profile_renamed_to_a_physician_and_a_code_end_in_review(tmp_path: Path) -> None:
    """T-21: a full member of the workspace, whose name the hospital does not lock."""
    async with open_office(tmp_path, "workspace", "email") as office:
        world = office.world
        world.forms.profiles["nemo"] = ELSEWHERE
        await world.command("nemo", "verify")
        await world.submit("nemo", {"email": MAIL})
        await world.say("nemo", office.code)
        told = await world.submit("nemo", {"number": NEMO, "licence": licence(NEMO), "name": NAMED.name})
        assert "Nothing here proves your name" in told
        assert await stage(office, "nemo") is Stage.REVIEW


@pytest.mark.parametrize("site", SITES)
async def test_a_code_typed_five_times_wrong_ends_with_its_sentence_and_the_way_on(
    tmp_path: Path, site: str
) -> None:
    async with by_mail(tmp_path, site, GUEST) as (office, person):
        world, code = office.world, office.code
        wrong = f"{(int(code) + 1) % 10**8:08d}"
        for left in ("4 more tries are", "3 more tries are", "2 more tries are", "1 more try is"):
            assert f"That is not the code. Look again, and type it once more; {left} yours." in (
                await world.say(person, wrong)
            )
        assert "wrong for the fifth time" in await world.say(person, wrong)
        assert [button.label for button in world.card(person).buttons] == [
            *("Code by e-mail", "Ask a moderator", "Stop"),
        ]
        await world.say(person, code)
        assert not await is_in(world, person)
        assert await stage(office, person) is Stage.WORKPLACE

        await world.press(person, "Code by e-mail")
        await say_form(world, person, email=MAIL)
        await world.say(person, office.code)
        assert "Your number" in shown(world, person)


async def test_a_code_that_is_too_old_has_its_sentence_and_so_has_a_fourth_one(tmp_path: Path) -> None:
    async with by_mail(tmp_path, "words", GUEST) as (office, person):
        world = office.world
        await world.wait(600)
        assert "That code does not count any more" in await world.say(person, office.code)
        for _ in range(2):
            assert "on its way" in await world.command(person, f"verify email {MAIL}")
        assert "Three codes were sent within a day" in await world.command(person, f"verify email {MAIL}")
        assert len(office.tray.mails) == 3
        assert "I wait for the code" in await world.command(person, "verify"), "the third still counts"
        await world.say(person, office.code)
        assert "Your number" in shown(world, person)


async def test_looking_where_it_stands_tells_that_a_code_is_over(tmp_path: Path) -> None:
    async with by_mail(tmp_path, "forms", GUEST) as (office, person):
        await office.world.wait(600)
        assert "That code does not count any more" in await office.world.command(person, "verify")


@pytest.mark.parametrize("address", ["nemo@home.example", "nemo", f"nemo@sub.{DOMAIN}"])
async def test_a_code_goes_to_addresses_of_the_hospital_only(tmp_path: Path, address: str) -> None:
    async with open_office(tmp_path, "workspace", "email") as office:
        world = office.world
        world.forms.profiles["nemo"] = GUEST
        await world.command("nemo", "verify")
        told = await world.submit("nemo", {"email": address})
        assert "not an e-mail address of your hospital" in told
        assert world.card("nemo").buttons[0].label == "Try again"
        assert office.tray.mails == []


async def test_an_address_alone_says_where_the_code_goes(tmp_path: Path) -> None:
    async with open_office(tmp_path, "workspace", "email") as office:
        world, person = office.world, at(office.world, "words")
        world.site_of(person).profiles[person] = GUEST
        await world.say(person, "verify")
        await world.say(person, "cancel")

        assert "a code of eight digits is on its way" in await world.say(person, MAIL)


async def test_without_the_mail_server_nobody_comes_in_but_a_moderator_can_look(tmp_path: Path) -> None:
    async with open_office(tmp_path, "workspace", "email", "oidc") as office:
        world = office.world
        await moderator(world)
        world.forms.profiles["nemo"] = GUEST
        assert "Choose another way to show it" in await world.command("nemo", "verify")
        await world.press("nemo", "Code by e-mail")
        office.tray.data_answer = "451 Later"
        told = await world.submit("nemo", {"email": MAIL})
        assert "The mail could not be sent right now." in told
        assert [button.label for button in world.card("nemo").buttons] == [
            *("Code by e-mail", "Hospital sign-on", "Go on", "Stop"),
        ]

        assert "[form] Your number" in await world.press("nemo", "Go on")
        form = world.forms.answers["nemo"][-1]
        assert isinstance(form, Form)
        assert "Step 1 of 3 is left to a moderator" in str(form.lead)
        told = await world.submit("nemo", {"number": NEMO, "licence": licence(NEMO), "name": NAMED.name})
        assert "Where you work could not be shown. A moderator will look" in told
        assert not await is_in(world, "nemo")


@pytest.mark.parametrize("site", SITES)
async def test_a_code_may_be_typed_where_it_is_asked_for(tmp_path: Path, site: str) -> None:
    async with by_mail(tmp_path, site, GUEST) as (office, person):
        world, code = office.world, office.code
        await world.press(person, "Type the code")
        await say_form(world, person, code=f"{code[:4]} {code[4:]}")
        assert "Your number" in shown(world, person)


async def test_whoever_changes_to_the_sign_on_leaves_the_code_behind(tmp_path: Path) -> None:
    async with open_office(tmp_path, "workspace", "email", "oidc") as office:
        world = office.world
        world.forms.profiles["nemo"] = GUEST
        await world.command("nemo", "verify")
        await world.command("nemo", f"verify email {MAIL}")
        await world.command("nemo", "verify oidc")
        url = link(world, "nemo")
        assert "I wait for your sign-on" in await world.say("nemo", office.code)
        page = await office.sign_on(url)
        assert "[form] Your number" in await world.say("nemo", page.digits)
