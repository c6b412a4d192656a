"""Reminders: when the author of a case that has ended is asked what it was."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, delete, select
from sqlalchemy.dialects.postgresql import insert

from bot.domain.outcomes import Reminder
from storage.connection import Connection
from storage.content import looks
from storage.content.cases import of_one_in_sight
from storage.content.ending_tables import reminders

_IN_SIGHT: Final = of_one_in_sight(reminders.c.case)
_DUE: Final = looks.due(reminders, reminders.c.next_at, _IN_SIGHT)
NEXT: Final = looks.following(reminders.c.next_at, _IN_SIGHT)


class ReminderRows:
    """Fills :class:`bot.domain.outcomes.Reminders`."""

    def __init__(self, connection: Connection) -> None:
        """Work on the connection's transaction."""
        self._connection = connection

    async def put(self, reminder: Reminder) -> None:
        """Keep it in place of the case's earlier one."""
        values = {name: getattr(reminder, name) for name in Reminder.__slots__}
        kept = insert(reminders).values(values)
        await self._connection.execute(kept.on_conflict_do_update(index_elements=["case"], set_=values))

    async def of_case(self, case: str) -> Reminder | None:
        """Find what is kept for a case."""
        row = (await self._connection.execute(select(reminders).where(reminders.c.case == case))).first()
        return None if row is None else _reminder(row)

    async def drop(self, case: str) -> None:
        """Ask no more."""
        await self._connection.execute(delete(reminders).where(reminders.c.case == case))

    async def due(self, now: datetime, most: int) -> tuple[Reminder, ...]:
        """List those whose time has come, the longest due first; those of hidden cases wait."""
        late = await self._connection.run(_DUE, {"now": now, "most": most})
        return tuple(_reminder(row) for row in late)


def _reminder(row: Row[Any]) -> Reminder:
    return Reminder(row.case, row.ended_at, row.next_at, row.asked)
