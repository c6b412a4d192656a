"""Riders: transactions that have ended and wait for a commit that they share."""

from __future__ import annotations

import asyncio


class Riders:
    """Those who wait for the next commit, at most ``most`` of them."""

    def __init__(self, most: int) -> None:
        """Begin with nobody."""
        self._most = most
        self._waiting: list[asyncio.Future[None]] = []

    def __bool__(self) -> bool:
        """Say whether anybody waits."""
        return bool(self._waiting)

    @property
    def full(self) -> bool:
        """Whether nobody else may join in the commit."""
        return len(self._waiting) >= self._most

    def join(self) -> asyncio.Future[None]:
        """Give what will be done when the transaction that has just ended is on the disk."""
        rider: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(rider)
        return rider

    def tell(self, error: Exception | None) -> None:
        """Tell all of them how the commit ended; whoever joins from now on waits for the next one."""
        told, self._waiting = self._waiting, []
        for rider in told:
            if rider.done():
                continue
            if error is None:
                rider.set_result(None)
            else:
                rider.set_exception(error)
