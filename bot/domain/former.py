"""Former members: what is left of somebody who has gone, and what becomes of their posts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from bot.domain.cases import Case
from bot.domain.comments import Comment
from bot.domain.members import Member, MemberId
from bot.domain.opinions import Opinion
from bot.domain.polls import Poll

FORMER_MEMBER: Final = "Former member"
"""The one name of all who have gone; their screen names are never given again."""


class Posts(StrEnum):
    """What becomes of the posts of somebody who leaves."""

    KEPT = "keep"
    WITHDRAWN = "withdraw"


@dataclass(frozen=True, slots=True)
class Posted:
    """Everything that one member has posted, each kind oldest first."""

    cases: tuple[Case, ...] = ()
    opinions: tuple[Opinion, ...] = ()
    comments: tuple[Comment, ...] = ()
    polls: tuple[Poll, ...] = ()

    def __len__(self) -> int:
        """Count all of it."""
        return len(self.cases) + len(self.opinions) + len(self.comments) + len(self.polls)


class FormerMembers(Protocol):
    """Former members, by ids that no vault has ever known."""

    async def get(self, member: MemberId) -> Member | None:
        """Find a former member by id."""
        ...

    async def posted_by(self, member: MemberId) -> Posted:
        """Gather what a member has posted."""
        ...

    async def retire(self, member: Member, heir: MemberId) -> None:
        """Forget a member and keep the screen name from being given again; posts pass on to ``heir``."""
        ...

    async def forget_deliveries(self, member: MemberId, nobody: MemberId) -> None:
        """Forget what was or is to be told to a member; what still takes words back is ``nobody``'s then."""
        ...
