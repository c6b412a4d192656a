"""The part of the vault about people with several accounts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Table, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from bot.ports.belonging import Change
from storage.connection import Connection
from storage.database import Database
from storage.upsert import upsert
from storage.vault import laying
from storage.vault.tables import accounts, hard_keys, links, mailboxes, member_accounts, signals


class BelongingRows:
    """Fills :class:`bot.ports.belonging.BelongingVault`."""

    _database: Database

    async def change_accounts(self, change: Change) -> bool:
        """Do a change; False, and nothing, where the fresh account is there already."""
        there = select(accounts.c.index).where(accounts.c.index == change.fresh)
        async with self._database.transaction() as connection:
            if change.fresh and (await connection.execute(there)).first() is not None:
                return False
            await _put(connection, accounts, "index", change.accounts)
            await _put(connection, mailboxes, "route", change.mailboxes)
            await _put(connection, member_accounts, "route", change.listed)
            for key, owner in change.keys.items():
                kept = insert(hard_keys).values(index=key, sealed=owner)
                await connection.execute(kept.on_conflict_do_nothing())
            await laying.lay_anew(connection, accounts, mailboxes, member_accounts, hard_keys)
        # The log must not keep which rows changed in one commit.
        await self._database.truncate()
        return True

    async def member_accounts(self, route: bytes) -> bytes | None:
        """Give the sealed list of a member's accounts; None for one who has a single account."""
        return await self._value(member_accounts, "route", route)

    async def link(self, index: bytes) -> bytes | None:
        """Give the sealed value of a code, or of what an account did with codes."""
        return await self._value(links, "index", index)

    async def keep_links(self, values: Mapping[bytes, bytes | None]) -> None:
        """Keep sealed values, replacing older ones; None removes one."""
        async with self._database.transaction() as connection:
            await _put(connection, links, "index", values)
        if None in values.values():
            await self._database.truncate()

    async def links(self) -> Sequence[tuple[bytes, bytes]]:
        """List all (index, sealed) values."""
        async with self._database.reading() as connection:
            rows = await connection.execute(select(links.c.index, links.c.sealed))
            return [(index, sealed) for index, sealed in rows]

    async def keep_signals(self, owner: bytes, signals_of: Sequence[bytes]) -> None:
        """Keep the signals of somebody, in place of the earlier ones; none forgets them."""
        async with self._database.transaction() as connection:
            await connection.execute(delete(signals).where(signals.c.owner == owner))
            for signal in dict.fromkeys(signals_of):
                await connection.execute(insert(signals).values(signal=signal, owner=owner))
        if not signals_of:
            await self._database.truncate()

    async def signals(self, wanted: Sequence[bytes], but: bytes) -> Mapping[bytes, int]:
        """Give those of these signals that others than ``but`` have too, with how many they are."""
        others = signals.c.signal.in_(list(wanted)), signals.c.owner != but
        found = select(signals.c.signal, func.count()).where(*others).group_by(signals.c.signal)
        async with self._database.reading() as connection:
            return {bytes(signal): count for signal, count in await connection.execute(found)}

    async def _value(self, table: Table, key: str, index: bytes) -> bytes | None:
        async with self._database.reading() as connection:
            found = select(table.c.sealed).where(table.c[key] == index)
            sealed: bytes | None = (await connection.execute(found)).scalar()
        return sealed


async def _put(connection: Connection, table: Table, key: str, values: Mapping[bytes, bytes | None]) -> None:
    for index, sealed in values.items():
        if sealed is None:
            await connection.execute(delete(table).where(table.c[key] == index))
        else:
            await upsert(connection, table, {key: index}, {"sealed": sealed})
