"""A connection without a transaction: each question sees the last commit of its own moment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Concatenate, NoReturn

from sqlalchemy import Connection as SyncConnection
from sqlalchemy import Dialect, Executable
from sqlalchemy.sql.selectable import SelectBase

from storage.connection import NOTHING, Connection, P, T, Values, Whatever
from storage.database import Database
from storage.prepared import Prepared, Rows


class Glance(Connection):
    """Asks questions one by one; what would change something is refused, here or by the database."""

    one_state = False

    def __init__(self, database: Database) -> None:
        """Ask the readers of a database."""
        self._database = database

    @property
    def dialect(self) -> Dialect:
        """Which kind of database it is."""
        return self._database.dialect

    async def run(self, prepared: Prepared, values: Values = NOTHING) -> Rows:
        """Ask a short question."""
        if not isinstance(prepared.statement, SelectBase):
            self._refuse()
        return await self._database.ask(prepared, values)

    async def execute(
        self, statement: Executable, parameters: Values | Sequence[Values] | None = None
    ) -> Whatever:
        """Ask any question."""
        async with self._database.reading() as connection:
            return await connection.execute(statement, parameters)

    async def run_many(self, prepared: Prepared, rows: Sequence[Values]) -> None:
        """Refuse it."""
        self._refuse()

    async def run_aside(self, prepared: Prepared, rows: Sequence[Values]) -> None:
        """Refuse it."""
        self._refuse()

    async def exec_driver_sql(self, statement: str, parameters: Any = None) -> Whatever:  # noqa: ANN401
        """Refuse it."""
        self._refuse()

    async def run_sync(
        self, call: Callable[Concatenate[SyncConnection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Refuse it."""
        self._refuse()

    def _refuse(self) -> NoReturn:
        raise TypeError("a glance only asks questions")
