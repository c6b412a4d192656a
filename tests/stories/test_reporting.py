"""Reports: members say what must not stand, moderators decide, and its writer may ask for another look."""

from __future__ import annotations

import asyncio

import pytest

from bot.domain.reports import TRUSTED_A_DAY
from tests.stories.applying import moderator
from tests.stories.test_blind_first import answered
from tests.stories.test_case_crosses import posted
from tests.stories.world import World
from tests.views.test_views import words_of

HIDDEN = "Hidden by moderation."


@pytest.fixture
async def ward(world: World) -> World:
    """A world with two moderators and a case in both rooms."""
    for person in ("mod", "maude"):
        await moderator(world, person)
    await posted(world)
    return world


def is_hidden(world: World) -> bool:
    return all(HIDDEN in words_of(site.room[0].card) for site in (world.forms, world.words))


async def test_what_may_identify_somebody_is_hidden_at_once_and_moderators_decide(ward: World) -> None:
    said = await ward.command("ravi", "report 101 identifies")
    assert "hidden from everybody until a moderator has looked" in said
    assert "Nobody is told that it was you" in said
    assert is_hidden(ward)
    assert "Somebody reported your case #101" in await ward.press("ada", "Open")
    assert "Ask another moderator" not in ward.answer("ada")

    listed = await ward.press("mod", "Open")
    assert "#101 – it may identify somebody (1), hidden" in listed
    assert await ward.name_of("ravi") not in listed
    await ward.command("maude", "show 101")
    assert {"Restore", "Keep hidden"} <= {button.label for button in ward.card("maude").buttons}
    await ward.command("mod", "mod reports")
    assert "Shown again" in await ward.press("mod", "Nothing wrong with #101")
    assert not is_hidden(ward)
    assert "Nothing that was reported waits" in await ward.command("mod", "mod reports")
    assert "You have reported #101 already" in await ward.command("ravi", "report 101 identifies")


async def test_other_reports_hide_only_when_three_members_agree(ward: World) -> None:
    assert "A moderator will look" in await ward.command("ravi", "report 101 advertising")
    assert "A moderator will look" in await ward.command("sana", "report 101 wrong")
    assert not is_hidden(ward)
    assert "hidden from everybody" in await ward.command("tove", "report 101 abuse")
    assert is_hidden(ward)
    assert "advertising (1)" in await ward.command("mod", "mod reports")


async def test_the_reason_is_asked_for_where_none_is_given(ward: World) -> None:
    assert "[form] Report #101" in await ward.command("ben", "report 101")
    assert "A moderator will look" in await ward.submit("ben", {"why": "other"})
    assert "What is wrong with it" in await ward.command("ravi", "report 101")
    assert "hidden from everybody" in await ward.say("ravi", "1")


async def test_a_lock_decides_nothing_about_reports_and_a_withdrawal_does(ward: World) -> None:
    await ward.command("ravi", "report 101 abuse")
    await ward.command("mod", "mod lock 101")
    assert "#101 – abuse (1)" in await ward.command("mod", "mod reports")
    await ward.command("ada", "withdraw 101 yes")
    assert "Nothing that was reported waits" in await ward.command("mod", "mod reports")


async def test_two_reports_of_danger_at_the_same_moment_both_count(ward: World) -> None:
    await asyncio.gather(
        ward.words.commands("ravi", "report 101 identifies"),
        ward.words.commands("sana", "report 101 identifies"),
    )
    await ward.settle()
    said = [ward.answer(person) for person in ("ravi", "sana")]
    assert any("hidden from everybody" in words for words in said)
    assert all("mod restore" not in words for words in said)
    assert is_hidden(ward)


async def test_an_opinion_is_hidden_alone(ward: World) -> None:
    await answered(ward, "ravi", "1) gout next: test a tap")
    assert "You cannot read #101.1" in await ward.command("sana", "report 101.1 identifies")
    await ward.command("sana", "read 101")
    assert "Reported: #101.1." in await ward.command("sana", "report 101.1 identifies")
    assert not is_hidden(ward)
    assert HIDDEN in words_of(ward.words.room[1].card)
    assert "#101.1 stays hidden" in await ward.command("mod", "mod hide 101.1 identifies A rare name.")
    assert "A moderator has hidden your opinion #101.1." in ward.home("ravi")[-1]


async def test_another_moderator_decides_about_an_appeal(ward: World) -> None:
    await ward.command("mod", "mod hide 101 wrong No source.")
    assert "Another moderator will look at #101 again" in await ward.command("ada", "appeal 101")
    assert "has been asked" in await ward.command("ada", "appeal 101")
    assert "You have hidden this yourself" in await ward.command("mod", "mod hide 101")
    assert "#101 stays hidden" in await ward.command("maude", "mod hide 101 wrong Nor did I find one.")
    assert "Another moderator has looked: your case #101 stays hidden." in await ward.press("ada", "Open")
    assert "has looked at #101 already" in await ward.command("ada", "appeal 101")
    assert is_hidden(ward)


async def test_an_appeal_can_bring_it_back(ward: World) -> None:
    await ward.command("mod", "mod hide 101 wrong No source.")
    await ward.press("ada", "Open")
    assert "Another moderator will look" in await ward.press("ada", "Ask another moderator")
    assert "The writer of #101 asks for another look" not in ward.home("maude")[-1]
    assert "Shown again" in await ward.command("maude", "mod restore 101")
    assert not is_hidden(ward)


async def test_what_cannot_be_reported_says_why(ward: World) -> None:
    assert "is your own; others report it" in await ward.command("ada", "report 101 abuse")
    assert "I know no case #999" in await ward.command("ravi", "report 999 abuse")
    assert "A case: report 123" in await ward.command("ravi", "report")
    assert "nothing of yours that is hidden" in await ward.command("ada", "appeal 101")
    assert "No report of #101 waits" in await ward.command("mod", "mod dismiss 101")


async def test_who_reports_everything_hides_nothing_any_more(ward: World) -> None:
    for number in range(102, 102 + TRUSTED_A_DAY + 1):
        await ward.wait(200)
        await posted(ward)
        await ward.command("ravi", f"report {number} identifies")
    assert "#106 – it may identify somebody (1), hidden" in await ward.command("mod", "mod reports")
    assert "#107 – it may identify somebody (1)" in ward.answer("mod")
    assert "#107 – it may identify somebody (1), hidden" not in ward.answer("mod")
