"""A database in an SQLite file: one writer, a few readers, and a log that can be folded away."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, closing
from functools import partial
from pathlib import Path
from typing import Any, Final
from weakref import WeakSet

from sqlalchemy import URL, ColumnElement, Connection, event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.ports.seat import Seat
from storage.database import OUTBOX, Database
from storage.doorbell import Doorbell
from storage.files import OwnerLock, private_file, private_folder
from storage.refused import StorageRefused

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


class _OnlySeat:
    """Fills :class:`bot.ports.seat.Seat` where nobody else can want it."""

    held = True

    async def take(self) -> bool:
        """Say that it is taken."""
        return True

    async def taken(self) -> None:
        """Return at once."""

    async def lost(self) -> None:
        """Wait for ever."""
        await asyncio.Event().wait()


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


class SqliteDatabase(Database):
    """An SQLite file, with a lock file beside it for the one bot that runs on it."""

    def __init__(self, path: Path) -> None:
        """Prepare the engines; no file is touched before :meth:`prepare` or the first transaction."""
        url = URL.create("sqlite+aiosqlite", database=str(path))
        super().__init__(
            writer=_engine(url, "BEGIN IMMEDIATE", connections=1),
            readers=_engine(url, "BEGIN", connections=_READERS),
        )
        self._path = path
        self._lock = OwnerLock(path.with_suffix(".lock"))
        self._doorbell = Doorbell(path.with_suffix(".bell"))
        self._held: dict[str, OwnerLock] = {}

    async def prepare(self) -> None:
        """Make the file and its folder, for their owner only; raises ``StorageRefused``."""
        private_folder(self._path.parent)
        private_file(self._path)

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        """Keep the running bot away; raises ``StorageRefused`` where one runs."""
        self._lock.take()
        try:
            yield
        finally:
            self._lock.release()

    async def own(self) -> None:
        """Take the file for the one bot that runs on it; raises ``StorageRefused`` if another does."""
        self._lock.take()

    async def release(self) -> None:
        """Give the file back."""
        self._doorbell.close()
        self._lock.release()

    @property
    def seat(self) -> Seat:
        """The seat of the only bot that there can be."""
        return _OnlySeat()

    @property
    def number(self) -> int:
        """No number: there is one bot at most."""
        return 0

    @property
    def there(self) -> bool:
        """Always: a lock on a file ends with its process."""
        return True

    def gone(self, number: ColumnElement[int]) -> ColumnElement[bool]:
        """Match all: whoever ran before the one that asks is gone, or it would not run."""
        return number >= 0

    async def listen(self, told: Callable[[str], None]) -> None:
        """Call back when another process rings."""
        self._doorbell.listen(partial(told, OUTBOX))

    async def tell(self, connection: AsyncConnection, what: str) -> None:
        """Do nothing yet: :meth:`ring` follows the commit."""

    def ring(self) -> None:
        """Wake the bot that runs in another process, if one does."""
        self._doorbell.ring()

    async def in_use(self) -> bool:
        """Say whether a bot runs on it."""
        looked = OwnerLock(self._path.with_suffix(".lock"))
        try:
            looked.take()
        except StorageRefused:
            return True
        looked.release()
        return False

    async def hold(self, name: str) -> bool:
        """Hold something by a lock file beside the database; False while another process does."""
        held = self._held.setdefault(name, OwnerLock(self._path.with_name(f"{name}.lock")))
        try:
            held.take()
        except StorageRefused:
            return False
        return True

    async def let_go(self, name: str) -> None:
        """Let others do it."""
        if name in self._held:
            self._held.pop(name).release()

    def read_at_once(self, query: str) -> Sequence[tuple[Any, ...]]:
        """Read a few rows while the caller's loop waits; raises ``StorageRefused``."""
        try:
            where = f"{self._path.resolve().as_uri()}?mode=ro"
            with closing(sqlite3.connect(where, uri=True, timeout=5)) as connection:
                return connection.execute(query).fetchall()
        except sqlite3.Error as error:
            raise StorageRefused(f"The database file {self._path} cannot be read ({error}).") from None

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

    async def _enter(self, connection: AsyncConnection, *, sole: bool) -> None:
        """Do nothing more: BEGIN IMMEDIATE has waited for everybody else."""

    async def _fold(self) -> None:
        await self.truncate()


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
