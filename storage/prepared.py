"""Short statements that are asked often: each is built once, and compiled once for the database."""

from __future__ import annotations

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Dialect, Executable, Insert
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import asyncpg
from sqlalchemy.engine import Compiled
from sqlalchemy.sql.compiler import SQLCompiler

SQLITE: Final[Dialect] = sqlite.dialect()
POSTGRES: Final[Dialect] = asyncpg.dialect()  # type: ignore[no-untyped-call]
_REQUIRED: Final = object()

Process = Callable[[Any], Any] | None


class Rows:
    """What a statement gave, all of it: rows whose values have names and places."""

    __slots__ = ("_rows", "rowcount")

    def __init__(self, rows: Sequence[Any], rowcount: int) -> None:
        """Take the rows, and how many rows were changed."""
        self._rows = rows
        self.rowcount = rowcount

    def __iter__(self) -> Iterator[Any]:
        """Go through the rows."""
        return iter(self._rows)

    def all(self) -> Sequence[Any]:
        """Give all rows."""
        return self._rows

    def first(self) -> Any:  # noqa: ANN401 - a row of whatever columns were asked for
        """Give the first row, or None."""
        return self._rows[0] if self._rows else None

    def scalar(self) -> Any:  # noqa: ANN401 - as above
        """Give the first value of the first row, or None."""
        return self._rows[0][0] if self._rows else None

    def scalars(self) -> list[Any]:
        """Give the first value of every row."""
        return [row[0] for row in self._rows]


class Prepared:
    """A statement without lists of unknown length, for a few rows by an index: it runs while the loop waits.

    ``columns`` names what an insert or an update sets by parameters of the columns' own names.
    """

    __slots__ = ("_columns", "_on_postgres", "_on_sqlite", "statement")

    def __init__(self, statement: Executable, *columns: str) -> None:
        """Keep a statement; it is compiled when it is first asked."""
        self.statement = statement
        self._columns = columns
        self._on_sqlite: _OnSqlite | None = None
        self._on_postgres: Wording | None = None

    def ask(self, connection: sqlite3.Connection, values: Mapping[str, Any]) -> Rows:
        """Ask an SQLite connection; raises what the driver raises."""
        return self._compiled().ask(connection, values)

    def ask_many(self, connection: sqlite3.Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Ask once for each of these values."""
        self._compiled().ask_many(connection, rows)

    @property
    def sql(self) -> str:
        """The words of it for SQLite."""
        return self._compiled().sql

    @property
    def on_postgres(self) -> Wording:
        """It in the words of PostgreSQL."""
        if self._on_postgres is None:
            statement = self.statement
            if isinstance(statement, Insert):
                # Else the new row's key would be asked for, which nobody looks at.
                statement = statement.inline()
            self._on_postgres = Wording(statement, self._columns, POSTGRES)
        return self._on_postgres

    def _compiled(self) -> _OnSqlite:
        if self._on_sqlite is None:
            self._on_sqlite = _OnSqlite(self.statement, self._columns, SQLITE)
        return self._on_sqlite


class Wording:
    """A statement in the words of one kind of database, and how its values go in and come out."""

    __slots__ = ("_binds", "_dialect", "_exported", "_out", "_row", "sql")

    def __init__(self, statement: Executable, columns: Sequence[str], dialect: Dialect) -> None:
        """Compile it; raises ``TypeError`` for a statement that is another one with each list of values."""
        given: Any = statement
        compiled: Compiled = given.compile(dialect=dialect, column_keys=list(columns) or None)
        if not isinstance(compiled, SQLCompiler) or compiled.post_compile_params:
            raise TypeError(f"this cannot be prepared: {compiled}")
        self.sql = str(compiled)
        self._dialect = dialect
        self._binds = [_bind(compiled, name, dialect) for name in compiled.positiontup or ()]
        self._exported: Sequence[Any] = tuple(getattr(given, "exported_columns", ()))
        self._out: list[tuple[int, Callable[[Any], Any]]] = []
        self._row: Callable[[Sequence[Any]], Any] | None = None

    @property
    def finds(self) -> bool:
        """Whether it gives rows."""
        return bool(self._exported)

    def bound(self, values: Mapping[str, Any]) -> list[Any]:
        """Give the driver's values in their order; raises ``KeyError`` where one is missing."""
        bound = []
        for name, default, process in self._binds:
            value = values.get(name, default)
            if value is _REQUIRED:
                raise KeyError(name)
            bound.append(value if process is None else process(value))
        return bound

    def rows(self, raw: Sequence[Sequence[Any]], names: Callable[[], Sequence[str]]) -> Sequence[Any]:
        """Give what came from the driver as rows; ``names`` are asked for once."""
        if not raw:
            return ()
        if self._row is None:
            self._row = self._shape(names())
        for place, process in self._out:
            raw = [(*row[:place], process(row[place]), *row[place + 1 :]) for row in raw]
        return [self._row(row) for row in raw]

    def _shape(self, names: Sequence[str]) -> Callable[[Sequence[Any]], Any]:
        if len(names) != len(self._exported):
            raise TypeError(f"two columns of one name cannot be told apart: {self.sql}")
        for place, column in enumerate(self._exported):
            process = column.type.dialect_impl(self._dialect).result_processor(self._dialect, None)
            if process is not None:
                self._out.append((place, process))
        return _made_of(names)


class _OnSqlite(Wording):
    """A statement that SQLite is asked."""

    __slots__ = ()

    def ask(self, connection: sqlite3.Connection, values: Mapping[str, Any]) -> Rows:
        cursor = connection.execute(self.sql, self.bound(values))
        try:
            described = cursor.description
            if described is None:
                return Rows((), cursor.rowcount)
            raw = cursor.fetchall()
            return Rows(self.rows(raw, lambda: [column[0] for column in described]), len(raw))
        finally:
            cursor.close()

    def ask_many(self, connection: sqlite3.Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        connection.executemany(self.sql, [self.bound(row) for row in rows]).close()


def _made_of(names: Sequence[str]) -> Callable[[Sequence[Any]], Any]:
    kind: Any = namedtuple  # noqa: PYI024 - which columns there are is known at run time
    make: Callable[[Sequence[Any]], Any] = kind("Row", names, rename=True)._make
    return make


def _bind(compiled: SQLCompiler, name: str, dialect: Dialect) -> tuple[str, object, Process]:
    bind = compiled.binds[name]
    process: Process = bind.type.dialect_impl(dialect).bind_processor(dialect)
    return bind.key, _REQUIRED if bind.required else bind.effective_value, process
