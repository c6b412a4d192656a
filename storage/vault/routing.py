"""The part of the vault about pages: when somebody can be paged, and how often they were."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from sqlalchemy import Table, select

from storage.connection import Connection
from storage.database import Database
from storage.upsert import upsert
from storage.vault import laying
from storage.vault.tables import mailboxes, member_accounts, routing

_AT_ONCE: Final = 500


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

    async def addresses_of(
        self, listed: Collection[bytes], routes: Collection[bytes]
    ) -> tuple[Mapping[bytes, bytes], Mapping[bytes, bytes]]:
        """Give the sealed lists of accounts, and the sealed mailboxes, that lie under these indexes."""
        async with self._database.reading() as connection:
            return (
                await _sealed(connection, member_accounts, listed),
                await _sealed(connection, mailboxes, routes),
            )

    async def keep_routings(self, rows: Mapping[bytes, bytes]) -> None:
        """Keep sealed rows, replacing older ones; the log must not keep which changed together."""
        async with self._database.transaction() as connection:
            for index, sealed in rows.items():
                await upsert(connection, routing, {"index": index}, {"sealed": sealed})
            await laying.lay_anew(connection, routing)
        await self._database.truncate()


async def _sealed(connection: Connection, table: Table, indexes: Collection[bytes]) -> Mapping[bytes, bytes]:
    """Give what lies under some indexes, a few hundred at a time: a statement takes only so many values."""
    wanted, found = list(indexes), dict[bytes, bytes]()
    for first in range(0, len(wanted), _AT_ONCE):
        mine = table.c.route.in_(wanted[first : first + _AT_ONCE])
        rows = await connection.execute(select(table.c.route, table.c.sealed).where(mine))
        found.update((route, sealed) for route, sealed in rows)
    return found
