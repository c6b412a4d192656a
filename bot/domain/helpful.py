"""Helpful: a mark that readers give an opinion, once each; nothing in it depends on having been right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from bot.domain.members import MemberId


@dataclass(frozen=True, slots=True)
class Thanks:
    """How many called an opinion helpful, and with how many opinions the screen name has helped so far."""

    helpful: int = 0
    helped: int = 0


NO_THANKS: Final = Thanks()


class HelpfulMarks(Protocol):
    """Marks by opinion. Who gave one is kept so that nobody gives two, and shown nowhere."""

    async def mark(self, opinion: str, member: MemberId) -> None:
        """Note that a member found an opinion helpful; a second time changes nothing."""
        ...

    async def unmark(self, opinion: str, *members: MemberId) -> bool:
        """Take the mark of a member (by one or several ids) back; says whether there was one."""
        ...

    async def marked(self, opinion: str, *members: MemberId) -> bool:
        """Say whether a member (by one or several ids) found an opinion helpful."""
        ...

    async def counts(self, case: str) -> Mapping[str, int]:
        """Count the marks of each opinion on a case; those without any are left out."""
        ...

    async def helped(self, *members: MemberId) -> Mapping[MemberId, int]:
        """Count for each id its opinions on resolved cases that somebody found helpful."""
        ...
