"""Waiting cases: open ones that somebody neither asked, answered nor just read."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import exists, select

from bot.domain.cases import Case, CaseState
from bot.domain.members import MemberId
from storage.connection import Connection
from storage.content.cases import case_of
from storage.content.tables import cases, opinions, readings


class WaitingRows:
    """Fills :class:`bot.domain.waiting.Waiting`."""

    def __init__(self, connection: Connection) -> None:
        """Work on the connection's transaction."""
        self._connection = connection

    async def cases(self, members: Collection[MemberId], now: datetime) -> tuple[Case, ...]:
        """List the open cases that a member, by several ids, has not looked at."""
        answered = exists().where(opinions.c.case == cases.c.id, opinions.c.member.in_(members))
        was_read = exists().where(readings.c.case == cases.c.id, readings.c.member.in_(members))
        found = select(cases).where(
            cases.c.state == CaseState.OPEN.value,
            cases.c.hidden_at.is_(None),
            ~cases.c.locked,
            cases.c.released_at <= now,
            cases.c.author.not_in(members),
            ~answered,
            ~was_read,
        )
        return tuple(case_of(row) for row in await self._connection.execute(found))
