"""A poll's result is read: shares of those with an opinion in both rooms, the table by who may have it."""

from __future__ import annotations

import csv
from dataclasses import replace
from io import StringIO

import pytest

from bot.chat.cards import Quote
from bot.domain.poll_terms import Shows, Terms
from bot.domain.polls import Poll
from bot.domain.refusal import Refused
from tests.stories.applying import moderator
from tests.stories.world import UNDO, World

VOTERS = ("ada", "ben", "cleo", "dara", "sana", "tove")


async def closed_poll(world: World) -> None:
    """Have Ravi ask, five choose, one say that it is not their field, and Ravi close it."""
    await asked(world)
    await voted(world)
    await world.say("ravi", "endpoll 101")
    await world.settle()


async def asked(world: World) -> None:
    await world.say("ravi", 'poll "First-line treatment?" =Steroid | Antifungal')
    await world.say("ravi", "post")
    await world.wait(UNDO + 5)


async def voted(world: World) -> None:
    for person, choice in zip(VOTERS, (1, 1, 1, 1, 2, 3), strict=True):
        await world.command(person, f"vote 101 {choice}")


def table(world: World, person: str) -> list[dict[str, str]]:
    (quote,) = (block for block in world.card(person).blocks if isinstance(block, Quote))
    return list(csv.DictReader(StringIO(quote.text)))


async def test_both_rooms_read_shares_of_those_with_an_opinion(world: World) -> None:
    await closed_poll(world)

    for room in (world.forms, world.words):
        result, chart = world.room(room)
        for words in (result, chart):
            assert "=Steroid: 4 of 5 (80 %, 38–96 %)" in words
            assert "Antifungal: 1 of 5 (20 %, 4–62 %)" in words
            assert "6 physicians and trainees voted; 1 of them doesn't know." in words
            assert "Self-selected: of 8 who could vote when it was asked, 6 did, on 1 March 2026." in words
        assert "4 of 5 (80 %, 38–96 %)" in room.room[1].card.pictures[0].alt


async def test_its_author_copies_the_table(world: World) -> None:
    await closed_poll(world)

    assert "As CSV: results 101 csv" in world.answer("ravi")
    await world.say("ravi", "results 101 csv")

    counts = [row for row in table(world, "ravi") if row["measure"] == "count"]
    assert [(row["option"], row["value"], row["base"]) for row in counts] == [
        ("'=Steroid", "4", "5"),
        ("Antifungal", "1", "5"),
    ]


async def test_a_moderator_copies_the_table_and_others_hear_of_no_such_poll(world: World) -> None:
    await closed_poll(world)
    await moderator(world)

    await world.command("mod", "results 101 csv")
    assert table(world, "mod")
    assert "I know no poll 101" in await world.command("ada", "results 101 csv")
    assert "=Steroid: 4 of 5" in await world.command("ada", "results 101")


async def test_an_open_poll_has_no_table(world: World) -> None:
    await asked(world)
    await voted(world)

    assert "is not closed yet; its table is there" in await world.say("ravi", "results 101 csv")


async def change(world: World, terms: Terms) -> Poll:
    """Give poll 101 other terms, as if it had been asked with them."""
    async with world.bot.house.content.work() as work:
        poll = await work.polls.by_number(101)
        assert poll is not None
        changed = replace(poll, terms=terms)
        await work.polls.replace(changed)
    return changed


async def test_a_result_for_its_author_alone_is_exported_by_nobody_else(world: World) -> None:
    await asked(world)
    await change(world, Terms(shows=Shows.AUTHOR))
    await voted(world)
    await world.say("ravi", "endpoll 101")
    await moderator(world)

    await world.say("ravi", "results 101 csv")
    assert table(world, "ravi")
    assert "I know no poll 101" in await world.command("mod", "results 101 csv")
    with pytest.raises(Refused, match="author_only"):
        await world.bot.poll_tables.table(101)


async def test_a_snapshot_is_exported_by_its_author_and_not_by_the_shell(world: World) -> None:
    await asked(world)
    open_poll = await change(world, Terms(shows=Shows.SNAPSHOTS))
    await voted(world)
    async with world.bot.house.content.work() as work:
        urn = await work.polls.urn(open_poll)
        so_far = open_poll.release(urn, world.clock.now(), 5, final=False)
        await work.polls.release(open_poll.snapshot(so_far), urn)

    await world.say("ravi", "results 101 csv")
    assert [row["value"] for row in table(world, "ravi") if row["measure"] == "ballots"] == ["6"]
    with pytest.raises(Refused, match="open"):
        await world.bot.poll_tables.table(101)


async def test_the_shell_writes_the_table_of_the_chat(world: World) -> None:
    await closed_poll(world)
    await world.say("ravi", "results 101 csv")

    written = await world.bot.poll_tables.table(101)
    assert list(csv.DictReader(StringIO(written, newline=""))) == table(world, "ravi")
    with pytest.raises(Refused, match="not_found"):
        await world.bot.poll_tables.table(102)


async def test_a_poll_of_few_has_no_table(world: World) -> None:
    await asked(world)
    await world.command("ada", "vote 101 1")
    await world.say("ravi", "endpoll 101")

    assert "Too few people voted" in await world.say("ravi", "results 101 csv")
