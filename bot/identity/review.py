"""Review: what moderators see of those who want in, and what they decide."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.domain.members import Member, MemberId, Role
from bot.domain.verification import Applicant, Stage
from bot.domain.working_days import is_working_day, working_days
from bot.identity.applications import Application, Applications, Overtaken
from bot.identity.memos import Memos
from bot.identity.moving import Moving
from bot.identity.recheck import Recheck
from bot.identity.wall import Wall
from bot.ports.chance import Chance
from bot.ports.clock import Clock
from bot.ports.outbox import MODERATING
from bot.ports.work import Content, Work
from bot.views.moderators import (
    gathered_card,
    left_card,
    moderating_quiet_card,
    overdue_card,
    room_card,
    settled_in_room_card,
    something_waits_card,
)
from bot.views.verification import approved_quiet_card, decided_card, decided_quiet_card

PROPOSED: Final = 3
"""Screen names that an applicant may choose from."""
LONGEST_WORDS: Final = 480
"""Characters of what a moderator writes to an applicant."""
PROMISED_DAYS: Final = 2
"""Working days within which an application is to be decided."""
_REMIND_FROM: Final = 7
"""The hour (UTC) from which the daily list goes out."""
_REMINDED: Final = "reminded"
_GATHERED: Final = "gathered"
Count = Callable[[], Awaitable[int]]


async def _none() -> int:
    return 0


class Review:
    """The queue of applications that a check left open."""

    def __init__(  # noqa: PLR0913 - every collaborator is handed in
        self,
        wall: Wall,
        content: Content,
        applications: Applications,
        moving: Moving,
        recheck: Recheck,
        *,
        clock: Clock,
        chance: Chance,
        days: int = PROMISED_DAYS,
        apart: Count = _none,
    ) -> None:
        """Take the wall, the way to tell people, where applications lie, who moves and who renews members.

        ``days`` are working days after which an application is on the daily list; ``apart`` counts
        deliveries in quarantine.
        """
        self._wall = wall
        self._content = content
        self._applications = applications
        self.moving = moving
        self._recheck = recheck
        self._clock = clock
        self._chance = chance
        self._memos = Memos(chance)
        self.days = days
        self.apart = apart

    async def alone(self) -> bool:
        """Say whether there is no second moderator."""
        async with self._content.work() as work:
            return await _alone(work)

    async def queue(self) -> tuple[Applicant, ...]:
        """List what waits for a moderator, the longest waiting first."""
        now = self._clock.now()
        return tuple(one.as_applicant(now) for one in await self._all_waiting())

    async def waiting(self, reference: str) -> Applicant | None:
        """Find what waits under this reference, in capitals or not."""
        application = await self._waiting(reference)
        return None if application is None else application.as_applicant(self._clock.now())

    async def approve(self, reference: str, by: str) -> Applicant | None:
        """Approve an application; one that overrides a failed check waits for a second moderator.

        None where nothing of this reference waits. The applicant is told once it is approved.
        """
        application = await self._waiting(reference)
        if application is None:
            return None
        approvals = tuple(dict.fromkeys((*application.approvals, by)))
        own = application.member_id if application.renews else None
        held = not application.barred and await self._wall.hard_keys.is_held(application.keys, besides=own)
        application = replace(application, approvals=approvals, held=held)
        await self._wall.audit.append("application_approved", by=by, reference=application.reference)
        movable = application.gone and not application.objected
        owner = await self.moving.owner(application) if movable else None
        if len(approvals) < application.needed or (application.held and owner is None):
            return await self._noted(application)
        if owner is not None:
            moving = replace(application, moves=owner, asked=(), said="")
            told = await self._decided(moving.at(Stage.MOVING, self._clock.now()))
            await self.moving.go_on(application.account)
            return told
        if application.renews:
            return await self._renewed(application)
        named = replace(application, names=await self._wall.joining.free_names(PROPOSED), said="")
        return await self._decided(named.at(Stage.NAMING, self._clock.now()))

    async def _renewed(self, application: Application) -> Applicant:
        """Let a member go on whom moderators have looked at."""
        if not await self._recheck.renew(application):
            await self._recheck.settled(application.member_id)
        await self._applications.drop(application, route=None)
        renewed = application.at(Stage.RENEWED, self._clock.now()).as_applicant(self._clock.now())
        async with self._content.work() as work:
            await self._memos.end(work, application.reference, settled_in_room_card(renewed))
        return renewed

    async def _noted(self, application: Application) -> Applicant:
        """Keep an approval that is not enough yet."""
        await self._applications.keep(application)
        applicant = application.as_applicant(self._clock.now())
        async with self._content.work() as work:
            card = room_card(applicant, alone=await _alone(work))
            await self._memos.change(work, applicant.reference, card)
        return applicant

    async def reject(self, reference: str, by: str, words: str) -> Applicant | None:
        """Reject an application with a reason that the applicant reads; None where nothing waits."""
        return await self._say(reference, by, words, Stage.REJECTED, "application_rejected")

    async def ask(self, reference: str, by: str, words: str) -> Applicant | None:
        """Ask the applicant for more; None where nothing waits."""
        return await self._say(reference, by, words, Stage.MORE, "application_asked")

    async def object(self, member: MemberId) -> bool:
        """Hear from an account that is said to be gone: nothing moves, and moderators look once more.

        False where nothing was to move.
        """
        async with self.moving.deciding:
            while (application := await self.moving.of_member(member)) is not None:
                objected = replace(application, objected=True, approvals=(), moves="", asked=())
                with suppress(Overtaken):  # Then it is another state by now: look again.
                    await self._decided(objected.at(Stage.REVIEW, self._clock.now()))
                    await self.receive(application)
                    return True
        return False

    async def _say(self, reference: str, by: str, words: str, stage: Stage, act: str) -> Applicant | None:
        application = await self._waiting(reference)
        if application is None:
            return None
        await self._wall.audit.append(act, by=by, reference=application.reference)
        said = replace(application, said=words[:LONGEST_WORDS], approvals=())
        return await self._decided(said.at(stage, self._clock.now()))

    async def _decided(self, application: Application) -> Applicant:
        await self._applications.keep(application)
        applicant = application.as_applicant(self._clock.now())
        naming = application.stage is Stage.NAMING
        quiet = approved_quiet_card() if naming else decided_quiet_card()
        async with self._content.work() as work:
            await work.outbox.tell(
                application.member_id,
                decided_card(applicant, self.days),
                quiet=quiet,
                # Not the reference: it stands beside a name in the queue, and here beside a member.
                key=f"decided:{self._chance.id()}",
                release_at=self._clock.now(),
                though_stopped=True,
            )
            card = settled_in_room_card(applicant)
            change = self._memos.change if applicant.stage is Stage.MORE else self._memos.end
            await change(work, applicant.reference, card)
        return applicant

    async def receive(self, application: Application) -> None:
        """Take an application in that was put under review: from now on its applicant can be told."""
        if not application.renews:
            await self._wall.accounts.keep_mailbox(application.member_id, application.account)
        await self._wall.audit.append("application_waits", by="applicant", reference=application.reference)
        async with self._content.work() as work:
            applicant = application.as_applicant(self._clock.now())
            await self._memos.show(work, applicant, alone=await _alone(work))

    async def left(self, reference: str) -> None:
        """Note that an application waits no longer, without anybody's decision; it may never have waited."""
        async with self._content.work() as work:
            await self._memos.end(work, reference, left_card(reference))

    async def remind(self) -> None:
        """Once a day bring the cards up to date, and on working days list what waits for too long."""
        now = self._clock.now()
        if now.hour < _REMIND_FROM:
            return
        waiting = [one for one in await self._all_waiting() if one.stage is Stage.REVIEW]
        apart = await self.apart()
        async with self._content.work() as work:
            if not await _first_today(work, now):
                return
            alone = await _alone(work)
            for one in waiting:
                card = room_card(one.as_applicant(now), alone=alone)
                await self._memos.change(work, one.reference, card)
            late = tuple(one.as_applicant(now) for one in waiting if self._is_late(one, now))
            if is_working_day(now.date()) and (late or apart):
                await work.outbox.notify_moderators(
                    overdue_card(late, self.days, apart),
                    quiet=something_waits_card(),
                    key=f"overdue:{now.date().isoformat()}",
                )

    async def gather(self, room: str) -> None:
        """Let all moderators into a room that was configured since the last start, and show what waits there.

        ``room`` is its address, empty where there is none.
        """
        waiting = [one for one in await self._all_waiting() if one.stage is Stage.REVIEW]
        now = self._clock.now()
        async with self._content.work() as work:
            if (await work.dialogs.get(_GATHERED) or b"") == room.encode():
                return
            await work.dialogs.put(_GATHERED, room.encode())
            if not room:
                return
            alone = await _alone(work)
            for one in waiting:
                await self._memos.show(work, one.as_applicant(now), alone=alone)
            for moderator in await _moderators(work):
                await work.outbox.tell(
                    moderator.id,
                    gathered_card(),
                    quiet=moderating_quiet_card(),
                    key=f"gathered:{self._chance.id()}",
                    release_at=now,
                    subject=MODERATING,
                )

    def _is_late(self, application: Application, now: datetime) -> bool:
        since = datetime.fromisoformat(application.since)
        return working_days(since.date(), now.date()) > self.days

    async def _waiting(self, reference: str) -> Application | None:
        wanted = reference.strip().upper()
        return next((one for one in await self._all_waiting() if one.reference == wanted), None)

    async def _all_waiting(self) -> list[Application]:
        return [one for one in await self._applications.all() if one.stage in (Stage.REVIEW, Stage.MORE)]


async def _alone(work: Work) -> bool:
    return len(await _moderators(work)) < 2


async def _moderators(work: Work) -> list[Member]:
    return [member for member in await work.members.everybody() if member.role is Role.MODERATOR]


async def _first_today(work: Work, now: datetime) -> bool:
    today = now.date().isoformat().encode()
    if await work.dialogs.get(_REMINDED) == today:
        return False
    await work.dialogs.put(_REMINDED, today)
    return True
