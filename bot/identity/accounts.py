"""Accounts in the vault: the sealed link from an account to a member, and the address of a home chat."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping

from bot.chat.events import Account
from bot.domain.members import MemberId
from bot.identity.records import (
    Enrolment,
    account_from_bytes,
    account_to_bytes,
    accounts_from_bytes,
    accounts_to_bytes,
    enrolment_from_bytes,
    enrolment_to_bytes,
    joined,
    route_of,
)
from bot.ports.sealing import Sealed, Sealer
from bot.ports.vault import Vault


class Accounts:
    """Opens and seals the rows of accounts and mailboxes; says nothing about who may."""

    def __init__(self, vault: Vault, sealer: Sealer) -> None:
        """Take the vault they lie in."""
        self._vault = vault
        self._sealer = sealer

    async def of(self, account: Account) -> Enrolment | None:
        """Open the link of an account; None for a stranger's."""
        return await self.at(self.index(account))

    async def at(self, index: bytes) -> Enrolment | None:
        """Open the link under an index; None where there is none."""
        sealed = await self._vault.account(index)
        return None if sealed is None else self._open(index, sealed)

    async def all(self) -> tuple[tuple[bytes, Enrolment], ...]:
        """Open every link, with its index, beside the loop: there may be thousands."""
        found = await self._vault.accounts()
        return await asyncio.to_thread(
            lambda: tuple((index, self._open(index, sealed)) for index, sealed in found)
        )

    async def persons(self) -> Mapping[MemberId, str]:
        """Give the person behind every member who may act, opened beside the loop, one link at a time."""
        found = await self._vault.accounts()

        def opened() -> Mapping[MemberId, str]:
            links = (self._open(index, sealed) for index, sealed in found)
            return {MemberId(link.member): link.person for link in links if link.state == "active"}

        return await asyncio.to_thread(opened)

    async def links_of(self, member: MemberId) -> tuple[tuple[bytes, Enrolment], ...]:
        """Open the links of one member, each with its index."""
        indexes = [self.index(account) for account in await self.of_member(member)]
        opened = [(index, await self.at(index)) for index in indexes]
        return tuple((index, link) for index, link in opened if link is not None and link.member == member)

    async def replace(self, index: bytes, enrolment: Enrolment) -> None:
        """Seal a link in the place of the one that is there."""
        await self._vault.replace_account(index, self.seal(index, enrolment))

    def seal(self, index: bytes, enrolment: Enrolment) -> Sealed:
        """Seal a link for its place."""
        return self._sealer.seal(enrolment_to_bytes(enrolment), _account_place(index))

    async def mailbox(self, member: MemberId) -> Account | None:
        """Find the account whose home chat reaches a member. Use it for one delivery and forget it."""
        route = self.route(member)
        sealed = await self._vault.mailbox(route)
        if sealed is None:
            return None
        return self._open_mailbox(route, sealed)

    async def of_member(self, member: MemberId) -> tuple[Account, ...]:
        """List the accounts of a member, in the order in which they came; none for a member who is gone."""
        listed = self.listed(member)
        sealed = await self._vault.member_accounts(listed)
        if sealed is not None:
            return self._open_listed(listed, sealed)
        only = await self.mailbox(member)
        return () if only is None else (only,)

    async def of_members(self, members: Collection[MemberId]) -> Mapping[MemberId, tuple[Account, ...]]:
        """List the accounts of many members, as :meth:`of_member` does for one; opened beside the loop."""
        places = await asyncio.to_thread(
            lambda: {one: (self.listed(one), self.route(one)) for one in members}
        )
        several, single = await self._vault.addresses_of(
            [listed for listed, _ in places.values()], [route for _, route in places.values()]
        )

        def opened(listed: bytes, route: bytes) -> tuple[Account, ...]:
            if listed in several:
                return self._open_listed(listed, several[listed])
            return (self._open_mailbox(route, single[route]),) if route in single else ()

        return await asyncio.to_thread(lambda: {one: opened(*place) for one, place in places.items()})

    def courier(self, index: bytes) -> MemberId:
        """Give the id under which one account is told something, wherever its member's home chat is.

        No member has this id, and without the keys it leads to neither account nor member.
        """
        return MemberId(self._sealer.index("route", joined("courier", index.hex()))[:16].hex())

    def seal_listed(self, member: MemberId, accounts: tuple[Account, ...]) -> bytes:
        """Seal the accounts of a member for their place."""
        return self._sealer.seal(accounts_to_bytes(accounts), _listed_place(self.listed(member)))

    def listed(self, member: MemberId) -> bytes:
        """Give the blind index of a member's accounts."""
        return self._sealer.index("route", joined("accounts", member))

    async def keep_mailbox(self, member: MemberId, account: Account) -> None:
        """Let a member, or somebody who is none yet, be told in this account's home chat."""
        route = self.route(member)
        await self._vault.keep_mailbox(route, self.seal_mailbox(route, account))

    def seal_mailbox(self, route: bytes, account: Account) -> Sealed:
        """Seal the address of a home chat for its place."""
        return self._sealer.seal(account_to_bytes(account), _mailbox_place(route))

    def index(self, account: Account) -> bytes:
        """Give the blind index of an account."""
        return self._sealer.index("acct", joined(account.platform, account.realm, account.user))

    def route(self, member: MemberId) -> bytes:
        """Give the blind index of a member's mailbox."""
        return route_of(self._sealer, member)

    def mark(self, member: MemberId, *words: str) -> str:
        """Give a keyed mark, in hex, of something told to a member: the same again for the same words."""
        return self._sealer.index("route", joined("told", member, *words)).hex()

    def _open(self, index: bytes, sealed: bytes) -> Enrolment:
        return enrolment_from_bytes(self._sealer.open(sealed, _account_place(index)))

    def _open_mailbox(self, route: bytes, sealed: bytes) -> Account:
        return account_from_bytes(self._sealer.open(sealed, _mailbox_place(route)))

    def _open_listed(self, listed: bytes, sealed: bytes) -> tuple[Account, ...]:
        return accounts_from_bytes(self._sealer.open(sealed, _listed_place(listed)))


def _account_place(index: bytes) -> str:
    return f"accounts|sealed|{index.hex()}"


def _listed_place(listed: bytes) -> str:
    return f"member_accounts|sealed|{listed.hex()}"


def _mailbox_place(route: bytes) -> str:
    return f"mailboxes|sealed|{route.hex()}"
