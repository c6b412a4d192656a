"""Members: screen names with a role and a specialty. Nobody here has an account or a name of their own."""

from __future__ import annotations

from collections.abc import Collection, Mapping
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


class Persona(StrEnum):
    """What an id with a name is to the member who speaks under it; the vault alone knows whose it is."""

    MEMBER = "member"
    """The member, under the screen name of today."""
    PAST = "past"
    """An earlier screen name, with what was posted under it."""
    ALIAS = "alias"
    """A name for one case."""
    NAMED = "named"
    """The verified own name, for one case; what stands in its place is a mark."""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody enrolled, as rooms may know them, or another persona of such a one."""

    id: MemberId
    screen_name: str
    role: Role
    specialty: str
    persona: Persona = Persona.MEMBER


class Members(Protocol):
    """The members that the content side knows."""

    async def get(self, member: MemberId) -> Member | None:
        """Find a member by id."""
        ...

    async def named(self, screen_name: str) -> Member | None:
        """Find a member by the screen name, or by one that the eye takes for it."""
        ...

    async def is_free(self, screen_name: str) -> bool:
        """Say whether nobody has or had this name or one like it."""
        ...

    async def add(self, member: Member) -> bool:
        """Keep a new member; False when the name, or one like it, is taken, or when none like it is drawn."""
        ...

    async def everybody(self) -> tuple[Member, ...]:
        """List all members in order of their ids; no other personae."""
        ...

    async def among(self, ids: Collection[MemberId]) -> Mapping[MemberId, Member]:
        """Find several by their ids, personae of every kind."""
        ...

    async def retire(self, member: MemberId) -> None:
        """Let a member be a past screen name from now on; the name stays taken."""
        ...

    async def forget(self, persona: MemberId) -> None:
        """Forget an alias or an own name under which nothing was ever seen; no other persona."""
        ...
