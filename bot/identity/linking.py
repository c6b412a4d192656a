"""Linking: two accounts of one person become one member, after both of them said so."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from bot.chat.events import Account
from bot.domain.linking import TO_ANSWER, Linked, digits_of
from bot.identity.applications import Applications
from bot.identity.belonging import others
from bot.identity.link_codes import LinkCodes, Offer
from bot.identity.wall import Wall
from bot.ports.clock import Clock
from bot.views import linking as view


@dataclass(frozen=True, slots=True)
class Told:
    """What one account is told: where the joining stands, and the code where one was just made."""

    stands: Linked
    code: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Mine:
    """One account of a member; ``number`` counts from 1 in the order in which they came."""

    number: int
    account: Account = field(repr=False)
    here: bool
    home: bool


class Linking:
    """Joins accounts, takes them apart, and says which of them is told."""

    def __init__(self, wall: Wall, codes: LinkCodes, applications: Applications, *, clock: Clock) -> None:
        """Take the wall, the codes, and applications, which linking makes needless."""
        self._wall = wall
        self._codes = codes
        self._applications = applications
        self._clock = clock
        self._deciding = asyncio.Lock()

    async def stand(self, account: Account) -> Told:
        """Say where it stands; with nothing under way make a code. A code is told once only."""
        async with self._deciding:
            offer = await self._codes.offer_of(account)
            if offer is not None and offer.state != "shown":
                return Told(_seen_by(account, offer))
            code = await self._codes.show(account)
            return Told(Linked.TOO_OFTEN) if code is None else Told(Linked.SHOWN, code)

    async def typed(self, account: Account, words: str) -> Told:
        """Take a code that another account shows; whatever leads nowhere gets one and the same answer."""
        async with self._deciding:
            if await self._codes.used_up(account):
                return Told(Linked.TOO_WRONG)
            digits = digits_of(words)
            offer = await self._codes.typed(account, digits)
            if offer is None:
                return Told(Linked.NO_CODE)
            taken = await self._codes.take(digits, offer, account, self._clock.now() + TO_ANSWER)
            trouble = await self._trouble(taken)
            if trouble is not None:
                await self._codes.end(account)
                return Told(trouble)
            return Told(Linked.ASKED)

    async def yes(self, account: Account) -> Told:
        """Hear that both accounts belong to one person; the second yes joins them."""
        async with self._deciding:
            offer = await self._codes.offer_of(account)
            if offer is None or offer.typed_in is None:
                return Told(Linked.NOTHING)
            stands = _seen_by(account, offer)
            if stands is not Linked.ASKED:
                return Told(stands)
            if offer.state == "typed":
                await self._codes.agree(account, offer)
                await self._codes.touch(offer.shown_in)
                await self._wall.belonging.tell(
                    offer.shown_in, view.typed_elsewhere_card(), quiet=view.typed_quiet_card()
                )
                return Told(Linked.WAITS)
            return await self._join(account, offer, offer.typed_in)

    async def no(self, account: Account) -> Told:
        """Stop what is under way; the other account learns of it when it asks."""
        async with self._deciding:
            offer = await self._codes.offer_of(account)
            await self._codes.end(account)
            return Told(Linked.NOTHING if offer is None else Linked.STOPPED)

    async def accounts(self, account: Account) -> tuple[Mine, ...]:
        """List the accounts of the member whose account this is; none for a stranger."""
        known = await self._wall.who(account)
        if known is None:
            return ()
        home = await self._wall.mailbox(known.member)
        mine = await self._wall.accounts.of_member(known.member)
        return tuple(
            Mine(number, one, here=one == account, home=one == home)
            for number, one in enumerate(mine, start=1)
        )

    async def take_off(self, asking: Account, account: Account) -> bool:
        """Take another account off; its room no longer knows it as a member's."""
        await self._codes.touch(account)
        return await self._wall.belonging.take_off(asking, account)

    async def be_home(self, account: Account) -> bool:
        """Let notices come to this account's home chat; False for a stranger's."""
        return await self._wall.belonging.be_home(account)

    async def tidy(self) -> None:
        """Forget codes that ended, and the addresses of accounts that belong to nobody any more."""
        for account in await self._codes.old_desks():
            if await self._wall.accounts.of(account) is None:
                await self._wall.belonging.forget_address(account)
            await self._codes.forget(account)

    async def _join(self, account: Account, offer: Offer, typed_in: Account) -> Told:
        trouble = await self._trouble(offer)
        if trouble is None:
            both = (offer.shown_in, typed_in)
            members = [one for one in both if await self._wall.who(one) is not None]
            (stranger,) = others(both, members[0])
            if not await self._wall.belonging.add(members[0], stranger):
                return Told(Linked.NOTHING)
            await self._forget_application(stranger)
            await self._warn(members[0], both)
        await self._codes.end(account)
        return Told(trouble or Linked.JOINED)

    async def _trouble(self, offer: Offer) -> Linked | None:
        """Say why two accounts cannot be joined; None where they can."""
        both = [one for one in (offer.shown_in, offer.typed_in) if one is not None]
        members = [known.member for one in both if (known := await self._wall.who(one)) is not None]
        if not members:
            return Linked.STRANGERS
        if len(members) == 1:
            return None
        return Linked.ONE_ALREADY if len(set(members)) == 1 else Linked.TWO_MEMBERS

    async def _forget_application(self, account: Account) -> None:
        """Drop what a stranger said to become a member: that is needless now."""
        application = await self._applications.of(account)
        if application is not None:
            await self._applications.drop(application, self._wall.accounts.route(application.member_id))

    async def _warn(self, of: Account, both: tuple[Account, Account]) -> None:
        """Tell the member's home chat where neither of the two accounts is that chat's."""
        known = await self._wall.who(of)
        home = None if known is None else await self._wall.mailbox(known.member)
        if home is not None and home not in both:
            await self._wall.belonging.tell(
                home, view.joined_elsewhere_card(), quiet=view.joined_quiet_card()
            )


def _seen_by(account: Account, offer: Offer) -> Linked:
    """Say where an offer that was typed stands for one of the two."""
    turn = offer.typed_in if offer.state == "typed" else offer.shown_in
    return Linked.ASKED if account == turn else Linked.WAITS
