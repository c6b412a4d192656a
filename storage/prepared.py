"""Short statements that are asked often: each is built once, and compiled once for SQLite."""

from __future__ import annotations

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Executable
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import Compiled
from sqlalchemy.sql.compiler import SQLCompiler

_DIALECT: Final = sqlite.dialect()
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

    __slots__ = ("_columns", "_on_sqlite", "statement")

    def __init__(self, statement: Executable, *columns: str) -> None:
        """Keep a statement; it is compiled when it is first asked."""
        self.statement = statement
        self._columns = columns
        self._on_sqlite: _OnSqlite | None = None

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

    def _compiled(self) -> _OnSqlite:
        if self._on_sqlite is None:
            self._on_sqlite = _OnSqlite(self.statement, self._columns)
        return self._on_sqlite


class _OnSqlite:
    """A statement in the words of SQLite, and how its values go in and come out."""

    __slots__ = ("_binds", "_exported", "_out", "_row", "sql")

    def __init__(self, statement: Executable, columns: Sequence[str]) -> None:
        given: Any = statement
        compiled: Compiled = given.compile(dialect=_DIALECT, column_keys=list(columns) or None)
        if not isinstance(compiled, SQLCompiler) or compiled.post_compile_params:
            raise TypeError(f"this cannot be prepared: {compiled}")
        self.sql = str(compiled)
        self._binds = [_bind(compiled, name) for name in compiled.positiontup or ()]
        self._exported: Sequence[Any] = tuple(getattr(given, "exported_columns", ()))
        self._out: list[tuple[int, Callable[[Any], Any]]] = []
        self._row: Callable[[Sequence[Any]], Any] | None = None

    def ask(self, connection: sqlite3.Connection, values: Mapping[str, Any]) -> Rows:
        cursor = connection.execute(self.sql, self._bound(values))
        try:
            if cursor.description is None:
                return Rows((), cursor.rowcount)
            raw = cursor.fetchall()
            return Rows(self._rows(raw, cursor.description) if raw else (), len(raw))
        finally:
            cursor.close()

    def ask_many(self, connection: sqlite3.Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        connection.executemany(self.sql, [self._bound(row) for row in rows]).close()

    def _bound(self, values: Mapping[str, Any]) -> list[Any]:
        bound = []
        for name, default, process in self._binds:
            value = values.get(name, default)
            if value is _REQUIRED:
                raise KeyError(name)
            bound.append(value if process is None else process(value))
        return bound

    def _rows(self, raw: list[tuple[Any, ...]], described: Sequence[Sequence[Any]]) -> list[Any]:
        if self._row is None:
            self._row = self._shape([column[0] for column in described])
        for place, process in self._out:
            raw = [(*row[:place], process(row[place]), *row[place + 1 :]) for row in raw]
        return [self._row(row) for row in raw]

    def _shape(self, names: Sequence[str]) -> Callable[[Sequence[Any]], Any]:
        if len(names) != len(self._exported):
            raise TypeError(f"two columns of one name cannot be told apart: {self.sql}")
        for place, column in enumerate(self._exported):
            process = column.type.dialect_impl(_DIALECT).result_processor(_DIALECT, None)
            if process is not None:
                self._out.append((place, process))
        return _made_of(names)


def _made_of(names: Sequence[str]) -> Callable[[Sequence[Any]], Any]:
    kind: Any = namedtuple  # noqa: PYI024 - which columns there are is known at run time
    make: Callable[[Sequence[Any]], Any] = kind("Row", names, rename=True)._make
    return make


def _bind(compiled: SQLCompiler, name: str) -> tuple[str, object, Process]:
    bind = compiled.binds[name]
    process: Process = bind.type.dialect_impl(_DIALECT).bind_processor(_DIALECT)
    return bind.key, _REQUIRED if bind.required else bind.effective_value, process
