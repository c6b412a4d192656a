"""Opinions by case: numbered within it, and one of each member at most."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, Select, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.members import MemberId
from bot.domain.opinions import Opinion
from storage.content.tables import opinions


class OpinionRows:
    """Fills :class:`bot.domain.opinions.Opinions`."""

    def __init__(self, connection: AsyncConnection) -> None:
        """Work on the connection's transaction."""
        self._connection = connection

    async def next_number(self, case: str) -> int:
        """Give the number of the next opinion on a case, from 1."""
        last = select(func.coalesce(func.max(opinions.c.number), 0)).where(opinions.c.case == case)
        highest: int = (await self._connection.execute(last)).scalar_one()
        return highest + 1

    async def add(self, opinion: Opinion) -> None:
        """Keep a new opinion."""
        await self._connection.execute(insert(opinions).values(_values(opinion)))

    async def replace(self, opinion: Opinion) -> None:
        """Keep a changed opinion."""
        changed = update(opinions).where(opinions.c.id == opinion.id).values(_values(opinion))
        await self._connection.execute(changed)

    async def remove(self, opinion: str) -> None:
        """Forget an opinion that was undone before anybody saw it."""
        await self._connection.execute(delete(opinions).where(opinions.c.id == opinion))

    async def get(self, opinion: str) -> Opinion | None:
        """Find one by id."""
        return await self._one(select(opinions).where(opinions.c.id == opinion))

    async def of_member(self, case: str, member: MemberId) -> Opinion | None:
        """Find the opinion that a member gave on a case."""
        return await self._one(
            select(opinions).where(opinions.c.case == case).where(opinions.c.member == member)
        )

    async def of_case(self, case: str) -> tuple[Opinion, ...]:
        """List a case's opinions in order of their numbers."""
        found = select(opinions).where(opinions.c.case == case).order_by(opinions.c.number)
        return tuple(opinion_of(row) for row in await self._connection.execute(found))

    async def _one(self, found: Select[Any]) -> Opinion | None:
        row = (await self._connection.execute(found)).first()
        return None if row is None else opinion_of(row)


def _values(opinion: Opinion) -> dict[str, object]:
    return {name: getattr(opinion, name) for name in Opinion.__slots__}


def opinion_of(row: Row[Any]) -> Opinion:
    """Read the row of an opinion."""
    return Opinion(
        id=row.id,
        case=row.case,
        number=row.number,
        member=MemberId(row.member),
        diagnoses=row.diagnoses,
        next_step=row.next_step,
        remark=row.remark,
        given_at=row.given_at,
        revision=row.revision,
    )
