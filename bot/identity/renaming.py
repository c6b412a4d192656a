"""Renaming: another screen name is another id, so that nothing outside the vault leads from old to new."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Final

from bot.chat.events import Account
from bot.domain.members import MemberId, Persona
from bot.domain.standing import Standing
from bot.identity.accounts import Accounts
from bot.identity.applications import Applications, Overtaken
from bot.identity.personae import PENDING, Folder, Link, Personae
from bot.ports.chance import Chance
from bot.ports.clock import Clock
from bot.ports.names import Changed
from bot.ports.vault import Vault
from bot.ports.work import Content, Work, last_of

_TRIES: Final = 5
"""How often an application is looked at again that somebody changes at the same moment."""


class Renaming:
    """Changes names over two databases that have no joint commit: vault pending, content, vault done."""

    def __init__(
        self,
        vault: Vault,
        content: Content,
        accounts: Accounts,
        personae: Personae,
        applications: Applications,
        turn: asyncio.Lock,
        *,
        clock: Clock,
        chance: Chance,
    ) -> None:
        """Take both databases and what opens the vault's rows; ``turn`` is held while rows change."""
        self._vault = vault
        self._content = content
        self._accounts = accounts
        self._personae = personae
        self._clock = clock
        self._chance = chance
        self._applications = applications
        self._turn = turn

    async def change(self, member: MemberId, screen_name: str) -> Changed:
        """Give a member another screen name; nothing has changed unless the answer says so."""
        async with self._turn:
            await self._settle(member)
            if await self._personae.author(member) != member:
                return Changed.OVERTAKEN
            fresh = MemberId(self._chance.id())
            await self._personae.begin(member, fresh)
            if not await self._name(member, fresh, screen_name):
                await self._personae.drop(member)
                return Changed.TAKEN
            await self._finish(member, fresh)
            await self._follow()
            return Changed.CHANGED

    async def repair(self) -> None:
        """Finish or forget what stopped half-way. Call it before anybody acts."""
        async with self._turn:
            for member in await self._everybody():
                await self._settle(member)
            for member in await self._everybody():
                await self._forget_unused(member)
            await self._follow()

    async def _everybody(self) -> set[MemberId]:
        return {MemberId(enrolment.member) for _, enrolment in await self._accounts.all()}

    async def _settle(self, member: MemberId) -> None:
        """Finish a change that the content side knows of, and forget one that it does not."""
        link = await self._personae.link(member)
        if link is None or link.kind != PENDING:
            return
        fresh = MemberId(link.owner)
        async with self._content.look() as work:
            stands = await work.members.get(fresh) is not None
        await (self._finish(member, fresh) if stands else self._personae.drop(member))

    async def _follow(self) -> None:
        """Let applications know members by their ids of today: whom they renew, whose they take over."""
        for one in await self._applications.all():
            for _ in range(_TRIES):
                if not await self._followed(one.account):
                    break

    async def _followed(self, account: Account) -> bool:
        """Bring one application up to date; True where somebody else changed it at the same moment."""
        known = await self._applications.of(account)
        if known is None:
            return False
        fresh = replace(
            known,
            member=await self._personae.author(known.member_id),
            moves=await self._personae.author(MemberId(known.moves)) if known.moves else "",
        )
        try:
            if fresh != known:
                await self._applications.keep(fresh)
        except Overtaken:
            return True
        return False

    async def _forget_unused(self, member: MemberId) -> None:
        """Forget personae of postings that were never kept, or undone before anybody saw them."""
        ids = (await self._personae.held(member)).ids
        if not ids:
            return
        async with self._content.look() as work:
            stand = await work.members.among(ids)
        for persona in ids:
            if persona not in stand:
                await self._personae.drop(persona)

    async def _name(self, member: MemberId, fresh: MemberId, screen_name: str) -> bool:
        async with self._content.work() as work:
            known = await work.members.get(member)
            if known is None:
                raise LookupError("somebody without a row wants another name")
            renamed = replace(known, id=fresh, screen_name=screen_name)
            if not await work.members.add(renamed):
                return False
            await work.members.retire(member)
            await work.standings.put(fresh, await work.standings.get(member))
            await work.standings.put(member, Standing())
            await _move_last(work, member, fresh)
            await work.dialogs.drop(f"own:{member}")
            return True

    async def _finish(self, member: MemberId, fresh: MemberId) -> None:
        """Move accounts and mailbox to the new id, and make the old one a past name, in one commit."""
        mine = {
            index: self._accounts.seal(index, replace(enrolment, member=fresh))
            for index, enrolment in await self._accounts.all()
            if enrolment.member == member
        }
        home = await self._accounts.mailbox(member)
        several = await self._accounts.of_member(member)
        listed = {self._accounts.listed(fresh): self._accounts.seal_listed(fresh, several)}
        route = self._accounts.route(fresh)
        before = (await self._personae.held(member)).folder
        today = self._clock.now().date().isoformat()
        folder = Folder(before=member, changed_on=today, always_own=before.always_own)
        await self._vault.keep_personae(
            dict(
                (
                    self._personae.link_row(member, Link(fresh, Persona.PAST.value)),
                    self._personae.folder_row(fresh, folder),
                )
            ),
            accounts_of=mine,
            mailbox={route: self._accounts.seal_mailbox(route, home)} if home else {},
            listed=listed if len(several) > 1 else {},
            dropped=(self._accounts.route(member), self._accounts.listed(member)),
        )


async def _move_last(work: Work, member: MemberId, fresh: MemberId) -> None:
    """What was posted last can still be undone."""
    if kept := await work.dialogs.get(last_of(member)):
        await work.dialogs.put(last_of(fresh), kept)
        await work.dialogs.drop(last_of(member))
