"""Somebody shows workplace and name by the hospital's sign-on, and the code on the page at its end."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.chat.cards import Card
from bot.ports.adapter import Profile
from tests.stories.applying import NAMED, moderator
from tests.stories.front_office import (
    DOMAIN,
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
)
from tests.stories.register import NEMO, NORA, licence
from tests.stories.world import World, bytes_below


@pytest.mark.parametrize("site", SITES)
async def test_a_sign_on_proves_the_name_and_leads_straight_in(tmp_path: Path, site: str) -> None:
    async with open_office(tmp_path, "workspace", "oidc") as office:
        world, person = office.world, at(office.world, site)
        world.site_of(person).profiles[person] = GUEST
        assert "Choose another way to show it" in await world.command(person, "verify")
        await world.press(person, "Hospital sign-on")
        assert "type it here, and give it to nobody" in world.answer(person)
        page = await office.sign_on(link(world, person))
        await world.say(person, page.digits)
        assert "Your number" in shown(world, person)
        assert "Choose the name" in await say_form(world, person, number=NEMO, licence=licence(NEMO))
        told = await world.press(person, world.card(person).buttons[0].label)

        assert told.startswith("You're in")
        assert answers(world, person) == (5 if site == "forms" else 6)


async def test_a_name_that_anybody_can_edit_may_be_proved_by_a_sign_on(tmp_path: Path) -> None:
    """The account shows the workplace; only the name is missing, and need not wait for a moderator."""
    async with open_office(tmp_path, "workspace", "oidc") as office:
        world = office.world
        world.forms.profiles["nemo"] = Profile(member=True, name="Nora Quillfeather", email=MAIL)
        told = await world.command("nemo", "verify")
        assert "you work here" in told
        assert "Nothing proves your name yet" in told
        await world.press("nemo", "Hospital sign-on")
        page = await office.sign_on(link(world, "nemo"))
        await world.say("nemo", page.digits)
        assert "another name than yours" in await world.submit("nemo", {"number": NORA, "licence": "MA 1"})
        await world.press("nemo", "Try again")
        assert "Choose the name" in await world.submit("nemo", {"number": NEMO, "licence": licence(NEMO)})


async def test_whoever_does_not_sign_on_may_go_on_to_a_moderator(tmp_path: Path) -> None:
    async with open_office(tmp_path, "workspace", "oidc") as office:
        world = office.world
        world.forms.profiles["nemo"] = Profile(member=True, name="Nemo Vantongeren", email=MAIL)
        await world.command("nemo", "verify")
        assert "[form] Your number" in await world.press("nemo", "Go on")
        told = await world.submit("nemo", {"number": NEMO, "licence": licence(NEMO), "name": NAMED.name})
        assert "Nothing here proves your name" in told


async def test_a_sign_on_that_has_not_come_back_is_not_a_wrong_code(tmp_path: Path) -> None:
    async with open_office(tmp_path, "oidc") as office:
        world = office.world
        await world.command("nemo", "verify")
        await world.press("nemo", "Hospital sign-on")
        url = link(world, "nemo")
        for _ in range(6):
            assert "I wait for your sign-on" in await world.say("nemo", "12345678")
        page = await office.sign_on(url)
        wrong = f"{(int(page.digits.replace(' ', '')) + 1) % 10**8:08d}"
        assert "That is not the code" in await world.say("nemo", wrong)
        assert "[form] Your number" in await world.say("nemo", page.digits)


@pytest.mark.parametrize(
    ("says", "sentence"),
    [
        ({"email": "nemo@home.example"}, "The e-mail address of that sign-on is not one of your hospital's"),
        ({"email_verified": False}, "does not say that it has checked your e-mail address"),
        ({"nonce": "of another"}, "The sign-on of your hospital did not let you in"),
    ],
)
async def test_a_sign_on_that_shows_nothing_leads_back_to_the_choice(
    tmp_path: Path, says: dict[str, object], sentence: str
) -> None:
    async with open_office(tmp_path, "workspace", "oidc") as office:
        world = office.world
        world.forms.profiles["nemo"] = GUEST
        office.sso.says = says
        await world.command("nemo", "verify")
        await world.press("nemo", "Hospital sign-on")
        page = await office.sign_on(link(world, "nemo"))
        assert (page.status, page.digits) == (400, "")
        assert "type verify there" in page.text

        told = await world.command("nemo", "verify")
        assert sentence in told
        assert "Hospital sign-on" in [button.label for button in world.card("nemo").buttons]
        assert not await is_in(world, "nemo")


async def test_a_provider_that_is_silent_leaves_the_way_to_a_moderator(tmp_path: Path) -> None:
    async with open_office(tmp_path, "workspace", "oidc") as office:
        world = office.world
        world.forms.profiles["nemo"] = GUEST
        await world.command("nemo", "verify")
        office.sso.answers = {"about": 503}
        told = await world.press("nemo", "Hospital sign-on")
        assert "The sign-on of your hospital does not answer right now." in told
        assert "Go on" in [button.label for button in world.card("nemo").buttons]


async def test_the_page_shows_digits_and_nothing_of_the_person(tmp_path: Path) -> None:
    async with open_office(tmp_path, "oidc") as office:
        world = office.world
        await world.command("nemo", "verify")
        await world.press("nemo", "Hospital sign-on")
        state, code = office.sso.sign_on(link(world, "nemo"))
        back = {"state": state, "code": code}
        assert (await office.browse(back, "HEAD")).status == 405, "whoever looks first uses nothing up"
        page = await office.browse(back)

        assert page.status == 200
        assert len(page.digits.replace(" ", "")) == 8
        for planted in ("Vantongeren", "nemo", DOMAIN, "24828976", "<script", "http"):
            assert planted not in page.text
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        assert "unsafe" not in page.headers["Content-Security-Policy"]
        assert page.headers["Cache-Control"] == "no-store"
        assert page.headers["Referrer-Policy"] == "no-referrer"
        again = await office.browse(back)
        assert (again.status, again.digits) == (400, "")


async def test_what_comes_back_without_a_known_state_learns_nothing(tmp_path: Path) -> None:
    async with open_office(tmp_path, "oidc") as office:
        world = office.world
        await world.command("nemo", "verify")
        await world.press("nemo", "Hospital sign-on")
        pages = [
            await office.browse(query)
            for query in ({}, {"state": "0" * 32, "code": "x"}, {"code": "x"}, {"state": "<b>", "code": "x"})
        ]
        assert {(page.status, page.text) for page in pages} == {(400, pages[0].text)}
        assert "I wait for your sign-on" in await world.command("nemo", "verify"), "nothing was used up"


async def test_two_accounts_of_one_sign_on_are_one_person(tmp_path: Path) -> None:
    """T-20: whoever the provider calls by one subject comes in once, whatever number he gives."""
    async with open_office(tmp_path, "oidc") as office:
        world = office.world
        office.sso.says = {"name": "Nora Quillfeather"}
        await into(office, "nora", NORA)
        assert await is_in(world, "nora")
        office.sso.says = {"name": NAMED.name}
        told = await into(office, "nemo", NEMO)
        assert "A member has that number already" in told
        assert not await is_in(world, "nemo")


async def into(office: Office, person: str, number: str) -> str:
    """Come in by sign-on, as far as it goes."""
    world = office.world
    await world.command(person, "verify")
    await world.press(person, "Hospital sign-on")
    await world.say(person, (await office.sign_on(link(world, person))).digits)
    told = await world.submit(person, {"number": number, "licence": licence(number)})
    if isinstance(world.card(person), Card) and "Choose the name" in told:
        return await world.press(person, world.card(person).buttons[0].label)
    return told


async def test_nothing_of_codes_and_sign_ons_lies_in_clear_or_for_long(tmp_path: Path) -> None:
    """T-02, T-22: neither the address, the code nor the subject; and nothing stays that nobody can use."""
    async with open_office(tmp_path, "workspace", "email", "oidc") as office:
        world = office.world
        await moderator(world)
        before = await secrets(world)
        world.forms.profiles["nemo"] = GUEST
        await world.command("nemo", "verify")
        await world.command("nemo", f"verify email {MAIL}")
        planted = [MAIL, office.code]
        await world.press("nemo", "Start again")
        await world.press("nemo", "Hospital sign-on")
        state, code = office.sso.sign_on(link(world, "nemo"))
        page = await office.browse({"state": state, "code": code})
        planted += [state, code, page.digits, page.digits.replace(" ", ""), "248289761001"]
        (tmp_path / "registry.csv").unlink()
        for word in (*planted, "nemo@st-anna.example"):
            assert word.encode() not in bytes_below(tmp_path)

        await world.command("nemo", "verify stop")
        assert await secrets(world) == before + 2, "that a code was sent, and the list with it"
        world.clock.pass_(24 * 3600)
        await world.bot.proofing.tidy()
        assert await secrets(world) == before


async def secrets(world: World) -> int:
    """Count what lies in the vault's cabinets."""
    async with world.bot._vault._database.reading() as connection:
        return int((await connection.exec_driver_sql("SELECT count(*) FROM secrets")).scalar_one())
