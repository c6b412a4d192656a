"""Updates: what authors added to their cases, numbered within each."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, delete, func, insert, select

from bot.domain.updates import Update
from storage.connection import Connection
from storage.content.ending_tables import updates


class UpdateRows:
    """Fills :class:`bot.domain.updates.Updates`."""

    def __init__(self, connection: Connection) -> None:
        """Work on the connection's transaction."""
        self._connection = connection

    async def next_number(self, case: str) -> int:
        """Give the number of the next update of a case, from 1."""
        last = select(func.coalesce(func.max(updates.c.number), 0)).where(updates.c.case == case)
        highest: int = (await self._connection.execute(last)).scalar_one()
        return highest + 1

    async def add(self, update: Update) -> None:
        """Keep a new update."""
        values = {name: getattr(update, name) for name in Update.__slots__}
        await self._connection.execute(insert(updates).values(values))

    async def remove(self, update: str) -> None:
        """Forget an update that was undone or taken back."""
        await self._connection.execute(delete(updates).where(updates.c.id == update))

    async def get(self, update: str) -> Update | None:
        """Find one by id."""
        row = (await self._connection.execute(select(updates).where(updates.c.id == update))).first()
        return None if row is None else _update(row)

    async def of_case(self, case: str) -> tuple[Update, ...]:
        """List a case's updates in order of their numbers."""
        found = select(updates).where(updates.c.case == case).order_by(updates.c.number)
        return tuple(_update(row) for row in await self._connection.execute(found))


def _update(row: Row[Any]) -> Update:
    return Update(row.id, row.case, row.number, row.text, row.added_at)
