"""T-20: one person, one ballot, whatever accounts the votes come from and however many come at once."""

from __future__ import annotations

import asyncio
import random
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.chat.cards import Card
from bot.domain.poll_tally import slots_of as slots_of_choice
from bot.domain.poll_terms import PollKind, Terms
from bot.domain.poll_votes import read_vote
from bot.domain.polls import Poll
from tests.stories.linked import link
from tests.stories.polling import KINDS, THREE, asked, ballots_in, slots_of
from tests.stories.world import World, enrol_everybody, open_world
from tests.views.test_views import words_of

ACCOUNTS = ("ada", "norma", "nemo")
"""Ada's three accounts: two where there are forms, one where there are none."""
VOTES = 64
CELL = "Internal medicine"


@pytest.fixture
async def polled(tmp_path: Path) -> AsyncIterator[World]:
    """A poll, and one person with three accounts on two kinds of platform."""
    async with open_world(tmp_path) as world:
        await enrol_everybody(world)
        await link(world, "ada", "norma")
        await link(world, "ada", "nemo")
        await world.command("ben", 'poll "Biopsy?" yes | no | later')
        await world.post("ben")
        await world.wait(90)
        yield world


def ballots(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "var" / "content.db")) as database:
        count: int = database.execute("SELECT count(*) FROM ballots").fetchone()[0]
    return count


async def vote(world: World, account: str, choice: object, number: int = 101) -> None:
    site = world.site_of(account)
    say = site.says if site is world.words else site.commands
    await say(account, f"vote {number} {choice}")


SAID = {
    "likert": ("1", "agree", "5", "?"),
    "multiple": ("1", "1,2", "3 2", "don't know"),
    "ranking": ("1>2>3", "3>2>1", "213", "don't know"),
    "number": ("0", "12.5", "20 mg", "don't know"),
    "shuffled": ("2>1>3", "3>2>1", "132", "4"),
}
SHUFFLED = Terms(PollKind.RANKING, shuffled=True)


async def test_t_20_votes_at_once_in_every_kind_are_one_ballot_that_the_tally_agrees_with(
    polled: World,
) -> None:
    chance = random.Random(20)  # noqa: S311 - the same votes in every run
    for kind, words in SAID.items():
        poll = await asked(polled, *KINDS.get(kind, (SHUFFLED, THREE)), author="cleo")
        said = [(ACCOUNTS[number % 3], chance.choice(words), poll.number) for number in range(VOTES)]
        await asyncio.gather(*(vote(polled, *one) for one in said))
        await polled.settle()
        assert await ballots_in(polled, poll) == 1
        assert await slots_of(polled, poll) == {CELL: await slots_of_ballot(polled, "ada", poll)}

        await vote(polled, "nemo", words[1], poll.number)
        await polled.settle()
        newest = slots_of_choice(poll.terms, len(poll.options), read_vote(poll, words[1]))
        assert await slots_of(polled, poll) == {CELL: counted(newest, poll)}


async def slots_of_ballot(world: World, account: str, poll: Poll) -> tuple[int, ...]:
    """Give the counts that the person's own ballot makes."""
    known = await world.bot.wall.who(world.site_of(account).account(account))
    assert known is not None
    async with world.bot.house.content.work() as work:
        voter = world.bot.wall.voter(known.person, await work.polls.urn_key(poll), poll.id)
        choice = await work.polls.choice_of(poll, voter)
    assert choice is not None
    return counted(slots_of_choice(poll.terms, len(poll.options), choice), poll)


def counted(slots: tuple[int, ...], poll: Poll) -> tuple[int, ...]:
    return tuple(int(slot in slots) for slot in range(len(poll.nothing.slots)))


async def test_t_20_who_leaves_an_open_poll_and_comes_back_has_one_ballot(
    polled: World,
) -> None:
    poll = await asked(polled, *KINDS["ranking"], author="cleo")
    await vote(polled, "norma", "1>2>3", poll.number)
    await polled.settle()
    await polled.say("nemo", "me delete keep yes")
    await polled.settle()
    assert await ballots_in(polled, poll) == 0
    await enrol_everybody(polled)
    await vote(polled, "ada", "3>2>1", poll.number)
    await vote(polled, "norma", "2>1>3", poll.number)
    await polled.settle()

    assert await ballots_in(polled, poll) == 1
    assert "You need to be verified" in polled.answer("norma")
    assert await slots_of(polled, poll) == {CELL: counted((2, 4, 6), poll)}
    await link(polled, "ada", "norma")
    await vote(polled, "norma", "2>1>3", poll.number)
    await polled.settle()
    assert await slots_of(polled, poll) == {CELL: counted((3, 1, 8), poll)}


async def test_t_20_sixty_four_votes_at_once_through_three_accounts_are_one_ballot(
    polled: World, tmp_path: Path
) -> None:
    chance = random.Random(20)  # noqa: S311 - the same votes in every run
    votes = [(ACCOUNTS[number % 3], chance.randint(1, 3)) for number in range(VOTES)]
    await asyncio.gather(*(vote(polled, *one) for one in votes))
    await polled.settle()

    assert ballots(tmp_path) == 1
    told = [
        words_of(reply)
        for account in ACCOUNTS
        for reply in polled.site_of(account).answers[account]
        if isinstance(reply, Card)
    ]
    assert sum(words.startswith("Your vote counted") for words in told) == 1
    assert sum(words.startswith("Your vote was changed") for words in told) == VOTES - 1


async def test_t_20_the_last_vote_counts_whichever_account_it_came_from(
    polled: World, tmp_path: Path
) -> None:
    others = ("ben", "cleo", "dara", "ravi", "sana")
    for account, choice in (("ada", 1), ("norma", 2), ("nemo", 3)):
        await vote(polled, account, choice)
        await polled.settle()
    assert ballots(tmp_path) == 1
    for account in others:
        await vote(polled, account, 1)
    await polled.settle()
    assert ballots(tmp_path) == 6

    await polled.command("ben", "endpoll 101")
    await polled.wait(90)
    result = polled.room(polled.forms)[-1]
    assert "6" in result
    assert ballots(tmp_path) == 0


async def test_t_20_an_account_that_was_taken_off_leaves_no_second_ballot(
    polled: World, tmp_path: Path
) -> None:
    await vote(polled, "norma", 2)
    await polled.settle()
    await polled.command("ada", "unlink 2 yes")
    await vote(polled, "norma", 1)
    await polled.settle()
    assert "You need to be verified" in polled.answer("norma")
    await vote(polled, "ada", 3)
    await polled.settle()
    assert ballots(tmp_path) == 1
