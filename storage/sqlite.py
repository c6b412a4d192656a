"""A database in an SQLite file: one writer, a few readers, and a log that can be folded away."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, closing, suppress
from functools import partial
from pathlib import Path
from typing import Any, Final

from sqlalchemy import ColumnElement
from sqlalchemy.exc import DBAPIError

from bot.ports.seat import Seat
from storage.connection import Connection
from storage.database import OUTBOX, Database
from storage.doorbell import Doorbell
from storage.files import OwnerLock, private_file, private_folder
from storage.opened import Opened, Opening, given_up, undisturbed
from storage.prepared import SQLITE
from storage.refused import StorageRefused

_READERS: Final = 4
"""How many may read at a time: a backup and a large table must not keep everybody's looks waiting."""
_CUTTING: Final = 500
"""Milliseconds that cutting the log waits for readers of an older state, while nobody can write."""
_RIDERS: Final = 64
"""How many transactions may share one commit."""
_UNIT: Final = "unit"
"""The savepoint to which a transaction goes back that shares its commit with earlier ones."""


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

    def only_while(self, fit: Callable[[], bool]) -> None:
        """Hold it whatever is said: there is nobody else to do it."""

    async def leave(self) -> None:
        """Keep it: it is never lost."""


class SqliteDatabase(Database):
    """An SQLite file, with a lock file beside it for the one bot that runs on it."""

    dialect = SQLITE

    def __init__(self, path: Path) -> None:
        """Prepare the engines; no file is touched before :meth:`prepare` or the first transaction."""
        super().__init__(_RIDERS)
        self.opening = Opening(path)
        self._writer: Opened | None = None
        self._broken: list[Opened] = []
        self._idle: list[Opened] = []
        self._abandoned = False
        self._readers = asyncio.Semaphore(_READERS)
        self.read_by = 0
        """How many read from it right now, or open a connection to do so."""
        self._began = 0.0
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

    async def tell(self, connection: Connection, what: str) -> None:
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
        async with self._turn:
            await self._commit_for_others()
            return await (await self._opened()).cut_log(_CUTTING)

    async def vacuum(self) -> None:
        """Write the file anew without pages that nothing uses; needs as much room again.

        Raises ``sqlite3.OperationalError`` while another process writes, or without that room.
        """
        async with self._turn:
            await self._commit_for_others()
            await (await self._opened()).vacuum()

    async def abandon(self) -> None:
        """Close every connection; one that is just being read from is closed when that ends."""
        self._abandoned = True
        opened, self._idle, self._broken = self._idle + self._broken, [], []
        if self._writer is not None:
            opened.append(self._writer)
            self._writer = None
        for one in opened:
            await one.close()

    @asynccontextmanager
    async def _seen(self) -> AsyncIterator[Connection]:
        async with self._readers:
            self.read_by += 1
            try:
                reader = self._idle.pop() if self._idle else await self.opening.open()
                try:
                    reader.begin_reading()
                    yield reader
                finally:
                    if self._abandoned or not reader.undone():
                        await reader.close()
                    else:
                        self._idle.append(reader)
            finally:
                self.read_by -= 1

    @asynccontextmanager
    async def _begun(self, *, sole: bool) -> AsyncIterator[Connection]:
        """Begin, or go on in what others wrote and nobody has committed yet."""
        with self.pulse.felt("writing"):
            writer = await self._opened()
            if not writer.begun:
                await writer.begin()
                self._began = self.pulse.now()
            rides = bool(self._riders)
            if rides:
                writer.save(_UNIT)
            try:
                yield writer
            except BaseException as error:
                self._undo(writer, error, rides=rides)
                raise
            if rides:
                writer.release(_UNIT)

    def _undo(self, writer: Opened, error: BaseException, *, rides: bool) -> None:
        """Go back to where a transaction began; those before it stay, unless SQLite gave up everything."""
        if rides and writer.begun:
            with suppress(DBAPIError):  # What cannot be undone in part is undone as a whole.
                writer.undo_to(_UNIT)
                return
        self._undo_all(writer, error)

    def _undo_all(self, writer: Opened, error: BaseException) -> None:
        """Go back to the last commit; a connection that cannot even do that is used no more."""
        if not writer.undone():
            self._broken.append(writer)
            self._writer = None
        self._riders.tell(error if isinstance(error, Exception) else given_up())

    async def _commit(self) -> None:
        if self._writer is not None and self._writer.begun:
            await undisturbed(self._commit_for_all(self._writer))

    async def _commit_for_all(self, writer: Opened) -> None:
        try:
            with self.pulse.felt("writing"):
                await writer.commit()
        except BaseException as error:
            self._riders.cut_off |= not isinstance(error, Exception)
            self._undo_all(writer, error)
            raise
        self.pulse.wrote(self._began)
        self._riders.tell(None)

    async def _opened(self) -> Opened:
        """Give the connection that writes; only for whose turn it is."""
        while self._broken:  # Closed before another one is opened: it may hold the lock.
            await self._broken.pop().close()
        if self._writer is None:
            self._writer = await self.opening.open(writes=True)
        return self._writer

    async def _fold(self) -> None:
        await self.truncate()
