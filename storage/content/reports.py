"""Reports of postings, one of each member for each posting."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.domain.hiding import Why
from bot.domain.members import MemberId
from bot.domain.reports import Report
from storage.connection import Connection
from storage.content.report_tables import reports


class ReportRows:
    """Fills :class:`bot.domain.reports.Reports`."""

    def __init__(self, connection: Connection) -> None:
        """Work on the connection's transaction."""
        self._connection = connection

    async def add(self, report: Report) -> None:
        """Keep a report; of one member about one posting there is only one."""
        new = insert(reports).values(
            subject=report.subject,
            member=report.member,
            why=report.why.value,
            at=report.at,
            settled=report.settled,
        )
        await self._connection.execute(new.on_conflict_do_nothing())

    async def by(self, subject: str, *members: MemberId) -> bool:
        """Say whether a member has reported a posting."""
        found = select(reports.c.why).where(reports.c.subject == subject, reports.c.member.in_(members))
        return (await self._connection.execute(found)).first() is not None

    async def open_of(self, subject: str) -> tuple[Report, ...]:
        """List the reports of a posting that no moderator has decided about."""
        found = select(reports).where(reports.c.subject == subject, ~reports.c.settled)
        rows = await self._connection.execute(found.order_by(reports.c.at, reports.c.member))
        return tuple(_report(row) for row in rows)

    async def waiting(self) -> tuple[Report, ...]:
        """List all reports that no moderator has decided about, the oldest posting first."""
        found = select(reports).where(~reports.c.settled).order_by(reports.c.at, reports.c.subject)
        return tuple(_report(row) for row in await self._connection.execute(found))

    async def count_since(self, since: datetime, *members: MemberId) -> int:
        """Count what a member has reported since."""
        theirs = reports.c.member.in_(members) & (reports.c.at >= since)
        found = select(func.count()).select_from(reports).where(theirs)
        return int((await self._connection.execute(found)).scalar_one())

    async def settle(self, subject: str) -> int:
        """Note that a moderator has decided about a posting; says how many reports that settles."""
        waiting = update(reports).where(reports.c.subject == subject, ~reports.c.settled)
        return (await self._connection.execute(waiting.values(settled=True))).rowcount


def _report(row: Row[Any]) -> Report:
    return Report(row.subject, MemberId(row.member), Why(row.why), row.at, row.settled)
