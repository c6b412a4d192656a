"""An applicant, what he claims, and a site that says of him what was planned."""

from __future__ import annotations

from bot.chat.events import Account
from bot.domain.verification import Finding
from bot.ports.adapter import Profile
from bot.ports.verification import Check, Claims
from bot.verification.workspace import Workspace

NEMO_HERE = Account("slack", "T01", "U0NEMO")
DOMAINS = {"st-anna": ("St-Anna.example",)}
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


def claims(name: str = "Nemo Vantongeren", site: str = "st-anna", **values: str) -> Claims:
    return Claims(NEMO_HERE, site, values, name)


async def found(check: Check, said: Claims) -> Finding:
    started = await check.start(said)
    assert started.refused == ""
    finding = await check.poll(started.ref)
    assert isinstance(finding, Finding)
    return finding
