"""Polls that ask a random sample: whoever was drawn is invited and alone may vote; nothing says who."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.commands.context import Context
from bot.commands.sampling import invite
from bot.domain.poll_terms import Shows, Terms
from bot.domain.polls import Poll
from bot.ports.work import Work
from tests.stories.linked import link
from tests.stories.test_paying import rows
from tests.stories.world import PEOPLE, UNDO, World, enrol_everybody, open_world

OTHERS = ("ben", "cleo", "dara", "ravi", "sana", "tove", "udo")
INVITED = "asks a random sample"


@pytest.fixture
async def polled(tmp_path: Path) -> AsyncIterator[World]:
    async with open_world(tmp_path) as world:
        await enrol_everybody(world)
        yield world


def with_terms(monkeypatch: pytest.MonkeyPatch, terms: Terms) -> None:
    """Let polls be asked with these terms."""

    async def sampled(ctx: Context, work: Work, poll: Poll) -> Poll:
        return await invite(ctx, work, replace(poll, terms=terms))

    monkeypatch.setattr("bot.commands.polls.invite", sampled)


async def ask(world: World) -> str:
    await world.command("ada", 'poll "Scrape it?" yes | no')
    return await world.post("ada")


async def vote(world: World, person: str, number: int) -> str:
    tell = world.say if person in PEOPLE["words"] else world.command
    return await tell(person, f"vote {number} 1")


def invited(world: World) -> set[str]:
    return {person for person in ("ada", *OTHERS) if any(INVITED in told for told in world.home(person))}


async def test_those_drawn_are_invited_and_vote_and_others_are_told_no(
    polled: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_terms(monkeypatch, Terms(sample=5))
    await ask(polled)
    await polled.command("ada", "undo")
    await polled.wait(2 * UNDO)
    assert invited(polled) == set()
    assert rows(tmp_path, "SELECT * FROM invitations") == []

    told = await ask(polled)
    assert "5 colleagues of those who could vote were drawn by chance and are invited." in told
    await polled.wait(2 * UNDO)
    drawn = invited(polled)
    assert len(drawn) == 5
    assert "ada" not in drawn
    assert any("For 5 physicians drawn at random" in said for said in polled.room(polled.words))
    in_private = next(
        told for person in drawn & set(PEOPLE["words"]) for told in polled.home(person) if INVITED in told
    )
    aside = next(
        told for person in drawn & set(PEOPLE["forms"]) for told in polled.home(person) if INVITED in told
    )
    assert INVITED in in_private
    assert not [told for told in (in_private, aside) if "Scrape it?" in told]

    for person in drawn:
        assert (await vote(polled, person, 102)).startswith("Your vote counted")
    for person in {"ada", *OTHERS} - drawn:
        refused = await vote(polled, person, 102)
        assert refused.startswith("Poll 102 asks a random sample of 5 colleagues. You were not drawn;")
    nobody_is_named(tmp_path)
    await polled.command("ada", "endpoll 102")
    assert rows(tmp_path, "SELECT * FROM invitations") == []
    async with polled.bot.house.content.work() as work:
        poll = await work.polls.by_number(102)
    assert poll is not None
    assert poll.result is not None
    assert (poll.result.counts.ballots, poll.result.invited) == (5, 5)


def nobody_is_named(folder: Path) -> None:
    """Look into the tables: invitations hold names of the urn, and their messages lead to no poll."""
    members = {str(row[0]) for row in rows(folder, "SELECT id FROM members")}
    kept = {str(row[1]) for row in rows(folder, "SELECT poll, voter FROM invitations")}
    assert len(kept) == 5
    assert kept.isdisjoint(members)
    ((poll,),) = rows(folder, "SELECT id FROM polls")
    sent = rows(folder, "SELECT subject, key FROM outbox WHERE subject LIKE 'drawn:%' AND state = 'sent'")
    assert len(sent) == 5
    assert not any(str(poll) in str(text) for row in sent for text in row)


async def test_where_fewer_are_there_all_are_asked_but_not_the_stopped_and_not_who_comes_later(
    polled: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_terms(monkeypatch, Terms(sample=40, shows=Shows.AUTHOR))
    await polled.bot.stopping.suspend(await polled.name_of("ben"), 30, "Words.", by="one")
    assert "Only 6 colleagues could be asked, so all of them are invited." in await ask(polled)
    await polled.wait(2 * UNDO)
    assert invited(polled) == set(OTHERS) - {"ben"}

    await polled.bot.stopping.restore(await polled.name_of("ben"), by="one")
    refused = await vote(polled, "ben", 101)
    assert refused.startswith(
        "Poll 101 asks a random sample of 6 colleagues. You were not drawn, and its author"
    )
    # Another account is the same person: drawn stays drawn, and not drawn stays not drawn.
    await link(polled, "cleo", "norma")
    assert (await polled.say("norma", "vote 101 1")).startswith("Your vote counted")
    await link(polled, "ben", "nemo")
    assert "You were not drawn" in await polled.command("nemo", "vote 101 1")


async def test_a_sample_below_the_smallest_cell_is_refused(
    polled: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_terms(monkeypatch, Terms(sample=4))
    assert "A random sample needs at least 5 colleagues" in await ask(polled)
    await polled.command("ada", "discard")
    with_terms(monkeypatch, Terms(sample=20, audience=("Urology",)))
    assert "Fewer than 5 colleagues can be drawn" in await ask(polled)
    async with polled.bot.house.content.work() as work:
        assert await work.polls.open_polls(5) == ()
