"""Riders: transactions that have ended and wait for a commit that they share."""

from __future__ import annotations

from collections.abc import Callable

Told = Callable[[Exception | None], None]
"""Hears how the commit ended, in the round of the loop in which that is known; it waits for nothing."""


class Riders:
    """Those who wait for the next commit, at most ``most`` of them."""

    def __init__(self, most: int) -> None:
        """Begin with nobody."""
        self._most = most
        self._waiting: list[Told] = []
        self.cut_off = False
        """Whether a commit was broken off with the whole process: nothing is tried again then."""

    def __bool__(self) -> bool:
        """Say whether anybody waits."""
        return bool(self._waiting)

    @property
    def full(self) -> bool:
        """Whether nobody else may join in the commit."""
        return len(self._waiting) >= self._most

    def join(self, told: Told) -> None:
        """Be told when the transaction that has just ended is on the disk, or cannot be."""
        self._waiting.append(told)

    def tell(self, error: Exception | None) -> None:
        """Tell all of them how the commit ended; whoever joins from now on waits for the next one."""
        waiting, self._waiting = self._waiting, []
        for told in waiting:
            told(error)
