"""Proofing: the walk of an applicant from the first word to a screen name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from bot.chat.events import Account
from bot.domain.specialties import GENERAL
from bot.domain.verification import NOT_FOUND, Applicant, Finding, Outcome, Stage, Step, shows_work
from bot.identity.applications import Application, Applications, Overtaken
from bot.identity.checking import Checks
from bot.identity.joining import Admission, Admitted
from bot.identity.review import PROMISED_DAYS, PROPOSED, Review
from bot.identity.wall import Wall
from bot.ports.chance import Chance
from bot.ports.clock import Clock
from bot.ports.verification import Check

KEPT_FOR: Final = timedelta(days=30)
TRIES: Final = 5
"""Numbers that an applicant may have looked up in a day."""
_TOO_OFTEN: Final = "Five numbers were looked up today, and that is the limit. Try again tomorrow."
_LONGEST: Final = 120


@dataclass(frozen=True, slots=True)
class Heard:
    """Where an application stands after something was said.

    ``refused`` is a sentence for an answer that cannot be used: nothing has changed then. ``asks`` and
    ``url`` tell what a check wants now.
    """

    applicant: Applicant
    refused: str = ""
    asks: str = ""
    url: str = field(default="", repr=False)
    names: tuple[str, ...] = ()
    ways: tuple[str, ...] = ()
    """Checks of the workplace that the applicant may choose from."""
    number_wanted: bool = False
    names_wanted: bool = False
    """No check has proved a name: the applicant types it, and a moderator binds it."""
    days: int = PROMISED_DAYS
    """Working days within which moderators want to have looked."""


class Proofing:
    """Runs the checks in their order, keeps what they found, and admits whom they let in."""

    def __init__(
        self,
        wall: Wall,
        applications: Applications,
        checks: Sequence[Check],
        review: Review,
        *,
        clock: Clock,
        chance: Chance,
    ) -> None:
        """Take the wall, where applications lie, the checks in their order, and where doubts go."""
        self._wall = wall
        self._applications = applications
        self._checks = Checks(checks)
        self._review = review
        self._clock = clock
        self._chance = chance

    async def heard(self, account: Account) -> Heard | None:
        """Say where an account's application stands; None where there is none."""
        application = await self._applications.of(account)
        return None if application is None else self._told(application)

    async def begin(self, account: Account, site: str) -> Heard:
        """Begin an application, or go on with the one that is there: try what needs nobody's help."""
        application = await self._applications.of(account)
        if application is None:
            application = self._fresh(account, site)
        if application.stage is Stage.WORKPLACE:
            for check in self._checks.of(Step.WORKPLACE, interactive=False):
                application = (await self._checks.run(application, check))[0]
            application = self._after_workplace(application)
            await self._applications.keep(application)
        return self._told(application)

    async def choose(self, account: Account, name: str, values: Mapping[str, str]) -> Heard:
        """Begin the check of this name with what the applicant typed for it."""
        application = await self._mine(account)
        ways = self._checks.of(Step.WORKPLACE, interactive=True)
        check = next((one for one in ways if one.name == name), None)
        if check is None or application.stage not in (Stage.WORKPLACE, Stage.WAITING):
            return self._told(application)
        application = _with(application, values)
        started = await self._checks.start(application, check)
        if started.refused:
            return self._told(application, refused=started.refused)
        waiting = replace(application, check=check.name, ref=started.ref)
        waiting = waiting.at(Stage.WAITING, self._clock.now())
        await self._applications.keep(waiting)
        return self._told(waiting, asks=started.asks, url=started.url)

    async def typed(self, account: Account, words: str) -> Heard:
        """Hand what the applicant typed to the check that waits for it; no words just ask how it stands."""
        application = await self._mine(account)
        check = self._checks.named(application.check)
        if application.stage is not Stage.WAITING or check is None:
            return self._told(application)
        finding = await self._checks.poll(check, application.ref, words)
        if finding is None:
            return self._told(application, refused="That is not it. Look again, and type it once more.")
        done = replace(application.finding(check.step, check.name, finding), check="", ref="")
        done = self._after_workplace(done)
        await self._applications.keep(done)
        return self._told(done)

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
        if application.stage in (Stage.REVIEW, Stage.NAMING):
            return self._told(application)
        fresh = replace(
            self._fresh(account, site),
            member=application.member,
            tries=application.tries,
            tried_on=application.tried_on,
            seen=application.seen,
        )
        await self._applications.keep(fresh)
        await self._review.left(application.reference)
        return await self.begin(account, site)

    async def appeal(self, account: Account) -> Heard:
        """Let moderators look at an application that failed; two of them are needed."""
        application = await self._mine(account)
        if application.stage is not Stage.FAILED:
            return self._told(application)
        application = replace(application, override=True)
        held = await self._wall.hard_keys.is_held(application.keys)
        return await self._to_review(replace(application, held=held))

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
        admitted = await self._wall.joining.admit(account, self._admission(application, number))
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
        """Forget what was decided or left lying for thirty days."""
        now = self._clock.now()
        for one in await self._applications.all():
            if one.stage is not Stage.REVIEW and now - datetime.fromisoformat(one.since) >= KEPT_FOR:
                await self._forget(one)

    async def _forget(self, application: Application) -> None:
        """Forget an application; its mailbox too, unless it has become a member's meanwhile."""
        known = await self._wall.who(application.account)
        route = None if known is not None else self._wall.accounts.route(application.member_id)
        await self._applications.drop(application, route)
        await self._review.left(application.reference)

    # How it goes on.

    def _after_workplace(self, application: Application) -> Application:
        others = self._checks.of(Step.WORKPLACE, interactive=True)
        now = self._clock.now()
        if shows_work(application.findings):
            return application.at(Stage.CREDENTIAL, now)
        return application.at(Stage.WORKPLACE if others else Stage.FAILED, now)

    async def _decide(self, application: Application) -> Heard:
        held = await self._wall.hard_keys.is_held(application.keys)
        application = replace(application, held=held)
        if application.outcome is Outcome.FAIL:
            return await self._settle(application, Stage.FAILED)
        if application.outcome is Outcome.REVIEW:
            return await self._to_review(application)
        if held:
            # The name is proved, so it is the owner of the number who asks; nobody else learns of it.
            return await self._settle(application, Stage.FAILED)
        return await self._settle(
            replace(application, names=await self._wall.joining.free_names(PROPOSED)), Stage.NAMING
        )

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

    def _fresh(self, account: Account, site: str) -> Application:
        return Application(
            reference=f"V-{self._chance.id()[:10].upper()}",
            member=self._chance.id(),
            account=account,
            site=site,
            stage=Stage.WORKPLACE,
            since=self._clock.now().isoformat(timespec="seconds"),
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
            by=application.approvals[-1] if application.approvals else "checks",
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
        applicant = application.as_applicant(self._clock.now())
        return Heard(
            applicant=applicant,
            refused=refused,
            asks=asks,
            url=url,
            names=application.names if application.stage is Stage.NAMING else (),
            ways=tuple(one.name for one in self._checks.of(Step.WORKPLACE, interactive=True)),
            number_wanted=application.wants_number,
            names_wanted=not applicant.proved_name,
            days=self._review.days,
        )


def _found_nothing(finding: Finding | None) -> bool:
    return finding is None or (finding.outcome is Outcome.FAIL and finding.reason == NOT_FOUND)


def _with(application: Application, values: Mapping[str, str]) -> Application:
    """Note what was typed: one line each, of a length that fits."""
    typed = {name: " ".join(value.split())[:_LONGEST] for name, value in values.items()}
    return replace(application, values={**application.values, **typed})
