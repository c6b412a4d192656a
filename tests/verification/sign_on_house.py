"""A house with a single sign-on: one check, its provider, its cabinet, its clock."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.chat.events import Account
from bot.domain.verification import Finding, Outcome
from bot.ports.verification import Claims, NotIt, Started
from bot.verification.oidc import Oidc
from bot.verification.sign_on import Client, SignOn
from tests.matrix.fakes import MemoryCabinet
from tests.stories.clock import StoryChance, StoryClock
from tests.verification.applicant import DOMAINS, NEMO_HERE
from tests.verification.code_desk import keyed
from tests.verification.provider import BACK, CLIENT, SECRET, Provider

NORA_HERE = Account("slack", "T01", "U0NORA")


@dataclass
class House:
    """A check and its provider; `check` is made anew each time, as by a restart."""

    provider: Provider
    clock: StoryClock
    cabinet: MemoryCabinet = field(default_factory=MemoryCabinet)
    chance: StoryChance = field(default_factory=StoryChance)

    def check(self, issuer: str = "", patience: float = 8.0) -> Oidc:
        client = Client(issuer or self.provider.issuer, CLIENT, BACK, SECRET)
        sign_on = SignOn(client, clock=self.clock, patience=patience)
        return Oidc(sign_on, self.cabinet, DOMAINS, index=keyed, clock=self.clock, chance=self.chance)

    async def begin(self, site: str = "st-anna", account: Account = NEMO_HERE) -> Started:
        return await self.check().start(Claims(account, site))

    async def back(self, started: Started) -> str:
        """Sign on and come back; the code that the page shows."""
        return await self.check().returned(*self.provider.sign_on(started.url))

    async def type(self, started: Started, typed: str = "") -> Finding | NotIt | None:
        return await self.check().poll(started.ref, typed)


def failed(reason: str) -> Finding:
    return Finding(Outcome.FAIL, reason)
