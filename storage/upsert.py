"""Keep a row under its key, whether or not one is there already."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import insert

from storage.connection import Connection
from storage.prepared import Prepared


async def upsert(
    connection: Connection, table: Table, key: Mapping[str, Any], values: Mapping[str, Any]
) -> None:
    """Insert the row, or give the one under the same key these values."""
    kept = insert(table).values({**key, **values})
    await connection.execute(kept.on_conflict_do_update(index_elements=list(key), set_=dict(values)))


def upserting(table: Table, key: Collection[str], values: Collection[str]) -> Prepared:
    """Make the statement that keeps a row of these columns, or gives the one under its key these values."""
    new = insert(table)
    kept = new.on_conflict_do_update(
        index_elements=list(key), set_={name: new.excluded[name] for name in values}
    )
    return Prepared(kept, *key, *values)
