"""The inbox: what people did, committed before it is acknowledged, handled once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.chat.events import Event
from bot.ports.intake import Checkpoint


@dataclass(frozen=True, slots=True)
class Received:
    """An event in the inbox with its row and the site it came from."""

    row: int
    site: str
    event: Event


class Inbox(Protocol):
    """Durable, sealed, in order of arrival. An event's id counts once per site for 30 days."""

    async def accept(
        self, site: str, events: Sequence[Event], checkpoint: Checkpoint | None
    ) -> tuple[Received, ...]:
        """Commit the new events and the checkpoint together; give back what is to be handled.

        That is what was new, and what was committed before and nobody has handled: the answer to that commit
        may have been lost, and whoever has it in hand knows.
        """
        ...

    async def checkpoint(self, stream: str) -> str:
        """Give the last committed token of a stream, or an empty string."""
        ...

    @property
    def away(self) -> tuple[type[Exception], ...]:
        """What it raises while it cannot be reached or written."""
        ...

    async def waits(self, row: int) -> bool:
        """Say whether a row was not handled yet; also while nothing can be written."""
        ...

    async def waiting(self, but: Collection[int] = ()) -> tuple[Received, ...]:
        """List what was accepted and not handled yet, in order, but for these rows."""
        ...
