"""Bell: tells everybody who listens that something changed somewhere."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import TypeVar

T = TypeVar("T")


class Bell:
    """Rings when anything changed; listeners look for themselves what it was."""

    def __init__(self) -> None:
        self._listeners: set[asyncio.Event] = set()

    def ring(self) -> None:
        """Wake every listener."""
        for listener in self._listeners:
            listener.set()

    async def rings(self) -> AsyncIterator[None]:
        """Yield after every ring from now on; rings while the listener is busy count as one."""
        changed = asyncio.Event()
        self._listeners.add(changed)
        try:
            while True:
                await changed.wait()
                changed.clear()
                yield None
        finally:
            self._listeners.discard(changed)

    async def until(self, met: Callable[[], T | None], seconds: float) -> T:
        """Wait until ``met()`` gives something true, asked anew at every ring, and give it.

        Raises TimeoutError after ``seconds`` real seconds.
        """
        changed = asyncio.Event()
        self._listeners.add(changed)
        try:
            async with asyncio.timeout(seconds):
                while not (value := met()):
                    await changed.wait()
                    changed.clear()
                return value
        finally:
            self._listeners.discard(changed)
