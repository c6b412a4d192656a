"""The wall: the only place where an account and a member meet."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from bot.chat.events import Account
from bot.domain.members import MemberId, Role
from bot.identity.accounts import Accounts
from bot.identity.applications import Applications
from bot.identity.audit import Audit
from bot.identity.belonging import Belonging
from bot.identity.cabinet import SealedCabinet
from bot.identity.digests import Digests
from bot.identity.electorate import Electorate
from bot.identity.hard_keys import HardKeys
from bot.identity.home_chats import HomeChats
from bot.identity.installing import SealedInstallation
from bot.identity.joining import Joining
from bot.identity.leaving import Leaving, talk_key, voter_in
from bot.identity.mydata import OwnSide
from bot.identity.names import ScreenNames, bundled_names
from bot.identity.naming import Naming
from bot.identity.own_names import OwnNames
from bot.identity.personae import Held, Personae
from bot.identity.renaming import Renaming
from bot.identity.routing import Routing
from bot.identity.vouch_slots import VouchSlots
from bot.ports.chance import Chance
from bot.ports.clock import Clock
from bot.ports.sealing import Sealer
from bot.ports.vault import Vault
from bot.ports.work import Content


@dataclass(frozen=True, slots=True)
class Known:
    """Who an account is: the member, and the person's key for ballots, which outlives a change of name.

    ``held`` are the member's other personae; ``real_name`` is the verified one, or empty.
    """

    member: MemberId
    person: bytes = field(repr=False)
    held: Held = field(default_factory=Held)
    real_name: str = field(default="", repr=False)


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
        self._vault, self._content = vault, content
        self._clock = clock
        self._sealer = sealer
        self._installations: dict[str, SealedInstallation] = {}
        self.turn = asyncio.Lock()
        """Held while rows about members change: somebody leaves, gets another name, another account."""
        self.audit = Audit(vault, sealer, clock)
        self.accounts = Accounts(vault, sealer)
        self.personae = Personae(vault, sealer)
        self.own_names = OwnNames(self.personae)
        self.hard_keys = HardKeys(vault, sealer, self.personae)
        self.home = HomeChats(vault, sealer, self.personae)
        self.belonging = Belonging(
            vault, content, self.accounts, self.hard_keys, self.audit, self.turn, clock=clock, chance=chance
        )
        self.routing = Routing(vault, sealer, self.accounts, self.personae, clock, self.turn)
        self.digests = Digests(self.routing, sealer, self.accounts, self.personae, clock)
        self._chance = chance
        self._names = names or bundled_names(chance)
        self.vouch_slots = VouchSlots(vault, sealer)
        self.leaving = Leaving(
            vault,
            sealer,
            self.accounts,
            self.hard_keys,
            self.home,
            self.personae,
            self.vouch_slots,
            self.audit,
            is_barred=self._is_barred,
            turn=self.turn,
        )
        self.own_side = OwnSide(
            self.accounts, self.hard_keys, self.home, self.personae, self.audit, self.routing
        )
        self.joining = Joining(
            vault,
            content,
            self.accounts,
            self.hard_keys,
            self.audit,
            names=self._names,
            clock=clock,
            chance=chance,
        )
        applications = Applications(vault, sealer)
        self.renaming = Renaming(
            vault, content, self.accounts, self.personae, applications, self.turn, clock=clock, chance=chance
        )

    @property
    def electorate(self) -> Electorate:
        """Who could vote, by the names that ballots have in one urn."""
        return Electorate(self.accounts)

    async def who(self, account: Account) -> Known | None:
        """Find the member behind an account; None for strangers and half-enrolled accounts."""
        found = await self.accounts.of(account)
        if found is None or found.state != "active":
            return None
        member = MemberId(found.member)
        held = await self.personae.held(member)
        return Known(member, bytes.fromhex(found.person), held, found.real_name)

    async def welcome(self, account: Account) -> bool:
        """Say whether an account may be in a consult room: a member's, or one that is just being let in."""
        found = await self.accounts.of(account)
        return found is not None and found.state in ("pending", "linking", "moving", "active")

    async def mailbox(self, member: MemberId) -> Account | None:
        """Find the account whose home chat reaches a member, or the author behind another persona.

        Use it for one delivery and forget it.
        """
        return await self.accounts.mailbox(await self.personae.author(member))

    async def is_moderator(self, account: Account) -> bool:
        """Say whether an account, or one that is just coming, is a moderator's."""
        found = await self.accounts.of(account)
        if found is None:
            return False
        async with self._content.look() as work:
            member = await work.members.get(MemberId(found.member))
        return member is not None and member.role is Role.MODERATOR

    async def is_same_person(self, one: MemberId, other: MemberId) -> bool:
        """Say whether two ids are personae of the same member; nothing may be logged of the answer."""
        return await self.personae.author(one) == await self.personae.author(other)

    async def is_stopped_persona(self, ident: MemberId) -> bool:
        """Say whether an id is a persona, or a past name, of somebody who is stopped.

        The content side keeps news from stopped members, but cannot know who is behind such an id.
        """
        author = await self.personae.author(ident)
        if author == ident:
            return False
        return await self._is_stopped(author)

    async def is_stopped(self, account: Account) -> bool:
        """Say whether an account, or one that is just coming, belongs to a member who is stopped."""
        found = await self.accounts.of(account)
        return found is not None and await self._is_stopped(MemberId(found.member))

    async def _is_stopped(self, member: MemberId) -> bool:
        async with self._content.look() as work:
            return bool((await work.standings.get(member)).at(self._clock.now()).stops)

    async def _is_barred(self, member: MemberId) -> bool:
        async with self._content.look() as work:
            return (await work.standings.get(member)).barred

    def naming(self, known: Known) -> Naming:
        """Give what commands may ask about the names of one member."""
        return Naming(
            known.member,
            known.held,
            known.real_name,
            personae=self.personae,
            renaming=self.renaming,
            joining=self.joining,
            names=self._names,
            chance=self._chance,
        )

    async def logins(self, member: MemberId) -> tuple[Account, ...]:
        """List every account of a member, or of the author behind another persona."""
        return await self.accounts.of_member(await self.personae.author(member))

    def voter(self, person: bytes, urn_key: bytes, poll_id: str) -> str:
        """Give the name that a person's ballot has in one urn: nothing outside the urn leads to it."""
        return voter_in(person, urn_key, poll_id)

    def talk_key(self, account: Account) -> str:
        """Give the key of an account's unfinished talk, in hex: a keyed hash that leads back to nobody."""
        return talk_key(self._sealer, account)

    def cabinet(self, prefix: str) -> SealedCabinet:
        """Give an adapter a cabinet of its own, named by the platform and its site."""
        return SealedCabinet(self._vault, self._sealer, prefix)

    def installation(self, prefix: str, site: str) -> SealedInstallation:
        """Give where the token of a workspace lies that installs the app by itself; always the same one.

        Who keeps a token and who erases one take turns.
        """
        if prefix not in self._installations:
            self._installations[prefix] = SealedInstallation(self.cabinet(prefix), self.audit, site)
        return self._installations[prefix]
