"""The credential by the hospital's own list."""

from __future__ import annotations

import pytest

from bot.domain.credentials import NameBars, licence_key
from bot.domain.members import Role
from bot.domain.verification import HardKey, KeyKind, Outcome
from bot.verification.staff_list import StaffListCheck
from tests.stories.register import Register, invented_register
from tests.verification.applicant import claims, found


def check(register: Register | None = None) -> StaffListCheck:
    return StaffListCheck(register or invented_register(), NameBars())


@pytest.mark.parametrize("number", ["R17", "r 017", " R-17 "])
async def test_the_list_says_who_is_a_trainee_and_of_what(number: str) -> None:
    finding = await found(check(), claims("Petra Undermoor", number=number))

    assert (finding.outcome, finding.reason) == (Outcome.PASS, "agrees")
    assert (finding.role, finding.specialty, finding.name) == (Role.TRAINEE, "Surgery", "")


@pytest.mark.parametrize(
    ("name", "number", "outcome", "reason"),
    [
        ("Nemo Vantongeren", "R17", Outcome.FAIL, "name_differs"),
        ("", "R17", Outcome.REVIEW, "name_unknown"),
        ("Petra Undermoor", "R18", Outcome.FAIL, "not_found"),
    ],
)
async def test_a_number_alone_is_no_proof(name: str, number: str, outcome: Outcome, reason: str) -> None:
    finding = await found(check(), claims(name, number=number))
    assert (finding.outcome, finding.reason) == (outcome, reason)


async def test_without_a_list_nobody_is_found() -> None:
    finding = await found(check(Register()), claims("Petra Undermoor", number="R17"))
    assert (finding.outcome, finding.reason, finding.keys) == (Outcome.FAIL, "not_found", ())


@pytest.mark.parametrize("number", ["", "--", " / "])
async def test_what_holds_no_number_is_refused(number: str) -> None:
    assert (await check().start(claims(number=number))).refused


@pytest.mark.parametrize("state", ["staff", "STAFF", "Staff", "st aff"])
async def test_a_staff_number_is_never_taken_for_a_licence(state: str) -> None:
    finding = await found(check(), claims("Petra Undermoor", number="R17"))
    assert HardKey(KeyKind.LICENCE, licence_key(state, "R17")) not in finding.keys
    assert len(finding.keys) == 1
