"""What every check promises: silence is never a pass, its reference is enough, and it tells on nobody."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import pytest

from bot.domain.credentials import NameBars
from bot.domain.verification import Finding, Outcome, Recorded, Step, come_to
from bot.identity.checking import Checks
from bot.ports.adapter import Later
from bot.ports.verification import Check, Started
from bot.verification.oidc import Oidc
from bot.verification.roster import RosterCheck
from bot.verification.sign_on import SignedOn
from bot.verification.staff_list import StaffListCheck
from tests.stories.register import NEMO, invented_register, licence
from tests.verification.applicant import DOMAINS, HONEST, claims, workspace
from tests.verification.code_desk import Desk, keyed

FAULTS = (Later(None), TimeoutError(), ConnectionResetError(), RuntimeError("broken"), ValueError("odd"))


class Broken:
    """The other side with a fault: whatever is asked of it raises."""

    def __init__(self, fault: Exception) -> None:
        self._fault = fault

    def __getattr__(self, name: str) -> Any:
        async def fail(*_args: object) -> None:
            raise self._fault

        return fail


class Rig:
    """A check and its other side; every :meth:`check` is a fresh object, as after a restart."""

    values: ClassVar[Mapping[str, str]] = {}
    refused: ClassVar[Mapping[str, str] | None] = None
    """Answers that begin nothing, where there are such."""
    proved = HONEST.name

    def check(self, fault: Exception | None = None) -> Check:
        raise NotImplementedError

    async def typed(self, started: Started) -> str:
        """Do the applicant's part; gives what he types then."""
        return ""

    def kept(self) -> Mapping[str, bytes]:
        """What lies in the cabinet."""
        return {}


class WorkspaceRig(Rig):
    def check(self, fault: Exception | None = None) -> Check:
        return workspace(fault or HONEST, locked=True)


class RosterRig(Rig):
    values: ClassVar = {"number": NEMO, "licence": licence(NEMO)}
    refused: ClassVar = {"number": "12345"}

    def check(self, fault: Exception | None = None) -> Check:
        register: Any = Broken(fault) if fault else invented_register()
        return RosterCheck(register, NameBars())


class ListRig(Rig):
    values: ClassVar = {"number": "R17"}
    refused: ClassVar = {"number": "--"}
    proved = "Petra Undermoor"

    def check(self, fault: Exception | None = None) -> Check:
        register: Any = Broken(fault) if fault else invented_register()
        return StaffListCheck(register, NameBars())


@dataclass
class EmailRig(Rig):
    values: ClassVar = {"email": HONEST.email}
    refused: ClassVar = {"email": "nemo@elsewhere.example"}
    desk: Desk = field(default_factory=Desk)

    def check(self, fault: Exception | None = None) -> Check:
        check = self.desk.check()
        if fault:
            drawer: Any = Broken(fault)
            check._drawer = drawer
        return check

    async def typed(self, started: Started) -> str:
        return self.desk.pouch.code

    def kept(self) -> Mapping[str, bytes]:
        return self.desk.cabinet.values


class Doorman:
    """Stands for a provider that lets Nemo in; the real one is asked in ``test_oidc.py``."""

    issuer = "https://sign-on.st-anna.example"

    async def address(self, state: str, _nonce: str, _verifier: str) -> str:
        return f"{self.issuer}?state={state}"

    async def signed_on(self, _code: str, _nonce: str, _verifier: str) -> SignedOn:
        return SignedOn("a subject", HONEST.name, HONEST.email)


@dataclass
class OidcRig(Rig):
    desk: Desk = field(default_factory=Desk)

    def check(self, fault: Exception | None = None) -> Oidc:
        doorman: Any = Doorman()
        cabinet: Any = Broken(fault) if fault else self.desk.cabinet
        clock, chance = self.desk.clock, self.desk.chance
        return Oidc(doorman, cabinet, DOMAINS, index=keyed, clock=clock, chance=chance)

    async def typed(self, started: Started) -> str:
        return await self.check().returned(started.url.partition("state=")[2], "a code")

    def kept(self) -> Mapping[str, bytes]:
        return self.desk.cabinet.values


RIGS: dict[str, Callable[[], Rig]] = {
    "workspace": WorkspaceRig,
    "email": EmailRig,
    "oidc": OidcRig,
    "roster": RosterRig,
    "list": ListRig,
}


@pytest.fixture(params=RIGS)
def rig(request: pytest.FixtureRequest) -> Rig:
    return RIGS[request.param]()


async def begun(rig: Rig) -> Started:
    started = await rig.check().start(claims(rig.proved, **rig.values))
    assert started.refused == ""
    assert started.ref
    return started


async def test_an_honest_applicant_passes_also_after_a_restart(rig: Rig) -> None:
    started = await begun(rig)
    finding = await rig.check().poll(started.ref, await rig.typed(started))

    assert isinstance(finding, Finding)
    assert finding.outcome is Outcome.PASS


async def test_before_the_applicant_has_done_his_part_there_is_no_answer(rig: Rig) -> None:
    check, started = rig.check(), await begun(rig)
    finding = await check.poll(started.ref)

    assert (finding is None) is check.interactive
    assert bool(started.asks) is check.interactive


@pytest.mark.parametrize("fault", FAULTS, ids=repr)
async def test_a_fault_of_the_other_side_is_never_a_pass(rig: Rig, fault: Exception) -> None:
    """Checks are run by one runner, which makes of whatever they raise that they were silent."""
    started = await begun(rig)
    broken = rig.check(fault)
    finding = await Checks([broken]).poll(broken, started.ref, await rig.typed(started))

    assert finding == Finding(Outcome.UNAVAILABLE, "silent")


async def test_nothing_of_an_applicant_shows_in_a_repr(rig: Rig) -> None:
    check, said = rig.check(), claims(rig.proved, **rig.values)
    started = await check.start(said)
    typed = await rig.typed(started)
    finding = await check.poll(started.ref, typed)
    shown = repr(said) + repr(started) + repr(finding) + repr(check)

    planted = (*said.values.values(), *rig.proved.split(), "U0NEMO", typed)
    assert [word for word in planted if word and word in shown] == []


async def test_what_is_refused_begins_nothing(rig: Rig) -> None:
    if rig.refused is None:
        assert isinstance(rig, (WorkspaceRig, OidcRig)), "only these ask the applicant for no answer"
        return
    started = await rig.check().start(claims(**rig.refused))

    assert started == Started(refused=started.refused)
    assert started.refused.endswith(".")
    assert not any(value in started.refused for value in rig.refused.values())
    assert rig.kept() == {}


async def test_a_check_says_what_it_is(rig: Rig, request: pytest.FixtureRequest) -> None:
    check = rig.check()
    assert f"[{check.name}]" in request.node.name
    assert check.step is (Step.CREDENTIAL if check.name in ("roster", "list") else Step.WORKPLACE)


@pytest.mark.parametrize("workplace", [None, *Outcome])
@pytest.mark.parametrize("credential", [None, *Outcome])
def test_only_two_passes_are_a_pass(workplace: Outcome | None, credential: Outcome | None) -> None:
    steps = ((Step.WORKPLACE, workplace), (Step.CREDENTIAL, credential))
    findings = [Recorded(step, "one", Finding(outcome, "so")) for step, outcome in steps if outcome]
    come = come_to(findings)

    assert (come is Outcome.PASS) is (workplace is credential is Outcome.PASS)
    assert (come is Outcome.FAIL) is (Outcome.FAIL in (workplace, credential))
