"""The seat: what one of several bots on one installation does at a time, and all that goes with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol


class Seat(Protocol):
    """Held by one bot of all that share a database; where only one can run, it always holds it."""

    @property
    def held(self) -> bool:
        """Whether this bot holds it right now."""
        ...

    async def take(self) -> bool:
        """Take it if it is free; says whether this bot holds it now."""
        ...

    async def taken(self) -> None:
        """Wait until this bot holds it."""
        ...

    async def lost(self) -> None:
        """Wait until this bot, which holds it, holds it no longer."""
        ...

    def only_while(self, fit: Callable[[], bool]) -> None:
        """Hold it no longer, and do not take it, while this says no."""
        ...

    async def leave(self) -> None:
        """Let another bot have it, once nothing of it is done here any more; only after it was lost."""
        ...
