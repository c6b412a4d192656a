"""Members as rooms may know them; a name that can be taken for another one is not kept."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from sqlalchemy import Row, bindparam, delete, insert, or_, select, update

from bot.domain.members import Member, MemberId, Persona, Role
from bot.domain.screen_names import can_be_drawn, skeleton
from storage.connection import Connection
from storage.content.erasure import Erasure
from storage.content.tables import members, retired_names
from storage.prepared import Prepared

_FEW: Final = 20
"""So many are asked for one by one."""
_GET: Final = Prepared(select(members).where(members.c.id == bindparam("ident")))


class MemberRows:
    """Fills :class:`bot.domain.members.Members`."""

    def __init__(self, connection: Connection, erasure: Erasure) -> None:
        """Work on the connection's transaction."""
        self._connection = connection
        self._erasure = erasure

    async def get(self, member: MemberId) -> Member | None:
        """Find a member by id."""
        row = (await self._connection.run(_GET, {"ident": member})).first()
        return None if row is None else _member(row)

    async def named(self, screen_name: str) -> Member | None:
        """Find a member by the screen name, or by one that the eye takes for it."""
        mine = select(members).where(members.c.skeleton == skeleton(screen_name))
        row = (await self._connection.execute(mine)).first()
        return None if row is None else _member(row)

    async def is_free(self, screen_name: str) -> bool:
        """Say whether nobody has or had this name or one like it."""
        bones = skeleton(screen_name)
        taken = select(members.c.id).where(
            or_(members.c.skeleton == bones, members.c.screen_name == screen_name)
        )
        retired = select(retired_names.c.skeleton).where(retired_names.c.skeleton == bones)
        found = [(await self._connection.execute(one)).first() for one in (taken, retired)]
        return found == [None, None]

    async def add(self, member: Member) -> bool:
        """Keep a new member; False when the name, or one like it, is taken, or when none like it is drawn."""
        drawn = can_be_drawn(member.screen_name) or member.persona is Persona.NAMED  # which has a mark
        if not drawn or not await self.is_free(member.screen_name):
            return False
        await self._connection.execute(
            insert(members).values(
                id=member.id,
                screen_name=member.screen_name,
                skeleton=skeleton(member.screen_name),
                role=member.role.value,
                specialty=member.specialty,
                persona=member.persona.value,
            )
        )
        return True

    async def everybody(self) -> tuple[Member, ...]:
        """List all members in order of their ids; no other personae."""
        mine = members.c.persona == Persona.MEMBER.value
        rows = await self._connection.execute(select(members).where(mine).order_by(members.c.id))
        return tuple(_member(row) for row in rows)

    async def among(self, ids: Collection[MemberId]) -> Mapping[MemberId, Member]:
        """Find several by their ids, personae of every kind."""
        if len(ids) > _FEW:
            rows = await self._connection.execute(select(members).where(members.c.id.in_(set(ids))))
            return {MemberId(row.id): _member(row) for row in rows}
        found = {ident: await self.get(ident) for ident in set(ids)}
        return {ident: member for ident, member in found.items() if member is not None}

    async def retire(self, member: MemberId) -> None:
        """Let a member be a past screen name from now on; the name stays taken.

        The log must not keep in which commit that was: the new name came with it.
        """
        self._erasure.owed = True
        past = update(members).where(members.c.id == member).values(persona=Persona.PAST.value)
        await self._connection.execute(past)

    async def forget(self, persona: MemberId) -> None:
        """Forget an alias or an own name under which nothing was ever seen; no other persona."""
        for_one_case = members.c.persona.in_([Persona.ALIAS.value, Persona.NAMED.value])
        await self._connection.execute(delete(members).where((members.c.id == persona) & for_one_case))


def _member(row: Row[Any]) -> Member:
    return Member(MemberId(row.id), row.screen_name, Role(row.role), row.specialty, Persona(row.persona))
