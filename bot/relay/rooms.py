"""Rooms: a delivery may let its member into them, or put a member out."""

from __future__ import annotations

from collections.abc import Mapping

from bot.chat.events import Account
from bot.domain.members import MemberId
from bot.identity.wall import Wall
from bot.ports.adapter import Adapter, Later, Room, Undeliverable


class Rooms:
    """Who is let into the rooms of all sites, by the accounts of a member."""

    def __init__(self, wall: Wall, adapters: Mapping[str, Adapter], moderators: str) -> None:
        """Take who knows accounts, the adapters by site, and the site of the moderators' room, if any."""
        self._wall = wall
        self._adapters = adapters
        self._moderators = moderators

    def serving(self, account: Account) -> Adapter:
        """Give the adapter of an account's site; raises ``Later`` where none is connected yet."""
        found = next((one for one in self._adapters.values() if one.serves(account)), None)
        if found is None:  # Its site is not connected yet: an adapter learns at start whom it serves.
            raise Later(None)
        return found

    async def admit(self, account: Account) -> None:
        """Let an account into its consult room, unless its member is stopped."""
        if not await self._wall.is_stopped(account):
            await self.serving(account).admit(account)

    async def admit_others(self, member: MemberId) -> None:
        """Let in accounts that are not told; after the telling, which a site that is away would hold up."""
        home = await self._wall.mailbox(member)
        for account in await self._wall.logins(member):
            if account != home:
                await self.admit(account)

    async def admit_moderator(self, account: Account) -> None:
        """Let a moderator into the moderators' room, where that is at a site of theirs."""
        adapter = self._adapters.get(self._moderators)
        if adapter is not None and adapter.serves(account):
            await adapter.admit(account, Room.MODERATORS)

    async def show_out(self, member: MemberId) -> None:
        """Put every account of a member out of every room; one refusal does not keep the others."""
        refused: Undeliverable | None = None
        for account in await self._wall.logins(member):
            self.serving(account)
            for adapter in [one for one in self._adapters.values() if one.serves(account)]:
                try:
                    await adapter.show_out(account)
                except Undeliverable as never:
                    refused = never
        if refused is not None:
            raise refused
