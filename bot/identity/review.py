"""Review: what moderators see of those who want in, and what they decide."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Final

from bot.domain.members import MemberId
from bot.domain.verification import Applicant, Stage
from bot.identity.applications import Application, Applications, Overtaken
from bot.identity.moderators import tell_moderators
from bot.identity.moving import Moving
from bot.identity.recheck import Recheck
from bot.identity.wall import Wall
from bot.ports.chance import Chance
from bot.ports.clock import Clock
from bot.ports.work import Content
from bot.views.verification import (
    approved_quiet_card,
    decided_card,
    decided_quiet_card,
    waiting_card,
    waiting_quiet_card,
)

PROPOSED: Final = 3
"""Screen names that an applicant may choose from."""
LONGEST_WORDS: Final = 480
"""Characters of what a moderator writes to an applicant."""


class Review:
    """The queue of applications that a check left open."""

    def __init__(
        self,
        wall: Wall,
        content: Content,
        applications: Applications,
        moving: Moving,
        recheck: Recheck,
        *,
        clock: Clock,
        chance: Chance,
    ) -> None:
        """Take the wall, the way to tell people, where applications lie, who moves and who renews members."""
        self._wall = wall
        self._content = content
        self._applications = applications
        self.moving = moving
        self._recheck = recheck
        self._clock = clock
        self._chance = chance

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
        owner = (
            await self.moving.owner(application) if application.gone and not application.objected else None
        )
        if len(approvals) < application.needed or (application.held and owner is None):
            await self._applications.keep(application)
            return application.as_applicant(self._clock.now())
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
        return application.at(Stage.RENEWED, self._clock.now()).as_applicant(self._clock.now())

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
                decided_card(applicant),
                quiet=quiet,
                # Not the reference: it stands beside a name in the queue, and here beside a member.
                key=f"decided:{self._chance.id()}",
                release_at=self._clock.now(),
                though_stopped=True,
            )
        return applicant

    async def receive(self, application: Application) -> None:
        """Take an application in that was put under review: from now on its applicant can be told."""
        if not application.renews:
            await self._wall.accounts.keep_mailbox(application.member_id, application.account)
        await self._wall.audit.append("application_waits", by="applicant", reference=application.reference)
        card, quiet = waiting_card(application.reference), waiting_quiet_card(application.reference)
        key, now = f"queue:{self._chance.id()}", self._clock.now()
        async with self._content.work() as work:
            await tell_moderators(work, card, quiet, key=key, at=now)

    async def _waiting(self, reference: str) -> Application | None:
        wanted = reference.strip().upper()
        return next((one for one in await self._all_waiting() if one.reference == wanted), None)

    async def _all_waiting(self) -> list[Application]:
        return [one for one in await self._applications.all() if one.stage in (Stage.REVIEW, Stage.MORE)]
