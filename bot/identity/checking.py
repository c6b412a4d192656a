"""Checking: runs the checks of verification, so that a fault or silence of one never lets anybody in."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from typing import Final

import structlog

from bot.domain.verification import Finding, Outcome, Stage, Step, proved_name, settled, shows_work
from bot.identity.applications import Application
from bot.ports.verification import Check, Claims, Lasting, Local, NotIt, Started, Tidied

_log = structlog.get_logger(__name__)

PATIENCE: Final = 10.0
"""Seconds that a check may take before it counts as unavailable."""
NAMING: Final = frozenset({"oidc"})
"""Checks of the workplace that may prove a name too, and are offered where only the name is missing."""

BROKEN: Final = Started(refused="That could not be checked right now. Try again in a while.", silent=True)
"""The beginning of a check that is broken or silent, as the applicant hears it."""


class Checks:
    """The checks of an installation, in the order in which they are tried."""

    def __init__(self, checks: Sequence[Check]) -> None:
        """Take the checks."""
        self._checks = tuple(checks)

    def of(self, step: Step, *, interactive: bool) -> tuple[Check, ...]:
        """List the checks of a step: those that need the applicant, or those that do not."""
        return tuple(one for one in self._checks if one.step is step and one.interactive is interactive)

    def ways(self, application: Application) -> tuple[Check, ...]:
        """List what an applicant may do to show the workplace, or the name where that alone is missing."""
        site = application.site
        passed = {one.check for one in application.findings if one.finding.outcome is Outcome.PASS}
        open_ways = (one for one in self.of(Step.WORKPLACE, interactive=True) if one.name not in passed)
        here = (one for one in open_ways if not isinstance(one, Local) or one.serves(site))
        found = settled(application.findings, Step.WORKPLACE)
        if found is None or found.outcome is not Outcome.PASS:
            return tuple(here)
        named = bool(proved_name(application.findings))
        return tuple(one for one in here if one.name in NAMING and not named)

    def persons(self, application: Application) -> tuple[Check, ...]:
        """List what would prove an applicant's name, where only that is missing."""
        unnamed = shows_work(application.findings) and not proved_name(application.findings)
        open_stage = application.stage in (Stage.CREDENTIAL, Stage.MORE, Stage.WAITING)
        return self.of(Step.PERSON, interactive=True) if unnamed and open_stage else ()

    def may_begin(self, application: Application, check: Check) -> bool:
        """Say whether an applicant may begin this check where the application stands."""
        if check.step is Step.PERSON:
            return check in self.persons(application)
        return application.stage in (Stage.WORKPLACE, Stage.WAITING) and check in self.ways(application)

    async def tidy(self) -> None:
        """Let every check forget what nobody can use any more; a broken one does not stop the others."""
        for check in self._checks:
            if isinstance(check, Tidied):
                await _tidied(check.tidy())

    async def forget(self, application: Application) -> None:
        """Let the check that waits for an applicant forget what it keeps for him."""
        for check in self._checks:
            if check.name == application.check and isinstance(check, Tidied):
                await _tidied(check.forget(application.ref))

    def named(self, name: str) -> Check | None:
        """Find a check by its name."""
        return next((one for one in self._checks if one.name == name), None)

    async def run(self, application: Application, check: Check) -> tuple[Application, Started]:
        """Run a check that needs nobody; what it found is recorded unless the claims cannot be used."""
        started = await self.start(application, check)
        if started.refused:
            return application, started
        finding = await self.poll(check, started.ref, "")
        found = finding if isinstance(finding, Finding) else Finding(Outcome.UNAVAILABLE, "silent")
        return application.finding(check.step, check.name, found), started

    async def start(self, application: Application, check: Check) -> Started:
        """Begin a check with what the applicant claims; a broken one asks to try again."""
        claims = Claims(
            application.account, application.site, application.values, proved_name(application.findings)
        )
        try:
            async with asyncio.timeout(PATIENCE):
                return await check.start(claims)
        except Exception as fault:  # noqa: BLE001 - a broken check must not let anybody in, nor stop the talk
            _log.error("check_failed", exc_info=fault)
            return BROKEN

    async def poll(self, check: Check, ref: str, typed: str) -> Finding | NotIt | None:
        """Ask a check for its finding; a broken or silent one is unavailable."""
        try:
            async with asyncio.timeout(PATIENCE):
                return await check.poll(ref, typed)
        except Exception as fault:  # noqa: BLE001 - see above: silence is never a pass
            _log.error("check_failed", exc_info=fault)
            return Finding(Outcome.UNAVAILABLE, "silent")

    async def again(self, check: Check | None, ref: str) -> Started:
        """Let a check tell again what it waits for; empty where it cannot."""
        if not isinstance(check, Lasting):
            return Started()
        try:
            async with asyncio.timeout(PATIENCE):
                return await check.again(ref)
        except Exception as fault:  # noqa: BLE001 - see above: a broken check must not stop the talk
            _log.error("check_failed", exc_info=fault)
            return Started(asks="That could not be looked up right now. Try again in a while.")


async def _tidied(tidying: Awaitable[None]) -> None:
    """Let a check tidy up; what a broken one leaves has its day all the same, and stops nobody."""
    try:
        await tidying
    except Exception as fault:  # noqa: BLE001 - as above
        _log.error("check_not_tidied", exc_info=fault)
