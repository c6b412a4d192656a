"""Paging: a case asks physicians of the specialties that it wants, and more of them while nobody answers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.chat.events import Account
from bot.domain.members import Role
from tests.stories.world import UNDO, World, open_world

HOUR = 3600
STORY = "61-year-old man, palpitation for two days, ECG with atrial fibrillation, troponin normal."
FIELDS = {
    "ada": "Internal medicine",
    "ben": "Cardiology",
    "cleo": "Nephrology",
    "ravi": "Cardiology",
    "sana": "Cardiology",
    "tove": "Hospital medicine",
    "udo": "Dermatology",
}
PAGE = "A question for cardiology, within 24 hours: #101."
QUIET = "Something new in #101."


@pytest.fixture
async def ward(tmp_path: Path) -> AsyncIterator[World]:
    """Two hospitals with physicians of several fields."""
    async with open_world(tmp_path) as world:
        for person, field in FIELDS.items():
            account = world.site_of(person).account(person)
            await enrol(world, account, person, field)
        await world.settle()
        yield world


async def enrol(world: World, account: Account, person: str, field: str, role: Role = Role.PHYSICIAN) -> None:
    await world.bot.wall.joining.enrol(account, f"{person.capitalize()} Planted", field, role, by="test")


async def asked(world: World, person: str = "ada", urgency: str = "soon", **more: str) -> str:
    """Ask a case by its form; gives the preview."""
    await world.command(person, "case")
    return await world.submit(
        person, {"story": STORY, "question": "Cardiovert now?", "urgency": urgency, **more}
    )


async def released(world: World, person: str = "ada", urgency: str = "soon", **more: str) -> None:
    await asked(world, person, urgency, **more)
    await world.post(person)
    await world.wait(UNDO + 5)


def paged(world: World, author: str = "ada") -> set[str]:
    """Say who but the author was told something at home about case 101."""
    return {
        person
        for person in FIELDS
        if person != author
        and any("question for" in told or told.startswith(QUIET) for told in world.home(person))
    }


async def test_a_case_is_for_what_its_words_suggest_and_the_rooms_show_it(ward: World) -> None:
    assert "For cardiology. To change that: for nephrology." in await asked(ward)
    await ward.post("ada")
    await ward.wait(UNDO + 5)

    asks = "Internal medicine asks · 60–69 · male · soon (24 h) · open · for cardiology"
    assert asks in ward.room(ward.words)[0]
    assert ward.home("ravi")[-1].startswith(PAGE)
    assert ward.home("ben")[-1].strip() == QUIET
    assert paged(ward) == {"ben", "ravi", "sana"}


async def test_its_author_names_other_fields_or_none(ward: World) -> None:
    told = await asked(ward, specialties="cardiology, leechcraft")
    assert "One of the specialties that you named I don't know" in told
    assert "For cardiology." in told
    assert "For nephrology, dermatology." in await asked(ward, specialties="renal; Derm")
    assert "For nephrology." in await ward.command("ada", "for nephrology")
    assert (
        "One of these is no specialty that I know. Did you mean Neurology or Nephrology?"
        in await ward.command("ada", "for nefrology")
    )
    assert "It pages nobody." in await ward.command("ada", "for nobody")
    await ward.post("ada")
    await ward.wait(UNDO + 5)

    assert " · for " not in ward.room(ward.words)[0]
    assert paged(ward) == set()


async def test_nobody_is_paged_before_the_release_or_for_what_was_undone(ward: World) -> None:
    await asked(ward)
    await ward.post("ada")
    assert paged(ward) == set()
    await ward.command("ada", "undo")
    await ward.wait(2 * HOUR)
    assert paged(ward) == set()


async def test_while_nobody_answers_neighbours_are_asked_and_then_the_author(ward: World) -> None:
    await released(ward)
    assert paged(ward) == {"ben", "ravi", "sana"}
    await ward.wait(6 * HOUR)
    assert paged(ward) == {"ben", "ravi", "sana", "tove"}, "there are no more in cardiology"
    await ward.wait(6 * HOUR)
    assert paged(ward) == {"ben", "ravi", "sana", "tove"}
    assert ward.home("tove")[-1].startswith("A question for hospital medicine, within 24 hours: #101.")

    await ward.wait(12 * HOUR)
    assert [button.label for button in ward.forms.homes["ada"][-1].card.buttons] == ["Open"]
    assert "Nobody else can be asked about #101" in await ward.command("ada", "wider 101")


async def test_an_answer_ends_the_ladder(ward: World) -> None:
    await released(ward)
    await ward.say("ravi", "opinion 101 atrial fibrillation")
    await ward.wait(23 * HOUR)
    assert paged(ward) == {"ben", "ravi", "sana"}


async def test_this_hour_pages_only_those_on_duty_and_an_emergency_is_refused(ward: World) -> None:
    assert "not for emergencies. Call your local team." in await asked(ward, urgency="emergency")
    assert "You are on duty for 12 h." in await ward.say("sana", "duty 12h")
    assert "You are not on duty." in await ward.command("ben", "duty")
    await released(ward, urgency="hour")

    assert paged(ward) == {"sana"}
    assert "A question for cardiology, within this hour: #101." in ward.home("sana")[-1]


async def test_muted_quiet_and_unwilling_colleagues_are_left_alone(ward: World) -> None:
    assert "No page reaches you for 8 h." in await ward.say("ravi", "mute 8h")
    assert "time zone too" in await ward.command("ben", "me quiet 8-12")
    assert "Quiet hours from 8:00 to 12:00 (UTC)" in await ward.command("ben", "me quiet 8-12 UTC")
    await ward.say("sana", "me quiet 8-12 UTC")
    assert "Cases of today and of this hour come through." in await ward.press(
        "sana", "Let urgent ones through"
    )
    await released(ward, urgency="today")
    assert paged(ward) == {"sana", "tove"}

    told = await ward.say("sana", "notmine 101")
    assert "Noted. #101 pages you no more" in told


async def test_nobody_is_paged_more_than_three_times_a_day(ward: World) -> None:
    for _ in range(4):
        await released(ward, "cleo", question="What next?")
    told = [words for words in ward.home("ravi") if "question for" in words]
    assert len(told) == 3
    await ward.wait(15 * HOUR)
    await released(ward, "cleo")
    assert len([words for words in ward.home("ravi") if "question for" in words]) == 5, (
        "the next day #104, which still waits, comes through too"
    )


async def test_the_author_is_never_paged_under_any_name(ward: World) -> None:
    await asked(ward, "ben")
    await ward.look_through("ben")
    await ward.command("ben", "alias")
    await ward.post("ben")
    await ward.wait(UNDO + 5)

    assert not [told for told in ward.home("ben") if "#101" in told]
    assert {"ravi", "sana"} <= paged(ward)


async def test_a_follower_hears_what_rooms_show_and_can_stop(ward: World) -> None:
    await released(ward)
    await ward.say("udo", "show 101")
    assert "You follow #101" in await ward.press("udo", "Follow")
    await ward.say("ravi", "opinion 101 1) atrial fibrillation")
    await ward.wait(UNDO + 5)
    assert "You follow #101." in ward.home("udo")[-1]
    assert "atrial fibrillation" not in ward.home("udo")[-1]
    await ward.command("ben", "comment 101 Any thyroid disease?")
    await ward.wait(UNDO + 5)
    assert "Any thyroid disease?" in ward.home("udo")[-1]

    assert "You follow #101 no more." in await ward.say("udo", "follow 101 off")
    heard = len(ward.home("udo"))
    await ward.command("ben", "comment 101 And potassium?")
    await ward.wait(UNDO + 5)
    assert len(ward.home("udo")) == heard
