"""The way in: an adapter hands events over and may acknowledge them once the call returns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.chat.events import Event


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How far a stream has been read (a Matrix sync token), kept in the same commit as its events."""

    stream: str
    token: str


class Intake(Protocol):
    """The durable inbox as an adapter sees it."""

    async def accept(self, events: Sequence[Event], checkpoint: Checkpoint | None = None) -> None:
        """Commit the events that are new, and the checkpoint, in one transaction; then return.

        Events seen before are dropped silently. Raises when nothing could be committed: then do not
        acknowledge.
        """
        ...

    async def checkpoint(self, stream: str) -> str:
        """Give the token last committed for a stream, or an empty string."""
        ...
