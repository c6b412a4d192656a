"""Laying anew: small tables are written again as a whole, so that no page tells which row came last.

SQLite gives out overflow pages and places in a page in the order in which rows come. The content side shows
in which order members came, and the two orders together would say whose account is whose.
"""

from __future__ import annotations

from sqlalchemy import Table, delete, insert, select

from storage.connection import Connection


async def lay_anew(connection: Connection, *tables: Table) -> None:
    """Write the rows of tables again in the order of their keys, which are random."""
    for table in tables:
        found = await connection.execute(select(table).order_by(*table.primary_key.columns))
        rows = [dict(row) for row in found.mappings()]
        await connection.execute(delete(table))
        if rows:
            await connection.execute(insert(table), rows)
