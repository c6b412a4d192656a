"""Vouches: who may vouch for whom, what counts, and how an applicant hears of it."""

from __future__ import annotations

import asyncio
import hmac
from dataclasses import replace
from enum import StrEnum
from typing import Final

from bot.chat.events import Account
from bot.domain.verification import Stage
from bot.domain.vouches import NAME, read
from bot.identity.applications import Application, Applications, Overtaken
from bot.identity.proofing import Proofing
from bot.identity.vouch_slots import Slot
from bot.identity.wall import Known, Wall
from bot.ports.chance import Chance
from bot.ports.clock import Clock
from bot.ports.work import Content
from bot.views.verification import decided_quiet_card
from bot.views.vouch import vouched_card

_TRIES: Final = 5
"""How often an application is opened again that its applicant is changing at the same moment."""


class Answer(StrEnum):
    """What somebody who vouches is told; nothing in it tells a code that is known from one that is not."""

    NOTED = "noted"
    MONTH_OVER = "month_over"
    DAY_OVER = "day_over"


class Vouches:
    """Takes the word of physicians for applicants; neither learns the other's screen name."""

    def __init__(
        self,
        wall: Wall,
        content: Content,
        applications: Applications,
        proofing: Proofing,
        *,
        clock: Clock,
        chance: Chance,
    ) -> None:
        """Take the wall, the way to tell people, where applications lie, and who takes them further."""
        self._wall = wall
        self._content = content
        self._applications = applications
        self._proofing = proofing
        self._clock = clock
        self._chance = chance
        self._turn = asyncio.Lock()

    @property
    def offered(self) -> bool:
        """Whether applicants can be vouched for in this installation."""
        return self._proofing.offers(NAME)

    async def may(self, known: Known) -> Answer:
        """Say whether somebody may vouch now; no code is looked at for it."""
        today = self._clock.now().date()
        if await self._wall.vouch_slots.are_used_up(Slot.VOUCH, known.person, today):
            return Answer.MONTH_OVER
        if await self._wall.vouch_slots.are_used_up(Slot.TRY, known.person, today):
            return Answer.DAY_OVER
        return Answer.NOTED

    async def vouch(self, account: Account, known: Known, code: str) -> Answer:
        """Take somebody's word for whoever has this code; every code that is typed uses up a try."""
        async with self._turn:
            answer = await self.may(known)
            if answer is not Answer.NOTED:
                return answer
            await self._wall.vouch_slots.take(Slot.TRY, known.person, self._clock.now().date())
            application = await self._count(account, known, code)
        if application is not None and read(application.ref).done:
            await self._move_on(application)
        return answer

    async def tidy(self) -> None:
        """Forget slots of the past, and take those further whose last vouch came just before a stop."""
        await self._wall.vouch_slots.tidy(self._clock.now().date())
        for application in await self._waiting():
            if read(application.ref).done:
                await self._move_on(application)

    async def _count(self, account: Account, known: Known, code: str) -> Application | None:
        """Count a vouch, where it counts; gives the application as it is then."""
        slots, today = self._wall.vouch_slots, self._clock.now().date()
        if await self._meant(account, known, code) is None:
            return None
        slot = await slots.take(Slot.VOUCH, known.person, today)
        counted = await self._written(account, known, code) if slot is not None else None
        if counted is None and slot is not None:
            await slots.give_back(slot)
        return counted

    async def _written(self, account: Account, known: Known, code: str) -> Application | None:
        """Write who vouched into the application, also while its applicant changes something else."""
        for _ in range(_TRIES):
            application = await self._meant(account, known, code)
            if application is None:
                return None
            voucher = self._wall.vouch_slots.voucher(known.person, application.member)
            vouched = replace(application, ref=read(application.ref).vouched(voucher).written())
            try:
                await self._applications.keep(vouched)
            except Overtaken:
                continue
            await self._wall.audit.append("vouched", by="colleague", reference=application.reference)
            return vouched
        return None

    async def _meant(self, account: Account, known: Known, code: str) -> Application | None:
        """Find the application of a code, if this account may vouch for it.

        Those of one workspace or homeserver may, other than the applicant, once, while the code counts.
        """
        now = self._clock.now()
        with_code = [one for one in await self._waiting() if hmac.compare_digest(read(one.ref).code, code)]
        if len(with_code) != 1:
            return None
        (meant,) = with_code
        asked = read(meant.ref)
        same_site = (account.platform, account.realm) == (meant.account.platform, meant.account.realm)
        himself = meant.account == account or meant.member_id == known.member
        again = self._wall.vouch_slots.voucher(known.person, meant.member) in asked.by
        counts = same_site and not himself and not again and not asked.done and not asked.over(now)
        return meant if counts else None

    async def _waiting(self) -> list[Application]:
        every = await self._applications.all()
        return [one for one in every if one.stage is Stage.WAITING and one.check == NAME]

    async def _move_on(self, application: Application) -> None:
        """Let the application go on, and tell its applicant."""
        try:
            heard = await self._proofing.look(application.account)
        except Overtaken:
            heard = None
        if heard is None or heard.applicant.stage is Stage.WAITING:
            # The applicant is at it this very moment, and sees where it stands, or has stopped.
            return
        await self._wall.accounts.keep_mailbox(application.member_id, application.account)
        async with self._content.work() as work:
            await work.outbox.tell(
                application.member_id,
                vouched_card(),
                quiet=decided_quiet_card(),
                key=f"vouched:{self._chance.id()}",
                release_at=self._clock.now(),
            )
