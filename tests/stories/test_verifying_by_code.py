"""Somebody shows the workplace by a code: of a mail, or of the page at the end of the hospital's sign-on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.chat.cards import Card, Link, Paragraph
from bot.chat.forms import Form
from bot.domain.verification import Stage
from bot.ports.adapter import Profile
from tests.stories.applying import NAMED, moderator
from tests.stories.front_office import DOMAIN, Office, open_office
from tests.stories.register import NEMO, NORA, licence
from tests.stories.test_reviewing import reference
from tests.stories.world import World, bytes_below

MAIL = f"nemo.vantongeren@{DOMAIN}"
SITES = ("forms", "words")
ELSEWHERE = Profile(member=True, name=NAMED.name, email="nemo@home.example")
GUEST = Profile(member=False, name=NAMED.name)


def at(world: World, site: str) -> str:
    """Give the applicant who is at this site."""
    return "nemo" if site == "forms" else "norma"


def answers(world: World, person: str) -> int:
    return len(world.site_of(person).answers[person])


async def say_form(world: World, person: str, **values: str) -> str:
    """Fill in what is asked: in a form, or question by question."""
    if world.site_of(person) is world.forms:
        return await world.submit(person, values)
    for value in values.values():
        await world.say(person, value or "skip")
    return world.answer(person)


def shown(world: World, person: str) -> str:
    """Give the title of the form, or the words of the card, that came last."""
    reply = world.site_of(person).answers[person][-1]
    return reply.title if isinstance(reply, Form) else world.answer(person)


def link(world: World, person: str) -> str:
    lines = [block.line for block in world.card(person).blocks if isinstance(block, Paragraph)]
    (found,) = [piece for line in lines for piece in line if isinstance(piece, Link)]
    return found.url


async def stage(office: Office, person: str) -> Stage | None:
    heard = await office.world.bot.proofing.heard(office.world.site_of(person).account(person))
    return None if heard is None else heard.applicant.stage


async def is_in(world: World, person: str) -> bool:
    return await world.bot.wall.who(world.site_of(person).account(person)) is not None


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
        assert await secrets(world) > before
        world.clock.pass_(24 * 3600)
        await world.bot.proofing.tidy()
        assert await secrets(world) == before


async def secrets(world: World) -> int:
    """Count what lies in the vault's cabinets."""
    async with world.bot._vault._database.reading() as connection:
        return int((await connection.exec_driver_sql("SELECT count(*) FROM secrets")).scalar_one())
