"""Updates: what the author of an open case adds to it later; the first words stay as they were."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Update:
    """One addition to a case by its author; ``number`` counts within the case, from 1."""

    id: str
    case: str
    number: int
    text: str
    added_at: datetime

    @property
    def subject(self) -> str:
        """The key of its postings."""
        return f"update:{self.id}"


class Updates(Protocol):
    """Updates by case."""

    async def next_number(self, case: str) -> int:
        """Give the number of the next update of a case, from 1."""
        ...

    async def add(self, update: Update) -> None:
        """Keep a new update."""
        ...

    async def remove(self, update: str) -> None:
        """Forget an update that was undone or taken back."""
        ...

    async def get(self, update: str) -> Update | None:
        """Find one by id."""
        ...

    async def of_case(self, case: str) -> tuple[Update, ...]:
        """List a case's updates in order of their numbers."""
        ...
