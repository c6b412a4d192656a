"""Time, handed in: nothing above the bootstrap asks the machine what time it is."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Wall time and waiting."""

    def now(self) -> datetime:
        """Give the time, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Give seconds that never run backwards."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait; a test's clock returns when the test says so."""
        ...
