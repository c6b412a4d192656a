"""Belonging: accounts come to a member who is there, and go again, all or nothing over two databases.

The vault's one commit says what is to be; telling people and letting them into rooms comes after it, and
whatever stopped in between is done at the next start.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.chat.cards import Card
from bot.chat.events import Account
from bot.domain.members import MemberId
from bot.domain.verification import HardKey
from bot.identity.accounts import Accounts
from bot.identity.audit import Audit
from bot.identity.hard_keys import HardKeys
from bot.identity.records import Enrolment
from bot.ports.belonging import Change
from bot.ports.chance import Chance
from bot.ports.clock import Clock
from bot.ports.outbox import JOINING
from bot.ports.vault import Vault
from bot.ports.work import Content
from bot.views.home import let_in_card
from bot.views.linking import added_card, left_card, moved_here_card

_TOLD: Final = {
    "linking": (added_card, let_in_card),
    "moving": (moved_here_card, let_in_card),
    "leaving": (left_card, left_card),
}
"""What an account is told, and what where others may read along."""
_AUDITED: Final = {"linking": "account_linked", "moving": "membership_moved", "leaving": "account_unlinked"}


class Belonging:
    """Says which accounts a member has."""

    def __init__(
        self,
        vault: Vault,
        content: Content,
        accounts: Accounts,
        hard_keys: HardKeys,
        audit: Audit,
        turn: asyncio.Lock,
        *,
        clock: Clock,
        chance: Chance,
    ) -> None:
        """Take both databases and what opens the vault's rows; ``turn`` is held while rows change."""
        self._vault = vault
        self._content = content
        self._accounts = accounts
        self._hard_keys = hard_keys
        self._audit = audit
        self._clock = clock
        self._chance = chance
        self._turn = turn

    async def add(self, to: Account, account: Account) -> bool:
        """Let an account of a stranger belong to the member of ``to``; False, and nothing, if it may not."""
        async with self._turn:
            base = await self._active(to)
            if base is None:
                return False
            member = MemberId(base.member)
            mine = await self._accounts.of_member(member)
            home = await self._accounts.mailbox(member) or to
            rows = {account: replace(base, state="linking", step=self._chance.id())}
            return await self._change(member, rows, (*mine, account), home, fresh=account)

    async def move(self, member: MemberId, account: Account, keys: Sequence[HardKey] = ()) -> bool:
        """Let a member be this account's alone; False, and nothing, if it is somebody's already.

        ``keys`` are what the person has shown anew: they are the member's from now on.
        """
        async with self._turn:
            mine = await self._accounts.of_member(member)
            base = await self._active(mine[0]) if mine else None
            if base is None:
                return False
            leaving = {one: replace(base, state="leaving", step=self._chance.id()) for one in mine}
            rows = {account: replace(base, state="moving", step=self._chance.id()), **leaving}
            return await self._change(member, rows, (account,), account, fresh=account, keys=keys)

    async def take_off(self, asking: Account, account: Account) -> bool:
        """Take another account off the member of the one that asks; False, and nothing, if it is not one."""
        async with self._turn:
            base = await self._active(asking)
            if base is None or account == asking:
                return False
            member = MemberId(base.member)
            mine = await self._accounts.of_member(member)
            if account not in mine:
                return False
            home = await self._accounts.mailbox(member)
            rows = {account: replace(base, state="leaving", step=self._chance.id())}
            left = tuple(one for one in mine if one != account)
            return await self._change(member, rows, left, asking if home in (account, None) else home)

    async def be_home(self, account: Account) -> bool:
        """Let notices go to this account's home chat from now on; False for a stranger's."""
        async with self._turn:
            base = await self._active(account)
            if base is None:
                return False
            await self._accounts.keep_mailbox(MemberId(base.member), account)
            return True

    async def repair(self) -> int:
        """Finish what stopped half-way; say how much that was. Call it before anybody acts."""
        finished = 0
        async with self._turn:
            for index, enrolment in await self._accounts.all():
                finished += await self._finish(index, enrolment)
        return finished

    async def tell(self, account: Account, card: Card, *, quiet: Card) -> None:
        """Tell one account something in its own home chat, wherever its member's notices go."""
        courier = self._accounts.courier(self._accounts.index(account))
        await self._accounts.keep_mailbox(courier, account)
        async with self._content.work() as work:
            await work.outbox.tell(
                courier, card, quiet=quiet, key=f"account:{self._chance.id()}", release_at=self._clock.now()
            )

    async def forget_address(self, account: Account) -> None:
        """Forget how one account alone is told something."""
        courier = self._accounts.courier(self._accounts.index(account))
        await self._vault.change_accounts(Change({}, {self._accounts.route(courier): None}))

    async def _active(self, account: Account) -> Enrolment | None:
        found = await self._accounts.of(account)
        return found if found is not None and found.state == "active" else None

    async def _change(
        self,
        member: MemberId,
        rows: dict[Account, Enrolment],
        accounts: tuple[Account, ...],
        home: Account | None,
        fresh: Account | None = None,
        keys: Sequence[HardKey] = (),
    ) -> bool:
        """Commit what is to be, then do what follows from it. ``rows`` are the accounts that change."""
        indexes = {account: self._accounts.index(account) for account in rows}
        couriers = {
            account: self._accounts.route(self._accounts.courier(indexes[account])) for account in rows
        }
        boxes = {couriers[one]: self._accounts.seal_mailbox(couriers[one], one) for one in rows}
        if home is not None:
            route = self._accounts.route(member)
            boxes[route] = self._accounts.seal_mailbox(route, home)
        several = self._accounts.seal_listed(member, accounts) if len(accounts) > 1 else None
        change = Change(
            {indexes[one]: self._accounts.seal(indexes[one], row) for one, row in rows.items()},
            boxes,
            {self._accounts.listed(member): several},
            {index: self._hard_keys.seal(index, member) for index in map(self._hard_keys.index, keys)},
            fresh=indexes[fresh] if fresh is not None else b"",
        )
        if not await self._vault.change_accounts(change):
            return False
        for account, enrolment in rows.items():
            await self._finish(indexes[account], enrolment)
        return True

    async def _finish(self, index: bytes, enrolment: Enrolment) -> bool:
        """Tell the account, let it into its room where it comes, and let its row say how it is now."""
        if enrolment.state not in _TOLD:
            return False
        told, quiet = _TOLD[enrolment.state]
        leaving = enrolment.state == "leaving"
        async with self._content.work() as work:
            await work.outbox.tell(
                self._accounts.courier(index),
                told(),
                quiet=quiet(),
                key=f"{enrolment.state}:{enrolment.step}",
                release_at=self._clock.now(),
                subject="" if leaving else JOINING,
            )
        await self._audit.append(_AUDITED[enrolment.state], by="member", reference=enrolment.reference)
        now = replace(enrolment, state="active", step="")
        row = None if leaving else self._accounts.seal(index, now)
        await self._vault.change_accounts(Change({index: row}))
        return True


def others(accounts: Sequence[Account], account: Account) -> tuple[Account, ...]:
    """Give the accounts of a member that are not this one."""
    return tuple(one for one in accounts if one != account)
