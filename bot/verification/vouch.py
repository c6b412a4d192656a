"""The workplace by two colleagues who vouch; it proves no name."""

from __future__ import annotations

from typing import Final

from bot.domain.verification import Finding, Outcome, Step
from bot.domain.vouches import NAME, ask, read, spaced
from bot.ports.chance import Chance
from bot.ports.clock import Clock
from bot.ports.verification import Claims, Started

_BEGINS: Final = (
    "Your code is {code}. Give it to two physicians who work here, know you and are members, in person or by"
    " telephone. Each of them says vouch {code} to me within a week."
)
_SO_FAR: Final = (
    "{count} of the two colleagues has vouched so far. Your code is {code}; it counts for a week from the day"
    " when you got it."
)
_COUNTED: Final = ("Neither", "One")


class Vouch:
    """Gives the applicant a code to hand on; whoever vouches is written into its reference."""

    name: Final = NAME
    step: Final = Step.WORKPLACE
    interactive: Final = True

    def __init__(self, *, clock: Clock, chance: Chance) -> None:
        """Take what draws codes and tells when they are over."""
        self._clock = clock
        self._chance = chance

    async def start(self, claims: Claims) -> Started:
        """Draw a code."""
        asked = ask(self._chance.key(), self._clock.now())
        return Started(ref=asked.written(), asks=_BEGINS.format(code=spaced(asked.code)))

    async def again(self, ref: str) -> Started:
        """Say the code again, and how many have vouched."""
        asked = read(ref)
        count = _COUNTED[len(asked.by)]
        return Started(asks=_SO_FAR.format(count=count, code=spaced(asked.code)))

    async def poll(self, ref: str, typed: str = "") -> Finding | None:
        """Count those who vouched; what came in time counts also later."""
        asked = read(ref)
        if asked.done:
            return Finding(Outcome.PASS, "vouched")
        return Finding(Outcome.FAIL, "vouch_expired") if asked.over(self._clock.now()) else None
