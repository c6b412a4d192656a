"""The machine's own clock and randomness, which everything else is handed."""

from __future__ import annotations

import asyncio
import secrets
import time
from datetime import UTC, datetime
from random import SystemRandom


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Give the time in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Give seconds that never run backwards."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)


class SystemChance:
    """The machine's secure randomness."""

    def __init__(self) -> None:
        """Use the operating system's source."""
        self._random = SystemRandom()

    def id(self) -> str:
        """Give 128 random bits in hex."""
        return secrets.token_hex(16)

    def key(self) -> bytes:
        """Give 32 random bytes."""
        return secrets.token_bytes(32)

    def between(self, low: float, high: float) -> float:
        """Give a number drawn evenly."""
        return self._random.uniform(low, high)
