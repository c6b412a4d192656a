"""Somebody wants in: from the first hello to a screen name, and all that does not go straight."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from bot.chat.events import Kind
from bot.chat.forms import Form
from bot.domain.members import Member, MemberId, Role
from bot.domain.roster import ListedRow
from bot.domain.verification import Finding, Outcome, Step
from bot.ports.adapter import Profile
from bot.ports.verification import Claims, NotIt, Started
from tests.stories.applying import NAMED, asked, moderator
from tests.stories.register import CLINIC, NEMO, NORA, NURSE, OTTO, licence, npi
from tests.stories.world import World, bytes_below, open_world
from tests.views.test_views import words_of

SLACK, MATRIX = "forms", "words"


@pytest.mark.parametrize("site", [SLACK, MATRIX])
async def test_where_everything_matches_four_exchanges_lead_in(world: World, site: str) -> None:
    adapter = world.forms if site == SLACK else world.words
    person = "nemo" if site == SLACK else "norma"
    adapter.profiles[person] = NAMED
    answers_before = len(adapter.answers[person])

    proposed = await asked(world, person, NEMO, licence_text=licence(NEMO))
    assert "Choose the name that others will see" in proposed
    names = [button.label for button in world.card(person).buttons[:3]]
    assert len(set(names)) == 3
    told = await (world.press(person, names[1]) if site == SLACK else world.say(person, "2"))

    assert told.startswith(f"You're in, as {names[1]}.")
    assert len(adapter.answers[person]) - answers_before <= 4
    assert await world.name_of(person) == names[1]
    assert person in adapter.admitted
    assert "Others see you as" in await world.command(person, "me")
    assert "Cardiology" in await world.command(person, "me")


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        ("12345", "ten digits"),
        (f"{NEMO[:-1]}{(int(NEMO[-1]) + 1) % 10}", "One digit of that NPI is wrong"),
        (CLINIC, "belongs to an organisation"),
        (NURSE, "under another name"),
        (npi(123456799), "do not find that number"),
        (OTTO, "under another name"),
        ("", "ten digits"),
    ],
)
async def test_a_number_that_does_not_fit_has_its_sentence(world: World, number: str, sentence: str) -> None:
    world.forms.profiles["nemo"] = NAMED

    assert sentence in await asked(world, "nemo", number, licence_text="MA 1")
    assert await world.bot.wall.who(world.forms.account("nemo")) is None
    assert await world.bot.review.queue() == ()


async def test_after_a_wrong_digit_the_right_number_leads_in(world: World) -> None:
    world.forms.profiles["nemo"] = NAMED
    await asked(world, "nemo", "123")
    await world.press("nemo", "Try again")
    told = await world.submit("nemo", {"number": f" {NEMO[:5]}-{NEMO[5:]} ", "licence": licence(NEMO)})
    assert "Choose the name" in told


async def test_five_numbers_a_day_are_the_limit(world: World) -> None:
    world.forms.profiles["nemo"] = NAMED
    await world.command("nemo", "verify")
    for _ in range(5):
        assert "another name" in await world.submit("nemo", {"number": OTTO, "licence": ""})
        await world.press("nemo", "Try again")
    assert "that is the limit" in await world.submit("nemo", {"number": NEMO, "licence": licence(NEMO)})
    world.clock.pass_(24 * 3600)
    await world.press("nemo", "Try again")
    told = await world.submit("nemo", {"number": NEMO, "licence": licence(NEMO)})
    assert "Choose the name" in told


@pytest.mark.parametrize(
    ("profile", "sentence"),
    [
        (Profile(member=False, name="Nemo Vantongeren"), "a guest's, a bot's or another hospital's"),
        (None, "switched off"),
    ],
)
async def test_an_account_that_shows_no_workplace_goes_no_further(
    world: World, profile: Profile | None, sentence: str
) -> None:
    world.forms.profiles["nemo"] = profile
    assert sentence in await world.command("nemo", "verify")
    assert sentence in await world.command("nemo", "verify number")


async def test_a_trainee_of_the_staff_list_comes_in_marked(world: World) -> None:
    world.forms.profiles["petra"] = Profile(member=True, name="Petra Undermoor")
    assert "Choose the name" in await asked(world, "petra", "r-17")
    await world.press("petra", world.card("petra").buttons[0].label)
    assert "trainee, Surgery" in await world.command("petra", "me")


async def test_two_people_with_one_number_at_the_same_moment(world: World) -> None:
    """T-20: one of them is in; nothing of the other stays half-done."""
    for person in ("nemo", "nils"):
        world.forms.profiles[person] = NAMED
        assert "Choose the name" in await asked(world, person, NEMO, licence_text=licence(NEMO))
    await asyncio.gather(*(world.forms.commands(person, "verify name 1") for person in ("nemo", "nils")))
    await world.settle()

    known = [await world.bot.wall.who(world.forms.account(person)) for person in ("nemo", "nils")]
    assert sum(one is not None for one in known) == 1
    loser = "nils" if known[0] else "nemo"
    assert "A member has that number already" in world.answer(loser)
    async with world.bot.house.content.work() as work:
        assert sum(member.specialty == "Cardiology" for member in await work.members.everybody()) == 1
    third = await asked(world, "norma", NEMO, licence_text=licence(NEMO))
    assert "Choose the name" not in third


async def test_of_two_who_choose_the_same_name_one_has_it(world: World) -> None:
    world.forms.profiles["nemo"] = NAMED
    world.forms.profiles["nora"] = Profile(member=True, name="Nora Quillfeather")
    await asked(world, "nemo", NEMO, licence_text=licence(NEMO))
    name = world.card("nemo").buttons[0].label
    async with world.bot.house.content.work() as work:
        ada = (await work.members.everybody())[0]
    await rename(world, ada.id, name)

    assert "Somebody took that name" in await world.press("nemo", name)
    assert await world.bot.wall.who(world.forms.account("nemo")) is None
    other = world.card("nemo").buttons[0].label
    assert other in await world.press("nemo", other)


async def rename(world: World, member: str, name: str) -> None:
    """Let somebody have this name from now on."""
    async with world.bot.house.content.work() as work:
        assert await work.members.add(Member(MemberId(member[::-1]), name, Role.PHYSICIAN, "Surgery"))


async def test_what_was_said_is_forgotten_when_the_applicant_stops(world: World) -> None:
    world.forms.profiles["nemo"] = NAMED
    await asked(world, "nemo", NEMO, licence_text=licence(NEMO))
    assert "forgotten" in await world.command("nemo", "verify stop")
    assert "[form] Your number" in await world.command("nemo", "verify")


async def test_other_names_are_proposed_as_often_as_one_likes(world: World) -> None:
    world.forms.profiles["nemo"] = NAMED
    await asked(world, "nemo", NEMO, licence_text=licence(NEMO))
    seen = {button.label for button in world.card("nemo").buttons[:3]}
    for _ in range(4):
        await world.press("nemo", "Show others")
        seen |= {button.label for button in world.card("nemo").buttons[:3]}
    assert len(seen) > 8
    assert "Choose the name" in await world.command("nemo", "verify name 9")


async def test_an_application_survives_a_restart(tmp_path: Path) -> None:
    async with open_world(tmp_path) as first:
        first.forms.profiles["nemo"] = NAMED
        await asked(first, "nemo", NEMO, licence_text=licence(NEMO))
        names = [button.label for button in first.card("nemo").buttons[:3]]
    async with open_world(tmp_path, life=2) as second:
        await second.command("nemo", "verify")
        assert [button.label for button in second.card("nemo").buttons[:3]] == names
        assert names[0] in await second.press("nemo", names[0])


async def test_what_an_applicant_says_is_nowhere_on_disk_in_clear(tmp_path: Path) -> None:
    """T-02 for applicants: number, name and licence of somebody who waits, and of somebody who is in."""
    async with open_world(tmp_path) as world:
        await moderator(world)
        world.forms.profiles["nemo"] = NAMED
        await asked(world, "nemo", NEMO, licence_text=licence(NEMO))
        await world.press("nemo", world.card("nemo").buttons[0].label)
        world.workspace.names_locked.clear()
        await asked(world, "nora", NORA, licence_text=licence(NORA), name="Nora Quillfeather")
        while_running = bytes_below(tmp_path)
    for planted in (NEMO, NORA, "Vantongeren", "Quillfeather", f"L{NEMO[-4:]}", f"L{NORA[-4:]}"):
        assert planted.encode() not in while_running
        assert planted.encode() not in bytes_below(tmp_path)


async def test_decided_applications_are_forgotten_after_thirty_days(world: World) -> None:
    world.forms.profiles["nina"] = Profile(member=True, name="Nina Oxenholt")
    await asked(world, "nina", NURSE)
    world.clock.pass_(31 * 24 * 3600)
    await world.bot.proofing.tidy()
    assert await world.bot.proofing.heard(world.forms.account("nina")) is None


async def test_a_first_hello_offers_verification(world: World) -> None:
    await world.forms.does("nemo", Kind.HELLO)
    await world.settle()
    assert "consult room for verified physicians" in world.answer("nemo")
    assert "[form] Your number" in await world.press("nemo", "Verify me")


async def test_a_member_keeps_the_mailbox_when_an_application_was_left_behind(world: World) -> None:
    """The process stopped between letting somebody in and forgetting the application."""
    world.forms.profiles["nemo"] = NAMED
    await asked(world, "nemo", NEMO, licence_text=licence(NEMO))
    applications, account = world.bot.proofing._applications, world.forms.account("nemo")
    left = await applications.of(account)
    assert left is not None
    await world.press("nemo", world.card("nemo").buttons[0].label)
    await applications.keep(replace(left, seen=None))

    world.clock.pass_(31 * 24 * 3600)
    await world.bot.proofing.tidy()

    assert await applications.of(account) is None
    assert await world.bot.wall.mailbox(left.member_id) == account


class Coded:
    """A check that wants a code typed: ``11112222`` is right."""

    name = "email"
    step = Step.WORKPLACE
    interactive = True

    async def start(self, claims: Claims) -> Started:
        if "@" not in claims.values.get("email", ""):
            return Started(refused="That is no address.")
        return Started(ref="sent", asks="I sent a code.")

    async def poll(self, ref: str, typed: str = "") -> Finding | NotIt | None:
        assert ref == "sent"
        if typed == "99999999":
            return Finding(Outcome.FAIL, "code_wrong")
        if typed == "11112222":
            return Finding(Outcome.PASS, "code_agrees")
        return NotIt(4) if typed else None


@pytest.mark.parametrize("site", [SLACK, MATRIX])
async def test_another_way_to_show_the_workplace_is_a_code(tmp_path: Path, site: str) -> None:
    async with open_world(tmp_path, ways=(Coded(),)) as world:
        adapter = world.forms if site == SLACK else world.words
        person = "nemo" if site == SLACK else "norma"
        adapter.profiles[person] = Profile(member=False)
        told = await world.say(person, "verify")
        assert ("[form] Where you work" if site == SLACK else "Your hospital e-mail address") in told
        if site == SLACK:
            assert "I sent a code" in await world.submit(person, {"email": "nemo@city.example"})
        else:
            assert "I sent a code" in await world.say(person, "nemo@city.example")
        assert "I wait for the code" in await world.command(person, "verify")
        assert "That is not the code" in await world.say(person, "1111 1111")
        await world.say(person, "1111 2222")
        reply = adapter.answers[person][-1]
        assert "Your number" in (reply.title if isinstance(reply, Form) else words_of(reply))


async def test_a_code_that_failed_leads_back_to_the_choice(tmp_path: Path) -> None:
    async with open_world(tmp_path, ways=(Coded(),)) as world:
        world.forms.profiles["nemo"] = Profile(member=False)
        await world.command("nemo", "verify")
        assert "That is no address" in await world.submit("nemo", {"email": "nowhere"})
        assert "I sent a code" in await world.command("nemo", "verify email nemo@city.example")
        assert "or choose another way" in await world.say("nemo", "99999999")
        assert await world.bot.wall.who(world.forms.account("nemo")) is None


async def test_the_list_is_enough_where_no_register_was_imported(world: World) -> None:
    world.register.rows.clear()
    world.register.staff[NORA] = ListedRow(NORA, "Nora", "", "Quillfeather", "Surgery", Role.PHYSICIAN)
    world.forms.profiles["nora"] = Profile(member=True, name="Nora Quillfeather")
    assert "Choose the name" in await asked(world, "nora", NORA)
