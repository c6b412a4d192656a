"""Comments: what members say to each other in the thread of a case."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Protocol

from bot.domain.members import MemberId
from bot.domain.refusal import Refused

MOST_WORDS: Final = 2000
"""Characters that a comment has at most."""


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
    revision: int = 0
    edited: bool = False
    """Its words were changed after others could read them."""

    @property
    def subject(self) -> str:
        """The key of its postings."""
        return f"comment:{self.id}"

    def require_seen(self) -> None:
        """Refuse to change it while a moderator hides it."""
        if self.hidden:
            raise Refused("hidden", "Your comment is hidden right now, so it stays as it is.", "mine")

    def reworded(self, text: str, *, edited: bool) -> Comment:
        """Say something else; ``edited`` tells whether readers are to know."""
        return replace(self, text=text, revision=self.revision + 1, edited=edited)


class Comments(Protocol):
    """Comments by case."""

    async def add(self, comment: Comment) -> None:
        """Keep a new comment under the next number of its case."""
        ...

    async def replace(self, comment: Comment) -> None:
        """Keep a changed comment."""
        ...

    async def remove(self, comment: str) -> None:
        """Forget a comment that was undone or taken back."""
        ...

    async def get(self, comment: str) -> Comment | None:
        """Find one by id."""
        ...

    async def of_case(self, case: str, *, hidden: bool = False) -> tuple[Comment, ...]:
        """List a case's comments, oldest first; with ``hidden`` those too that are hidden."""
        ...

    async def askers(self, case: str) -> tuple[MemberId, ...]:
        """List who asked something in a case's comments that is not hidden, whoever asked first before."""
        ...
