"""Connections to SQLite for the loop: short statements run on it, whatever may wait in a thread beside it.

A statement of the hot path takes some ten microseconds. Handing it to a thread and back takes a hundred times
as long as soon as the loop is busy, and it is handed over four times. So statements run where they are asked
for, but for: commits that wait for the disk, a BEGIN that waits for another writer, reads that turn out to be
long, many rows at once, and whatever is no plain statement (pragmas, migrations, VACUUM).

It has the face that SQLAlchemy expects of ``aiosqlite``.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, Final, Self, TypeVar

T = TypeVar("T")
Row = tuple[Any, ...]
Parameters = Sequence[Any]

_READS: Final = ("SELECT", "WITH")
_WRITES: Final = ("INSERT", "UPDATE", "DELETE")
_REBUILD: Final = "'rebuild'"
"""Builds an index of words again, which takes a tenth of a second and more."""
_FEW: Final = 64
"""Rows that are written in one go on the loop."""
_LONGEST: Final = 60_000
"""Steps of SQLite's machine, some two milliseconds, after which a read goes on beside the loop."""


def connect(path: Path, factory: type[sqlite3.Connection]) -> Callable[[], _Opening]:
    """Give what opens connections to a file; they begin no transaction by themselves."""
    return lambda: _Opening(path, factory)


class _Opening:
    """A connection that is being opened: awaiting it gives it."""

    def __init__(self, path: Path, factory: type[sqlite3.Connection]) -> None:
        self._path, self._factory = path, factory

    def __await__(self) -> Generator[Any, None, LoopConnection]:
        return self._open().__await__()

    async def _open(self) -> LoopConnection:
        return LoopConnection(
            sqlite3.connect(self._path, isolation_level=None, factory=self._factory, check_same_thread=False)
        )


class LoopConnection:
    """One connection. Its statements run one after the other, those of a cancelled caller too."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Take an open connection that any thread may use."""
        self._conn = connection
        self._connection: sqlite3.Connection | None = connection
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="sqlite")
        self._beside: asyncio.Future[Any] | None = None
        self._changes = connection.total_changes

    def cursor(self) -> LoopCursor:
        """Make a cursor."""
        return LoopCursor(self)

    def execute(self, statement: str, parameters: Parameters = ()) -> LoopCursor:
        """Make a cursor that runs a statement when it is entered."""
        return LoopCursor(self, statement, parameters)

    async def commit(self) -> None:
        """Commit; beside the loop where something has to reach the disk."""
        await self.idle()
        if self._conn.total_changes == self._changes:
            self._conn.commit()
        else:
            await self.beside(self._conn.commit)
        self._changes = self._conn.total_changes

    async def rollback(self) -> None:
        """Roll back."""
        await self.idle()
        self._conn.rollback()
        self._changes = self._conn.total_changes

    async def create_function(self, *args: Any, **named: Any) -> None:  # noqa: ANN401 - the driver's own types
        """Let SQL call a function."""
        self._conn.create_function(*args, **named)

    async def close(self) -> None:
        """Close it; the last one folds the log, which waits for the disk."""
        if self._connection is not None:
            await self.beside(self._conn.close)
            self._connection = None
            self._thread.shutdown(wait=False)

    def stop(self) -> None:
        """Close it from outside of every loop."""
        if self._connection is not None:
            self._thread.submit(self._conn.close)
            self._connection = None
            self._thread.shutdown(wait=False)

    async def idle(self) -> None:
        """Wait for a statement that goes on although its caller was cancelled."""
        while self._beside is not None and not self._beside.done():
            await asyncio.wait([self._beside])

    async def beside(self, work: Callable[[], T]) -> T:
        """Do something in the connection's own thread; it is finished even if the caller is cancelled."""
        await self.idle()
        done = asyncio.get_running_loop().run_in_executor(self._thread, work)
        self._beside = done
        return await asyncio.shield(done)

    async def run(self, cursor: sqlite3.Cursor, statement: str, parameters: Parameters) -> list[Row]:
        """Run one statement and give its rows."""
        await self.idle()
        word = statement.lstrip()[:6].upper()
        if word.startswith(_READS):
            return await self._read(cursor, statement, parameters)
        if statement == "BEGIN":
            self._changes = self._conn.total_changes
        elif statement == "BEGIN IMMEDIATE":
            return await self._begin(cursor, statement)
        elif word not in _WRITES or _REBUILD in statement:
            return await self.beside(partial(_run, cursor, statement, parameters))
        return _run(cursor, statement, parameters)

    async def _read(self, cursor: sqlite3.Cursor, statement: str, parameters: Parameters) -> list[Row]:
        """Read on the loop for a moment; what is not finished then is read anew beside it.

        Interrupting a read leaves the transaction as it is; that of a write would roll it back.
        """
        self._conn.set_progress_handler(_enough, _LONGEST)
        try:
            return _run(cursor, statement, parameters)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
                raise
        finally:
            self._conn.set_progress_handler(None, 0)
        return await self.beside(partial(_run, cursor, statement, parameters))

    async def _begin(self, cursor: sqlite3.Cursor, statement: str) -> list[Row]:
        """Begin to write; waits for another process beside the loop."""
        self._changes = self._conn.total_changes
        (patience,) = self._conn.execute("PRAGMA busy_timeout").fetchone()
        self._conn.execute("PRAGMA busy_timeout = 0")
        try:
            return _run(cursor, statement, ())
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
        finally:
            self._conn.execute(f"PRAGMA busy_timeout = {patience}")
        return await self.beside(partial(_run, cursor, statement, ()))


class LoopCursor:
    """A cursor, with all rows of its statement at hand once that has run."""

    arraysize = 1

    def __init__(self, connection: LoopConnection, statement: str = "", parameters: Parameters = ()) -> None:
        """Take the connection, and what is to be run on entering."""
        self._connection = connection
        self._cursor = connection._conn.cursor()  # noqa: SLF001 - the two are one driver
        self._first = (statement, parameters)
        self._rows: list[Row] = []

    @property
    def description(self) -> Any:  # noqa: ANN401 - the driver's own type
        """Describe the columns."""
        return self._cursor.description

    @property
    def rowcount(self) -> int:
        """How many rows were changed."""
        return self._cursor.rowcount

    @property
    def lastrowid(self) -> int | None:
        """The number of the row that was inserted last."""
        return self._cursor.lastrowid

    async def __aenter__(self) -> Self:
        """Run the statement that it was made with."""
        statement, parameters = self._first
        if statement:
            await self.execute(statement, parameters)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close it."""
        await self.close()

    async def execute(self, statement: str, parameters: Parameters = ()) -> Self:
        """Run one statement."""
        self._rows = await self._connection.run(self._cursor, statement, parameters)
        return self

    async def executemany(self, statement: str, parameters: Iterable[Parameters]) -> Self:
        """Run one statement for many rows."""
        rows = list(parameters)
        work = partial(self._cursor.executemany, statement, rows)
        await self._connection.idle()
        if len(rows) > _FEW:
            await self._connection.beside(work)
        else:
            work()
        return self

    async def fetchone(self) -> Row | None:
        """Give the next row."""
        return self._rows.pop(0) if self._rows else None

    async def fetchmany(self, size: int | None = None) -> list[Row]:
        """Give the next rows."""
        given, self._rows = self._rows[: size or self.arraysize], self._rows[size or self.arraysize :]
        return given

    async def fetchall(self) -> list[Row]:
        """Give all rows that are left."""
        given, self._rows = self._rows, []
        return given

    async def close(self) -> None:
        """Close it."""
        self._cursor.close()


def _run(cursor: sqlite3.Cursor, statement: str, parameters: Parameters) -> list[Row]:
    cursor.execute(statement, parameters)
    return cursor.fetchall() if cursor.description else []


def _enough() -> int:
    return 1
