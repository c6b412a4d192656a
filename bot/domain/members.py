"""Members: screen names with a role and a specialty. Nobody here has an account or a name of their own."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NewType, Protocol

MemberId = NewType("MemberId", str)
"""A random 128-bit id in hex; the vault alone knows whose it is."""
ID_BYTES: Final = 16


def listed(members: Iterable[MemberId]) -> bytes:
    """Write down however many members, in the order of their ids, in as little room as can be.

    Raises ValueError for what is no id.
    """
    ids = sorted(members)
    written = bytes.fromhex("".join(ids))
    if len(written) != ID_BYTES * len(ids):
        raise ValueError("the id of a member has 32 digits")
    return written


def unlisted(written: bytes) -> list[MemberId]:
    """Read whom :func:`listed` wrote down."""
    ids, digits = written.hex(), 2 * ID_BYTES
    return [MemberId(ids[at : at + digits]) for at in range(0, len(ids), digits)]


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
