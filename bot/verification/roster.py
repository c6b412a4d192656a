"""The credential by the public registry: a number, a name, a degree, a licence."""

from __future__ import annotations

from typing import Final

from bot.domain.credentials import (
    Claim,
    Judgement,
    NameBars,
    Reason,
    Verdict,
    judge,
    licence_key,
    npi_trouble,
    verdict_of,
)
from bot.domain.members import Role
from bot.domain.roster import Roster
from bot.domain.specialties import specialty_of
from bot.domain.verification import Finding, HardKey, KeyKind, Outcome, Step
from bot.ports.verification import Claims, Started
from bot.verification.references import read, written

_TROUBLE: Final = {
    Reason.NPI_FORM: "An NPI has ten digits and begins with 1 or 2. Look it up and type it again.",
    Reason.NPI_CHECK_DIGIT: "One digit of that NPI is wrong: no such number can exist. Type it again.",
}


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
        number = _digits(claims.values.get("number", ""))
        if trouble := npi_trouble(number):
            return Started(refused=_TROUBLE[trouble])
        state, licence = _licence(claims.values.get("licence", ""))
        told = {"npi": number, "state": state, "licence": licence}
        return Started(ref=written({**told, "name": claims.proved_name}))

    async def poll(self, ref: str, typed: str = "") -> Finding | None:
        """Look the number up, and judge."""
        told = read(ref)
        claim = Claim(told["npi"], told["name"], told["state"], told["licence"])
        npi = HardKey(KeyKind.NPI, claim.npi)
        if not await self._roster.latest_import():
            return Finding(Outcome.REVIEW, "no_roster", keys=(npi,))
        row = await self._roster.by_npi(claim.npi)
        judgement = judge(claim, row, self._bars)
        return Finding(
            Outcome(judgement.verdict.value),
            _reason(judgement),
            keys=(npi, *_licence_keys(claim, judgement)),
            role=Role.PHYSICIAN,
            specialty=specialty_of(row.primary_taxonomy) if row is not None else "",
        )


def _reason(judgement: Judgement) -> str:
    """Give the reason that decided it: the first of the worst."""
    worst = (one for one in judgement.reasons if verdict_of(one) is judgement.verdict)
    decisive = next(worst, judgement.reasons[0])
    return "agrees" if judgement.verdict is Verdict.PASS else decisive.value


def _licence_keys(claim: Claim, judgement: Judgement) -> tuple[HardKey, ...]:
    if Reason.LICENCE_AGREES not in judgement.reasons:
        return ()
    return (HardKey(KeyKind.LICENCE, licence_key(claim.state, claim.licence)),)


def _digits(written_number: str) -> str:
    """Take blanks and hyphens out of a number as it is printed."""
    return written_number.replace(" ", "").replace("-", "")


def _licence(text: str) -> tuple[str, str]:
    """Read ``MA 12345``: the state first, then the number."""
    state, _, number = text.strip().replace(",", " ").replace(":", " ").partition(" ")
    return state, number.strip()
