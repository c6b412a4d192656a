"""Proofing: the walk of an applicant from the first word to a screen name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.chat.events import Account
from bot.domain.members import MemberId
from bot.domain.specialties import GENERAL
from bot.domain.standing import month_of
from bot.domain.verification import (
    NOT_FOUND,
    Finding,
    Outcome,
    Stage,
    Step,
    shows_work,
)
from bot.identity.applications import Application, Applications, Overtaken
from bot.identity.bans import Bans
from bot.identity.checking import Checks
from bot.identity.duplicates import Duplicates
from bot.identity.heard import Heard, heard
from bot.identity.joining import Admission, Admitted
from bot.identity.recheck import Recheck
from bot.identity.review import PROPOSED, Review
from bot.identity.wall import Wall
from bot.ports.chance import Chance
from bot.ports.clock import Clock
from bot.ports.verification import Check, Lasting, NotIt

KEPT_FOR: Final = timedelta(days=30)
TRIES: Final = 5
"""Numbers that an applicant may have looked up in a day."""
_TOO_OFTEN: Final = "Five numbers were looked up today, and that is the limit. Try again tomorrow."
_LONGEST: Final = 120
_MAIL: Final = "email"
"""The check that shows an e-mail address, and the answer that holds it."""


class Proofing:
    """Runs the checks in their order, keeps what they found, and admits whom they let in."""

    def __init__(  # noqa: PLR0913 - every collaborator is handed in
        self,
        wall: Wall,
        applications: Applications,
        checks: Checks,
        review: Review,
        recheck: Recheck,
        bans: Bans,
        duplicates: Duplicates,
        *,
        clock: Clock,
        chance: Chance,
    ) -> None:
        """Take the wall, where applications lie, the checks, where doubts go, and who knows people again."""
        self._wall = wall
        self._applications = applications
        self._checks = checks
        self._review = review
        self._recheck = recheck
        self._bans = bans
        self._duplicates = duplicates
        self._clock = clock
        self._chance = chance

    def offers(self, name: str) -> bool:
        """Say whether a check of this name is in use here."""
        return self._checks.named(name) is not None

    async def heard(self, account: Account) -> Heard | None:
        """Say where an account's application stands; None where there is none."""
        application = await self._applications.of(account)
        return None if application is None else self._told(application)

    async def renews(self, member: MemberId) -> bool:
        """Say whether a member has to be verified again."""
        return await self._recheck.wanted(member)

    async def begin(self, account: Account, site: str) -> Heard:
        """Begin an application, or go on with the one that is there: try what needs nobody's help."""
        application = await self._applications.of(account)
        if application is None:
            application = await self._fresh(account, site)
        if application.stage is Stage.WAITING:
            return await self._look(application)
        if application.stage is Stage.WORKPLACE:
            for check in self._checks.of(Step.WORKPLACE, interactive=False):
                application = (await self._checks.run(application, check))[0]
            application = self._after_workplace(application)
            await self._applications.keep(application)
        return self._told(application)

    async def look(self, account: Account) -> Heard | None:
        """Ask the check that waits how it stands, and go on where it can; None where none waits."""
        application = await self._applications.of(account)
        if application is None or application.stage is not Stage.WAITING:
            return None
        return await self._look(application)

    async def choose(self, account: Account, name: str, values: Mapping[str, str]) -> Heard:
        """Begin the check of this name with what the applicant typed for it."""
        application = await self._mine(account)
        check = self._checks.named(name)
        if check is None or not self._checks.may_begin(application, check):
            return self._told(application)
        if application.check == name and isinstance(check, Lasting):
            return await self._look(application)
        application = _with(application, values)
        started = await self._checks.start(application, check)
        if started.silent and application.stage is Stage.WORKPLACE:
            return await self._found(application, check, Finding(Outcome.UNAVAILABLE, "silent"))
        if started.refused:
            return self._told(application, refused=started.refused)
        if application.check != check.name:
            await self._checks.forget(application)
        waiting = replace(application, check=check.name, ref=started.ref)
        waiting = waiting.at(Stage.WAITING, self._clock.now())
        await self._applications.keep(waiting)
        return self._told(waiting, asks=started.asks, url=started.url)

    async def typed(self, account: Account, words: str) -> Heard:
        """Hand what the applicant typed to the check that waits for it; no words just ask how it stands."""
        application = await self._mine(account)
        if application.stage is not Stage.WAITING:
            return self._told(application)
        check = self._checks.named(application.check)
        if check is None or isinstance(check, Lasting):
            return await self._look(application)
        finding = await self._checks.poll(check, application.ref, words)
        if finding is None:
            return self._told(application)
        if isinstance(finding, NotIt):
            return replace(self._told(application), left=finding.left)
        return await self._found(application, check, finding)

    async def skip(self, account: Account) -> Heard:
        """Go on without proving the name: a moderator will look at it."""
        application = await self._mine(account)
        check = self._checks.named(application.check)
        if application.stage is not Stage.WAITING or check is None or check.step is not Step.PERSON:
            return self._told(application)
        return await self._settle(replace(application, check="", ref=""), Stage.CREDENTIAL)

    async def answer(self, account: Account, values: Mapping[str, str]) -> Heard:
        """Take the number and what belongs to it, look it up, and say what all findings come to."""
        before = await self._mine(account)
        if not before.wants_number:
            return self._told(before)
        application = self._counted(_with(before, values))
        if application.tries > TRIES:
            return self._told(application, refused=_TOO_OFTEN)
        refused = ""
        kept = tuple(one for one in application.findings if one.step is not Step.CREDENTIAL)
        application = replace(application, findings=kept)
        for check in self._checks.of(Step.CREDENTIAL, interactive=False):
            application, started = await self._checks.run(application, check)
            refused = refused or started.refused
            found = application.credential
            if found is not None and found.outcome is Outcome.PASS:
                break
        if refused and _found_nothing(application.credential):
            return await self._refuse(before, application, refused)
        return await self._decide(application)

    async def _refuse(self, before: Application, application: Application, sentence: str) -> Heard:
        """Keep nothing of a number that cannot exist but that it was looked up, where it was."""
        if application.credential is not None:
            await self._applications.keep(
                replace(before, tries=application.tries, tried_on=application.tried_on)
            )
        return self._told(before, refused=sentence)

    async def again(self, account: Account, site: str) -> Heard:
        """Begin anew; what stays is how often a number was looked up today, and the way to tell."""
        application = await self._mine(account)
        if application.stage in (Stage.REVIEW, Stage.NAMING, Stage.MOVING):
            return self._told(application)
        await self._checks.forget(application)
        fresh = replace(
            await self._fresh(account, site),
            member=application.member,
            tries=application.tries,
            tried_on=application.tried_on,
            seen=application.seen,
        )
        await self._applications.keep(fresh)
        await self._review.left(application.reference)
        return await self.begin(account, site)

    async def appeal(self, account: Account) -> Heard:
        """Let moderators look at an application that failed, or has no way to go on; two are needed."""
        application = await self._mine(account)
        stuck = application.stage is Stage.WORKPLACE and not shows_work(application.findings)
        if application.stage is not Stage.FAILED and not stuck:
            return self._told(application)
        return await self._to_review(await self._claimed(replace(application, override=True)))

    async def gone(self, account: Account) -> Heard:
        """Hear that an old account is gone: moderators look, whether or not there is one."""
        application = await self._mine(account)
        open_stage = application.stage in (Stage.FAILED, Stage.REVIEW, Stage.MORE)
        shown = application.credential is not None and application.outcome is not Outcome.FAIL
        if application.gone or not open_stage or not shown:
            return self._told(application)
        return await self._to_review(replace(application, gone=True))

    async def redraw(self, account: Account) -> Heard:
        """Propose other screen names."""
        application = await self._mine(account)
        if application.stage is Stage.NAMING:
            application = replace(application, names=await self._wall.joining.free_names(PROPOSED))
            await self._applications.keep(application)
        return self._told(application)

    async def name(self, account: Account, number: int) -> tuple[Admitted | None, Heard]:
        """Take one of the proposed screen names (from 1) and let the applicant in; None: nothing happened."""
        application = await self._mine(account)
        if application.stage is not Stage.NAMING or not 1 <= number <= len(application.names):
            return None, self._told(application)
        now = await self._claimed(application)
        if now.barred and not application.barred:
            return None, await self._to_review(now)
        await self._duplicates.keep(application)
        admission = self._admission(application, number)
        if now.barred:
            former = MemberId(now.barred)
            keys = (*admission.keys, *await self._bans.left(former, account, now.mail))
            admission = replace(admission, keys=keys, instead_of=former)
        admitted = await self._wall.joining.admit(account, admission)
        if admitted is Admitted.NAME_TAKEN:
            return admitted, await self.redraw(account)
        if admitted is Admitted.KEY_TAKEN:
            held = replace(application, held=True).at(Stage.FAILED, self._clock.now())
            await self._applications.keep(held)
            return admitted, self._told(held)
        await self._applications.drop(application, route=None)
        return admitted, self._told(application)

    async def stop(self, account: Account) -> bool:
        """Forget an application and all that was said for it; False where there was none."""
        application = await self._applications.of(account)
        if application is None:
            return False
        await self._forget(application)
        await self._wall.audit.append("application_stopped", by="applicant", reference=application.reference)
        return True

    async def tidy(self) -> None:
        """Forget what was decided or left lying for thirty days, and what checks kept beyond its time."""
        now = self._clock.now()
        for one in await self._applications.all():
            if (
                one.stage not in (Stage.REVIEW, Stage.MOVING)
                and now - datetime.fromisoformat(one.since) >= KEPT_FOR
            ):
                await self._forget(one)
        await self._checks.tidy()

    async def _forget(self, application: Application) -> None:
        """Forget an application; its mailbox too, unless it has become a member's meanwhile."""
        await self._checks.forget(application)
        known = await self._wall.who(application.account)
        route = None if known is not None else self._wall.accounts.route(application.member_id)
        if known is None:
            await self._duplicates.forget(application.member_id)
        await self._applications.drop(application, route)
        await self._review.left(application.reference)

    # How it goes on.

    async def _look(self, application: Application) -> Heard:
        """Ask the check that waits how it stands; a check that lasts goes on while it cannot be asked."""
        check = self._checks.named(application.check)
        if check is None:  # The operator took it away meanwhile.
            return await self.again(application.account, application.site)
        found = await self._checks.poll(check, application.ref, "")
        silent = isinstance(found, Finding) and found.outcome is Outcome.UNAVAILABLE
        if not isinstance(found, Finding) or (silent and isinstance(check, Lasting)):
            started = await self._checks.again(check, application.ref)
            return self._told(application, asks=started.asks, url=started.url)
        return await self._found(application, check, found)

    async def _found(self, application: Application, check: Check, finding: Finding) -> Heard:
        done = replace(application.finding(check.step, check.name, finding), check="", ref="")
        done = self._after_workplace(done)
        await self._applications.keep(done)
        return self._told(done)

    def _after_workplace(self, application: Application) -> Application:
        now = self._clock.now()
        if self._checks.ways(application):
            return application.at(Stage.WORKPLACE, now)
        return application.at(Stage.CREDENTIAL if shows_work(application.findings) else Stage.FAILED, now)

    async def _decide(self, application: Application) -> Heard:
        application = await self._claimed(application)
        application = replace(application, signals=await self._duplicates.look(application))
        if application.outcome is Outcome.FAIL:
            return await self._settle(application, Stage.FAILED)
        if application.outcome is Outcome.REVIEW or application.barred:
            return await self._to_review(application)
        if application.held:
            # The name is proved, so it is the owner of the number who asks; nobody else learns of it.
            return await self._settle(application, Stage.FAILED)
        if application.renews:
            return await self._renewed(application)
        if self._duplicates.ask_for_a_look(application):
            return await self._to_review(application)
        return await self._settle(
            replace(application, names=await self._wall.joining.free_names(PROPOSED)), Stage.NAMING
        )

    async def _claimed(self, application: Application) -> Application:
        """Note whether what is shown belongs to a member, or to one who is banned."""
        address = application.values.get(_MAIL, "") if application.has_passed(_MAIL) else ""
        mail = self._wall.hard_keys.mail(address)
        barred = await self._bans.member(application.keys, application.account, mail)
        own = application.member_id if application.renews else None
        held = barred is None and await self._wall.hard_keys.is_held(application.keys, besides=own)
        return replace(application, held=held, barred=barred or "", mail=mail)

    async def _renewed(self, application: Application) -> Heard:
        await self._recheck.renew(application)
        await self._applications.drop(application, route=None)
        return self._told(application.at(Stage.RENEWED, self._clock.now()))

    async def _settle(self, application: Application, stage: Stage) -> Heard:
        settled_now = application.at(stage, self._clock.now())
        await self._applications.keep(settled_now)
        await self._review.left(application.reference)
        return self._told(settled_now)

    async def _to_review(self, application: Application) -> Heard:
        waiting = replace(application, approvals=(), said="").at(Stage.REVIEW, self._clock.now())
        await self._applications.keep(waiting)
        await self._review.receive(waiting)
        return self._told(waiting)

    # Small things.

    async def _fresh(self, account: Account, site: str) -> Application:
        known = await self._wall.who(account)
        return Application(
            reference=f"V-{self._chance.id()[:10].upper()}",
            member=self._chance.id() if known is None else known.member,
            renews=known is not None,
            account=account,
            site=site,
            stage=Stage.WORKPLACE,
            since=self._clock.now().isoformat(timespec="seconds"),
            began=self._clock.now().isoformat(timespec="seconds"),
        )

    def _admission(self, application: Application, number: int) -> Admission:
        credential = application.credential or Finding(Outcome.REVIEW, "by_moderator")
        return Admission(
            member=application.member_id,
            screen_name=application.names[number - 1],
            real_name=application.real_name,
            specialty=credential.specialty or GENERAL,
            role=credential.role,
            keys=application.keys,
            by=application.by,
            kept=replace(application.kept, checked=month_of(self._clock.now().date())),
        )

    def _counted(self, application: Application) -> Application:
        today = self._clock.now().date().isoformat()
        tries = application.tries if application.tried_on == today else 0
        return replace(application, tries=tries + 1, tried_on=today)

    async def _mine(self, account: Account) -> Application:
        application = await self._applications.of(account)
        if application is None:
            raise Overtaken
        return application

    def _told(self, application: Application, *, refused: str = "", asks: str = "", url: str = "") -> Heard:
        told = heard(application, self._checks, self._clock.now())
        return replace(told, refused=refused, asks=asks, url=url, days=self._review.days)


def _found_nothing(finding: Finding | None) -> bool:
    return finding is None or (finding.outcome is Outcome.FAIL and finding.reason == NOT_FOUND)


def _with(application: Application, values: Mapping[str, str]) -> Application:
    """Note what was typed: one line each, of a length that fits."""
    typed = {name: " ".join(value.split())[:_LONGEST] for name, value in values.items()}
    return replace(application, values={**application.values, **typed})
