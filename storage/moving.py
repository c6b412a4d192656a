"""Moving a database from its file to a server: table by table, each verified, and resumable.

Nobody writes to the file meanwhile, so a table that is there already, with as many rows and the same
checksum, is not copied again; one that is there in part is begun anew.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Table, delete, func, select, text

from storage.connection import Connection
from storage.copying import Fingerprint, Key, copy_some, fingerprint
from storage.database import Database
from storage.migrating import History, bring_up
from storage.refused import StorageRefused

Watcher = Callable[[str, Fingerprint], None]
"""Is told of each table that is there, with what it holds."""
_CANARY: Final = "canary"
"""The table that says whose database it is; it goes over first."""


@dataclass(frozen=True, slots=True)
class Side:
    """One database on its way: where it lies, where it goes, and what follows in the new place."""

    history: History
    source: Database
    target: Database
    afterwards: Sequence[str] = ()


async def move(side: Side, watcher: Watcher) -> int:
    """Copy all rows, compare both sides, and give how many rows there are.

    Raises ``StorageRefused`` where the target belongs to something else, or holds something else in the end.
    """
    await side.target.prepare()
    await bring_up(side.target, side.history)
    async with side.target.alone():
        await _require_ours(side)
        rows = 0
        for table in in_order(side.history):
            found = await _moved(side, table)
            watcher(f"{side.history.name}.{table.name}", found)
            rows += found.rows
        async with side.target.transaction() as connection:
            for statement in side.afterwards:
                await connection.exec_driver_sql(statement)
    return rows


def in_order(history: History) -> Sequence[Table]:
    """List the tables so that each comes after those it refers to, the canary before all others."""
    return sorted(history.metadata.sorted_tables, key=lambda table: table.name != _CANARY)


async def _require_ours(side: Side) -> None:
    """Refuse a target that has rows of anybody else."""
    canary = side.history.metadata.tables[_CANARY]
    async with side.source.reading() as connection:
        mine = (await connection.execute(select(canary))).all()
    async with side.target.reading() as connection:
        theirs = (await connection.execute(select(canary))).all()
        held = [await _count(connection, table) for table in side.history.metadata.sorted_tables]
    if any(held) and theirs != mine:
        raise StorageRefused(
            f"The {side.history.name} database at the new address belongs to another installation; "
            "give the move an empty one."
        )


async def _count(connection: Connection, table: Table) -> int:
    found: int = (await connection.execute(select(func.count()).select_from(table))).scalar_one()
    return found


async def _moved(side: Side, table: Table) -> Fingerprint:
    async with side.source.reading() as connection:
        mine = await fingerprint(connection, table)
        last = await last_number(connection, table)
    if await _held(side.target, table) != mine:
        async with side.target.transaction() as connection:
            await connection.execute(delete(table))
        await _copy(side, table)
    if await _held(side.target, table) != mine:
        raise StorageRefused(
            f"The table {table.name} at the new address does not hold what the file does; move again."
        )
    if last is not None:
        async with side.target.transaction() as connection:
            await count_on(connection, table, last)
    return mine


async def _held(database: Database, table: Table) -> Fingerprint:
    async with database.reading() as connection:
        return await fingerprint(connection, table)


async def _copy(side: Side, table: Table) -> None:
    """Copy in pieces, each with a commit of its own, so that nothing is held for long."""
    after: Key | None = None
    async with side.source.reading() as source:
        while True:
            async with side.target.transaction() as target:
                after = await copy_some(source, target, table, after)
            if after is None:
                return


async def last_number(connection: Connection, table: Table) -> int | None:
    """Give the last number that the file drew for a counted key; None where the table counts none."""
    if not table.dialect_options["sqlite"]["autoincrement"]:
        return None
    drawn = text("SELECT seq FROM sqlite_sequence WHERE name = :name")
    number: int | None = (await connection.execute(drawn, {"name": table.name})).scalar()
    return number or 0


async def count_on(connection: Connection, table: Table, last: int) -> None:
    """Let the server count on from there, so that no number is given twice."""
    (key,) = table.primary_key.columns
    setting = text("SELECT setval(pg_get_serial_sequence(:table, :column), :last, :used)")
    values: dict[str, Any] = {"table": table.name, "column": key.name, "last": max(last, 1), "used": last > 0}
    await connection.execute(setting, values)
