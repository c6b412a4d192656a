"""Checking: runs the checks of verification, so that a fault or silence of one never lets anybody in."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

import structlog

from bot.domain.verification import Finding, Outcome, Step, proved_name
from bot.identity.applications import Application
from bot.ports.verification import Check, Claims, Lasting, Started

_log = structlog.get_logger(__name__)

PATIENCE: Final = 10.0
"""Seconds that a check may take before it counts as unavailable."""

BROKEN: Final = Started(refused="That could not be checked right now. Try again in a while.")
"""The beginning of a check that is broken or silent, as the applicant hears it."""


class Checks:
    """The checks of an installation, in the order in which they are tried."""

    def __init__(self, checks: Sequence[Check]) -> None:
        """Take the checks."""
        self._checks = tuple(checks)

    def of(self, step: Step, *, interactive: bool) -> tuple[Check, ...]:
        """List the checks of a step: those that need the applicant, or those that do not."""
        return tuple(one for one in self._checks if one.step is step and one.interactive is interactive)

    def named(self, name: str) -> Check | None:
        """Find a check by its name."""
        return next((one for one in self._checks if one.name == name), None)

    async def run(self, application: Application, check: Check) -> tuple[Application, Started]:
        """Run a check that needs nobody; what it found is recorded unless the claims cannot be used."""
        started = await self.start(application, check)
        if started.refused:
            return application, started
        finding = await self.poll(check, started.ref, "")
        found = finding or Finding(Outcome.UNAVAILABLE, "silent")
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

    async def poll(self, check: Check, ref: str, typed: str) -> Finding | None:
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
