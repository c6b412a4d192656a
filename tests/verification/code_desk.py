"""A desk at which codes are asked for and typed: one check, its cabinet, its mail, its clock."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field

from bot.chat.events import Account
from bot.domain.verification import Finding
from bot.ports.verification import Claims, NotIt, Started
from bot.verification.email import Email
from bot.verification.postman import Postman
from tests.matrix.fakes import MemoryCabinet
from tests.stories.clock import StoryChance, StoryClock
from tests.verification.applicant import NEMO_HERE
from tests.verification.mailroom import Pouch

NEMO_MAIL = "nemo.vantongeren@st-anna.example"
DOMAINS = {"st-anna": ("St-Anna.example", "kids.st-anna.example"), "open": ()}


def keyed(purpose: str, value: str) -> bytes:
    return hmac.digest(b"an invented key", f"{purpose}\0{value}".encode(), "sha256")


@dataclass
class Desk:
    """One check with its cabinet, its mail and its clock; `check` is made anew each time, as by a restart."""

    pouch: Pouch = field(default_factory=Pouch)
    cabinet: MemoryCabinet = field(default_factory=MemoryCabinet)
    clock: StoryClock = field(default_factory=StoryClock)
    chance: StoryChance = field(default_factory=StoryChance)

    def check(self, postman: Postman | None = None) -> Email:
        return Email(
            postman or self.pouch, self.cabinet, DOMAINS, index=keyed, clock=self.clock, chance=self.chance
        )

    async def ask(
        self, address: str = NEMO_MAIL, account: Account = NEMO_HERE, site: str = "st-anna"
    ) -> Started:
        return await self.check().start(Claims(account, site, {"email": address}))

    async def type(self, started: Started, code: str) -> Finding | NotIt | None:
        return await self.check().poll(started.ref, code)

    @property
    def wrong_code(self) -> str:
        return f"{(int(self.pouch.code) + 1) % 10**8:08d}"
