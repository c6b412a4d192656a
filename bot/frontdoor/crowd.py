"""The crowd: what was taken in hand at the front door and is not done yet, and since when."""

from __future__ import annotations

import asyncio

from bot.ports.clock import Clock


class Crowd:
    """Kept in memory, because the inbox tells no time of day. After a restart times count from the start."""

    def __init__(self, clock: Clock) -> None:
        """Begin with nobody."""
        self._clock = clock
        self._since: dict[int, float] = {}

    def came(self, row: int, task: asyncio.Task[None]) -> None:
        """Count a row of the inbox until its task is done."""
        self._since[row] = self._clock.monotonic()
        task.add_done_callback(lambda _: self._since.pop(row, None))

    def __len__(self) -> int:
        """Count what is not done yet."""
        return len(self._since)

    @property
    def oldest_seconds(self) -> float:
        """For how long the oldest has been waiting; 0 where nothing is."""
        # Rows come in order, so the first that is left came first.
        first = next(iter(self._since.values()), None)
        return 0.0 if first is None else self._clock.monotonic() - first
