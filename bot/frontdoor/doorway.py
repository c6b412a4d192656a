"""The doorway: where one adapter hands in what people did."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.chat.events import Event
from bot.frontdoor.beginning import Beginning
from bot.ports.inbox import Inbox, Received
from bot.ports.intake import Checkpoint
from bot.ports.tracing import Tracer


class Doorway:
    """The intake of one adapter: commits its events, then hands them to the door."""

    def __init__(
        self,
        site: str,
        inbox: Inbox,
        take: Callable[[Sequence[Received]], None],
        beginning: Beginning,
        tracer: Tracer,
    ) -> None:
        """Stand at one site, before the inbox; ``take`` begins to handle what was committed."""
        self._beginning = beginning
        self._site = site
        self._inbox = inbox
        self._take = take
        self._tracer = tracer

    async def accept(self, events: Sequence[Event], checkpoint: Checkpoint | None = None) -> None:
        """Commit, then return; handling begins at once and goes on by itself."""
        with self._tracer.span("accept", count=len(events)), self._beginning.coming():
            self._take(await self._inbox.accept(self._site, events, checkpoint))

    async def checkpoint(self, stream: str) -> str:
        """Give the token last committed for a stream."""
        return await self._inbox.checkpoint(stream)
