"""Claim tokens: what members can still read adds up, has its day, and a ledger counts and redeems once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.claims import SHOWN_FOR, ClaimCounts, Claimed, Honorarium
from bot.domain.members import MemberId
from bot.domain.polls import Poll
from storage.content.store import ContentStore
from tests.storage.handed_in import START

POLL = Poll("p1", 101, MemberId("a" * 32), "Biopsy?", ("yes", "no", "later"), START)
FIRST = Honorarium(101, "7GQ2-MX4D-0RTA-91KZ", "Example Research", "a book", START + SHOWN_FOR)
LATER = replace(FIRST, number=102, until=FIRST.until + timedelta(days=5))
MEMBERS = tuple(MemberId(f"{number:032x}") for number in range(7))


async def test_tokens_of_several_polls_add_up_until_each_is_over(
    content: ContentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.content.dialogs._AT_ONCE", 3)
    async with content.work() as work:
        await work.claims.give(dict.fromkeys(MEMBERS, FIRST), START)
        await work.claims.give(dict.fromkeys(MEMBERS[:5], LATER), START + timedelta(days=1))
    async with content.work() as work:
        held = [await work.claims.held(member) for member in MEMBERS]
    assert held == [(FIRST, LATER)] * 5 + [(FIRST,)] * 2

    async with content.work() as work:
        await work.dialogs.drop_expired(FIRST.until)
        assert [await work.claims.held(member) for member in MEMBERS[4:6]] == [(FIRST, LATER), ()]
        newest = replace(LATER, number=103, until=LATER.until + SHOWN_FOR)
        await work.claims.give({MEMBERS[0]: newest}, FIRST.until)
        assert await work.claims.held(MEMBERS[0]) == (LATER, newest)
        await work.claims.hold(MEMBERS[0], ())
        assert await work.claims.held(MEMBERS[0]) == ()


async def test_of_many_who_redeem_one_token_one_is_first(content: ContentStore) -> None:
    async with content.work() as work:
        await work.polls.add(POLL, b"K" * 32)
        await work.claims.mint(101, ["aa", "bb", "cc"])

    async def redeem(digest: str) -> Claimed:
        async with content.work() as work:
            return (await work.claims.redeem(101, digest, START.date())).claimed

    came = await asyncio.gather(*(redeem("bb") for _ in range(8)))
    assert sorted(came) == [Claimed.EARLIER] * 7 + [Claimed.NOW]
    assert await redeem("dd") is Claimed.UNKNOWN
    async with content.work() as work:
        assert await work.claims.counts(101) == ClaimCounts(3, 1)
        assert await work.claims.counts(102) == ClaimCounts(0, 0)
        assert await work.claims.is_redeemed(101, "bb")
        assert not await work.claims.is_redeemed(101, "aa")
        await work.polls.remove("p1")
    assert await redeem("aa") is Claimed.NOW, "what was promised outlives the poll"
