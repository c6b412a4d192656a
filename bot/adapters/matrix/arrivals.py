"""Arrivals: what the homeserver did at our word is seen only when a sync brings it; one waits for it here."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from bot.adapters.matrix.wire import Unreachable

_SECONDS = 30.0


class Arrivals:
    """Wakes those who wait for something that a sync will bring; ``left`` are rooms that it took away."""

    def __init__(self) -> None:
        """Start with nobody waiting."""
        self._news = asyncio.Event()
        self.left: set[str] = set()

    def tell(self) -> None:
        """Say that a sync came in."""
        self._news.set()
        self._news = asyncio.Event()

    async def until(self, arrived: Callable[[], bool]) -> None:
        """Wait until it is there; raises ``Unreachable`` when no sync brings it."""
        try:
            async with asyncio.timeout(_SECONDS):
                while not arrived():
                    await self._news.wait()
        except TimeoutError as error:
            raise Unreachable("sync is behind") from error
