"""Pages and followers of cases, by pseudonymous ids and without a time."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert

from bot.domain.members import MemberId
from bot.domain.routing import Page
from storage.connection import Connection
from storage.content.tables import followers, pages
from storage.prepared import Prepared
from storage.upsert import upsert

_PAGED: Final = Prepared(select(pages.c.member, pages.c.specialty).where(pages.c.case == bindparam("about")))
_FOLLOW: Final = Prepared(insert(followers).on_conflict_do_nothing(), "case", "member")
_FOLLOWING: Final = Prepared(
    select(followers.c.member).where(followers.c.case == bindparam("about")).order_by(followers.c.member)
)


class PageRows:
    """Fills :class:`bot.domain.routing.Pages`."""

    def __init__(self, connection: Connection) -> None:
        """Work on the connection's transaction."""
        self._connection = connection

    async def note(self, case: str, new: Collection[Page]) -> None:
        """Keep pages; who is there already stays."""
        for page in new:
            row = insert(pages).values(case=case, member=page.member, specialty=page.specialty)
            await self._connection.execute(row.on_conflict_do_nothing())

    async def of_case(self, case: str) -> Mapping[MemberId, str]:
        """Give everybody who was paged for a case, with the specialty; it is empty for who declined."""
        paged = await self._connection.run(_PAGED, {"about": case})
        return {MemberId(member): field for member, field in paged}

    async def decline(self, case: str, member: MemberId) -> None:
        """Note that a case is not a member's field."""
        await upsert(self._connection, pages, {"case": case, "member": member}, {"specialty": ""})

    async def forget(self, case: str) -> None:
        """Forget the pages of a case that has ended."""
        await self._connection.execute(delete(pages).where(pages.c.case == case))


class FollowerRows:
    """Fills :class:`bot.domain.routing.Followers`."""

    def __init__(self, connection: Connection) -> None:
        """Work on the connection's transaction."""
        self._connection = connection

    async def add(self, case: str, member: MemberId) -> None:
        """Let a member hear of a case."""
        await self._connection.run(_FOLLOW, {"case": case, "member": member})

    async def remove(self, case: str, members: Collection[MemberId]) -> None:
        """Let a member hear of it no more."""
        mine = (followers.c.case == case) & followers.c.member.in_(members)
        await self._connection.execute(delete(followers).where(mine))

    async def of_case(self, case: str) -> tuple[MemberId, ...]:
        """List who follows a case."""
        found = await self._connection.run(_FOLLOWING, {"about": case})
        return tuple(MemberId(one) for one in found.scalars())

    async def of_member(self, member: MemberId) -> tuple[str, ...]:
        """List the cases that a member follows."""
        found = select(followers.c.case).where(followers.c.member == member).order_by(followers.c.case)
        return tuple((await self._connection.execute(found)).scalars())
