"""Moving: a member's screen name goes to another account, once the old one was asked and did not object."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime

from bot.chat.events import Account
from bot.domain.members import MemberId
from bot.domain.verification import OBJECTION, Stage
from bot.identity.applications import Application, Applications, Overtaken
from bot.identity.link_codes import LinkCodes
from bot.identity.wall import Wall
from bot.ports.clock import Clock
from bot.views.old_account import asked_card

Gone = Callable[[Account], Awaitable[bool]]
"""Says whether the platform tells that an account is switched off; what it does not tell is no."""


class Moving:
    """Takes applications whose old account is gone from a moderator's yes to the end."""

    def __init__(
        self,
        wall: Wall,
        codes: LinkCodes,
        applications: Applications,
        gone: Gone,
        *,
        clock: Clock,
    ) -> None:
        """Take the wall, where applications lie, and what a platform says of an account."""
        self._wall = wall
        self._codes = codes
        self._applications = applications
        self._gone = gone
        self._clock = clock
        self.deciding = asyncio.Lock()
        """Held while a move or an objection is decided, so that of the two only the first counts."""

    async def owner(self, application: Application) -> MemberId | None:
        """Say whose membership would move: the one member to whom all held keys belong, or None."""
        owners = {await self._wall.hard_keys.owner(key) for key in application.keys} - {None}
        return owners.pop() if len(owners) == 1 else None

    async def of_member(self, member: MemberId) -> Application | None:
        """Find the application that would take a membership away."""
        moving = (one for one in await self._applications.all() if one.stage is Stage.MOVING)
        return next((one for one in moving if one.moves == member), None)

    async def go_on(self, account: Account) -> None:
        """Ask the old accounts, or move what belongs to them once they had their time or are switched off."""
        async with self.deciding:
            await self._go_on(account)

    async def _go_on(self, account: Account) -> None:
        application = await self._applications.of(account)
        if application is None or application.stage is not Stage.MOVING:
            return
        if await self._wall.who(account) is not None:
            await self._end(application)
            return
        member = MemberId(application.moves)
        accounts = await self._wall.accounts.of_member(member)
        if not accounts:
            await self._nothing_left(application)
            return
        unasked = tuple(one for one in accounts if one not in application.asked)
        if await self._all_gone(accounts) or (not unasked and self._is_due(application)):
            await self._move(application, member, accounts)
        elif unasked:
            await self._ask(application, unasked)

    async def tidy(self) -> None:
        """Take every application that moves one step on, where it is time."""
        for one in await self._applications.all():
            if one.stage is Stage.MOVING:
                try:
                    await self.go_on(one.account)
                except Overtaken:
                    continue

    async def _nothing_left(self, application: Application) -> None:
        """Give an application back to moderators whose old membership has ended by itself meanwhile."""
        back = replace(application, moves="", held=False, approvals=(), asked=())
        await self._applications.keep(back.at(Stage.REVIEW, self._clock.now()))

    def _is_due(self, application: Application) -> bool:
        return self._clock.now() - datetime.fromisoformat(application.since) >= OBJECTION

    async def _all_gone(self, accounts: tuple[Account, ...]) -> bool:
        return all([await self._gone(one) for one in accounts])

    async def _ask(self, application: Application, accounts: tuple[Account, ...]) -> None:
        """Tell old accounts; the time to object begins when the last of them was told."""
        for one in accounts:
            await self._codes.touch(one)
            await self._wall.belonging.tell(one, asked_card(), quiet=asked_card())
        asked = replace(application, asked=(*application.asked, *accounts))
        await self._applications.keep(asked.at(Stage.MOVING, self._clock.now()))

    async def _move(self, application: Application, member: MemberId, accounts: tuple[Account, ...]) -> None:
        for one in accounts:
            await self._codes.touch(one)
        if await self._wall.belonging.move(member, application.account, application.keys):
            await self._end(application)

    async def _end(self, application: Application) -> None:
        await self._applications.drop(application, self._wall.accounts.route(application.member_id))
