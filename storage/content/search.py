"""Search: cases by the words of their index, those that stand in the rooms alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from bot.domain.cases import Case
from bot.domain.search import FINDABLE
from storage.connection import Connection
from storage.content.cases import case_of
from storage.content.ending_tables import outcomes
from storage.content.tables import cases
from storage.content.words import index_of
from storage.content.words_index import STANDS, Wanted


class SearchRows:
    """Fills :class:`bot.domain.search.Search`."""

    def __init__(self, connection: Connection) -> None:
        """Work on the connection's transaction."""
        self._connection = connection
        self._index = index_of(connection)

    async def cases(self, words: Sequence[str], now: datetime, most: int) -> tuple[Case, ...]:
        """Find cases with all words, or, where there are none, those with any."""
        if not words:
            return ()
        for together in (True, False):
            found = self._found(Wanted(words, together), now, most)
            rows = (await self._connection.execute(found)).all()
            if rows:
                return tuple(case_of(row) for row in rows)
        return ()

    def _found(self, wanted: Wanted, now: datetime, most: int) -> Select[Any]:
        number = self._index.number
        return (
            select(cases)
            .join_from(self._index.rows, cases, cases.c.number == func.abs(number))
            .outerjoin(outcomes, (outcomes.c.case == cases.c.id) & STANDS)
            .where((number < 0) == outcomes.c.case.is_not(None))
            .where(self._index.matching(wanted))
            .where(cases.c.state.in_([state.value for state in FINDABLE]), cases.c.released_at <= now)
            .where(cases.c.hidden_at.is_(None))
            .order_by(self._index.rank(wanted), cases.c.number.desc())
            .limit(most)
        )
