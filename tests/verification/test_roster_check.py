"""The credential by the registry: numbers that cannot exist, rows of others, names that differ."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.domain.credentials import NameBars
from bot.domain.verification import HardKey, KeyKind, Outcome
from bot.ports.verification import Claims
from bot.verification.roster import RosterCheck
from tests.stories.register import (
    CLINIC,
    NEMO,
    NORA,
    NURSE,
    OFF,
    OTTO,
    Register,
    invented_register,
    licence,
    physician,
)
from tests.verification.applicant import NEMO_HERE, claims, found


def check(register: Register | None = None) -> RosterCheck:
    return RosterCheck(register or invented_register(), NameBars())


@pytest.mark.parametrize(
    ("number", "licence_text", "name", "outcome", "reason"),
    [
        (NEMO, licence(NEMO), "Nemo Vantongeren", Outcome.PASS, "agrees"),
        (NEMO, f"ma-l0{NEMO[-4:]}", "Nemo Vantongeren", Outcome.REVIEW, "licence_missing"),
        (NEMO, "", "Nemo Vantongeren", Outcome.REVIEW, "licence_missing"),
        (NEMO, "MA 1", "Nemo Vantongeren", Outcome.REVIEW, "licence_differs"),
        (NEMO, licence(NEMO), "", Outcome.REVIEW, "name_unknown"),
        (NEMO, licence(NEMO), "Olga Somebody", Outcome.FAIL, "name_differs"),
        (NURSE, licence(NURSE), "Nina Oxenholt", Outcome.FAIL, "no_physician"),
        (CLINIC, "", "Nemo Vantongeren", Outcome.FAIL, "organisation"),
        (OFF, licence(OFF), "Nemo Vantongeren", Outcome.FAIL, "not_found"),
    ],
)
async def test_the_register_judges_number_name_and_licence(
    number: str, licence_text: str, name: str, outcome: Outcome, reason: str
) -> None:
    finding = await found(check(), claims(name, number=number, licence=licence_text))

    assert (finding.outcome, finding.reason) == (outcome, reason)
    assert HardKey(KeyKind.NPI, number) in finding.keys
    agrees = licence_text == licence(number) and number not in (CLINIC, OFF)
    assert (len(finding.keys) == 2) is agrees


async def test_the_worst_of_several_doubts_is_the_reason() -> None:
    row = replace(physician(NORA, "Nora", "Quillfeather"), credential="")
    finding = await found(check(Register({NORA: row})), claims("Olga Somebody", number=NORA))
    assert (finding.outcome, finding.reason) == (Outcome.FAIL, "name_differs")


async def test_a_deactivated_number_lets_nobody_in_until_it_is_active_again() -> None:
    off = replace(physician(NORA, "Nora", "Quillfeather"), deactivated_on=date(2025, 1, 2))
    said = claims("Nora Quillfeather", number=NORA, licence=licence(NORA))
    finding = await found(check(Register({NORA: off})), said)
    assert (finding.outcome, finding.reason) == (Outcome.FAIL, "deactivated")
    on = replace(off, reactivated_on=date(2025, 1, 3))
    assert (await found(check(Register({NORA: on})), said)).outcome is Outcome.PASS


async def test_a_row_tells_the_specialty() -> None:
    finding = await found(check(), claims(number=NEMO, licence=licence(NEMO)))
    assert finding.specialty == "Cardiology"


async def test_a_claim_proves_no_name() -> None:
    assert (await found(check(), claims(number=NEMO, licence=licence(NEMO)))).name == ""


async def test_t21_what_somebody_types_as_a_name_is_no_proof() -> None:
    said = Claims(
        NEMO_HERE, "st-anna", {"number": NEMO, "licence": licence(NEMO), "name": "Nemo Vantongeren"}
    )
    assert (await found(check(), said)).outcome is Outcome.REVIEW


async def test_without_a_register_a_moderator_looks() -> None:
    finding = await found(check(Register()), claims(number=OTTO))
    assert (finding.outcome, finding.reason) == (Outcome.REVIEW, "no_roster")


@pytest.mark.parametrize("digit", range(10))
async def test_any_single_changed_digit_of_a_number_is_refused(digit: int) -> None:
    for place in range(10):
        changed = f"{NEMO[:place]}{digit}{NEMO[place + 1 :]}"
        started = await check().start(claims(number=changed))
        assert bool(started.refused) is (changed != NEMO)


@pytest.mark.parametrize("number", ["", "12345", f"{NEMO}0", f"3{NEMO[1:]}", "number", f"{NEMO[:9]}\u0663"])
async def test_what_is_no_number_is_told_how_one_looks(number: str) -> None:
    assert "ten digits" in (await check().start(claims(number=number))).refused


async def test_a_wrong_digit_has_a_sentence_of_its_own() -> None:
    wrong = f"{NEMO[:9]}{(int(NEMO[9]) + 1) % 10}"
    assert "One digit" in (await check().start(claims(number=wrong))).refused


async def test_a_number_may_be_typed_as_it_is_printed() -> None:
    typed = f" {NEMO[:4]}-{NEMO[4:7]} {NEMO[7:]} "
    finding = await found(check(), claims(number=typed, licence=licence(NEMO)))
    assert finding.outcome is Outcome.PASS
