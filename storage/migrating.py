"""Migrations: each database has its own history, run in one transaction over the writer's connection."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection as SyncConnection
from sqlalchemy import MetaData, inspect, text
from sqlalchemy.exc import DatabaseError

from storage.connection import Connection
from storage.database import Database
from storage.refused import StorageRefused

if TYPE_CHECKING:
    from alembic.config import Config


@dataclass(frozen=True, slots=True)
class History:
    """One database's migrations: its name for the operator, its folder's package, and its newest version.

    On a server no installation is older than ``metadata``, the tables that version 0024 (content) and 0008
    (vault) had there first: a new one is made of it at once.
    """

    name: str
    package: str
    head: str
    metadata: MetaData


async def bring_up(database: Database, history: History) -> None:
    """Migrate to the newest version unless it is there already.

    Raises :class:`StorageRefused` for a database of a newer version, and for an older one that another
    process works on.
    """
    version = await version_of(database, history)
    if version == history.head:
        return
    try:
        async with database.alone():
            await _migrate(database, history)
    except StorageRefused:
        # Whoever kept us out may have done it.
        if await version_of(database, history) != history.head:
            raise


async def _migrate(database: Database, history: History) -> None:
    version = await version_of(database, history)
    if version != history.head:
        async with database.transaction() as connection:
            await connection.run_sync(_make if _begins(connection, version) else _upgrade, history)


async def version_of(database: Database, history: History) -> str | None:
    """Give the version of a database, None for an empty one; raises :class:`StorageRefused`."""
    try:
        async with database.reading() as connection:
            return await connection.run_sync(_version)
    except DatabaseError as error:
        raise StorageRefused(f"The {history.name} database cannot be read ({error.orig}).") from None


def newer(history: History) -> str:
    """Say that a database is of a version that this one does not know."""
    return (
        f"The {history.name} database was written by a newer version of Curbside; "
        "run that version, or restore a backup from before it."
    )


async def step(connection: Connection, history: History, to: str) -> None:
    """Migrate up or down to a version (``base`` is nothing at all)."""
    await connection.run_sync(_downgrade if to == "base" else _upgrade, history, to)


def run_migrations(metadata: MetaData) -> None:
    """Do what Alembic asks of an environment, over the connection that was handed in."""
    from alembic import context  # noqa: PLC0415 - only a migration pays for loading Alembic

    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=metadata,
        transactional_ddl=True,
        render_as_batch=True,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def _begins(connection: Connection, version: str | None) -> bool:
    """Say whether there is nothing to migrate from: the first migrations are in the words of SQLite."""
    return version is None and connection.dialect.name == "postgresql"


def _make(connection: SyncConnection, history: History) -> None:
    """Make all tables of a new database on a server."""
    from alembic import command  # noqa: PLC0415 - as below

    history.metadata.create_all(connection)
    command.stamp(_configuration(connection, history), history.head)


def _version(connection: SyncConnection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return version


def _upgrade(connection: SyncConnection, history: History, to: str = "head") -> None:
    from alembic import command  # noqa: PLC0415 - as above
    from alembic.util import CommandError  # noqa: PLC0415 - as above

    try:
        command.upgrade(_configuration(connection, history), to)
    except CommandError:
        raise StorageRefused(newer(history)) from None


def _downgrade(connection: SyncConnection, history: History, to: str) -> None:
    from alembic import command  # noqa: PLC0415 - as above

    command.downgrade(_configuration(connection, history), to)


def _configuration(connection: SyncConnection, history: History) -> Config:
    from alembic.config import Config  # noqa: PLC0415 - as above

    config = Config()
    folder = import_module(history.package).__path__[0]
    # Alembic reads the setting with interpolation, so a percent sign in a path is doubled.
    config.set_main_option("script_location", str(Path(folder)).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
