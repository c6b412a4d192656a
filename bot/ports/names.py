"""What one member may be called: the vault's side of it, handed to commands with the accounts left out."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Protocol

from bot.domain.members import MemberId, Persona


class Changed(StrEnum):
    """What came of changing a screen name."""

    CHANGED = "changed"
    TAKEN = "taken"
    OVERTAKEN = "overtaken"
    """The member changed it from elsewhere at the same moment."""


class Names(Protocol):
    """The names of one member."""

    @property
    def changed_on(self) -> date | None:
        """The day of the last change of the screen name."""
        ...

    @property
    def own_name_bound(self) -> bool:
        """Whether the vault has a verified own name."""
        ...

    @property
    def always_own(self) -> bool:
        """Whether the member chose to sign every case with the own name."""
        ...

    def draw(self) -> str:
        """Draw a screen name; it may be taken."""
        ...

    async def free(self, count: int) -> tuple[str, ...]:
        """Draw several that are free right now. Not inside a unit of work."""
        ...

    async def change(self, screen_name: str) -> Changed:
        """Give the member another screen name from now on. Not inside a unit of work."""
        ...

    async def persona(self, kind: Persona) -> MemberId:
        """Make the id of a persona for one case, linked to the member in the vault alone.

        It comes before the commit of what is posted under it; where that fails, the next start forgets it.
        """
        ...

    async def sign_always(self, *, own: bool) -> None:
        """Remember whether the member signs every case with the own name."""
        ...
