"""The outbox as an operator sees it: what waits, what was set apart and why; never a text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, exists, func, literal_column, select, update

from bot.domain.pauses import Pause
from bot.ports.backlog import Quarantined, Retried, Waiting
from bot.ports.clock import Clock
from bot.ports.outbox import What
from storage.connection import Connection
from storage.content.deliveries import ACTIVE, State
from storage.content.pauses import all_pauses
from storage.content.tables import outbox
from storage.content.tellings import count_listed
from storage.database import OUTBOX, Database

# Literal, because a partial index is used in no other way.
_APART: Final = outbox.c.state == literal_column(f"'{State.QUARANTINED.value}'")


class BacklogRows:
    """Fills :class:`bot.ports.outbox.Backlog`."""

    def __init__(self, database: Database, clock: Clock, wake: Callable[[], None]) -> None:
        """Work on the content database; ``wake`` is called when something is to be delivered again."""
        self._database = database
        self._clock = clock
        self._wake = wake

    async def waiting(self) -> tuple[Waiting, ...]:
        """Count what has not ended, for each room and for all home chats together; rooms first, by name."""
        rows = select(outbox.c.room, func.count(), func.min(outbox.c.release_at)).where(ACTIVE)
        by_room = rows.group_by(outbox.c.room).order_by(outbox.c.room == "", outbox.c.room)
        async with self._database.reading() as connection:
            found = (await connection.execute(by_room)).all()
            listed = await count_listed(connection)
        rooms = [Waiting(room, count, self._since(oldest)) for room, count, oldest in found]
        return _with_listed(rooms, listed)

    async def paused(self) -> tuple[Pause, ...]:
        """List what keeps rooms paused, by room."""
        async with self._database.reading() as connection:
            return await all_pauses(connection)

    async def quarantined(self) -> tuple[Quarantined, ...]:
        """List what was set apart, in the order in which it came."""
        async with self._database.reading() as connection:
            found = await connection.execute(select(outbox).where(_APART).order_by(outbox.c.row))
            return tuple(self._quarantined(row) for row in found)

    async def retry(self, delivery: str) -> Retried:
        """Let a delivery leave again at once, unless something newer about the same thing came after it."""

        async def change(connection: Connection) -> Retried:
            row = (await connection.execute(select(outbox).where(_APART & _is(delivery)))).first()
            if row is None:
                return Retried.UNKNOWN
            if (await connection.execute(select(_overtaken(row)))).scalar_one():
                return Retried.OVERTAKEN
            again = {"state": State.WAITING.value, "ended": 0, "code": "", "tries": 0}
            await connection.execute(
                update(outbox).where(_is(delivery)).values(**again, due_at=self._clock.now())
            )
            await self._database.tell(connection, OUTBOX)
            return Retried.WAITING

        retried = await self._database.share(change)
        if retried is Retried.WAITING:
            self._wake()
        return retried

    async def drop(self, delivery: str) -> bool:
        """Give a delivery up and forget its words; False if it is not in quarantine."""

        async def change(connection: Connection) -> bool:
            gone = {"state": State.CANCELLED.value, "payload": None}
            given_up = update(outbox).where(_APART & _is(delivery)).values(gone)
            return (await connection.execute(given_up)).rowcount > 0

        return await self._database.share(change)

    def _quarantined(self, row: Row[Any]) -> Quarantined:
        return Quarantined(row.id, row.room, What(row.what), row.tries, self._since(row.release_at), row.code)

    def _since(self, moment: datetime) -> float:
        return max(0.0, (self._clock.now() - moment).total_seconds())


def _with_listed(found: Sequence[Waiting], listed: int) -> tuple[Waiting, ...]:
    """Add who is still on a list to what waits for home chats, which come last."""
    if not listed:
        return tuple(found)
    rooms = [one for one in found if one.room]
    homes = [one for one in found if not one.room] or [Waiting("", 0, 0.0)]
    return (*rooms, replace(homes[0], deliveries=homes[0].deliveries + listed))


def _is(delivery: str) -> ColumnElement[bool]:
    return outbox.c.id == delivery


def _overtaken(row: Row[Any]) -> ColumnElement[bool]:
    """Match when sending it now would undo what happened since: a newer change, or a withdrawal."""
    if not row.room or row.what == What.DELETE:
        return literal_column("0")
    other = outbox.alias()
    about = (other.c.subject == row.subject) & (other.c.room == row.room)
    newer = (other.c.revision > row.revision) & (other.c.state != State.CANCELLED.value)
    return exists().where(about & (newer | (other.c.what == What.DELETE.value)))
