"""The words of cases: an index that holds no text of its own, and forgets by being built anew.

What comes to a case later, its outcome, is a row of its own: all words again, under the number below zero.
"""

from __future__ import annotations

from sqlalchemy import Connection as SyncConnection
from sqlalchemy import MetaData, event

from bot.domain.cases import Case
from storage.connection import Connection
from storage.content import words_fts5, words_tsvector
from storage.content.erasure import Erasure
from storage.content.tables import metadata
from storage.content.words_index import WordIndex


def index_of(connection: SyncConnection | Connection) -> WordIndex:
    """Give the index that this kind of database has."""
    on_postgres = connection.dialect.name == "postgresql"
    return words_tsvector.INDEX if on_postgres else words_fts5.INDEX


@event.listens_for(metadata, "after_create")
def _create(_: MetaData, connection: SyncConnection, **_more: object) -> None:
    for statement in index_of(connection).made_by:
        connection.exec_driver_sql(statement)


class WordRows:
    """The index, in the transaction of a connection."""

    def __init__(self, connection: Connection, erasure: Erasure) -> None:
        """Work on the connection's transaction."""
        self._connection = connection
        self._index = index_of(connection)
        self._erasure = erasure
        self._outdated = False

    async def add(self, case: Case) -> None:
        """Make a new case findable."""
        await self._connection.execute(self._index.case_row(case))

    async def add_outcome(self, case: str, diagnosis: str) -> None:
        """Make a case findable by what it was; no row of the index holds that yet."""
        await self._connection.execute(self._index.outcome_row(case, diagnosis))

    def outdate(self) -> None:
        """Note that words were erased or changed, so that :meth:`settle` builds the index again."""
        self._outdated = True

    async def settle(self) -> None:
        """Build the index again where that is owed; belongs right before the commit."""
        if not self._outdated:
            return
        self._outdated = False
        self._erasure.owed = True
        for statement in self._index.rebuilt_by:
            await self._connection.exec_driver_sql(statement)
