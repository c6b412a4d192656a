"""The moderators' room: what stands there, who may act there, and what nobody reads there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.adapters.memory import MemoryAdapter
from bot.domain.members import Role
from bot.ports.adapter import Undeliverable
from bot.views.moderators import apart_quiet_card
from tests.stories.applying import asked, moderator
from tests.stories.register import NEMO, NURSE, licence
from tests.stories.test_case_crosses import posted
from tests.stories.world import UNDO, World, bytes_below, open_world
from tests.views.test_views import words_of

PEOPLE = {"forms": ("mod", "maude", "ada"), "words": ("udo", "tove", "ravi")}
DAY = 24 * 3600


@dataclass
class Ward:
    """A world whose moderators have a room at one site: two moderators, and a physician who is in it too."""

    world: World
    site: MemoryAdapter
    first: str
    second: str
    physician: str

    @property
    def cards(self) -> list[str]:
        return [words_of(shown.card) for shown in self.site.moderators]

    @property
    def buttons(self) -> list[str]:
        return [button.label for button in self.site.moderators[-1].card.buttons]

    @property
    def reference(self) -> str:
        return next(
            button.command.rpartition(" ")[2]
            for shown in self.site.moderators
            for button in shown.card.buttons
            if button.label == "Look"
        )

    async def apply(self, person: str = "nemo") -> None:
        self.world.workspace.names_locked.clear()
        await asked(self.world, person, NEMO, licence_text=licence(NEMO), name="Nemo Vantongeren")


@pytest.fixture(params=["forms", "words"])
async def ward(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Ward]:
    first, second, physician = PEOPLE[request.param]
    async with open_world(tmp_path, moderators=request.param) as world:
        site = world.site_of(first)
        await moderator(world, first)
        await world.bot.wall.joining.enrol(
            site.account(physician), "Planted Physician", "Dermatology", Role.PHYSICIAN, by="test"
        )
        await world.settle()
        yield Ward(world, site, first, second, physician)


async def test_a_new_moderator_is_invited_and_told_what_to_do(ward: Ward) -> None:
    assert ward.site.moderating == {ward.first}
    told = ward.world.home(ward.first)[-1]
    assert "mod queue" in told or told == "There is something new for you to look after. "
    assert "mod approve" in await ward.world.command(ward.first, "mod words")


async def test_an_application_waits_in_the_room_and_names_nobody(ward: Ward, tmp_path: Path) -> None:
    await ward.apply()

    [card] = ward.cards
    assert ward.reference in card
    assert "name unknown" in card
    assert "1 approval needed. Came today" in card
    assert ward.buttons == ["Look", "Approve", "Ask for more", "Reject"]
    assert not any(told in card for told in ("Vantongeren", NEMO, licence(NEMO)))
    assert all("waits" not in words for words in ward.world.home(ward.first))
    assert ward.reference.encode() not in bytes_below(tmp_path)


async def test_a_look_shows_the_details_where_the_platform_is_private_enough(ward: Ward) -> None:
    await ward.apply()
    assert "Nemo Vantongeren" in await ward.world.press_among(ward.first, "Look")
    in_room = any("Nemo Vantongeren" in card for card in ward.cards)
    assert in_room is ward.site.capabilities.private_home


async def test_an_approval_changes_the_card_so_that_nobody_does_it_twice(ward: Ward) -> None:
    await ward.apply()
    ref = ward.reference
    assert "Approved" in await ward.world.press_among(ward.first, "Approve")

    assert ward.cards[0] == f"Approved by a moderator: {ref}. Nothing is left to do."
    assert ward.site.moderators[0].card.buttons == ()
    assert f"No application {ref} waits" in await ward.world.type_among(ward.first, f"mod approve {ref}")
    assert ward.world.home("nemo")[-1].startswith("You are verified.")
    assert "application_approved" in {entry.what for entry in await ward.world.bot.wall.audit.entries()}


async def test_more_is_asked_for_and_the_answer_gets_a_card_of_its_own(ward: Ward) -> None:
    world = ward.world
    await ward.apply()
    ref = ward.reference
    asked_back = await world.press_among(ward.first, "Ask for more")
    if ward.site.capabilities.forms:
        assert asked_back == "[form] Ask for more"
        await world.submit(ward.first, {"words": "Which licence?"})
    else:
        assert f"mod ask {ref} …" in asked_back
        await world.type_among(ward.first, f"mod ask {ref} Which licence?")
    assert f"A moderator asked for more: {ref}." in ward.cards[0]

    assert "Which licence?" in await world.command("nemo", "verify")
    await world.press("nemo", "Answer")
    await world.submit("nemo", {"number": NEMO, "licence": licence(NEMO), "name": "Nemo Vantongeren"})
    assert ward.cards[0] == f"The applicant answered: {ref}. A newer card shows it."
    [at] = [at for at, card in enumerate(ward.cards) if "1 approval needed" in card]
    await world.type_among(ward.first, f"mod reject {ref} We do not know you.")
    assert ward.cards[at] == f"Rejected by a moderator: {ref}. Nothing is left to do."


async def test_an_applicant_who_stops_takes_the_card_back(ward: Ward) -> None:
    await ward.apply()
    await ward.world.command("nemo", "verify stop")
    assert "The applicant stopped or went on alone" in ward.cards[0]


async def test_nobody_else_in_the_room_can_act_and_is_told_privately(ward: Ward) -> None:
    await ward.apply()
    stands = ward.cards
    for person in (ward.physician, "stranger" if ward.site is ward.world.forms else "norma"):
        assert "That is for moderators" in await ward.world.press_among(person, "Approve")
    assert ward.cards == stands
    assert await ward.world.bot.review.waiting(ward.reference) is not None


async def test_a_screen_name_is_never_told_in_the_room(ward: Ward) -> None:
    await ward.apply()
    stands = ward.cards
    name = await ward.world.name_of(ward.first)
    assert name in await ward.world.type_among(ward.first, "me")
    assert ward.cards == stands


async def test_a_bare_number_at_home_never_acts_on_what_the_room_shows(ward: Ward) -> None:
    await ward.apply()
    await ward.world.press_among(ward.first, "Look")
    await ward.world.say(ward.first, "2")
    await ward.world.say(ward.first, "1")
    assert await ward.world.bot.review.waiting(ward.reference) is not None


async def test_what_needs_two_moderators_says_so_while_there_is_one(ward: Ward) -> None:
    world = ward.world
    await asked(world, "nina", NURSE, licence_text=licence(NURSE))
    await world.press("nina", "Ask a moderator")
    ref = ward.reference
    assert "There is one moderator so far" in ward.cards[0]
    assert "There is one moderator so far" in await world.press_among(ward.first, "Approve")

    await moderator(world, ward.second)
    assert ward.site.moderating == {ward.first, ward.second}
    shown = await world.type_among(ward.second, f"mod show {ref}")
    assert "There is one moderator" not in shown
    assert "1 approval needed" in shown
    assert "Approved" in await world.type_among(ward.second, f"mod approve {ref}")


async def test_what_waits_for_too_long_is_listed_once_a_working_day(ward: Ward) -> None:
    """The story begins on a Sunday morning: two working days are over when Wednesday begins."""
    world = ward.world
    await ward.apply()
    ref = ward.reference

    async def a_day() -> list[str]:
        world.clock.pass_(DAY)
        for _ in range(2):
            await world.bot.review.remind()
        await world.settle()
        return [card for card in ward.cards if "working days" in card]

    assert await a_day() == []
    assert "Waits 1 day" in ward.cards[0]
    assert await a_day() == []
    [listed] = await a_day()
    assert ref in listed
    assert "waits 3 days" in listed
    assert len(await a_day()) == 2
    await world.type_among(ward.first, f"mod approve {ref}")
    assert len(await a_day()) == 2


async def test_what_cannot_be_delivered_is_told_once_a_day(ward: Ward) -> None:
    world = ward.world
    for person in ("ben", "cleo"):
        world.forms.faults.append(Undeliverable("no_home_chat"))
        await world.bot.wall.joining.enrol(
            world.forms.account(person), "Planted", "Dermatology", Role.PHYSICIAN, by="test"
        )
        await world.settle()

    told = [card for card in ward.cards if "could not be delivered (no_home_chat)" in card]
    assert len(told) == 1
    assert "2 messages could not be delivered" in await world.command(ward.first, "mod queue")


async def test_a_room_that_takes_nothing_is_told_at_home(ward: Ward) -> None:
    world = ward.world
    await ward.apply()
    ward.site.room_faults.append(Undeliverable("not_in_channel"))
    await world.press_among(ward.first, "Approve")
    await world.settle()

    home = world.home(ward.first)[-1]
    quiet = words_of(apart_quiet_card())
    assert home == quiet or "I cannot write into the moderators' room (not_in_channel)" in home


async def test_without_a_room_each_moderator_is_told_at_home(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        for person in ("mod", "udo"):
            await moderator(world, person)
        world.workspace.names_locked.clear()
        await asked(world, "nemo", NEMO, licence_text=licence(NEMO), name="Nemo Vantongeren")

        assert world.home("mod")[-1] == "Something waits for you. "
        assert "name unknown" in world.home("udo")[-1]
        assert world.forms.moderating == world.words.moderating == set()
        assert "A number never lets anybody in" in await world.say("udo", "2")
        assert "What should V-" in await world.say("udo", "3")
        assert "asked for more" in await world.say("udo", "Which licence do you have?")
        assert "Which licence do you have?" in await world.command("nemo", "verify")


async def test_a_decision_at_the_shell_changes_the_card_too(ward: Ward) -> None:
    await ward.apply()
    await ward.world.bot.review.approve(ward.reference, by="shell")
    await ward.world.settle()
    assert "Approved by a moderator" in ward.cards[0]


async def test_the_card_outlives_a_restart(tmp_path: Path) -> None:
    async with open_world(tmp_path, moderators="forms") as world:
        await moderator(world)
        world.workspace.names_locked.clear()
        await asked(world, "nemo", NEMO, licence_text=licence(NEMO), name="Nemo Vantongeren")
        stands = list(world.forms.moderators)
    async with open_world(tmp_path, moderators="forms", life=2) as world:
        world.forms.moderators[:] = stands
        await world.press_among("mod", "Approve")
        assert "Approved by a moderator" in words_of(world.forms.moderators[0].card)


async def test_a_room_that_comes_later_gathers_moderators_and_what_waits(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        await moderator(world)
        world.workspace.names_locked.clear()
        await asked(world, "nemo", NEMO, licence_text=licence(NEMO), name="Nemo Vantongeren")
    for life in (2, 3):
        async with open_world(tmp_path, moderators="forms", life=life) as world:
            await world.settle()
            assert ("mod" in world.forms.moderating) is (life == 2)
            waiting = [one for one in world.forms.moderators if "application" in one.card.notice]
            assert len(waiting) == (life == 2)
            assert len(world.forms.homes["mod"]) == (life == 2)


async def test_a_case_is_hidden_and_restored_from_the_room_where_no_screen_name_is_said(ward: Ward) -> None:
    world = ward.world
    if ward.site.capabilities.forms:
        await posted(world, ward.physician)
    else:
        for words in ("case 68-year-old woman with fever.", "done", "Would you wait?", "2", "skip"):
            await world.say(ward.physician, words)
        await world.post(ward.physician)
        await world.wait(UNDO + 5)
    assert "Hidden: #101." in await world.type_among(ward.first, "mod hide 101 identifies A ward.")
    assert all(
        room[0].endswith("Hidden by moderation.") for room in map(world.room, (world.forms, world.words))
    )

    assert "Shown again: #101." in await world.type_among(ward.first, "mod restore 101")
    assert all("68-year-old woman" in room[0] for room in map(world.room, (world.forms, world.words)))
    assert await world.name_of(ward.physician) not in " ".join(ward.cards)
