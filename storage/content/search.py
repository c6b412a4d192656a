"""Search: cases by the words of their index, those that stand in the rooms alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnClause, Select, func, literal_column, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.cases import Case
from bot.domain.search import FINDABLE
from storage.content.cases import case_of
from storage.content.ending_tables import outcomes
from storage.content.tables import cases
from storage.content.words import INDEX, STANDS

_MATCHED: Final[ColumnClause[str]] = literal_column(INDEX.name)
_WEIGHTS: Final = (2.0, 1.0, 4.0)
"""What a hit in the title, the question, the diagnosis is worth."""
_BEGINS: Final = 3
"""Letters from which on a word also finds those that begin with it."""


class SearchRows:
    """Fills :class:`bot.domain.search.Search`."""

    def __init__(self, connection: AsyncConnection) -> None:
        """Work on the connection's transaction."""
        self._connection = connection

    async def cases(self, words: Sequence[str], now: datetime, most: int) -> tuple[Case, ...]:
        """Find cases with all words, or, where there are none, those with any."""
        if not words:
            return ()
        terms = [_term(word) for word in words]
        for query in (" AND ".join(terms), " OR ".join(terms)):
            rows = (await self._connection.execute(_found(query, now, most))).all()
            if rows:
                return tuple(case_of(row) for row in rows)
        return ()


def _found(query: str, now: datetime, most: int) -> Select[Any]:
    # Rounded, so that among cases that match alike the newest comes first.
    rank = func.round(func.bm25(_MATCHED, *_WEIGHTS), 1)
    return (
        select(cases)
        .select_from(INDEX)
        .join(cases, cases.c.number == func.abs(INDEX.c.rowid))
        .outerjoin(outcomes, (outcomes.c.case == cases.c.id) & STANDS)
        .where((INDEX.c.rowid < 0) == outcomes.c.case.is_not(None))
        .where(_MATCHED.op("MATCH")(query))
        .where(cases.c.state.in_([state.value for state in FINDABLE]), cases.c.released_at <= now)
        .where(cases.c.hidden_at.is_(None))
        .order_by(rank, cases.c.number.desc())
        .limit(most)
    )


def _term(word: str) -> str:
    """Write a word so that the index takes it for a word, whatever it is."""
    quoted = '"{}"'.format(word.replace('"', '""'))
    return f"{quoted}*" if len(word) >= _BEGINS else quoted
