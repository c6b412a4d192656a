"""Oneself: `me data` and `me delete`. Here, because they need the account, which no command may know."""

from __future__ import annotations

from functools import partial

from bot.commands.context import Ask, House
from bot.commands.leaving import leave_rooms
from bot.commands.mydata import room_side
from bot.domain.former import Posts
from bot.domain.members import Member
from bot.domain.permissions import Action, require
from bot.frontdoor.visit import Visit
from bot.identity.wall import Wall
from bot.ports.adapter import Reply
from bot.views import leaving as views
from bot.views.home import unverified_card
from bot.views.mydata import identity_card, mydata_card


class Oneself:
    """Answers members who ask what is held about them, or want it gone."""

    def __init__(self, wall: Wall, house: House) -> None:
        """Take the wall and the house."""
        self._wall = wall
        self._house = house

    async def data(self, visit: Visit, ask: Ask) -> Reply:
        """Show one side of what is held: never both in one answer."""
        member = _whose(visit)
        if member is None:
            return unverified_card()
        require(Action.ME, member)
        side, page = (*ask.argument.casefold().split()[1:], "", "")[:2]
        if side == "rooms":
            number = int(page) if page.isdecimal() and len(page) < 5 else 1
            return await room_side(self._house, member, number)
        held = await self._wall.own_side.of(visit.event.account) if side == "identity" else None
        return identity_card(held) if held else mydata_card()

    async def delete(self, visit: Visit, ask: Ask) -> Reply:
        """Say what deleting the account does, ask twice, and do it: ``me delete keep yes``."""
        member, barred = _whose(visit), _is_barred(visit)
        if member is None:
            return unverified_card()
        require(Action.ME, member)
        fate, sure = (*ask.argument.casefold().split()[1:], "", "")[:2]
        if fate not in tuple(Posts):
            return views.leave_card(barred=barred)
        posts = Posts(fate)
        if sure != "yes":
            return views.really_leave_card(posts)
        rooms = partial(leave_rooms, self._house)
        if not await self._wall.leaving.leave(visit.event.account, posts, rooms):
            return unverified_card()
        return views.left_card(posts, barred=barred)


def _whose(visit: Visit) -> Member | None:
    """Find whose data are asked about: those of somebody who is stopped are theirs all the same."""
    return visit.stopped.member if visit.stopped is not None else visit.member


def _is_barred(visit: Visit) -> bool:
    """Say whether moderators have stopped whoever asks, so that leaving does not lead in again."""
    return visit.stopped is not None and visit.stopped.standing.left_behind.barred
