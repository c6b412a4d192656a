"""Polls that pay: everybody who took part gets a token in private, and it leads to no answer and no name."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.commands.housekeeping import tidy
from bot.commands.paying import electors
from bot.commands.poll_closing import close_poll
from bot.domain.claims import ClaimCounts, Claimed, Redemption, make_token, read_token
from bot.domain.members import Member, Role
from bot.domain.poll_terms import Terms
from bot.domain.polls import Poll
from tests import server
from tests.stories.linked import link
from tests.stories.world import UNDO, World, bytes_below, enrol_everybody, open_world

TERMS = Terms(sponsor="Example Research", payment="30 euros, from claims@example.org")
VOTERS = ("ben", "cleo", "dara", "ravi", "sana")
_TOKEN = re.compile(r"\b(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}\b")


async def ask(world: World, terms: Terms) -> None:
    """Ask poll 101 and give it terms before anybody has seen it."""
    await world.command("ada", 'poll "Scrape it?" yes | no')
    await world.post("ada")
    async with world.bot.house.content.work() as work:
        poll = await work.polls.by_number(101)
        assert poll is not None
        await work.polls.replace(replace(poll, terms=terms))
    await world.wait(UNDO + 5)


async def open_poll(world: World) -> tuple[Poll, Member]:
    async with world.bot.house.content.work() as work:
        poll = await work.polls.by_number(101)
        assert poll is not None
        author = await work.members.get(poll.author)
    assert author is not None
    return poll, author


async def vote(world: World, *people: str) -> None:
    for person in people:
        await (world.say if person in ("ravi", "sana", "tove", "udo") else world.command)(
            person, "vote 101 1"
        )


async def token_of(world: World, person: str) -> str:
    return read_token(_TOKEN.findall(await world.command(person, "honorarium"))[0])


def rows(folder: Path, query: str) -> list[tuple[object, ...]]:
    return server.look(folder / "var", "content", query)


def lies_without_names(folder: Path, tokens: set[str]) -> None:
    """Look into the files: a ledger without members, messages that name no poll, and no token in the open."""
    assert set(server.columns(folder / "var", "content", "claims")) == {"poll", "digest", "redeemed_on"}
    told = rows(folder, "SELECT key FROM outbox WHERE subject = '' AND member <> ''")
    assert len(told) == len(tokens)
    ((poll, urn_key, ballots),) = rows(
        folder, "SELECT id, urn_key, (SELECT count(*) FROM ballots) FROM polls"
    )
    assert (urn_key, ballots) == (None, 0)
    assert not any(str(poll) in str(key) for (key,) in told)
    lying = bytes_below(folder / "var")
    assert not any(token.encode() in lying or token.replace("-", "").encode() in lying for token in tokens)


async def redeem(world: World, typed: str) -> Redemption:
    redeemed = await world.bot.claims.redeem(101, typed)
    assert redeemed is not None
    return redeemed


async def delete_account(world: World, person: str) -> None:
    await world.command(person, "me delete")
    await world.press(person, "Delete, keep my posts")
    assert "Your account is deleted" in await world.press(person, "Delete for good")


@pytest.fixture
async def voted(tmp_path: Path) -> AsyncIterator[World]:
    """A poll that pays, in which five have voted."""
    async with open_world(tmp_path) as world:
        await enrol_everybody(world)
        await ask(world, TERMS)
        await vote(world, *VOTERS)
        yield world


async def test_everybody_who_took_part_gets_a_token_and_nothing_leads_to_them(
    voted: World, tmp_path: Path
) -> None:
    await voted.command("ada", "endpoll 101")
    await voted.wait(UNDO + 5)

    (in_words,) = (told for told in voted.home("ravi") if "honorarium" in told)
    assert "30 euros, from claims@example.org" in in_words
    assert _TOKEN.search(in_words)
    # Where others may read along there is neither token nor poll, only a way to what waits.
    assert voted.home("ben")[-1].startswith("Something waits for you.")
    assert not any(_TOKEN.search(told) for told in voted.home("ben"))
    assert _TOKEN.search(await voted.press("ben", "Open"))
    tokens = {await token_of(voted, person) for person in VOTERS}
    assert len(tokens) == len(VOTERS)
    lies_without_names(tmp_path, tokens)
    for person in ("ada", "tove", "udo"):
        assert "No honorarium waits for you" in await voted.command(person, "honorarium")
    assert await voted.bot.claims.counts(101) == ClaimCounts(5, 0)


async def test_a_vote_between_looking_and_closing_is_paid_too(
    voted: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody comes in and votes after all names were computed, here as if there were very many members."""
    monkeypatch.setattr("bot.identity.electorate._ONE_BY_ONE", 3)
    house, poll, author = voted.bot.house, *await open_poll(voted)
    known = await electors(house, poll)
    await voted.bot.wall.joining.enrol(
        voted.forms.account("nemo"), "Nemo Planted", "Dermatology", Role.PHYSICIAN, by="test"
    )
    await voted.command("nemo", "vote 101 2")
    async with house.content.work() as work:
        await close_poll(house, work, poll, author, known)

    assert await voted.bot.claims.counts(101) == ClaimCounts(6, 0)
    assert _TOKEN.search(await voted.command("nemo", "honorarium"))


async def test_a_token_is_paid_once_and_then_shown_no_more(voted: World) -> None:
    await voted.command("ada", "endpoll 101")
    token, other = await token_of(voted, "ben"), await token_of(voted, "cleo")
    slip = ("1" if token[0] != "1" else "2") + token[1:]
    for typed in (slip, "", "1234"):
        assert (await redeem(voted, typed)).claimed is Claimed.SLIP
    assert (await redeem(voted, make_token(b"7" * 32))).claimed is Claimed.UNKNOWN
    assert await voted.bot.claims.redeem(999, token) is None
    assert await voted.bot.claims.counts(101) == ClaimCounts(5, 0)

    typed = token.lower().replace("-", " ")
    assert await redeem(voted, typed) == Redemption(Claimed.NOW, voted.clock.now().date())
    voted.clock.pass_(3 * 24 * 3600)
    assert await redeem(voted, token) == Redemption(Claimed.EARLIER, date(2026, 3, 1))
    at_once = await asyncio.gather(*(redeem(voted, other) for _ in range(4)))
    assert sorted(one.claimed for one in at_once) == [Claimed.EARLIER] * 3 + [Claimed.NOW]
    assert await voted.bot.claims.counts(101) == ClaimCounts(5, 2)
    assert "No honorarium waits for you" in await voted.command("ben", "honorarium")
    name = await voted.name_of("dara")
    await voted.command("dara", "name")
    await voted.press("dara", voted.card("dara").buttons[0].label)
    assert await voted.name_of("dara") != name
    assert _TOKEN.search(await voted.command("dara", "honorarium"))


async def test_a_kill_while_it_closes_loses_nothing_and_several_accounts_are_one_participant(
    voted: World,
) -> None:
    """Key, ballots and tokens change in one commit: either the urn is there, or the tokens are."""
    await link(voted, "ben", "norma")
    await voted.say("norma", "vote 101 2")
    house, poll, author = voted.bot.house, *await open_poll(voted)

    async def killed() -> None:
        async with house.content.work() as work:
            await close_poll(house, work, poll, author)
            raise InterruptedError

    with pytest.raises(InterruptedError):
        await killed()
    assert await voted.bot.claims.counts(101) == ClaimCounts(0, 0)
    await voted.command("ada", "endpoll 101")
    assert await voted.bot.claims.counts(101) == ClaimCounts(5, 0)
    assert await token_of(voted, "norma") == await token_of(voted, "ben")


async def test_who_has_left_has_no_token_and_who_is_suspended_finds_it_later(voted: World) -> None:
    await delete_account(voted, "cleo")
    await voted.bot.stopping.suspend(await voted.name_of("ben"), 1, "Words.", by="one")
    await voted.command("ada", "endpoll 101")
    await voted.wait(UNDO + 5)

    assert await voted.bot.claims.counts(101) == ClaimCounts(4, 0)
    assert not any("Something waits" in told for told in voted.home("ben"))
    await voted.wait(25 * 3600)
    assert _TOKEN.search(await voted.command("ben", "honorarium"))


async def test_what_can_be_read_is_gone_with_its_time_or_its_member_and_the_ledger_still_knows_it(
    voted: World, tmp_path: Path
) -> None:
    kept = "SELECT count(*) FROM dialogs WHERE until IS NOT NULL"
    ((before,),) = rows(tmp_path, kept)
    assert isinstance(before, int)
    await voted.command("ada", "endpoll 101")
    tokens = [await token_of(voted, person) for person in ("ben", "cleo")]
    assert rows(tmp_path, kept) == [(before + 5,)]

    await delete_account(voted, "cleo")
    assert rows(tmp_path, kept) == [(before + 4,)]
    voted.clock.pass_(90 * 24 * 3600)
    await tidy(voted.bot.house)
    assert rows(tmp_path, kept) == [(0,)]
    assert "No honorarium waits for you" in await voted.command("ben", "honorarium")
    assert [(await redeem(voted, token)).claimed for token in tokens] == [Claimed.NOW] * 2
