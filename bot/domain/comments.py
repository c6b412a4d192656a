"""Comments: what members say to each other in the thread of a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.members import MemberId


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment on a case; a ``question`` is put to its author.

    ``number`` counts within the case, so moderators speak of it as 123.c2; 0 until it is kept.
    """

    id: str
    case: str
    member: MemberId
    text: str
    said_at: datetime
    question: bool = False
    number: int = 0
    hidden: bool = False
    """Whether a moderator hides it."""

    @property
    def subject(self) -> str:
        """The key of its postings."""
        return f"comment:{self.id}"


class Comments(Protocol):
    """Comments by case."""

    async def add(self, comment: Comment) -> None:
        """Keep a new comment under the next number of its case."""
        ...

    async def replace(self, comment: Comment) -> None:
        """Keep a changed comment."""
        ...

    async def remove(self, comment: str) -> None:
        """Forget a comment that was undone before anybody saw it."""
        ...

    async def get(self, comment: str) -> Comment | None:
        """Find one by id."""
        ...

    async def of_case(self, case: str, *, hidden: bool = False) -> tuple[Comment, ...]:
        """List a case's comments, oldest first; with ``hidden`` those too that are hidden."""
        ...
