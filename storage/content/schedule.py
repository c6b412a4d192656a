"""When deliveries leave, moved along with a machine's clock that has jumped."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import BigInteger, ColumnElement, exists, func, select, type_coerce, update

from bot.domain.clock_jumps import Ahead
from storage.connection import Connection
from storage.content import cases, outcomes, polls, reminders
from storage.content.deliveries import ACTIVE, FIRST
from storage.content.tables import outbox
from storage.content.telling_tables import tellings
from storage.prepared import Prepared

_MICROSECOND: Final = timedelta(microseconds=1)
_LAST: Final = select(func.coalesce(func.max(outbox.c.row), 0))
NEWEST: Final = Prepared(_LAST)
"""The number of the delivery that was put last, 0 before the first."""
# Asked after each commit, so it is one question: on a server each is a round trip.
_AHEAD: Final = Prepared(
    select(
        _LAST.scalar_subquery().label("newest"),
        polls.ANY_LOST.label("lost"),
        cases.NEXT.label("case"),
        outcomes.NEXT.label("outcome"),
        reminders.NEXT.label("reminder"),
        polls.NEXT.label("poll"),
    )
)


class ScheduleRows:
    """Fills :class:`bot.domain.clock_jumps.Schedule`; after ``moved_any`` the relay has to be woken."""

    def __init__(self, connection: Connection) -> None:
        """Work on the connection's transaction."""
        self._connection = connection
        self.moved_any = False

    async def ahead(self) -> Ahead:
        """Give what comes next; the newest delivery has number 0 before the first."""
        newest, lost, *moments = (await self._connection.run(_AHEAD)).first()
        return Ahead(newest, min((at for at in moments if at is not None), default=None), lost)

    async def move(self, upto: int, by: timedelta) -> int:
        """Move all that waits and was put no later than ``upto``, in its order; gives how many deliveries."""
        listed, ticks = tellings.c.after <= upto, by // _MICROSECOND
        # Whoever was on a list then may have got a delivery since.
        spread = exists().where(listed, outbox.c.key == "tell:" + outbox.c.member + ":" + tellings.c.key)
        mine = ACTIVE & ((outbox.c.row <= upto) | spread)
        times = {"release_at": _later(outbox.c.release_at, ticks), "due_at": _later(outbox.c.due_at, ticks)}
        moved = (await self._connection.execute(update(outbox).where(mine).values(times))).rowcount
        # What was tried stands before everything, whatever the time.
        ordered = update(outbox).where(mine & (outbox.c.position != FIRST))
        await self._connection.execute(ordered.values(position=_later(outbox.c.position, ticks)))
        later = update(tellings).where(listed).values(release_at=_later(tellings.c.release_at, ticks))
        await self._connection.execute(later)
        self.moved_any = moved > 0
        return moved


def _later(column: ColumnElement[object], ticks: int) -> ColumnElement[int]:
    return type_coerce(column, BigInteger) + ticks
