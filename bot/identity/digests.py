"""Digests on the vault's side: whose morning has come, and under which id a digest is told to them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial

from bot.chat.events import Account
from bot.domain.digest_times import Rhythm, morning
from bot.domain.members import MemberId
from bot.domain.routing import Availability, is_quiet
from bot.identity.accounts import Accounts
from bot.identity.personae import Personae
from bot.identity.records import joined
from bot.identity.routing import Routing, zone_of
from bot.ports.clock import Clock
from bot.ports.digests import Due
from bot.ports.routing import Change
from bot.ports.sealing import Sealer


class Digests:
    """Fills :class:`bot.ports.digests.Digests`; what is kept lies in the sealed rows of pages."""

    def __init__(
        self, routing: Routing, sealer: Sealer, accounts: Accounts, personae: Personae, clock: Clock
    ) -> None:
        """Take the rows of pages, and what leads to home chats."""
        self._routing = routing
        self._sealer = sealer
        self._accounts = accounts
        self._personae = personae
        self._clock = clock

    async def due(self, hour: int) -> tuple[Due, ...]:
        """List members whose morning has come and who are neither muted nor in quiet hours."""
        now = self._clock.now()
        wanting = await self._routing.wanting_digests()
        ahead, ripe = await asyncio.to_thread(_parted, wanting, now, hour)
        if ahead:
            await self._routing.change_all(dict.fromkeys(ahead, partial(_believed, now)))
        found = [await self._due(member, *wanting[member], hour) for member in ripe]
        return tuple(one for one in found if one is not None)

    async def _due(self, member: MemberId, person: str, said: Availability, hour: int) -> Due | None:
        home = await self._accounts.mailbox(member)
        if home is None or said.digest.since is None:
            return None
        held = await self._personae.held(member)
        at = morning(said.digest.rhythm, self._clock.now().astimezone(zone_of(said.zone)), hour)
        to = digest_courier(self._sealer, person)
        await self._lead(to, home)
        return Due(to, member, (member, *held.ids), said.digest.since, f"digest:{at.date().isoformat()}")

    async def _lead(self, to: MemberId, home: Account) -> None:
        """Let what is told to an id reach a home chat; a mailbox is written only where it changes."""
        if await self._accounts.mailbox(to) != home:
            await self._accounts.keep_mailbox(to, home)

    async def looked(self, told: Mapping[MemberId, bool]) -> None:
        """Note in one transaction that it was looked for each of these members."""
        now = self._clock.now()
        await self._routing.change_all({member: _looked(now, told=did) for member, did in told.items()})


def digest_courier(sealer: Sealer, person: str) -> MemberId:
    """Give the id under which a person is told digests.

    A digest comes in somebody's morning, and where morning is says where they are. So the content database
    has it under an id that is nobody's there, and the same through every change of name or account.
    """
    return MemberId(sealer.index("route", joined("digest", person))[:16].hex())


def _parted(
    wanting: Mapping[MemberId, tuple[str, Availability]], now: datetime, hour: int
) -> tuple[list[MemberId], list[MemberId]]:
    """List those whose last look lies ahead, and those of all others whose morning has come."""
    ahead = [who for who, (_, said) in wanting.items() if said.digest.believed(now) != said.digest]
    ripe = [who for who, (_, said) in wanting.items() if who not in ahead and _is_due(said, now, hour)]
    return ahead, ripe


def _is_due(said: Availability, now: datetime, hour: int) -> bool:
    there = now.astimezone(zone_of(said.zone))
    if said.muted(now) or is_quiet(said.quiet, there.time()):
        return False
    return said.digest.is_due(there, hour)


def _believed(now: datetime, said: Availability) -> Availability:
    return replace(said, digest=said.digest.believed(now))


def _looked(now: datetime, *, told: bool) -> Change:
    def change(said: Availability) -> Availability:
        wanted = said.digest.rhythm is not Rhythm.OFF
        return replace(said, digest=said.digest.looked(now, told=told)) if wanted else said

    return change
