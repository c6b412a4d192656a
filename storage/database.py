"""One database: a single writer whose waiting callers share commits, and readers beside it."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar
from weakref import WeakSet

from sqlalchemy import URL, Connection, event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from storage.pulse import Pulse

T = TypeVar("T")

Change = Callable[[AsyncConnection], Awaitable[T]]

_SHARED: Final = 256
"""How many waiting changes may share one commit."""
_READERS: Final = 2
_BUSY: Final = 5000
"""Milliseconds that a transaction waits for another process."""
_CUTTING: Final = 500
"""Milliseconds that cutting the log waits for readers of an older state, while nobody can write."""
_PRAGMAS: Final = (
    f"PRAGMA busy_timeout = {_BUSY}",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA secure_delete = ON",
    "PRAGMA foreign_keys = ON",
    "PRAGMA trusted_schema = OFF",
)


@dataclass(eq=False, slots=True)
class _Waiting:
    """A change that waits for its commit, and where its caller waits for the outcome."""

    change: Change[Any]
    outcome: asyncio.Future[Any]

    def settle(self, result: object, error: BaseException | None = None) -> None:
        if self.outcome.done():
            return
        if error is None:
            self.outcome.set_result(result)
        else:
            self.outcome.set_exception(error)


class _Connection(sqlite3.Connection):
    """Ends the statements that are open on it before it closes.

    SQLite keeps a closed connection and its locks for as long as a statement of it is unfinished, and one
    that was cancelled in the middle is unfinished until its traceback is collected.
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


class Database:
    """An SQLite file. Writes happen one transaction after the other; reads see the last commit."""

    def __init__(self, path: Path) -> None:
        """Prepare the engines; no file is touched before the first transaction."""
        url = URL.create("sqlite+aiosqlite", database=str(path))
        self.writer = _engine(url, "BEGIN IMMEDIATE", connections=1)
        self._readers = _engine(url, "BEGIN", connections=_READERS)
        self.pulse = Pulse()
        self._turn = asyncio.Lock()
        self._writing: asyncio.Task[Any] | None = None
        self._waiting: list[_Waiting] = []
        self._sharing: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """Open the only write transaction: commits when left normally, rolls back when left by an error."""
        self._refuse_to_wait_for_oneself()
        async with self._turn:
            self._writing = asyncio.current_task()
            try:
                async with self.pulse.felt("writing"), self.writer.begin() as connection:
                    yield connection
            finally:
                self._writing = None

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """Open a read transaction on the last commit, beside the writer."""
        async with self.pulse.felt("reading"), self._readers.connect() as connection:
            yield connection

    async def share(self, change: Change[T]) -> T:
        """Run a small change and return once it is committed, in one commit with others that wait.

        A change may run twice and must not touch anything but its connection. One that raises takes
        nobody else down.
        """
        self._refuse_to_wait_for_oneself()
        waiting = _Waiting(change, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        if self._sharing is None or self._sharing.done():
            self._sharing = asyncio.create_task(self._share_commits())
        result: T = await waiting.outcome
        return result

    async def truncate(self) -> bool:
        """Fold the write-ahead log into the database and cut it to nothing, so that erased pages are gone.

        False when a reader of an older state, perhaps a backup, was in the way for longer than half a second.
        """
        async with self._turn, self.writer.connect() as connection:
            raw = await connection.get_raw_connection()
            driver: Any = raw.driver_connection
            await _wait_at_most(driver, _CUTTING)
            try:
                async with driver.execute("PRAGMA wal_checkpoint(TRUNCATE)") as cursor:
                    busy, _, _ = await cursor.fetchone()
            finally:
                await _wait_at_most(driver, _BUSY)
        return not busy

    async def vacuum(self) -> None:
        """Write the file anew without pages that nothing uses; needs as much room again.

        Raises ``sqlite3.OperationalError`` while another process writes, or without that room.
        """
        async with self._turn, self.writer.connect() as connection:
            raw = await connection.get_raw_connection()
            driver: Any = raw.driver_connection
            async with driver.execute("VACUUM"):
                pass

    async def close(self) -> None:
        """Let waiting changes finish, fold the log, and close every connection."""
        if self._sharing is not None:
            await self._sharing
        await self._readers.dispose()
        await self.writer.dispose()  # A statement that was cut off would hold up the last checkpoint.
        await self.truncate()
        await self.writer.dispose()

    async def abandon(self) -> None:
        """Close every connection and leave the files as they are: after an opening that failed."""
        await self._readers.dispose()
        await self.writer.dispose()

    def _refuse_to_wait_for_oneself(self) -> None:
        """Say so at once where a transaction inside a transaction would wait for ever."""
        if self._writing is not None and self._writing is asyncio.current_task():
            raise RuntimeError("this task has the write transaction open already")

    async def _share_commits(self) -> None:
        while self._waiting:
            async with self._turn:
                batch, self._waiting = self._waiting[:_SHARED], self._waiting[_SHARED:]
                await self._commit_together(batch)

    async def _commit_together(self, batch: list[_Waiting]) -> None:
        try:
            async with self.pulse.felt("writing"), self.writer.begin() as connection:
                results = [await waiting.change(connection) for waiting in batch]
        except Exception as error:  # noqa: BLE001 - it is raised again where the change was asked for
            await self._commit_apart(batch, error)
            return
        except BaseException:
            for waiting in batch:
                waiting.outcome.cancel()
            raise
        for waiting, result in zip(batch, results, strict=True):
            waiting.settle(result)

    async def _commit_apart(self, batch: list[_Waiting], error: Exception) -> None:
        """After a common failure, give each change a commit of its own, so that only the guilty one fails."""
        if len(batch) == 1:
            batch[0].settle(None, error)
            return
        for waiting in batch:
            await self._commit_together([waiting])


def _engine(url: URL, begin: str, *, connections: int) -> AsyncEngine:
    engine = create_async_engine(
        url,
        pool_size=connections,
        max_overflow=0,
        # The driver opens no transaction by itself: `begin` decides which kind it is.
        connect_args={"isolation_level": None, "factory": _Connection},
    )
    event.listen(engine.sync_engine, "connect", _set_pragmas)
    event.listen(engine.sync_engine, "begin", _begin_with(begin))
    return engine


async def _wait_at_most(driver: Any, milliseconds: int) -> None:  # noqa: ANN401 - the driver's own type
    async with driver.execute(f"PRAGMA busy_timeout = {milliseconds}"):
        pass


def _set_pragmas(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own type
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin_with(statement: str) -> Callable[[Connection], None]:
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(statement)

    return begin
