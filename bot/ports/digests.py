"""Digests, as the identity side answers about them: for whom a morning has come, and that it was seen to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.domain.members import MemberId


@dataclass(frozen=True, slots=True)
class Due:
    """A member whose digest is due. Lives in memory only.

    ``to`` is the id that it is told to: it leads to the member's home chat, and without the keys to nobody.
    ``ids`` are the member's own and those of all other personae. ``key`` names this morning.
    """

    to: MemberId
    member: MemberId = field(repr=False)
    ids: tuple[MemberId, ...] = field(repr=False)
    since: datetime
    key: str


class Digests(Protocol):
    """What commands may ask about digests. No time zone and no hour comes through here."""

    async def due(self, hour: int) -> tuple[Due, ...]:
        """List members whose morning (at ``hour`` on their clock) has come and who can be told now."""
        ...

    async def looked(self, told: Mapping[MemberId, bool]) -> None:
        """Note for each of these members that it was looked, and whether a digest was told."""
        ...


class NoDigests:
    """Digests where there is no identity side: nobody gets one."""

    async def due(self, hour: int) -> tuple[Due, ...]:
        """List nobody."""
        del hour
        return ()

    async def looked(self, told: Mapping[MemberId, bool]) -> None:
        """Note nothing."""
