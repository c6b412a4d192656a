"""The credential by the public registry as it was imported: a number, a name, a degree, a licence."""

from __future__ import annotations

from typing import Final

from bot.domain.credentials import NameBars
from bot.domain.roster import Roster
from bot.domain.verification import Finding, Outcome, Step
from bot.ports.verification import Claims, Started
from bot.verification.registry import begun, claim_of, judged, undecided


class RosterCheck:
    """Judges a claim by the registry as it was imported last."""

    name: Final = "roster"
    step: Final = Step.CREDENTIAL
    interactive: Final = False

    def __init__(self, roster: Roster, bars: NameBars) -> None:
        """Take the registry, and from which likeness a name counts."""
        self._roster = roster
        self._bars = bars

    async def start(self, claims: Claims) -> Started:
        """Refuse a number that cannot exist; note the claim otherwise."""
        return begun(claims)

    async def poll(self, ref: str, typed: str = "") -> Finding | None:
        """Look the number up, and judge."""
        claim = claim_of(ref)
        if not await self._roster.latest_import():
            return undecided(claim, Outcome.REVIEW, "no_roster")
        return judged(claim, await self._roster.by_npi(claim.npi), self._bars)
