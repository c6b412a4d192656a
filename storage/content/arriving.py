"""Arrivals on a server: what comes in waits for no transaction, and what waits together is one statement."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import BigInteger, LargeBinary, column, text

from storage.away import AWAY
from storage.connection import Values
from storage.database import INBOX, Database
from storage.prepared import Prepared


@dataclass(eq=False, slots=True)
class _Batch:
    """Rows that go together, and the numbers of the new ones by their keys once they are there."""

    rows: list[Values] = field(default_factory=list)
    new: dict[bytes, int] = field(default_factory=dict)


class Arriving:
    """Puts rows into the inbox beside all transactions, where the database has a lane for that."""

    def __init__(self, database: Database) -> None:
        """Work on the content database."""
        self._database = database
        self._line = asyncio.Lock()
        self._next = _Batch()

    async def put(self, rows: Sequence[Values]) -> dict[bytes, int]:
        """Give the numbers of those that are known to be new, by key, once they are on the disk.

        The others have to be put in a transaction: there is no lane, or the key was seen before, or nobody
        knows since the answer was lost.
        """
        lane = self._database.lane
        if lane is None or not rows:
            return {}
        batch = self._next
        batch.rows.extend(rows)
        async with self._line:
            # Whoever is first in the line puts for all who have joined by now.
            if batch is self._next:
                self._next = _Batch()
                try:
                    put = await lane.put(_NEW_OF_MANY, _listed(batch.rows), INBOX)
                except AWAY:
                    return {}
                batch.new = {row.key: row.row for row in put}
        return {key: batch.new.pop(key) for row in rows if (key := row["key"]) in batch.new}


def _listed(rows: Sequence[Values]) -> Values:
    return {name: [row[name] for row in rows] for name in ("key", "state", "sealed", "day")}


_NEW_OF_MANY: Final = Prepared(
    text("""
    WITH new AS (
        INSERT INTO inbox (key, state, sealed, day)
        SELECT * FROM unnest(
            CAST(:key AS BYTEA[]), CAST(:state AS VARCHAR[]),
            CAST(:sealed AS BYTEA[]), CAST(:day AS INTEGER[])
        )
        ON CONFLICT (key) DO NOTHING
        RETURNING key, "row"
    )
    SELECT key, "row", pg_notify(:channel, :notice) FROM new
    """).columns(column("key", LargeBinary), column("row", BigInteger), column("told"))
)
