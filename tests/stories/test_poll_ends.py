"""Ends of polls that meet something else: a backup without ballots, a hidden case, a sample, a withdrawal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.domain.poll_terms import Shows
from bot.domain.polls import PollState
from tests.stories.applying import moderator
from tests.stories.test_alias import posted_as_alias
from tests.stories.test_case_crosses import posted
from tests.stories.test_poll_times import HOUR, asked, poll_now, rooms, spoil, voted
from tests.stories.world import UNDO, World

LOST = (
    "UPDATE polls SET urn_key = NULL, tally = NULL, releases = NULL",
    "DELETE FROM ballots",
)
INVITED = "asks a random sample"


@pytest.mark.parametrize(
    "terms",
    [
        {"shows": Shows.SNAPSHOTS},
        {"closes_in": 3 * HOUR, "sponsor": "Quillwort Ltd", "payment": "a book"},
        {"closes_after": 9, "sponsor": "Quillwort Ltd", "payment": "a book"},
    ],
    ids=["snapshot", "paid_by_time", "paid_by_count"],
)
async def test_whatever_its_terms_a_poll_without_its_urn_is_closed_and_says_so(
    world: World, tmp_path: Path, terms: dict[str, Any]
) -> None:
    await asked(world, **terms)
    await voted(world)
    await world.wait(700)
    shown = (await poll_now(world)).result
    await spoil(tmp_path, *LOST)
    await world.wait(3 * HOUR)
    poll = await poll_now(world)
    assert (poll.state, poll.voided, poll.result) == (PollState.CLOSED, True, shown)
    assert "Closed without a result: I came back from a backup" in rooms(world)[0]
    told = await world.say("ben", "results 101")
    assert ("I came back from a backup" in told) is (shown is None), told
    assert len([words for words in world.home("ada") if "is closed" in words]) == 1


async def test_a_hidden_poll_that_lost_its_urn_is_closed_when_it_is_restored(
    world: World, tmp_path: Path
) -> None:
    await moderator(world)
    await asked(world)
    await world.command("mod", "mod hide 101")
    await spoil(tmp_path, *LOST)
    await world.command("mod", "mod restore 101")
    await world.settle()
    assert (await poll_now(world)).voided


async def test_a_poll_on_a_hidden_case_waits_as_the_case_does(world: World) -> None:
    await moderator(world)
    await posted(world)
    await world.command("ada", 'poll 101 "Tap it?" yes | no [closes 3h]')
    await world.post("ada")
    await world.wait(UNDO)
    for person in ("ben", "cleo", "dara", "ravi", "sana"):
        await world.say(person, "vote 102 1")
    await world.command("mod", "mod hide 101")
    await world.wait(4 * HOUR)
    assert not [text for text in world.room(world.words) if "Tap it?" in text]
    assert "No poll is open" in await world.say("ben", "polls")
    assert "is hidden" in await world.say("ben", "vote 102 1")

    await world.command("mod", "mod restore 101")
    await world.settle()
    assert "yes: 5 of 5" in next(text for text in world.room(world.words) if "Poll 102" in text)


async def test_a_sample_is_not_invited_to_a_poll_that_was_closed_or_taken_back(world: World) -> None:
    await posted(world)
    await world.command("ada", 'poll 101 "Tap it?" yes | no [sample 10; opens 2h]')
    await world.post("ada")
    await world.wait(UNDO)
    await world.command("ada", "endpoll 102")
    await world.wait(3 * HOUR)
    assert not invited(world)

    await world.command("ada", 'poll 101 "Scrape it?" yes | no [sample 10]')
    await world.post("ada")
    await world.wait(UNDO)
    assert invited(world)
    places = [await world.say(person, "polls") for person in ("ben", "cleo", "dara", "ravi")]
    assert all("waits for your vote" in told for told in places)
    assert "asks others" in await world.command("ada", "polls")
    await world.command("ada", "withdraw 101 yes")
    await world.settle()
    assert not invited(world)


async def test_who_asked_a_sample_can_leave_and_take_it_back(world: World) -> None:
    await world.command("ada", 'poll "Tap it?" yes | no [sample 10]')
    await world.post("ada")
    await world.wait(UNDO)
    await world.command("ada", "endpoll 101")
    await world.settle()
    await world.command("ada", "me delete withdraw yes")
    await world.settle()
    assert await world.bot.wall.who(world.forms.account("ada")) is None
    assert not [text for text in world.room(world.words) if "Tap it?" in text]


def invited(world: World) -> set[str]:
    everybody = ("ben", "cleo", "dara", "ravi", "sana", "tove", "udo")
    return {person for person in everybody if any(INVITED in told for told in world.home(person))}


async def test_a_poll_under_an_alias_ends_on_some_day_after_its_author_has_left(world: World) -> None:
    await posted_as_alias(world, "ada")
    await world.command("ada", 'poll 101 "Tap it?" yes | no')
    await world.post("ada")
    await world.wait(UNDO)
    for person in ("ben", "cleo", "dara", "ravi", "sana"):
        await world.say(person, "vote 102 1")
    await world.command("ada", "me delete keep yes")
    await world.settle()
    assert "Tap it?" in await world.say("ben", "polls"), (
        "it ends at another moment than what is known as hers"
    )
    await world.wait(72 * HOUR)
    assert "No poll is open" in await world.say("ben", "polls")
    assert "yes: 5 of 5" in await world.say("ben", "results 102")
