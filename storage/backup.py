"""Backups: a fresh database of chosen rows, all as they were in one instant, and no page of the old file.

What must never lie in a backup is left out row by row, so it never touches the backup's disk. Each database
says in a `backup.py` of its own what that is.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Table, text
from sqlalchemy.exc import DatabaseError, OperationalError

from storage.away import ServerAway
from storage.connection import Connection
from storage.copying import Choice, Fingerprint, copy_table, fingerprint
from storage.database import Database
from storage.files import private_file
from storage.migrating import History, newer, step, version_of
from storage.refused import StorageRefused
from storage.sqlite import SqliteDatabase

STAGE: Final = ".restoring"
"""A folder in the data folder: there while a restore is under way, and after one that stopped."""
MOVING: Final = "moving"
"""A file in that folder: there while what was restored is moved out of it."""
DISK_TROUBLE: Final = (OSError, DatabaseError, sqlite3.Error)
"""What a disk that is full or read-only makes of reading and writing."""
_BLOCK: Final = 1 << 20
_BUSY: Final = "The databases were busy for longer than 5 seconds; give the same command again."
_AWAY: Final = "A database server does not answer or is busy; see that it runs, and give the command again."


@dataclass(frozen=True, slots=True)
class Part:
    """One database of a backup: which rows go over, in an order that no reference runs ahead of.

    ``left_out`` are tables that stay empty; ``afterwards`` are statements for the copy.
    """

    history: History
    tables: Mapping[Table, Choice]
    left_out: frozenset[str] = frozenset()
    afterwards: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What the operator knows the database by."""
        return self.history.name

    @property
    def file(self) -> str:
        """The name of its file."""
        return f"{self.name}.db"


@dataclass(frozen=True, slots=True)
class Copied:
    """One database of a backup as it was written: its layout, its file's SHA-256, what its tables hold."""

    version: str
    sha256: str
    tables: Mapping[str, Fingerprint]

    @property
    def rows(self) -> int:
        """How many rows there are in all tables."""
        return sum(table.rows for table in self.tables.values())


@asynccontextmanager
async def one_instant(*databases: Database) -> AsyncIterator[tuple[Connection, ...]]:
    """Open readings of several databases that see one instant, in which nobody was writing to any of them.

    For some milliseconds everybody else waits. Name a database before those that its writers may write to
    meanwhile. Raises :class:`StorageRefused` where somebody writes for too long.
    """
    async with AsyncExitStack() as readings:
        try:
            async with AsyncExitStack() as writing:
                for database in databases:
                    await writing.enter_async_context(database.transaction())
                seen = [await readings.enter_async_context(one.reading_long()) for one in databases]
                for connection in seen:
                    # A reading sees what is there at its first question.
                    await connection.execute(text("SELECT count(*) FROM alembic_version"))
        except OperationalError:
            raise StorageRefused(_BUSY) from None
        except ServerAway:
            raise StorageRefused(_AWAY) from None
        yield tuple(seen)


async def copy_out(source: Connection, file: Path, part: Part) -> Copied:
    """Write the chosen rows of a database that has this version's layout into a new file, and read them back.

    The file is closed and on the disk when this returns. Raises :class:`StorageRefused`.
    """
    private_file(file)
    database = SqliteDatabase(file)
    try:
        async with database.transaction() as target:
            await step(target, part.history, "head")
            copied = {
                table.name: await copy_table(source, target, table, choice=choice)
                for table, choice in part.tables.items()
            }
            for statement in part.afterwards:
                await target.execute(text(statement))
        async with database.reading() as target:
            written = {table.name: await fingerprint(target, table) for table in part.tables}
        if written != copied:
            raise StorageRefused(f"The copy of the {part.name} database cannot be read back; check the disk.")
    finally:
        await database.close()
    _lay_to_rest(file)
    return Copied(part.history.head, digest_of(file), written)


def _lay_to_rest(file: Path) -> None:
    """Let the file stand alone: whoever reads it writes nothing beside it, also on a read-only disk."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    sync_file(file)


async def trouble_in(file: Path, part: Part, told: Copied) -> str:
    """Say what is wrong with a file of a backup; empty when all is well.

    The rows of an earlier layout are not looked at one by one.
    """
    database = SqliteDatabase(file)
    try:
        async with database.reading() as connection:
            for check, good in (("integrity_check", ["ok"]), ("foreign_key_check", [])):
                found = (await connection.execute(text(f"PRAGMA {check}"))).scalars().all()
                if list(found) != good:
                    return f"its {check.replace('_', ' ')} fails"
            for table in part.tables if told.version == part.history.head else ():
                if await fingerprint(connection, table) != told.tables.get(table.name):
                    return f"the rows of {table.name} are not those that were written"
    finally:
        await database.abandon()
    return ""


async def require_layout(folder: Path, history: History) -> None:
    """Raise :class:`StorageRefused` unless a database has this version's layout; nothing is changed."""
    _require_ours(await layout_in(folder, history), history, str(folder))


async def require_layout_there(database: Database, history: History) -> None:
    """Raise :class:`StorageRefused` unless a database on a server has this version's layout."""
    await database.prepare()
    _require_ours(await version_of(database, history), history, "its place on the server")


def _require_ours(version: str | None, history: History, where: str) -> None:
    if version is None:
        raise StorageRefused(f"There is no {history.name} database in {where}; was the bot ever started?")
    if version > history.head:
        raise StorageRefused(newer(history))
    if version < history.head:
        raise StorageRefused(
            f"The {history.name} database has an older layout ({version}, this version has {history.head}). "
            "Take the backup with the version of Curbside that has run until now, then `curbside db upgrade`."
        )


async def layout_in(folder: Path, history: History) -> str | None:
    """Give the version of a database's layout, None where there is none; raises :class:`StorageRefused`."""
    file = folder / f"{history.name}.db"
    if not file.exists() or not file.stat().st_size:
        return None
    database = SqliteDatabase(file)
    try:
        return await version_of(database, history)
    finally:
        await database.abandon()


def require_restored(folder: Path) -> None:
    """Raise :class:`StorageRefused` where a restore into a data folder stopped half-way."""
    if (folder / STAGE).exists():
        raise StorageRefused(
            f"A restore into {folder} has not ended; give `curbside restore` with the same backup again."
        )


def why(error: BaseException) -> str:
    """Say in a few words what the disk had against it."""
    if isinstance(error, OSError):
        return error.strerror or str(error) or type(error).__name__
    return str(error.orig if isinstance(error, DatabaseError) else error)


def digest_of(file: Path) -> str:
    """Give the SHA-256 of a file in hex."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def copy_file(source: Path, target: Path) -> None:
    """Copy a file for its owner alone; it is on the disk when this returns."""
    private_file(target)
    with source.open("rb") as read, target.open("wb") as written:
        while block := read.read(_BLOCK):
            written.write(block)
    sync_file(target)


def sync_file(path: Path) -> None:
    """Make a file's bytes, or the names in a folder, survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
