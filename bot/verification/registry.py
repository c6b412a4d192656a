"""What every check of the public registry does alike, wherever the row of a number comes from."""

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
from bot.domain.roster import RosterRow
from bot.domain.specialties import specialty_of
from bot.domain.verification import Finding, HardKey, KeyKind, Outcome
from bot.ports.verification import Claims, Started
from bot.verification.references import read, written

_TROUBLE: Final = {
    Reason.NPI_FORM: "An NPI has ten digits and begins with 1 or 2. Look it up and type it again.",
    Reason.NPI_CHECK_DIGIT: "One digit of that NPI is wrong: no such number can exist. Type it again.",
}


def begun(claims: Claims) -> Started:
    """Refuse a number that cannot exist; note the claim otherwise."""
    number = _digits(claims.values.get("number", ""))
    if trouble := npi_trouble(number):
        return Started(refused=_TROUBLE[trouble])
    state, licence = _licence(claims.values.get("licence", ""))
    told = {"npi": number, "state": state, "licence": licence}
    return Started(ref=written({**told, "name": claims.proved_name}))


def claim_of(ref: str) -> Claim:
    """Read the claim that :func:`begun` noted."""
    told = read(ref)
    return Claim(told["npi"], told["name"], told["state"], told["licence"])


def undecided(claim: Claim, outcome: Outcome, reason: str) -> Finding:
    """Give the finding of a registry that said nothing of a number."""
    return Finding(outcome, reason, keys=(_npi_key(claim),))


def judged(claim: Claim, row: RosterRow | None, bars: NameBars) -> Finding:
    """Judge a claim by the registry's row of its number; None where the registry has none."""
    judgement = judge(claim, row, bars)
    return Finding(
        Outcome(judgement.verdict.value),
        _reason(judgement),
        keys=(_npi_key(claim), *_licence_keys(claim, judgement)),
        role=Role.PHYSICIAN,
        specialty=specialty_of(row.primary_taxonomy) if row is not None else "",
    )


def _npi_key(claim: Claim) -> HardKey:
    return HardKey(KeyKind.NPI, claim.npi)


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
