"""Members: screen names with a role and a specialty. Nobody here has an account or a name of their own."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType, Protocol

MemberId = NewType("MemberId", str)
"""A random 128-bit id in hex; the vault alone knows whose it is."""


class Role(StrEnum):
    """What a member may do; product rules, not ranks."""

    PHYSICIAN = "physician"
    TRAINEE = "trainee"
    MODERATOR = "moderator"


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody enrolled, as rooms may know them."""

    id: MemberId
    screen_name: str
    role: Role
    specialty: str


class Members(Protocol):
    """The members that the content side knows."""

    async def get(self, member: MemberId) -> Member | None:
        """Find a member by id."""
        ...

    async def is_free(self, screen_name: str) -> bool:
        """Say whether nobody has or had this name or one like it."""
        ...

    async def add(self, member: Member) -> bool:
        """Keep a new member; False when a name with the same confusable skeleton is taken."""
        ...

    async def everybody(self) -> tuple[Member, ...]:
        """List all members in order of their ids."""
        ...
