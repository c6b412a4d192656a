"""Helpful marks, one of each reader for each opinion."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from bot.domain.cases import CaseState
from bot.domain.members import MemberId
from storage.connection import Connection
from storage.content.ending_tables import helpful
from storage.content.tables import cases, opinions


class HelpfulRows:
    """Fills :class:`bot.domain.helpful.HelpfulMarks`."""

    def __init__(self, connection: Connection) -> None:
        """Work on the connection's transaction."""
        self._connection = connection

    async def mark(self, opinion: str, member: MemberId) -> None:
        """Note that a member found an opinion helpful; a second time changes nothing."""
        mark = insert(helpful).values(opinion=opinion, member=member)
        await self._connection.execute(mark.on_conflict_do_nothing())

    async def unmark(self, opinion: str, *members: MemberId) -> bool:
        """Take the mark of a member back; says whether there was one."""
        theirs = delete(helpful).where(helpful.c.opinion == opinion, helpful.c.member.in_(members))
        return (await self._connection.execute(theirs)).rowcount > 0

    async def marked(self, opinion: str, *members: MemberId) -> bool:
        """Say whether a member found an opinion helpful."""
        found = select(helpful.c.opinion).where(helpful.c.opinion == opinion, helpful.c.member.in_(members))
        return (await self._connection.execute(found)).first() is not None

    async def counts(self, case: str) -> Mapping[str, int]:
        """Count the marks of each opinion on a case; those without any are left out."""
        found = (
            select(helpful.c.opinion, func.count())
            .join(opinions, opinions.c.id == helpful.c.opinion)
            .where(opinions.c.case == case)
            .group_by(helpful.c.opinion)
        )
        return {row[0]: row[1] for row in await self._connection.execute(found)}

    async def helped(self, *members: MemberId) -> Mapping[MemberId, int]:
        """Count for each id its opinions on resolved cases that somebody found helpful."""
        found = (
            select(opinions.c.member, func.count(helpful.c.opinion.distinct()))
            .join(opinions, opinions.c.id == helpful.c.opinion)
            .join(cases, cases.c.id == opinions.c.case)
            .where(opinions.c.member.in_(members), cases.c.state == CaseState.RESOLVED.value)
            .group_by(opinions.c.member)
        )
        return {MemberId(member): count for member, count in await self._connection.execute(found)}
