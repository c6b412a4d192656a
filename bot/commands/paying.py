"""Honoraria: who took part in a poll that pays gets a token as it closes, which whoever pays redeems once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from bot.chat.cards import Card
from bot.commands.context import Ask, Context, House
from bot.domain.claims import (
    SHOWN_FOR,
    ClaimCounts,
    Claimed,
    Honorarium,
    Redemption,
    Slip,
    digest_of,
    make_token,
    read_token,
)
from bot.domain.members import MemberId
from bot.domain.permissions import Action, require
from bot.domain.polls import Poll, PollState
from bot.domain.samples import draw
from bot.ports.clock import Clock
from bot.ports.outbox import Told
from bot.ports.work import Content, Work
from bot.views import poll_paying as views

Electors = Mapping[str, MemberId]
"""Members by the name that their ballots have in one urn, whether there is one or not."""
NOBODY: Final[Electors] = {}


async def electors(house: House, poll: Poll) -> Electors:
    """Name everybody who could have voted in a poll that pays, outside of any transaction.

    Hand it to :func:`participants`, so that closing holds no other writer up while names are computed.
    """
    if not poll.terms.payment:
        return NOBODY
    async with house.content.look() as work:
        now = await work.polls.get(poll.id)
        if now is None or now.state is PollState.CLOSED:
            return NOBODY
        members = [member.id for member in await work.members.everybody()]
        try:
            key = await work.polls.urn_key(now)
        except KeyError:
            # It came back from a backup without its urn: nobody can be found any more.
            return NOBODY
    return _by_name(await house.electorate.voters(members, key, poll.id))


async def participants(
    house: House, work: Work, poll: Poll, known: Electors = NOBODY
) -> tuple[MemberId, ...]:
    """Find, in random order, who took part in a poll that pays; call it before its urn is destroyed.

    A ballot of somebody who is not ``known`` came meanwhile: then names are computed again, in here.
    """
    if not poll.terms.payment:
        return ()
    ballots = await work.polls.voters(poll)
    if not ballots <= known.keys():
        members = [member.id for member in await work.members.everybody()]
        key = await work.polls.urn_key(poll)
        known = _by_name(await house.electorate.voters(members, key, poll.id))
    found = sorted(known[ballot] for ballot in ballots & known.keys())
    return draw(found, len(found), house.chance.key)


def _by_name(names: Mapping[MemberId, str]) -> Electors:
    return {voter: member for member, voter in names.items()}


async def pay(house: House, work: Work, closed: Poll, took_part: tuple[MemberId, ...]) -> None:
    """Mint a token for each of these members once the urn is gone; call it in the same commit.

    The ledger gets digests alone. The member's own copy is sealed, and a message says that it is there.
    """
    if not took_part:
        return
    now, terms = house.clock.now(), closed.terms
    tokens = [make_token(house.chance.key()) for _ in took_part]
    await work.claims.mint(closed.number, [digest_of(closed.number, token) for token in tokens])
    new = {
        member: Honorarium(closed.number, token, terms.sponsor, terms.payment, now + SHOWN_FOR)
        for member, token in zip(took_part, tokens, strict=True)
    }
    await work.claims.give(new, now)
    await work.outbox.tell_each([_news(house, member, one) for member, one in new.items()])


def _news(house: House, member: MemberId, new: Honorarium) -> Told:
    """Tell a member of a new token, under a key that says nothing of the poll."""
    wait = timedelta(seconds=house.chance.between(*house.rules.delay_seconds))
    return Told(
        member,
        views.honoraria_card((new,)),
        quiet=views.honorarium_quiet_card(),
        key=house.chance.id(),
        release_at=house.clock.now() + wait,
    )


async def show(ctx: Context, _: Ask) -> Card:
    """Show the member's own tokens that nobody has redeemed yet, each until its time is over."""
    require(Action.HONORARIUM, ctx.member)
    async with ctx.work() as work:
        # Whoever took another screen name since has those from before under the id of the past one.
        held = [one for ident in ctx.ids for one in await _readable(work, ident, ctx.now())]
    return views.honoraria_card(held)


async def _readable(work: Work, ident: MemberId, now: datetime) -> list[Honorarium]:
    """Give the tokens under an id that can be read, and forget those that were paid or are too old."""
    held = await work.claims.held(ident)
    left = [one for one in held if one.until > now]
    digests = {one.token: digest_of(one.number, one.token) for one in left}
    paid = {one.token for one in left if await work.claims.is_redeemed(one.number, digests[one.token])}
    left = [one for one in left if one.token not in paid]
    if len(left) < len(held):
        await work.claims.hold(ident, left)
    return left


class ClaimDesk:
    """Where whoever pays, through the operator, asks whether a token is good. It never learns whose it is."""

    def __init__(self, content: Content, clock: Clock) -> None:
        """Take the ledger and the clock."""
        self._content = content
        self._clock = clock

    async def counts(self, number: int) -> ClaimCounts | None:
        """Count the tokens of a poll; None where there is no such poll."""
        async with self._content.look() as work:
            found = await work.claims.counts(number)
            return found if found.minted or await work.polls.by_number(number) else None

    async def redeem(self, number: int, typed: str) -> Redemption | None:
        """Redeem a token as it was typed, once; None where there is no such poll."""
        async with self._content.work() as work:
            if not (await work.claims.counts(number)).minted and not await work.polls.by_number(number):
                return None
            try:
                token = read_token(typed)
            except Slip:
                return Redemption(Claimed.SLIP)
            return await work.claims.redeem(number, digest_of(number, token), self._clock.now().date())
