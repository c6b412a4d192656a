"""The wall: the only place where an account and a member meet."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.chat.events import Account
from bot.domain.members import MemberId
from bot.identity.accounts import Accounts
from bot.identity.audit import Audit
from bot.identity.cabinet import SealedCabinet
from bot.identity.hard_keys import HardKeys
from bot.identity.home_chats import HomeChats
from bot.identity.joining import Joining
from bot.identity.leaving import Leaving, talk_key, voter_in
from bot.identity.mydata import OwnSide
from bot.identity.names import ScreenNames, bundled_names
from bot.ports.chance import Chance
from bot.ports.clock import Clock
from bot.ports.sealing import Sealer
from bot.ports.vault import Vault
from bot.ports.work import Content


@dataclass(frozen=True, slots=True)
class Known:
    """Who an account is: the member, and the person's key for ballots, which outlives a change of name."""

    member: MemberId
    person: bytes = field(repr=False)


class Wall:
    """Turns accounts into members at the front door, and members into accounts at the relay."""

    def __init__(
        self,
        vault: Vault,
        content: Content,
        sealer: Sealer,
        *,
        chance: Chance,
        clock: Clock,
        names: ScreenNames | None = None,
    ) -> None:
        """Stand between the vault and the content database; ``names`` are the bundled ones by default."""
        self._vault = vault
        self._sealer = sealer
        self.audit = Audit(vault, sealer, clock)
        self.accounts = Accounts(vault, sealer)
        self.hard_keys = HardKeys(vault, sealer)
        self.home = HomeChats(vault, sealer)
        self.leaving = Leaving(vault, sealer, self.accounts, self.hard_keys, self.home, self.audit)
        self.own_side = OwnSide(self.accounts, self.hard_keys, self.home, self.audit)
        self.joining = Joining(
            vault,
            content,
            self.accounts,
            self.hard_keys,
            self.audit,
            names=names or bundled_names(chance),
            clock=clock,
            chance=chance,
        )

    async def who(self, account: Account) -> Known | None:
        """Find the member behind an account; None for strangers and half-enrolled accounts."""
        found = await self.accounts.of(account)
        if found is None or found.state != "active":
            return None
        return Known(MemberId(found.member), bytes.fromhex(found.person))

    async def mailbox(self, member: MemberId) -> Account | None:
        """Find the account whose home chat reaches a member. Use it for one delivery and forget it."""
        return await self.accounts.mailbox(member)

    def voter(self, person: bytes, urn_key: bytes, poll_id: str) -> str:
        """Give the name that a person's ballot has in one urn: nothing outside the urn leads to it."""
        return voter_in(person, urn_key, poll_id)

    def talk_key(self, account: Account) -> str:
        """Give the key of an account's unfinished talk, in hex: a keyed hash that leads back to nobody."""
        return talk_key(self._sealer, account)

    def cabinet(self, prefix: str) -> SealedCabinet:
        """Give an adapter a cabinet of its own, named by the platform and its site."""
        return SealedCabinet(self._vault, self._sealer, prefix)
