"""What the bot asks somebody at home, and which word a plain reply to it answers with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

OUTCOME: Final = "ask_outcome"
"""What was it in the end?"""
UNANSWERED: Final = "unanswered"
"""Nobody answered in time."""
MEANING: Final = "meaning"
"""Which disease does this name stand for?"""
ANSWERED_BY: Final[Mapping[str, str]] = {OUTCOME: "outcome", UNANSWERED: "add", MEANING: "mean"}


@dataclass(frozen=True, slots=True)
class HomeQuestion:
    """A question on a case (by id); ``place`` tells several of one kind apart, 0 where there is one."""

    kind: str
    case: str
    place: int = 0

    @property
    def subject(self) -> str:
        """What the message that asks is about."""
        return f"{self.kind}:{self.case}/{self.place}" if self.place else f"{self.kind}:{self.case}"

    @classmethod
    def read(cls, subject: str) -> HomeQuestion | None:
        """Read a subject; None where its message asks nothing."""
        kind, _, rest = subject.partition(":")
        case, _, place = rest.partition("/")
        return cls(kind, case, int(place or 0)) if kind in ANSWERED_BY else None
