"""Pauses: one row for each room and cause; the queue hands nothing out for a room that has any."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, bindparam, delete, exists, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.domain.pauses import Cause, Pause
from storage.connection import Connection
from storage.content.deliveries import room_destination
from storage.content.tables import pauses
from storage.prepared import Prepared

_PAUSED: Final = Prepared(select(exists().where(pauses.c.room == bindparam("here"))))
_ALL: Final = Prepared(select(pauses).order_by(pauses.c.room, pauses.c.cause))


class PauseRows:
    """Fills :class:`bot.domain.pauses.Pauses`; ``lifted_any`` says whether the relay has to be woken."""

    def __init__(self, connection: Connection) -> None:
        """Work on the connection's transaction."""
        self._connection = connection
        self.lifted_any = False

    async def put(self, room: str, cause: Cause, now: datetime) -> bool:
        """Pause a room; False where it is paused for this cause already."""
        new = insert(pauses).values(room=room, cause=cause.value, since=now, told=False)
        return (await self._connection.execute(new.on_conflict_do_nothing())).rowcount > 0

    async def tell(self, room: str, cause: Cause) -> bool:
        """Note that moderators are told; False where they were, or there is no such pause."""
        untold = update(pauses).where(_is(room, cause), ~pauses.c.told)
        return (await self._connection.execute(untold.values(told=True))).rowcount > 0

    async def lift(self, room: str, cause: Cause) -> Pause | None:
        """Lift a pause and give it; None where there is none."""
        row = (await self._connection.execute(select(pauses).where(_is(room, cause)))).first()
        if row is None:
            return None
        await self._connection.execute(delete(pauses).where(_is(room, cause)))
        self.lifted_any = True
        return _pause(row)

    async def all(self) -> tuple[Pause, ...]:
        """List all pauses, by room and cause."""
        return await all_pauses(self._connection)


async def all_pauses(connection: Connection) -> tuple[Pause, ...]:
    """List all pauses, by room and cause."""
    return tuple(_pause(row) for row in await connection.run(_ALL))


def paused_destinations() -> Select[Any]:
    """Select the destinations for which nothing leaves."""
    return select(room_destination("") + pauses.c.room)


async def is_paused(connection: Connection, room: str) -> bool:
    """Say whether a room is paused, for whatever cause."""
    return bool((await connection.run(_PAUSED, {"here": room})).scalar())


def _is(room: str, cause: Cause) -> ColumnElement[bool]:
    return (pauses.c.room == room) & (pauses.c.cause == cause.value)


def _pause(row: Row[Any]) -> Pause:
    return Pause(row.room, Cause(row.cause), row.since, row.told)
