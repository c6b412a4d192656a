"""The workplace by the account itself."""

from __future__ import annotations

import pytest

from bot.domain.verification import Finding, Outcome, Recorded, Step, proved_name
from bot.ports.adapter import Later, Profile
from tests.verification.applicant import HONEST, claims, found, workspace


@pytest.mark.parametrize(
    ("says", "outcome", "reason"),
    [
        (HONEST, Outcome.PASS, "workplace"),
        (None, Outcome.FAIL, "gone"),
        (Profile(member=False, name=HONEST.name, email=HONEST.email), Outcome.FAIL, "guest"),
        (Profile(member=True, name=HONEST.name), Outcome.FAIL, "domain"),
        (Profile(member=True, email="nemo@evil.example"), Outcome.FAIL, "domain"),
        (Profile(member=True, email="nemo@st-anna.example.evil.example"), Outcome.FAIL, "domain"),
        (Profile(member=True, email="nemo@sub.st-anna.example"), Outcome.FAIL, "domain"),
        (Profile(member=True, email="st-anna.example"), Outcome.FAIL, "domain"),
        (Profile(member=True, email="Nemo@ST-ANNA.example"), Outcome.PASS, "workplace"),
        (Later(None), Outcome.UNAVAILABLE, "silent"),
        (TimeoutError(), Outcome.UNAVAILABLE, "silent"),
    ],
)
async def test_an_account_shows_the_workplace_or_does_not(
    says: Profile | Exception | None, outcome: Outcome, reason: str
) -> None:
    finding = await found(workspace(says), claims())

    assert (finding.outcome, finding.reason) == (outcome, reason)


async def test_where_no_domains_are_named_an_account_of_a_member_is_enough() -> None:
    finding = await found(workspace(Profile(member=True, name=HONEST.name)), claims(site="matrix"))
    assert finding.outcome is Outcome.PASS


async def test_t21_a_profile_name_counts_only_where_the_hospital_locks_it() -> None:
    assert (await found(workspace(), claims())).name == ""
    assert (await found(workspace(locked=True), claims())).name == HONEST.name
    assert (await found(workspace(locked=True), claims(site="matrix"))).name == ""


async def test_nothing_of_a_profile_that_fails_is_given_on() -> None:
    guest = Profile(member=False, name=HONEST.name, email=HONEST.email)
    assert (await found(workspace(guest, locked=True), claims())).name == ""


async def test_t21_a_locked_name_with_another_address_counts_once_the_workplace_is_shown() -> None:
    elsewhere = Profile(member=True, name=HONEST.name, email="nemo@home.example")
    known = Recorded(Step.WORKPLACE, "workspace", await found(workspace(elsewhere, locked=True), claims()))
    renamed = Recorded(Step.WORKPLACE, "workspace", await found(workspace(elsewhere), claims()))
    code = Recorded(Step.WORKPLACE, "email", Finding(Outcome.PASS, "code_agrees"))
    silent = Recorded(Step.WORKPLACE, "email", Finding(Outcome.UNAVAILABLE, "silent"))
    failed = Recorded(Step.WORKPLACE, "other", Finding(Outcome.FAIL, "refused", name="Nora Quillfeather"))

    assert [proved_name(findings) for findings in ((known,), (known, silent), (renamed, code))] == [""] * 3
    assert proved_name((failed, code)) == "", "a check that fails proves no name"
    assert proved_name((known, code)) == HONEST.name
