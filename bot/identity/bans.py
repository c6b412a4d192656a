"""Bans: a ban is of the person, so whatever only a banned person has leads to a moderator's look."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.members import MemberId
from bot.domain.verification import HardKey
from bot.identity.accounts import Accounts
from bot.identity.hard_keys import HardKeys
from bot.identity.standing import Stopping


class Bans:
    """Finds the banned member to whom a number, a licence, a sign-on or an e-mail address belongs."""

    def __init__(self, accounts: Accounts, hard_keys: HardKeys, stopping: Stopping) -> None:
        """Take what leads from keys to members, and who knows their standing."""
        self._accounts = accounts
        self._hard_keys = hard_keys
        self._stopping = stopping

    async def member(self, keys: Sequence[HardKey], mail: str) -> MemberId | None:
        """Say which banned member has one of these; ``mail`` is a keyed hash, or empty. None for nobody."""
        owners = [await self._hard_keys.owner(key) for key in keys]
        if mail:
            owners += [MemberId(one.member) for _, one in await self._accounts.all() if one.kept.mail == mail]
        for owner in dict.fromkeys(owners):
            if owner is not None and (await self._stopping.standing(owner)).barred:
                return owner
        return None
