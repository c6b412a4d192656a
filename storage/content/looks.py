"""What is due: the questions of whoever keeps the time, alike for cases, outcomes, reminders and polls."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, ScalarSelect, Table, bindparam, select

from storage.prepared import Prepared

Moment = Column[datetime | None]


def due(table: Table, at: Moment, which: ColumnElement[bool], *then: Column[Any]) -> Prepared:
    """Ask for at most ``most`` rows that are due ``now``, the longest due first, equal ones by ``then``."""
    late = select(table).where(at <= bindparam("now"), which)
    return Prepared(late.order_by(at, *then).limit(bindparam("most")))


def following(at: Moment, which: ColumnElement[bool]) -> ScalarSelect[datetime | None]:
    """Ask when the next row is due, going along the index of moments up to the first that matches."""
    return select(at).where(at.is_not(None), which).order_by(at).limit(1).scalar_subquery()
