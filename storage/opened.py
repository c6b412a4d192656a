"""A connection to an SQLite file: short statements run while the loop waits, all others in its thread."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Concatenate, Final, TypeVar
from weakref import WeakSet

from sqlalchemy import URL, Executable, event
from sqlalchemy import Connection as SyncConnection
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from storage.connection import NOTHING, P, Plain, Values, Whatever
from storage.prepared import Prepared, Rows

T = TypeVar("T")

_BUSY: Final = 5000
"""Milliseconds that a transaction waits for another process."""
_TAKEN: Final = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_PRAGMAS: Final = (
    f"PRAGMA busy_timeout = {_BUSY}",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA secure_delete = ON",
    "PRAGMA foreign_keys = ON",
    "PRAGMA trusted_schema = OFF",
)


class _Driver(sqlite3.Connection):
    """Ends the statements that are open on it before it closes.

    SQLite keeps a closed connection and its locks for as long as a statement of it is unfinished.
    """

    _cursors: WeakSet[sqlite3.Cursor] | None = None

    def cursor(self, factory: Callable[..., Any] = sqlite3.Cursor) -> Any:  # type: ignore[override]  # noqa: ANN401
        """Open a cursor, and remember it for as long as somebody holds it."""
        if self._cursors is None:
            self._cursors = WeakSet()
        cursor = super().cursor(factory)
        self._cursors.add(cursor)
        return cursor

    def close(self) -> None:
        """Close every cursor and the connection."""
        for cursor in tuple(self._cursors or ()):
            cursor.close()
        super().close()


class Opening:
    """Opens connections to a file; ``engine`` is what SQLAlchemy has to be told of them."""

    def __init__(self, path: Path) -> None:
        """Touch nothing yet."""
        self._newest: _Driver | None = None
        self._one_by_one = asyncio.Lock()
        self.engine: AsyncEngine = create_async_engine(
            URL.create("sqlite+aiosqlite", database=str(path)),
            poolclass=NullPool,
            # The driver opens no transaction by itself. It is used by one side at a time: the loop waits for
            # the thread, and the thread has nothing to do while the loop runs a statement.
            connect_args={"isolation_level": None, "check_same_thread": False, "factory": self._made},
        )
        event.listen(self.engine.sync_engine, "connect", _set_pragmas)

    async def open(self, *, writes: bool = False) -> Opened:
        """Open one more."""
        async with self._one_by_one:
            through = await self.engine.connect()
            driver = self._newest
        if driver is None:
            raise RuntimeError("a connection was opened past its factory")
        try:
            # The driver's transactions are not SQLAlchemy's: for that one goes on for ever.
            await through.begin()
        except BaseException:
            await through.close()
            raise
        driver.execute("PRAGMA busy_timeout = 0" if writes else "PRAGMA query_only = ON").close()
        return Opened(through, driver)

    def _made(self, *args: Any, **more: Any) -> _Driver:  # noqa: ANN401 - the driver's own
        self._newest = _Driver(*args, **more)
        return self._newest


class Opened(Plain):
    """A connection, and the transaction that is open on it."""

    def __init__(self, through: AsyncConnection, driver: sqlite3.Connection) -> None:
        """Take SQLAlchemy's connection and the driver's own one below it."""
        super().__init__(through)
        self._driver = driver
        # Not one of the threads that whoever computes shares: a commit would wait behind fifty texts.
        self._thread = ThreadPoolExecutor(1, "storage")

    @property
    def begun(self) -> bool:
        """Whether a transaction is open."""
        return self._driver.in_transaction

    async def begin(self) -> None:
        """Begin to write; another process is waited for beside the loop."""
        try:
            self._driver.execute("BEGIN IMMEDIATE").close()
        except sqlite3.OperationalError as busy:
            if busy.sqlite_errorcode & 0xFF not in _TAKEN:
                raise _told("BEGIN IMMEDIATE", busy) from busy
            await self._aside(self._wait_and_begin)

    def begin_reading(self) -> None:
        """Begin to read: what is there at the first question is seen until :meth:`undo`."""
        self._on_loop("BEGIN")

    def save(self, name: str) -> None:
        """Set a mark to which :meth:`undo_to` goes back."""
        self._on_loop(f"SAVEPOINT {name}")

    def release(self, name: str) -> None:
        """Forget a mark."""
        self._on_loop(f"RELEASE {name}")

    def undo_to(self, name: str) -> None:
        """Go back to a mark."""
        self._on_loop(f"ROLLBACK TO {name}")
        self._on_loop(f"RELEASE {name}")

    def undo(self) -> None:
        """End the transaction as if it had never begun; nothing happens where none is open."""
        if self._driver.in_transaction:
            self._on_loop("ROLLBACK")

    def undone(self) -> bool:
        """End the transaction; False where the connection cannot even do that."""
        try:
            self.undo()
        except DBAPIError:
            return False
        return True

    async def commit(self) -> None:
        """Wait beside the loop until what was written is on the disk."""
        await self._aside(self._commit)

    async def run(self, prepared: Prepared, values: Values = NOTHING) -> Rows:
        """Run a short statement while the loop waits."""
        with _told_as_ever(prepared):
            return prepared.ask(self._driver, values)

    async def run_many(self, prepared: Prepared, rows: Sequence[Values]) -> None:
        """Run a short statement once for each of these values."""
        with _told_as_ever(prepared):
            prepared.ask_many(self._driver, rows)

    async def run_aside(self, prepared: Prepared, rows: Sequence[Values]) -> None:
        """Run a short statement once for each of very many values, in a thread."""
        with _told_as_ever(prepared):
            await self._aside(prepared.ask_many, self._driver, rows)

    async def execute(
        self, statement: Executable, parameters: Values | Sequence[Values] | None = None
    ) -> Whatever:
        """Run any statement in the thread."""
        return await undisturbed(super().execute(statement, parameters))

    async def exec_driver_sql(self, statement: str, parameters: Any = None) -> Whatever:  # noqa: ANN401
        """Run a statement of SQLite's in the thread."""
        return await undisturbed(super().exec_driver_sql(statement, parameters))

    async def run_sync(
        self, call: Callable[Concatenate[SyncConnection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Call something that takes a connection whose statements return at once."""
        return await undisturbed(super().run_sync(call, *args, **kwargs))

    async def cut_log(self, milliseconds: int) -> bool:
        """Fold the log into the file and cut it to nothing; False where readers were in the way so long."""
        return await self._aside(self._cut_log, milliseconds)

    async def vacuum(self) -> None:
        """Write the file anew; raises ``sqlite3.OperationalError``."""
        await self._aside(self._waiting, _BUSY, "VACUUM")

    async def close(self) -> None:
        """End whatever is open, and the connection."""
        self.undone()
        self._thread.shutdown(wait=False)
        await self.through.close()

    def _on_loop(self, statement: str) -> None:
        try:
            self._driver.execute(statement).close()
        except sqlite3.Error as error:
            raise _told(statement, error) from error

    async def _aside(self, step: Callable[..., T], *args: object) -> T:
        loop = asyncio.get_running_loop()
        return await undisturbed(loop.run_in_executor(self._thread, step, *args))

    def _wait_and_begin(self) -> None:
        try:
            self._waiting(_BUSY, "BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            raise _told("BEGIN IMMEDIATE", error) from error

    def _commit(self) -> None:
        try:
            self._driver.commit()
        except sqlite3.Error as error:
            raise _told("COMMIT", error) from error

    def _cut_log(self, milliseconds: int) -> bool:
        ((busy, _, _),) = self._waiting(milliseconds, "PRAGMA wal_checkpoint(TRUNCATE)")
        return not busy

    def _waiting(self, milliseconds: int, statement: str) -> list[Any]:
        """Run a statement that waits so long for others."""
        self._driver.execute(f"PRAGMA busy_timeout = {milliseconds}")
        try:
            return self._driver.execute(statement).fetchall()
        finally:
            self._driver.execute("PRAGMA busy_timeout = 0")


async def undisturbed(step: Awaitable[T]) -> T:
    """Let a step end before its caller is cancelled: the connection cannot be used in the middle of one."""
    doing = asyncio.ensure_future(step)
    try:
        return await asyncio.shield(doing)
    except asyncio.CancelledError:
        while not doing.done():
            try:
                await asyncio.wait([doing])
            except asyncio.CancelledError:
                continue
        raise


@contextmanager
def _told_as_ever(prepared: Prepared) -> Iterator[None]:
    """Raise what SQLAlchemy raises, without the values."""
    try:
        yield
    except sqlite3.Error as error:
        raise _told(prepared.sql, error) from error


def given_up() -> Exception:
    """Say of a transaction that it was not committed because of something else in the same commit."""
    return OperationalError("COMMIT", None, sqlite3.OperationalError("given up with another transaction"))


def _told(statement: str, error: sqlite3.Error) -> BaseException:
    return DBAPIError.instance(statement, None, error, sqlite3.Error, hide_parameters=True)


def _set_pragmas(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own type
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(pragma)
    cursor.close()
