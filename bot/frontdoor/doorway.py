"""The doorway: where one adapter hands in what people did."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.events import Event
from bot.frontdoor.in_hand import AGAIN, InHand
from bot.ports.inbox import Inbox
from bot.ports.intake import Checkpoint
from bot.ports.tracing import Tracer


class Doorway:
    """The intake of one adapter: commits its events, then hands them to the door."""

    def __init__(self, site: str, hands: InHand, tracer: Tracer) -> None:
        """Stand at one site, before the inbox of those who take in hand what was committed."""
        self._site = site
        self._hands = hands
        self._inbox: Inbox = hands.inbox
        self._tracer = tracer

    async def accept(self, events: Sequence[Event], checkpoint: Checkpoint | None = None) -> None:
        """Commit, then return; handling begins at once and goes on by itself.

        Where that raises, the events may be there all the same: then they are found a little later.
        """
        with self._tracer.span("accept", count=len(events)), self._hands.beginning.coming():
            try:
                received = await self._inbox.accept(self._site, events, checkpoint)
            except self._inbox.away:
                self._hands.look_soon(AGAIN)
                raise
            self._hands.take(received)

    async def checkpoint(self, stream: str) -> str:
        """Give the token last committed for a stream."""
        return await self._inbox.checkpoint(stream)
