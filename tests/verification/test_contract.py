"""What every check promises: silence is never a pass, its reference is enough, and it tells on nobody."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import pytest
from yarl import URL

from bot.domain import vouches
from bot.domain.credentials import NameBars
from bot.domain.verification import Finding, Outcome, Recorded, Step, come_to
from bot.identity.checking import Checks
from bot.ports.adapter import Later
from bot.ports.verification import Check, Lasting, Started
from bot.verification.npi_api import NpiApi
from bot.verification.oidc import Oidc
from bot.verification.roster import RosterCheck
from bot.verification.sign_on import SignedOn
from bot.verification.staff_list import StaffListCheck
from bot.verification.stripe_identity import Access, StripeIdentity
from bot.verification.vouch import Vouch
from tests.stories.clock import StoryChance, StoryClock
from tests.stories.register import NEMO, invented_register, licence
from tests.verification.applicant import DOMAINS, HONEST, claims, workspace
from tests.verification.code_desk import Desk, keyed
from tests.verification.npi_registry import cardiologist
from tests.verification.stripe_server import SESSION

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

    def ref(self, started: Started) -> str:
        """Give the reference as it is when the applicant has done his part."""
        return started.ref

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


class VouchRig(Rig):
    """The one check without another side: colleagues are written into its reference."""

    clock, chance = StoryClock(), StoryChance()

    def check(self, fault: Exception | None = None) -> Vouch:
        return Vouch(clock=self.clock, chance=self.chance)

    async def typed(self, started: Started) -> str:
        return vouches.read(started.ref).code

    def ref(self, started: Started) -> str:
        return vouches.read(started.ref).vouched("one").vouched("another").written()


class OfflineApi(NpiApi):
    """Has Nemo in memory."""

    def __init__(self, fault: Exception | None) -> None:
        super().__init__("https://registry.example/api/", NameBars())
        self._fault = fault

    async def _asked(self, npi: str) -> Mapping[str, Any]:
        if self._fault:
            raise self._fault
        return {"result_count": 1, "results": [cardiologist(npi)]}


class OfflineStripe(StripeIdentity):
    """Answers every question with one session."""

    def __init__(self, session: Mapping[str, Any], fault: Exception | None) -> None:
        access = Access("https://stripe.example", "an invented secret")
        desk = Desk()
        super().__init__(access, desk.cabinet, index=keyed, clock=desk.clock, chance=desk.chance)
        self._session_now = session
        self._fault = fault

    async def _asked(self, method: str, place: URL, key: str = "") -> Mapping[str, Any]:
        if self._fault:
            raise self._fault
        return self._session_now


class NpiApiRig(Rig):
    """The registry on the network is asked in ``test_npi_api.py``."""

    values: ClassVar = {"number": NEMO, "licence": licence(NEMO)}
    refused: ClassVar = {"number": "12345"}

    def check(self, fault: Exception | None = None) -> NpiApi:
        return OfflineApi(fault)


class StripeRig(Rig):
    """Has one session in memory; one on the network is asked in ``test_stripe_identity.py``."""

    def __init__(self) -> None:
        self.session = {**SESSION, "status": "requires_input"}

    def check(self, fault: Exception | None = None) -> OfflineStripe:
        return OfflineStripe(self.session, fault)

    async def typed(self, started: Started) -> str:
        self.session["status"] = "verified"
        return ""


RIGS: dict[str, Callable[[], Rig]] = {
    "workspace": WorkspaceRig,
    "email": EmailRig,
    "oidc": OidcRig,
    "vouch": VouchRig,
    "roster": RosterRig,
    "list": ListRig,
    "npi_api": NpiApiRig,
    "stripe": StripeRig,
}


STEPS = {
    "stripe": Step.PERSON,
    "roster": Step.CREDENTIAL,
    "list": Step.CREDENTIAL,
    "npi_api": Step.CREDENTIAL,
}
"""What each check shows that shows no workplace."""


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
    typed = await rig.typed(started)
    finding = await rig.check().poll(rig.ref(started), typed)

    assert isinstance(finding, Finding)
    assert finding.outcome is Outcome.PASS


async def test_before_the_applicant_has_done_his_part_there_is_no_answer(rig: Rig) -> None:
    check, started = rig.check(), await begun(rig)
    finding = await check.poll(started.ref)

    assert (finding is None) is check.interactive
    assert bool(started.asks) is check.interactive
    if isinstance(check, Lasting):
        assert (await check.again(started.ref)).asks


@pytest.mark.parametrize("fault", FAULTS, ids=repr)
async def test_a_fault_of_the_other_side_is_never_a_pass(rig: Rig, fault: Exception) -> None:
    """Checks are run by one runner, which makes of whatever they raise that they were silent."""
    if isinstance(rig, VouchRig):
        assert rig.check(fault).step is Step.WORKPLACE, "nothing is asked that could be silent"
        return
    started = await begun(rig)
    broken = rig.check(fault)
    finding = await Checks([broken]).poll(broken, started.ref, await rig.typed(started))

    assert finding == Finding(Outcome.UNAVAILABLE, "silent")


async def test_nothing_of_an_applicant_shows_in_a_repr(rig: Rig) -> None:
    check, said = rig.check(), claims(rig.proved, **rig.values)
    started = await check.start(said)
    typed = await rig.typed(started)
    finding = await check.poll(rig.ref(started), typed)
    shown = repr(said) + repr(started) + repr(finding) + repr(check)

    planted = (*said.values.values(), *rig.proved.split(), "U0NEMO", typed)
    assert [word for word in planted if word and word in shown] == []


async def test_what_is_refused_begins_nothing(rig: Rig) -> None:
    if rig.refused is None:
        assert isinstance(rig, (WorkspaceRig, OidcRig, VouchRig, StripeRig)), (
            "only these ask the applicant for no answer"
        )
        return
    started = await rig.check().start(claims(**rig.refused))

    assert started == Started(refused=started.refused)
    assert started.refused.endswith(".")
    assert not any(value in started.refused for value in rig.refused.values())
    assert rig.kept() == {}


async def test_a_check_says_what_it_is(rig: Rig, request: pytest.FixtureRequest) -> None:
    check = rig.check()
    assert f"[{check.name}]" in request.node.name
    assert check.step is STEPS.get(check.name, Step.WORKPLACE)


@pytest.mark.parametrize("workplace", [None, *Outcome])
@pytest.mark.parametrize("credential", [None, *Outcome])
def test_only_two_passes_are_a_pass(workplace: Outcome | None, credential: Outcome | None) -> None:
    steps = ((Step.WORKPLACE, workplace), (Step.CREDENTIAL, credential))
    findings = [Recorded(step, "one", Finding(outcome, "so")) for step, outcome in steps if outcome]
    come = come_to(findings)

    assert (come is Outcome.PASS) is (workplace is credential is Outcome.PASS)
    assert (come is Outcome.FAIL) is (Outcome.FAIL in (workplace, credential))
