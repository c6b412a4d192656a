"""Bans: a ban is of the person, so whatever only a banned person has leads to a moderator's look."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.events import Account
from bot.domain.members import MemberId
from bot.domain.verification import HardKey, KeyKind
from bot.identity.accounts import Accounts
from bot.identity.hard_keys import HardKeys, account_key
from bot.identity.standing import Stopping


class Bans:
    """Finds the banned member to whom a number, a licence, a sign-on or an e-mail address belongs."""

    def __init__(self, accounts: Accounts, hard_keys: HardKeys, stopping: Stopping) -> None:
        """Take what leads from keys to members, and who knows their standing."""
        self._accounts = accounts
        self._hard_keys = hard_keys
        self._stopping = stopping

    async def member(self, keys: Sequence[HardKey], account: Account, mail: str) -> MemberId | None:
        """Say which banned member has, or had before leaving, one of these; None for nobody.

        ``mail`` is a keyed hash, or empty.
        """
        owners = [await self._hard_keys.owner(key) for key in (*keys, *_left_by(account, mail))]
        if mail:
            owners += [MemberId(one.member) for _, one in await self._accounts.all() if one.kept.mail == mail]
        for owner in dict.fromkeys(owners):
            if owner is not None and (await self._stopping.standing(owner)).barred:
                return owner
        return None

    async def left(self, former: MemberId, account: Account, mail: str) -> tuple[HardKey, ...]:
        """Give what is kept of a barred member who has left, beside number, licence and sign-on."""
        kept = _left_by(account, mail)
        return tuple([one for one in kept if await self._hard_keys.owner(one) == former])


def _left_by(account: Account, mail: str) -> tuple[HardKey, ...]:
    """Give the keys under which somebody who has left is known by the account and the address."""
    return (account_key(account), *((HardKey(KeyKind.MAIL, mail),) if mail else ()))
