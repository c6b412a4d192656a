"""The agenda: when the relay has to look at which destination, so that it asks the queue for nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from heapq import heappop, heappush


class Agenda:
    """For each destination where something waits, a moment no later than that at which it may leave.

    A look too early costs a question; one too late would keep a message back. So whoever does not know what
    has changed sets ``unknown``, and the queue is asked for everything.
    """

    def __init__(self) -> None:
        """Know nothing yet."""
        self.unknown = True
        self._at: dict[str, datetime] = {}
        self._order: list[tuple[datetime, str]] = []

    def note(self, destination: str, at: datetime) -> None:
        """Look at a destination at this moment, or earlier where that was noted before."""
        noted = self._at.get(destination)
        if noted is None or at < noted:
            self._at[destination] = at
            heappush(self._order, (at, destination))

    def note_all(self, heads: Mapping[str, datetime]) -> None:
        """Look at each of these destinations at its moment."""
        for destination, at in heads.items():
            self.note(destination, at)

    def due(self, now: datetime) -> list[str]:
        """Give the destinations to look at, the longest due first; they are noted no more."""
        found = []
        while self._order and self._order[0][0] <= now:
            at, destination = heappop(self._order)
            if self._at.get(destination) == at:
                del self._at[destination]
                found.append(destination)
        return found

    def next(self) -> datetime | None:
        """Say when the next look is due."""
        while self._order:
            at, destination = self._order[0]
            if self._at.get(destination) == at:
                return at
            heappop(self._order)
        return None
