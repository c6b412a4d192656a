"""The credential by the hospital's own list: trainees, and countries without a public registry."""

from __future__ import annotations

from typing import Final

from bot.domain.credentials import NameBars, Reason, judge_listed, staff_key
from bot.domain.roster import Roster
from bot.domain.verification import Finding, HardKey, KeyKind, Outcome, Step
from bot.ports.verification import Claims, Started
from bot.verification.references import read, written


class StaffListCheck:
    """Judges a name by the list of the medical staff office; the list says who is a trainee."""

    name: Final = "list"
    step: Final = Step.CREDENTIAL
    interactive: Final = False

    def __init__(self, roster: Roster, bars: NameBars) -> None:
        """Take the list's keeper, and from which likeness a name counts."""
        self._roster = roster
        self._bars = bars

    async def start(self, claims: Claims) -> Started:
        """Refuse what is no number at all; note the claim otherwise."""
        number = staff_key(claims.values.get("number", ""))
        if not number:
            return Started(refused="That holds no number. Type the one that your medical staff office has.")
        return Started(ref=written({"number": number, "name": claims.proved_name}))

    async def poll(self, ref: str, typed: str = "") -> Finding | None:
        """Look the number up on the list, and judge the name."""
        told = read(ref)
        row = await self._roster.listed(told["number"])
        judgement = judge_listed(told["name"], row, self._bars)
        reason = judgement.reasons[0]
        if row is None:
            return Finding(Outcome.FAIL, reason.value)
        return Finding(
            Outcome(judgement.verdict.value),
            "agrees" if reason is Reason.NAME_AGREES else reason.value,
            keys=(HardKey(KeyKind.LICENCE, f"staff {row.number}"),),
            role=row.role,
            specialty=row.specialty,
        )
