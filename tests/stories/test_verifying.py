"""Somebody wants in: from the first hello to a screen name, and all that does not go straight."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.chat.cards import Card
from bot.chat.events import Kind
from bot.domain.members import Role
from bot.ports.adapter import Profile
from tests.stories.register import CLINIC, NEMO, NORA, NURSE, OTTO, licence, npi
from tests.stories.world import World, open_world

NAMED = Profile(member=True, name="Nemo Vantongeren")
SLACK, MATRIX = "forms", "words"


async def asked(world: World, person: str, number: str, *, licence_text: str = "", name: str = "") -> str:
    """Say `verify` and give the number, on the platform where the person is."""
    if world.site_of(person) is world.forms:
        await world.command(person, "verify")
        return await world.submit(person, {"number": number, "licence": licence_text, "name": name})
    await world.say(person, "verify")
    await world.say(person, number)
    answer = await world.say(person, licence_text or "skip")
    return await world.say(person, name) if name else answer


async def moderator(world: World, person: str = "mod") -> None:
    account = world.forms.account(person)
    await world.bot.wall.enrol(account, "Moda Planted", "Moderation", Role.MODERATOR, by="test")
    await world.settle()


def reference(world: World, person: str = "mod") -> str:
    """Give the reference that the moderator was told last."""
    card = world.forms.homes[person][-1].card
    return card.buttons[0].command.rpartition(" ")[2]


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


async def test_a_profile_name_that_anybody_can_edit_never_leads_in(world: World) -> None:
    """T-21: somebody renames himself to a physician of the public register, with all public data right."""
    await moderator(world)
    world.workspace.names_locked.clear()
    world.forms.profiles["nemo"] = NAMED

    told = await asked(world, "nemo", NEMO, licence_text=licence(NEMO), name="Nemo Vantongeren")

    assert "A moderator will look, usually within 2 working days" in told
    assert await world.bot.wall.who(world.forms.account("nemo")) is None
    assert "You need to be verified" in await world.command("nemo", "case")
    assert "waits" in world.home("mod")[-1]
    shown = await world.command("mod", f"mod show {reference(world)}")
    assert "Nemo Vantongeren" in shown
    assert "Name as proved" not in shown


async def test_a_moderator_lets_in_whom_the_checks_left_open(world: World) -> None:
    await moderator(world)
    world.workspace.names_locked.clear()
    await asked(world, "nemo", NEMO, licence_text=licence(NEMO), name="Nemo Vantongeren")
    ref = reference(world)

    assert "1 application waiting" in world_notice(world, await world.command("mod", "mod queue"))
    assert "Approved" in await world.command("mod", f"mod approve {ref}")
    assert world.home("nemo")[-1].startswith("You are verified.")
    await world.press("nemo", "Choose a screen name")
    first = world.card("nemo").buttons[0].label
    assert first in await world.press("nemo", first)
    assert "Nobody waits" in await world.command("mod", "mod queue")
    assert f"No application {ref} waits" in await world.command("mod", f"mod approve {ref}")


def world_notice(world: World, _answer: str) -> str:
    card = world.forms.answers["mod"][-1]
    assert isinstance(card, Card)
    return card.notice


async def test_a_moderator_asks_for_more_and_rejects_with_a_reason(world: World) -> None:
    await moderator(world)
    world.workspace.names_locked.clear()
    await asked(world, "nemo", NEMO, name="Nemo Vantongeren")
    ref = reference(world)

    assert "write some" in await world.command("mod", f"mod ask {ref}")
    assert "asked for more" in await world.command("mod", f"mod ask {ref} Which licence do you have?")
    assert "Which licence do you have?" in await world.command("nemo", "verify")
    await world.press("nemo", "Answer")
    assert "A moderator will look" in await world.submit(
        "nemo", {"number": NEMO, "licence": licence(NEMO), "name": "Nemo Vantongeren"}
    )
    ref = reference(world)
    assert "rejected" in await world.command("mod", f"mod reject {ref} We do not know you.")
    assert "We do not know you." in await world.command("nemo", "verify")
    assert await world.bot.wall.who(world.forms.account("nemo")) is None


async def test_a_failed_check_is_overridden_by_two_moderators_only(world: World) -> None:
    await moderator(world)
    await moderator(world, "maude")
    world.forms.profiles["nina"] = Profile(member=True, name="Nina Oxenholt")
    assert "not a physician's" in await asked(world, "nina", NURSE, licence_text=licence(NURSE))

    assert "A moderator will look" in await world.press("nina", "Ask a moderator")
    ref = reference(world)
    assert "1 more moderator must approve" in await world.command("mod", f"mod approve {ref}")
    assert "1 more moderator must approve" in await world.command("mod", f"mod approve {ref}")
    assert await world.bot.wall.who(world.forms.account("nina")) is None
    assert "Approved" in await world.command("maude", f"mod approve {ref}")


async def test_nobody_but_a_moderator_reads_the_queue(world: World) -> None:
    assert "for moderators" in await world.command("ada", "mod queue")
    assert "for moderators" in await world.command("nemo", "mod approve V-1")


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
    assert await world.bot.proofing.queue() == ()


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
    from bot.domain.members import Member, MemberId  # noqa: PLC0415 - for this one trick

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
        while_running = _bytes_below(tmp_path)
    for planted in (NEMO, NORA, "Vantongeren", "Quillfeather", f"L{NEMO[-4:]}", f"L{NORA[-4:]}"):
        assert planted.encode() not in while_running
        assert planted.encode() not in _bytes_below(tmp_path)


def _bytes_below(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


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
