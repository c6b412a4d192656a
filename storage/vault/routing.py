"""The part of the vault about pages: when somebody can be paged, and how often they were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from storage.database import Database
from storage.upsert import upsert
from storage.vault import laying
from storage.vault.tables import routing


class RoutingRows:
    """Fills :class:`bot.ports.routing.RoutingVault`."""

    _database: Database

    async def routing(self, index: bytes) -> bytes | None:
        """Give the sealed row of a person."""
        found = select(routing.c.sealed).where(routing.c.index == index)
        async with self._database.reading() as connection:
            sealed: bytes | None = (await connection.execute(found)).scalar()
        return sealed

    async def routings(self) -> Sequence[tuple[bytes, bytes]]:
        """List all (index, sealed) rows."""
        async with self._database.reading() as connection:
            rows = await connection.execute(select(routing.c.index, routing.c.sealed))
            return [(index, sealed) for index, sealed in rows]

    async def keep_routings(self, rows: Mapping[bytes, bytes]) -> None:
        """Keep sealed rows, replacing older ones; the log must not keep which changed together."""
        async with self._database.transaction() as connection:
            for index, sealed in rows.items():
                await upsert(connection, routing, {"index": index}, {"sealed": sealed})
            await laying.lay_anew(connection, routing)
        await self._database.truncate()
