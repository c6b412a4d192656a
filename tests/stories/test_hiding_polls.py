"""Polls that must not stand: members report them, moderators hide them, and they come back whole."""

from __future__ import annotations

import pytest

from tests.stories.applying import moderator
from tests.stories.world import UNDO, World
from tests.views.test_views import words_of

HIDDEN = "Hidden by moderation."
QUESTION = "Would you biopsy a lone plaque?"


@pytest.fixture
async def ward(world: World) -> World:
    """A world with two moderators, and poll 101 of Ben's in both rooms."""
    for person in ("mod", "maude"):
        await moderator(world, person)
    await world.command("ben", f'poll "{QUESTION}" yes | no')
    await world.post("ben")
    await world.wait(UNDO + 1)
    return world


def texts(world: World) -> list[str]:
    return [words_of(shown.card) for site in (world.forms, world.words) for shown in site.room]


async def test_a_hidden_poll_takes_no_vote_and_comes_back_with_its_ballots(ward: World) -> None:
    before = texts(ward)
    for person in ("ada", "cleo", "dara", "ravi", "sana"):
        await ward.command(person, "vote 101 1")
    assert "Hidden: #101." in await ward.command("mod", "mod hide 101 advertising Sells a cream.")
    assert texts(ward) == [f"Poll 101\n{HIDDEN}"] * 2
    assert "A moderator has hidden your poll 101." in await ward.press("ben", "Open")
    assert "Sells a cream." in ward.answer("ben")

    for words in ("vote 101 2", "results 101", "show 101"):
        told = await ward.command("ada", words)
        assert told.startswith("Poll 101 is hidden right now."), words
        assert QUESTION not in told
    assert "No poll is open" in await ward.command("ada", "polls")
    assert QUESTION in await ward.command("mod", "show 101")

    assert "Shown again: #101." in await ward.press("mod", "Restore")
    assert texts(ward) == before
    assert "Your vote was changed" in await ward.command("ada", "vote 101 2")
    await ward.command("ben", "endpoll 101")
    await ward.settle()
    assert "4 of 5" in texts(ward)[0]


async def test_the_result_of_a_closed_poll_is_hidden_with_its_chart_and_restored(ward: World) -> None:
    for person in ("ada", "cleo", "dara", "ravi", "sana"):
        await ward.command(person, "vote 101 1")
    await ward.command("ben", "endpoll 101")
    await ward.wait(UNDO)
    before = texts(ward)
    pictures = [len(shown.card.pictures) for shown in ward.forms.room]
    assert sum(pictures) == 1

    await ward.command("mod", "mod hide 101")
    assert {HIDDEN in text for text in texts(ward)} == {True}
    assert not any(shown.card.pictures for shown in ward.forms.room)

    await ward.command("mod", "mod restore 101")
    await ward.settle()
    assert texts(ward) == before
    assert [len(shown.card.pictures) for shown in ward.forms.room] == pictures


async def test_members_report_a_poll_and_its_author_asks_another_moderator(ward: World) -> None:
    assert "#101 is your own; others report it." in await ward.command("ben", "report 101 abuse")
    assert "hidden from everybody" in await ward.command("ravi", "report 101 identifies")
    assert texts(ward) == [f"Poll 101\n{HIDDEN}"] * 2
    assert "Somebody reported your poll 101." in await ward.press("ben", "Open")
    assert "#101 – it may identify somebody (1), hidden" in await ward.command("mod", "mod reports")
    assert "#101 stays hidden." in await ward.command("mod", "mod hide 101")
    assert "Another moderator will look at #101 again" in await ward.command("ben", "appeal 101")
    assert "You have hidden this yourself" in await ward.command("mod", "mod hide 101")
    assert "Shown again: #101." in await ward.command("maude", "mod restore 101")
    assert QUESTION in texts(ward)[0]


async def test_a_poll_is_ended_and_not_locked(ward: World) -> None:
    assert "Poll 101 cannot be locked." in await ward.command("mod", "mod lock 101")
    assert "#101 is not hidden." in await ward.command("mod", "mod restore 101")
    await ward.command("mod", "mod hide 101")
    assert "#101 is hidden already." in await ward.command("mod", "mod hide 101")
    await ward.command("ben", "endpoll 101")
    assert "is hidden right now" in ward.answer("ben")
