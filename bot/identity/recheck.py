"""Re-check: once a year the credential is looked up again, and whoever does not pass has time to mend it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date
from enum import Enum, auto
from typing import Final

from bot.chat.cards import Card
from bot.chat.events import Account
from bot.domain.cases import CaseState
from bot.domain.members import MemberId
from bot.domain.standing import (
    BY_CHECKS,
    REMINDED_BEFORE,
    WARNED_FOR,
    Cause,
    is_due,
    may_stop,
    month_of,
)
from bot.domain.verification import Finding, Outcome, Recorded, Stage, Step
from bot.identity.applications import Application
from bot.identity.checking import BROKEN, Checks
from bot.identity.records import Enrolment, Kept
from bot.identity.standing import Stopping
from bot.identity.wall import Wall
from bot.ports.clock import Clock
from bot.ports.work import Content
from bot.views.standing import check_quiet_card, reminder_card, settled_card, warning_card

_NO_REGISTER: Final = "no_roster"
_CASES: Final = 20
"""A member's newest cases that are looked at for one that is open."""


class _Verdict(Enum):
    PASS = auto()
    LATER = auto()
    """It could not be asked; tried again the next day, and never held against anybody."""
    FAIL = auto()


class Recheck:
    """Looks once a day for whom a year is over, and for whose warning is."""

    def __init__(
        self, wall: Wall, content: Content, checks: Checks, stopping: Stopping, *, clock: Clock, days: int
    ) -> None:
        """Take where members and their cases are, the checks, who stops members, and the days of a year."""
        self._wall = wall
        self._content = content
        self._checks = checks
        self._stopping = stopping
        self._clock = clock
        self._days = days
        self._done_on: date | None = None
        self._running = asyncio.Lock()

    async def run(self) -> None:
        """Check whoever is due, once a day; broken off, it begins again and repeats nothing."""
        async with self._running:
            today = self._today()
            if today == self._done_on:
                return
            rows: dict[str, tuple[bytes, Enrolment]] = {}
            for index, enrolment in sorted(await self._wall.accounts.all(), key=_numbered_first):
                if enrolment.state == "active":
                    rows.setdefault(enrolment.member, (index, enrolment))
            for index, enrolment in rows.values():
                await self._look_at(index, enrolment, today)
            self._done_on = today

    async def wanted(self, member: MemberId) -> bool:
        """Say whether a member has to be verified again: warned, or stopped by what a check found."""
        if (await self._stopping.standing(member)).of(*BY_CHECKS) is not None:
            return True
        return any(one.kept.warning for _, one in await self._wall.accounts.links_of(member))

    async def renew(self, application: Application) -> bool:
        """Keep what a member has shown anew, and lift what checks had found; says whether it stopped them."""
        member = application.member_id
        await self._wall.hard_keys.add(application.keys, member)
        fresh = replace(application.kept, checked=month_of(self._today()))
        for index, enrolment in await self._wall.accounts.links_of(member):
            kept = replace(fresh, mail=fresh.mail or enrolment.kept.mail)
            # Somebody may have another name by now, and the next yearly check compares with this one.
            name = application.real_name or enrolment.real_name
            await self._wall.accounts.replace(index, replace(enrolment, real_name=name, kept=kept))
        await self._wall.audit.append("recheck_renewed", by=application.by, reference=application.reference)
        return await self._stopping.lift(member, *BY_CHECKS)

    async def settled(self, member: MemberId) -> None:
        """Tell a member who was warned that nothing else is needed."""
        await self._tell(member, settled_card(), "settled", self._today())

    async def _look_at(self, index: bytes, enrolment: Enrolment, today: date) -> None:
        kept, member = enrolment.kept, MemberId(enrolment.member)
        if not kept.checked:
            # Enrolled by hand, or before there were yearly checks: the year counts from now on.
            await self._keep(index, replace(kept, checked=month_of(today)))
            return
        standing = await self._stopping.standing(member)
        if standing.of(Cause.RECHECK) is not None:
            await self._pardon(index, enrolment, today)
        elif kept.warning:
            await self._on_warning(index, enrolment, today)
        elif not standing.stops and is_due(kept.checked, self._days, today):
            await self._begin(index, enrolment, today)

    async def _begin(self, index: bytes, enrolment: Enrolment, today: date) -> None:
        """Check somebody whose year is over; nothing is said where it passes."""
        kept, member = enrolment.kept, MemberId(enrolment.member)
        if not kept.number:
            # Nothing can be looked up, and nobody is stopped for that: the chain says whom to look at.
            await self._wall.audit.append("recheck_by_hand", by="checks", reference=enrolment.reference)
            await self._keep(index, replace(kept, checked=month_of(today)))
            return
        verdict, reason = await self._checked(enrolment)
        if verdict is _Verdict.PASS:
            await self._keep(index, replace(kept, checked=month_of(today)))
        elif verdict is _Verdict.FAIL:
            ends = today + WARNED_FOR
            await self._wall.audit.append("recheck_warning", by="checks", reference=enrolment.reference)
            await self._tell(member, warning_card(reason, ends), "warning", ends)
            await self._keep(index, replace(kept, warning=ends.isoformat(), reminded=False))

    async def _on_warning(self, index: bytes, enrolment: Enrolment, today: date) -> None:
        """Look again; what is mended is settled, what is not is reminded of and ends in a suspension."""
        kept, member = enrolment.kept, MemberId(enrolment.member)
        ends = date.fromisoformat(kept.warning)
        verdict, _ = await self._checked(enrolment)
        if verdict is _Verdict.PASS:
            await self.settled(member)
            await self._keep(index, _mended(kept, today))
        elif verdict is _Verdict.FAIL and may_stop(ends, today, in_consult=await self._in_consult(member)):
            await self._stopping.stop(member, Cause.RECHECK)
            await self._keep(index, replace(kept, warning="", reminded=False))
        elif not kept.reminded and ends - REMINDED_BEFORE <= today < ends:
            await self._tell(member, reminder_card(ends), "reminder", ends)
            await self._keep(index, replace(kept, reminded=True))

    async def _pardon(self, index: bytes, enrolment: Enrolment, today: date) -> None:
        """Let somebody go on whose suspension has lost its reason."""
        verdict, _ = await self._checked(enrolment)
        if verdict is _Verdict.PASS:
            await self._stopping.lift(MemberId(enrolment.member), Cause.RECHECK)
            await self._keep(index, _mended(enrolment.kept, today))

    async def _checked(self, enrolment: Enrolment) -> tuple[_Verdict, str]:
        """Run the credential's checks on what the vault keeps; gives the reason too, for the warning."""
        found = await self._found(enrolment)
        if found is None or found.outcome is Outcome.UNAVAILABLE or found.reason == _NO_REGISTER:
            return _Verdict.LATER, ""
        passes = found.outcome is Outcome.PASS or found.reason == enrolment.kept.waived
        return (_Verdict.PASS if passes else _Verdict.FAIL), found.reason

    async def _found(self, enrolment: Enrolment) -> Finding | None:
        asked = await self._as_application(enrolment)
        for check in self._checks.of(Step.CREDENTIAL, interactive=False):
            asked, started = await self._checks.run(asked, check)
            if started is BROKEN:
                return None
            if asked.credential is not None and asked.credential.outcome is Outcome.PASS:
                break
        return asked.credential

    async def _as_application(self, enrolment: Enrolment) -> Application:
        """Put what the vault keeps into the form that checks are asked with; nothing of it is kept."""
        account = await self._wall.mailbox(MemberId(enrolment.member))
        proved = Finding(Outcome.PASS, "kept", name=enrolment.real_name)
        return Application(
            reference=enrolment.reference,
            member=enrolment.member,
            account=account or Account("", "", ""),
            site="",
            stage=Stage.CREDENTIAL,
            since=self._clock.now().isoformat(timespec="seconds"),
            values={"number": enrolment.kept.number, "licence": enrolment.kept.licence},
            findings=(Recorded(Step.WORKPLACE, "kept", proved),),
        )

    async def _in_consult(self, member: MemberId) -> bool:
        ids = (member, *(await self._wall.personae.held(member)).ids)
        async with self._content.look() as work:
            return any(one.state is CaseState.OPEN for one in await work.cases.by_author(ids, _CASES))

    async def _tell(self, member: MemberId, card: Card, what: str, when: date) -> None:
        async with self._content.work() as work:
            await work.outbox.tell(
                member,
                card,
                quiet=check_quiet_card(),
                key=f"told:{self._wall.accounts.mark(member, what, when.isoformat())}",
                release_at=self._clock.now(),
            )

    async def _keep(self, index: bytes, kept: Kept) -> None:
        """Keep it with whoever has the account by now: a check can take its time."""
        async with self._wall.turn:
            now = await self._wall.accounts.at(index)
            if now is not None and now.state == "active":
                await self._wall.accounts.replace(index, replace(now, kept=kept))

    def _today(self) -> date:
        return self._clock.now().date()


def _numbered_first(row: tuple[bytes, Enrolment]) -> bool:
    """Sort key: of two accounts of one person the one counts whose number is known."""
    return not row[1].kept.number


def _mended(kept: Kept, today: date) -> Kept:
    return replace(kept, checked=month_of(today), warning="", reminded=False)
