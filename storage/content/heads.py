"""Which delivery is the first of its destination: the only one that may leave."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import CTE, Column, ColumnElement, Table, bindparam, exists, func, select

from storage.content.deliveries import ACTIVE, active
from storage.content.tables import outbox, pauses
from storage.prepared import Prepared


def _first(*columns: Column[Any] | Table, other: bool = False) -> Prepared:
    paused = exists().where(pauses.c.room == outbox.c.room).label("paused")
    here = select(*columns, paused).where(ACTIVE, outbox.c.destination == bindparam("destination"))
    if other:
        here = here.where(outbox.c.id != bindparam("after"))
    return Prepared(here.order_by(outbox.c.position, outbox.c.row).limit(1))


FIRST_ROW: Final = _first(outbox)
"""The first active row of a ``destination``, and whether its room is ``paused``."""
HEAD: Final = _first(outbox.c.state, outbox.c.due_at, outbox.c.room)
"""What has to be known of it to say when it may leave."""
NEXT_HEAD: Final = _first(outbox.c.state, outbox.c.due_at, outbox.c.room, other=True)
"""The same of what is the first when the one with the id ``after`` has ended, or has ended already."""


def heads() -> CTE:
    """Select row, destination, state and due time of the first active row of every destination.

    Hops from one destination to the next along the index of active rows, so that its cost grows with the
    number of destinations and not with the length of their queues.
    """
    hops = _destinations()
    one = outbox.alias()
    head = (
        select(one.c.row)
        .where(active(one), one.c.destination == hops.c.destination)
        .order_by(one.c.position, one.c.row)
        .limit(1)
        .correlate(hops)
        .scalar_subquery()
    )
    found = select(outbox.c.row, outbox.c.destination, outbox.c.state, outbox.c.due_at)
    return found.select_from(hops).join(outbox, outbox.c.row == head).cte("heads")


def _destinations() -> CTE:
    hops = select(_next(None).label("destination")).cte("destinations", recursive=True)
    following = _next(hops.c.destination)
    return hops.union_all(select(following).where(hops.c.destination.is_not(None)))


def _next(after: ColumnElement[str] | None) -> Any:  # noqa: ANN401 - a scalar subquery of a string or nothing
    one = outbox.alias()
    found = select(func.min(one.c.destination)).where(active(one))
    return (found if after is None else found.where(one.c.destination > after)).scalar_subquery()
