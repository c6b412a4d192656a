"""Pouring what was restored into a server: all rows of a file, into an empty database, in one commit."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import func, select

from storage.connection import Connection
from storage.copying import Fingerprint, copy_table, fingerprint
from storage.database import Database
from storage.migrating import History, bring_up, version_of
from storage.moving import Side, count_on, in_order, last_number
from storage.refused import StorageRefused


async def require_empty(database: Database, history: History) -> None:
    """Raise ``StorageRefused`` unless a database on a server can be reached and holds nothing."""
    await database.prepare()
    if await version_of(database, history) is None:
        return
    async with database.reading() as connection:
        if await _holds_anything(connection, history):
            raise _not_empty(history)


async def pour(side: Side) -> None:
    """Put all rows of the file there and compare them, or find that they lie there already.

    Raises ``StorageRefused`` where anything else lies there, where a bot runs on it, or where what was
    written cannot be read back; then nothing has changed there.
    """
    await side.target.prepare()
    await bring_up(side.target, side.history)
    async with side.target.alone(), side.source.reading() as source, side.target.transaction() as target:
        if not await _holds_anything(target, side.history):
            await _pour_into(target, source, side)
        elif await _held(target, side.history) != await _held(source, side.history):
            raise _not_empty(side.history)


async def _pour_into(target: Connection, source: Connection, side: Side) -> None:
    for table in in_order(side.history):
        copied = await copy_table(source, target, table)
        if await fingerprint(target, table) != copied:
            raise StorageRefused(
                f"The table {table.name} on the server does not hold what the backup does, so nothing was "
                "kept there; look at the server's log, and restore again."
            )
        if (last := await last_number(source, table)) is not None:
            await count_on(target, table, last)
    for statement in side.afterwards:
        await target.exec_driver_sql(statement)


async def _held(connection: Connection, history: History) -> Mapping[str, Fingerprint]:
    return {table.name: await fingerprint(connection, table) for table in in_order(history)}


async def _holds_anything(connection: Connection, history: History) -> bool:
    for table in in_order(history):
        if (await connection.execute(select(func.count()).select_from(table))).scalar_one():
            return True
    return False


def _not_empty(history: History) -> StorageRefused:
    return StorageRefused(
        f"The {history.name} database on the server is not empty; stop all bots, and name a new one in "
        "[database]."
    )
