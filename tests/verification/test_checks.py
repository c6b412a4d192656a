"""What every check keeps: silence is never a pass, and what it needs to go on survives in its reference."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.chat.events import Account
from bot.domain.credentials import NameBars
from bot.domain.members import Role
from bot.domain.verification import Finding, HardKey, KeyKind, Outcome, Recorded, Step, come_to
from bot.ports.adapter import Later, Profile
from bot.ports.verification import Check, Claims
from bot.verification.roster import RosterCheck
from bot.verification.staff_list import StaffListCheck
from bot.verification.workspace import Workspace
from tests.stories.register import CLINIC, NEMO, NURSE, OTTO, Register, invented_register, licence

NEMO_HERE = Account("slack", "T01", "U0NEMO")
DOMAINS = {"st-anna": ("st-anna.example",)}
HONEST = Profile(member=True, name="Nemo Vantongeren", email="nemo@st-anna.example")


class Site:
    """Says what was planned, or nothing."""

    def __init__(self, says: Profile | Exception | None) -> None:
        self._says = says

    async def profile(self, _site: str, _account: Account) -> Profile | None:
        if isinstance(self._says, Exception):
            raise self._says
        return self._says


def workspace(says: Profile | Exception | None = HONEST, *, locked: bool = False) -> Workspace:
    return Workspace(Site(says).profile, DOMAINS, {"st-anna"} if locked else set())


def claims(name: str = "Nemo Vantongeren", **values: str) -> Claims:
    return Claims(NEMO_HERE, "st-anna", values, name)


async def found(check: Check, said: Claims) -> Finding:
    started = await check.start(said)
    assert started.refused == ""
    finding = await check.poll(started.ref)
    assert finding is not None
    return finding


MAKERS: dict[str, Callable[[], Check]] = {
    "workspace": workspace,
    "roster": lambda: RosterCheck(invented_register(), NameBars()),
    "list": lambda: StaffListCheck(invented_register(), NameBars()),
}


@pytest.mark.parametrize("name", MAKERS)
async def test_a_reference_is_all_that_a_check_needs_after_a_restart(name: str) -> None:
    said = claims(number=NEMO, licence=licence(NEMO))
    started = await MAKERS[name]().start(said)

    assert await MAKERS[name]().poll(started.ref) == await found(MAKERS[name](), said)


@pytest.mark.parametrize("name", MAKERS)
async def test_nothing_of_an_applicant_shows_in_a_repr(name: str) -> None:
    said = claims(number=NEMO, licence=licence(NEMO))
    started = await MAKERS[name]().start(said)
    shown = repr(said) + repr(started) + repr(await MAKERS[name]().poll(started.ref))

    for planted in (NEMO, "Vantongeren", "U0NEMO", f"L{NEMO[-4:]}"):
        assert planted not in shown


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
    ],
)
async def test_an_account_shows_the_workplace_or_does_not(
    says: Profile | Exception | None, outcome: Outcome, reason: str
) -> None:
    finding = await found(workspace(says), claims())

    assert (finding.outcome, finding.reason) == (outcome, reason)


async def test_a_profile_name_counts_only_where_the_hospital_locks_it() -> None:
    assert (await found(workspace(), claims())).name == ""
    assert (await found(workspace(locked=True), claims())).name == HONEST.name


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
    ],
)
async def test_the_register_judges_number_name_and_licence(
    number: str, licence_text: str, name: str, outcome: Outcome, reason: str
) -> None:
    check = RosterCheck(invented_register(), NameBars())
    finding = await found(check, claims(name, number=number, licence=licence_text))

    assert (finding.outcome, finding.reason) == (outcome, reason)
    assert HardKey(KeyKind.NPI, number) in finding.keys
    assert (len(finding.keys) == 2) is (licence_text == licence(number) and number != CLINIC)


async def test_without_a_register_a_moderator_looks() -> None:
    finding = await found(RosterCheck(Register(), NameBars()), claims(number=OTTO))
    assert (finding.outcome, finding.reason) == (Outcome.REVIEW, "no_roster")


@pytest.mark.parametrize("digit", range(10))
async def test_any_single_changed_digit_of_a_number_is_refused(digit: int) -> None:
    check = RosterCheck(invented_register(), NameBars())
    for place in range(10):
        changed = f"{NEMO[:place]}{digit}{NEMO[place + 1 :]}"
        started = await check.start(claims(number=changed))
        assert bool(started.refused) is (changed != NEMO)


async def test_the_list_says_who_is_a_trainee_and_of_what() -> None:
    check = StaffListCheck(invented_register(), NameBars())
    finding = await found(check, claims("Petra Undermoor", number="r 017"))
    assert (finding.outcome, finding.role, finding.specialty) == (Outcome.PASS, Role.TRAINEE, "Surgery")
    assert (await found(check, claims("Nemo Vantongeren", number="R17"))).outcome is Outcome.FAIL
    assert (await check.start(claims(number="--"))).refused


@pytest.mark.parametrize("workplace", [None, *Outcome])
@pytest.mark.parametrize("credential", [None, *Outcome])
def test_only_two_passes_are_a_pass(workplace: Outcome | None, credential: Outcome | None) -> None:
    steps = ((Step.WORKPLACE, workplace), (Step.CREDENTIAL, credential))
    findings = [Recorded(step, "one", Finding(outcome, "so")) for step, outcome in steps if outcome]
    come = come_to(findings)

    assert (come is Outcome.PASS) is (workplace is credential is Outcome.PASS)
    assert (come is Outcome.FAIL) is (Outcome.FAIL in (workplace, credential))
