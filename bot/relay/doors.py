"""Doors: who is let into which room, and put out of all of them, because of a delivery."""

from __future__ import annotations

from collections.abc import Mapping

from bot.chat.events import Account
from bot.domain.members import MemberId
from bot.identity.wall import Wall
from bot.ports.adapter import Adapter, Later, Room, Undeliverable


class Doors:
    """Lets accounts in and puts them out; ``moderators`` is the site that has the moderators' room."""

    def __init__(self, wall: Wall, adapters: Mapping[str, Adapter], moderators: str) -> None:
        """Take the wall, which knows whose accounts are whose, and the adapters by site."""
        self._wall = wall
        self._adapters = adapters
        self._moderators = moderators

    def serving(self, account: Account) -> Adapter:
        """Give the adapter that reaches an account; raises ``Later`` while there is none."""
        found = next((one for one in self._adapters.values() if one.serves(account)), None)
        if found is None:  # Its site is not connected yet: an adapter learns at start whom it serves.
            raise Later(None)
        return found

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
