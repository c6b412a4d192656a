"""The words of cases: a full-text index that holds no text of its own, and forgets by being built anew.

SQLite's index keeps a term after its row was deleted, so nothing is ever deleted from it: when words are
erased or change, it is built again from the cases that are left, in the same transaction. What comes to a
case later, its outcome, is therefore a row of its own: all words again, under the number below zero.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, MetaData, column, event, insert, literal, select, table, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.cases import Case, CaseState
from bot.domain.outcomes import Certainty
from storage.content.ending_tables import outcomes
from storage.content.erasure import Erasure
from storage.content.tables import cases, metadata

INDEX: Final = table("case_words", column("rowid"), column("title"), column("question"), column("diagnosis"))
"""By the number of a case: its words; below 0 with its outcome. Columns can be matched and not read."""
STANDS: Final = (outcomes.c.certainty != Certainty.UNKNOWN.value) & outcomes.c.look_at.is_(None)
"""Which outcomes can be found: diagnoses that all who answered were told."""

SOURCE: Final = """CREATE VIEW case_texts AS
SELECT number, title, question, '' AS diagnosis FROM cases
WHERE state <> 'withdrawn' AND hidden_at IS NULL
UNION ALL SELECT -number AS number, title, question, diagnosis
FROM cases JOIN outcomes
ON outcomes."case" = cases.id AND outcomes.certainty <> 'unknown' AND outcomes.look_at IS NULL
WHERE state <> 'withdrawn' AND hidden_at IS NULL"""
"""What the index is built from: the words of a case, and again with its outcome, once all were told."""
VIRTUAL: Final = """CREATE VIRTUAL TABLE case_words USING fts5(
title, question, diagnosis, content='case_texts', content_rowid='number',
tokenize='porter unicode61 remove_diacritics 2')"""


@event.listens_for(metadata, "after_create")
def _create(_: MetaData, connection: Connection, **_more: object) -> None:
    for statement in (SOURCE, VIRTUAL):
        connection.exec_driver_sql(statement)


class WordRows:
    """The index, in the transaction of a connection."""

    def __init__(self, connection: AsyncConnection, erasure: Erasure) -> None:
        """Work on the connection's transaction."""
        self._connection = connection
        self._erasure = erasure
        self._outdated = False

    async def add(self, case: Case) -> None:
        """Make a new case findable."""
        words = {"rowid": case.number, "title": case.title, "question": case.question, "diagnosis": ""}
        await self._connection.execute(insert(INDEX).values(words))

    async def add_outcome(self, case: str, diagnosis: str) -> None:
        """Make a case findable by what it was; no row of the index holds that yet."""
        words = (-cases.c.number, cases.c.title, cases.c.question, literal(diagnosis))
        stands = cases.c.state != CaseState.WITHDRAWN.value
        row = select(*words).where(cases.c.id == case, stands)
        columns = ["rowid", "title", "question", "diagnosis"]
        await self._connection.execute(insert(INDEX).from_select(columns, row))

    def outdate(self) -> None:
        """Note that words were erased or changed, so that :meth:`settle` builds the index again."""
        self._outdated = True

    async def settle(self) -> None:
        """Build the index again where that is owed; belongs right before the commit."""
        if not self._outdated:
            return
        self._outdated = False
        self._erasure.owed = True
        await self._connection.execute(text("INSERT INTO case_words(case_words) VALUES ('rebuild')"))
