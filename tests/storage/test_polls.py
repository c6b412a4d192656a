"""Polls: one ballot a voter, counts that hold, and an urn that leaves nothing behind."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.members import MemberId
from bot.domain.poll_tally import Counts
from bot.domain.polls import Ballot, Poll
from storage.content.store import ContentStore
from tests.storage.handed_in import START, disk

POLL = Poll("p1", 101, MemberId("a" * 32), "Biopsy?", ("yes", "no", "later"), START)
KEY = b"K" * 32


@pytest.fixture
async def asked(content: ContentStore) -> ContentStore:
    async with content.work() as work:
        await work.polls.add(POLL, KEY)
    return content


async def cast(content: ContentStore, voter: str, choice: int) -> bool:
    async with content.work() as work:
        return (await work.polls.cast(POLL, Ballot("p1", voter, (choice,)))).replaced


async def votes(content: ContentStore) -> tuple[int, ...]:
    async with content.work() as work:
        urn = await work.polls.urn(POLL)
    (counts,) = urn.cells.values()
    assert counts.ballots == urn.ballots == urn.new == sum(counts.slots)
    return counts.slots


async def test_a_poll_is_found_and_lists_newest_first(asked: ContentStore) -> None:
    later = Poll("p2", 102, POLL.author, "Again?", ("a", "b"), START)
    async with asked.work() as work:
        await work.polls.add(later, KEY)
        assert await work.polls.get("p1") == await work.polls.by_number(101) == POLL
        assert await work.polls.open_polls(5) == (later, POLL)
        assert await work.polls.open_polls(1) == (later,)
        assert await work.polls.get("p3") is None


async def test_the_key_of_the_urn_is_given_opened(asked: ContentStore) -> None:
    async with asked.work() as work:
        assert await work.polls.urn_key(POLL) == KEY


async def test_a_changed_vote_counts_once(asked: ContentStore) -> None:
    assert not await cast(asked, "v1", 0)
    assert not await cast(asked, "v2", 0)
    assert await cast(asked, "v1", 2)
    assert await cast(asked, "v1", 1)
    assert await votes(asked) == (1, 1, 0)


async def test_64_votes_of_one_voter_at_once_are_one_ballot(asked: ContentStore) -> None:
    replaced = await asyncio.gather(*(cast(asked, "v1", number % 3) for number in range(64)))
    assert replaced.count(False) == 1
    assert sum(await votes(asked)) == 1


async def test_votes_of_many_at_once_are_all_counted(asked: ContentStore) -> None:
    await asyncio.gather(*(cast(asked, f"v{number}", number % 2) for number in range(40)))
    assert await votes(asked) == (20, 20, 0)


async def test_closing_keeps_the_counts_and_destroys_the_urn(asked: ContentStore, tmp_path: Path) -> None:
    voters = [f"voter-{number:02}-of-the-urn" for number in range(6)]
    for number, voter in enumerate(voters):
        await cast(asked, voter, number % 2)
    async with asked.work() as work:
        closed = POLL.close(POLL.release(await work.polls.urn(POLL), START, 5, final=True), START)
        await work.polls.close(closed)
    async with asked.work() as work:
        assert await work.polls.get("p1") == closed
        assert closed.result is not None
        assert closed.result.counts == Counts(6, (3, 3, 0))
        assert await work.polls.open_polls(5) == ()
        with pytest.raises(KeyError):
            await work.polls.urn_key(closed)
        with pytest.raises(KeyError):
            await work.polls.cast(closed, Ballot("p1", "late", (0,)))
        with pytest.raises(KeyError):
            await work.polls.urn(closed)
    left = disk(tmp_path)
    assert not [voter for voter in voters if voter.encode() in left]


async def test_an_undone_poll_leaves_no_urn(asked: ContentStore, tmp_path: Path) -> None:
    await cast(asked, "voter-of-the-undone", 1)
    async with asked.work() as work:
        await work.polls.remove("p1")
    async with asked.work() as work:
        assert await work.polls.get("p1") is None
    assert b"voter-of-the-undone" not in disk(tmp_path)


async def test_ballots_of_every_choice_look_alike_while_the_poll_is_open(asked: ContentStore) -> None:
    sizes = set()
    for number in range(8):
        await cast(asked, f"v{number}", number % 3)
        async with asked.work() as work:
            rows = await work._connection.exec_driver_sql("SELECT length(sealed) FROM ballots")
            sizes |= set(rows.scalars())
    assert len(sizes) == 1


async def test_polls_of_a_case_are_listed_and_go_with_their_ballots(asked: ContentStore) -> None:
    on_case = replace(POLL, id="p2", number=102, case="c1")
    async with asked.work() as work:
        await work.polls.add(on_case, KEY)
        await work.polls.cast(on_case, Ballot("p2", "a", (1,)))
    async with asked.work() as work:
        (found,) = await work.polls.of_case("c1")
        assert found.id == "p2"
        await work.polls.remove("p2")
    async with asked.work() as work:
        assert await work.polls.of_case("c1") == ()
        assert await work.polls.choice_of(on_case, "a") is None
