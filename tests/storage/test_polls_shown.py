"""What was shown of polls: counted as on paper, kept beside the closed poll for a while, and then gone."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.domain.members import Member, MemberId, Role
from bot.domain.overlap import SHARED_FOR
from bot.domain.poll_tally import Beside, Counts
from bot.domain.poll_terms import Terms, cell_of
from bot.domain.polls import Ballot, Poll, cells_of
from storage.content.store import ContentStore
from tests.security.polling import LEAST, Booth, Family
from tests.storage.handed_in import START, disk

TERMS = Terms(audience=("Cardiology", "Neurology"))
POLL = Poll("p1", 101, MemberId("a" * 32), "Biopsy?", ("yes", "no", "?"), START, TERMS, cells_of(TERMS))
SAME = replace(POLL, id="p2", number=102, question="A biopsy?")
ELSE = replace(POLL, id="p3", number=103, question="Steroids?")
PEOPLE = {
    MemberId(f"{number:032}"): Member(
        MemberId(f"{number:032}"),
        "",
        Role.TRAINEE if number % 5 == 0 else Role.PHYSICIAN,
        TERMS.audience[number % 3 % 2],
    )
    for number in range(40)
}


async def asked(content: ContentStore, *polls: Poll) -> None:
    async with content.work() as work:
        for poll in polls:
            await work.polls.add(poll, b"K" * 32)


async def cast(content: ContentStore, poll: Poll, voter: str, cell: str) -> None:
    async with content.work() as work:
        await work.polls.cast(poll, Ballot(poll.id, voter, (0,), cell))


async def end(content: ContentStore, poll: Poll) -> Poll:
    async with content.work() as work:
        urn = await work.polls.urn(poll)
        result = poll.release(urn, START, LEAST, final=True)
        closed = poll.close(result, START, barred_by=poll.find_bar(urn, LEAST))
        await work.polls.close(closed)
    return closed


async def beside(content: ContentStore, poll: Poll) -> tuple[Beside, ...]:
    async with content.work() as work:
        return (await work.polls.urn(poll)).beside


async def test_an_urn_counts_what_was_shown_as_one_does_on_paper(content: ContentStore) -> None:
    await asked(content, POLL)
    chance = random.Random(6)  # noqa: S311 - the same story in every run
    paper = Family(chance, PEOPLE, dict.fromkeys(PEOPLE, (0,)), [Booth(POLL)])
    booth = paper.booths[0]
    for _ in range(150):
        person = chance.choice([*PEOPLE])
        async with content.work() as work:
            match chance.choices(("vote", "leave", "show"), (8, 2, 1))[0]:
                case "vote":
                    booth.ballots.setdefault(person, (cell_of(PEOPLE[person]), booth.released))
                    await work.polls.cast(POLL, Ballot("p1", person, (0,), cell_of(PEOPLE[person])))
                case "leave":
                    assert await work.polls.take_out(POLL, person) is (person in booth.ballots)
                    booth.take_out(person)
                case _:
                    before = booth.released
                    paper.release(booth, final=False)
                    if booth.released > before:
                        await work.polls.release(booth.poll, await work.polls.urn(POLL))
            urn, on_paper = await work.polls.urn(POLL), paper.urn(booth)
            assert {cell: counts for cell, counts in urn.cells.items() if counts.ballots} == on_paper.cells
            assert (urn.new, dict(urn.gone)) == (on_paper.new, dict(on_paper.gone))
            shown = [{cell: many for cell, many in came.items() if many} for came in urn.earlier]
            assert shown == [dict(came) for came in on_paper.earlier]
    assert booth.released > 2
    assert booth.gone.total() > 2


async def test_polls_that_ask_the_same_know_what_was_shown_of_each_other(content: ContentStore) -> None:
    await asked(content, POLL, SAME, ELSE)
    for number in range(7):
        await cast(content, POLL, f"v{number}", "Cardiology" if number < 4 else "Neurology")
    assert await beside(content, SAME) == ()

    closed = await end(content, POLL)
    assert closed.result is not None
    assert closed.result.counts == Counts(7, (7, 0, 0))
    assert await beside(content, SAME) == (Beside(101, {"Cardiology": 4, "Neurology": 3}),)
    assert await beside(content, ELSE) == ()

    for number in range(8):
        await cast(content, SAME, f"w{number}", "Cardiology")
    barred = await end(content, SAME)
    assert (barred.result, barred.barred_by) == (None, 101)
    async with content.work() as work:
        assert await work.polls.get("p2") == barred


async def test_nothing_was_shown_of_a_poll_that_ends_with_too_few(content: ContentStore) -> None:
    await asked(content, POLL, SAME)
    for number in range(4):
        await cast(content, POLL, f"v{number}", "Cardiology")
    await end(content, POLL)
    assert await beside(content, SAME) == ()


async def test_what_was_shown_is_forgotten_in_time(content: ContentStore, tmp_path: Path) -> None:
    await asked(content, POLL, SAME)
    for number in range(5):
        await cast(content, POLL, f"v{number}", "Cardiology")
    await end(content, POLL)
    kept = await sealed(content)
    assert kept in disk(tmp_path)
    for late, left in ((timedelta(), 1), (timedelta(seconds=1), 0)):
        async with content.work() as work:
            await work.polls.forget_shown(START + late)
        assert len(await beside(content, SAME)) == left
    assert kept not in disk(tmp_path)
    assert timedelta(days=30) <= SHARED_FOR


async def sealed(content: ContentStore) -> bytes:
    async with content.work() as work:
        found = await work._connection.exec_driver_sql("SELECT releases FROM polls WHERE id = 'p1'")
        block: bytes = found.scalar_one()
    return block


async def test_a_poll_that_is_taken_back_still_bars_one_that_asks_the_same(
    content: ContentStore, tmp_path: Path
) -> None:
    question = replace(POLL, question="Whimbrel sign or not?")
    await asked(content, question, replace(SAME, question="The Whimbrel sign?"), ELSE)
    for number in range(6):
        await cast(content, question, f"v{number}", "Cardiology")
    closed = await end(content, question)
    async with content.work() as work:
        await work.polls.remove(closed.id)
    assert b"Whimbrel" in disk(tmp_path), "the one that asks the same stands"
    again = replace(SAME, question="The Whimbrel sign?")
    assert await beside(content, again) == (Beside(-101, {"Cardiology": 6}),)
    assert await beside(content, ELSE) == ()
    async with content.work() as work:
        await work.polls.remove(again.id)
        await work.polls.forget_shown(START + SHARED_FOR - timedelta(days=30))
    assert b"Whimbrel" not in disk(tmp_path)
    assert await beside(content, ELSE) == ()
    async with content.work() as work:
        await work.polls.add(again, b"K" * 32)
        assert len((await work.polls.urn(again)).beside) == 1
        await work.polls.forget_shown(START + timedelta(days=1))
        assert (await work.polls.urn(again)).beside == ()
