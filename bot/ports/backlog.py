"""The backlog: the outbox as an operator sees it; no texts, no addresses."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bot.domain.pauses import Pause
from bot.ports.outbox import What


@dataclass(frozen=True, slots=True)
class Waiting:
    """What has not left yet for one room, or for all home chats together where ``room`` is empty.

    ``oldest_seconds`` says for how long the oldest could have left; 0 while its release is still to come.
    """

    room: str
    deliveries: int
    oldest_seconds: float


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A delivery that was set apart: where to (``room`` is empty for home), how often tried, and why."""

    id: str
    room: str
    what: What
    tries: int
    age_seconds: float
    code: str


class Retried(StrEnum):
    """What came of letting a delivery leave again."""

    WAITING = "waiting"
    OVERTAKEN = "overtaken"
    UNKNOWN = "unknown"


class Backlog(Protocol):
    """The outbox as an operator sees it; no texts, no addresses."""

    async def paused(self) -> tuple[Pause, ...]:
        """List what keeps rooms paused, by room."""
        ...

    async def waiting(self) -> tuple[Waiting, ...]:
        """Count what has not left yet, rooms first."""
        ...

    async def quarantined(self) -> tuple[Quarantined, ...]:
        """List what was set apart, in the order in which it came."""
        ...

    async def retry(self, delivery: str) -> Retried:
        """Let a delivery leave again at once, unless something newer about the same thing came after it."""
        ...

    async def drop(self, delivery: str) -> bool:
        """Give a delivery up for good and forget its words; False if it is not in quarantine."""
        ...
