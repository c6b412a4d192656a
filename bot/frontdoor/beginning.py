"""Beginning: few events are begun at a time, so that acknowledgements come between them, not behind them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Final

_AT_ONCE: Final = 32
_SECONDS: Final = 0.25
"""After which the next one may begin in any case: this one waits for a file, or for somebody's server."""
_PATIENCE: Final = 0.05
"""How many seconds an event stands back, from when it could begin, for others that are just coming in and
not acknowledged yet."""


class Beginning:
    """Gives out a few places; whoever keeps one for a quarter of a second loses it, and goes on."""

    def __init__(self) -> None:
        """Begin with all places free."""
        self._places = asyncio.Semaphore(_AT_ONCE)
        # Thirty that go on in one round hold up the loop for as long as all of them compute.
        self._doorstep = asyncio.Lock()
        self._coming = 0
        self._calm = asyncio.Event()
        self._calm.set()

    @contextmanager
    def coming(self) -> Iterator[None]:
        """Let others stand back while something is taken in."""
        self._coming += 1
        self._calm.clear()
        try:
            yield
        finally:
            self._coming -= 1
            if not self._coming:
                self._calm.set()

    @asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        """Wait for a place and have it for a while; one begins in each round of the loop."""
        loop = asyncio.get_running_loop()
        patient_until = loop.time() + _PATIENCE
        await self._places.acquire()
        ending = loop.call_later(_SECONDS, self._places.release)
        try:
            async with self._doorstep:
                await self._stand_back(patient_until)
                await asyncio.sleep(0)
            yield
        finally:
            if ending.when() > loop.time():  # Otherwise the place was taken, or is about to be.
                ending.cancel()
                self._places.release()

    async def _stand_back(self, until: float) -> None:
        if self._coming and until > asyncio.get_running_loop().time():
            with suppress(TimeoutError):
                async with asyncio.timeout_at(until):
                    await self._calm.wait()
