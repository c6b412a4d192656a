"""Keep a row under its key, whether or not one is there already."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection


async def upsert(
    connection: AsyncConnection, table: Table, key: Mapping[str, Any], values: Mapping[str, Any]
) -> None:
    """Insert the row, or give the one under the same key these values."""
    kept = insert(table).values({**key, **values})
    await connection.execute(kept.on_conflict_do_update(index_elements=list(key), set_=dict(values)))
