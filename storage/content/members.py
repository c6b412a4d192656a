"""Members as rooms may know them; a name that can be taken for another one is not kept."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.members import Member, MemberId, Role
from bot.domain.screen_names import skeleton
from storage.content.tables import members, retired_names


class MemberRows:
    """Fills :class:`bot.domain.members.Members`."""

    def __init__(self, connection: AsyncConnection) -> None:
        """Work on the connection's transaction."""
        self._connection = connection

    async def get(self, member: MemberId) -> Member | None:
        """Find a member by id."""
        row = (await self._connection.execute(select(members).where(members.c.id == member))).first()
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
        """Keep a new member; False when the name, or one like it, is taken."""
        if not await self.is_free(member.screen_name):
            return False
        await self._connection.execute(
            insert(members).values(
                id=member.id,
                screen_name=member.screen_name,
                skeleton=skeleton(member.screen_name),
                role=member.role.value,
                specialty=member.specialty,
            )
        )
        return True

    async def everybody(self) -> tuple[Member, ...]:
        """List all members in order of their ids."""
        rows = await self._connection.execute(select(members).order_by(members.c.id))
        return tuple(_member(row) for row in rows)


def _member(row: Row[Any]) -> Member:
    return Member(MemberId(row.id), row.screen_name, Role(row.role), row.specialty)
