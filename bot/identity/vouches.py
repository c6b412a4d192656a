"""Vouches: who may vouch for whom, what counts, and how an applicant hears of it.

What somebody types is kept and answered at once, right or wrong, and counted afterwards: the time of an
answer must not tell whether the code is anybody's.
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from typing import Final

from bot.chat.events import Account
from bot.domain.verification import Stage
from bot.domain.vouches import NAME, read
from bot.identity.applications import Application, Applications, Overtaken
from bot.identity.proofing import Proofing
from bot.identity.vouch_slots import Slot, Typed
from bot.identity.wall import Known, Wall
from bot.ports.chance import Chance
from bot.ports.clock import Clock
from bot.ports.work import Content
from bot.views.verification import decided_quiet_card
from bot.views.vouch import vouched_card

_TRIES: Final = 5
"""How often an application is opened again that its applicant is changing; then its vouch waits for the next
time."""


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
        self._slots = wall.vouch_slots
        self._content = content
        self._applications = applications
        self._proofing = proofing
        self._clock = clock
        self._chance = chance
        self._turn = asyncio.Lock()
        self._counting = asyncio.Lock()
        self.noted: list[Callable[[], None]] = []
        """Called once somebody whose code was noted has been answered: then it is time to count."""

    @property
    def offered(self) -> bool:
        """Whether applicants can be vouched for in this installation."""
        return self._proofing.offers(NAME)

    async def may(self, known: Known) -> Answer:
        """Say whether somebody may vouch now; no code is looked at for it."""
        today = self._clock.now().date()
        if not await self._slots.left(Slot.VOUCH, known.person, today):
            return Answer.MONTH_OVER
        return Answer.NOTED if await self._slots.left(Slot.TRY, known.person, today) else Answer.DAY_OVER

    async def vouch(self, account: Account, known: Known, code: str) -> Answer:
        """Note somebody's word for whoever has this code; every code that is typed uses up a try."""
        async with self._turn:
            await self._count_what_may_be_the_last(known)
            answer = await self.may(known)
            if answer is not Answer.NOTED:
                return answer
            noted = await self._slots.note(known.person, account, code, self._clock.now())
            return answer if noted else Answer.DAY_OVER

    def answered(self) -> None:
        """Hear that somebody whose code was noted has been answered."""
        for wake in self.noted:
            wake()

    async def count(self) -> None:
        """Count what was noted, each once, and let those go on for whom enough have vouched."""
        async with self._counting:
            for typed in await self._slots.waiting():
                await self._count(typed)
            for application in await self._waiting():
                if read(application.ref).done:
                    await self._move_on(application)

    async def tidy(self) -> None:
        """Forget slots of the past."""
        await self._slots.tidy(self._clock.now().date())

    async def _count_what_may_be_the_last(self, known: Known) -> None:
        """Count first where what waits could use up the month: "noted" must mean that a vouch is left."""
        today = self._clock.now().date()
        left = await self._slots.left(Slot.VOUCH, known.person, today)
        if 0 < left <= await self._slots.waiting_of(known.person, today):
            await self.count()

    async def _count(self, typed: Typed) -> None:
        """Count a vouch, where it counts, and forget its code."""
        known = await self._wall.who(typed.account)
        meant = await self._meant(typed, known) if known is not None else None
        day = typed.at.date()
        if known is None or meant is None or not await self._slots.left(Slot.VOUCH, known.person, day):
            await self._slots.forget(typed)
            return
        await self._wall.audit.append("vouched", by="colleague", reference=meant.reference)
        for _ in range(_TRIES):
            if meant is None or await self._written(typed, known, meant):
                return
            meant = await self._meant(typed, known)

    async def _written(self, typed: Typed, known: Known, meant: Application) -> bool:
        """Write who vouched into an application; False where its applicant changed it at the same moment."""
        voucher = self._slots.voucher(known.person, meant.member)
        vouched = replace(meant, ref=read(meant.ref).vouched(voucher).written())
        row = self._applications.row(vouched)
        return await self._slots.count(typed, known.person, row, meant.seen or b"")

    async def _meant(self, typed: Typed, known: Known) -> Application | None:
        """Find the application of a code, if whoever typed it may vouch for it.

        Those of one workplace or homeserver may, other than the applicant, once, while the code counts.
        """
        waiting = await self._waiting()
        with_code = [one for one in waiting if hmac.compare_digest(read(one.ref).code, typed.code)]
        if len(with_code) != 1:
            return None
        (meant,) = with_code
        asked, account = read(meant.ref), typed.account
        same_site = (account.platform, account.realm) == (meant.account.platform, meant.account.realm)
        himself = meant.account == account or meant.member_id == known.member
        again = self._slots.voucher(known.person, meant.member) in asked.by
        counts = same_site and not himself and not again and not asked.done and not asked.over(typed.at)
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
