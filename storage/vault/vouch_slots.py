"""The part of the vault about vouching: slots that are taken, and the one commit in which a vouch counts."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.ports.vouch_slots import Counted
from storage.connection import Connection
from storage.database import Database
from storage.vault import laying
from storage.vault.tables import applications, vouches


class VouchRows:
    """Fills :class:`bot.ports.vouch_slots.VouchVault`."""

    _database: Database

    async def vouch_slot(self, index: bytes) -> bytes | None:
        """Give the sealed value of a slot of vouching."""
        async with self._database.reading() as connection:
            return await _value(connection, index)

    async def take_vouch_slot(self, index: bytes, sealed: bytes) -> bool:
        """Take a slot that is free."""
        fresh = insert(vouches).values(index=index, sealed=sealed).on_conflict_do_nothing()
        async with self._database.transaction() as connection:
            return (await connection.execute(fresh)).rowcount > 0

    async def keep_vouch_slot(self, index: bytes, sealed: bytes) -> None:
        """Replace the value of a slot that is taken."""
        async with self._database.transaction() as connection:
            await connection.execute(update(vouches).where(vouches.c.index == index).values(sealed=sealed))
        await self._database.truncate()

    async def count_vouch(self, counted: Counted) -> bool:
        """Forget what was typed, take a slot of the month and change the application, all or none."""
        slot, forgotten = counted.slot
        index, sealed = counted.application
        asked = select(applications.c.sealed).where(applications.c.index == index)
        async with self._database.transaction() as connection:
            free = [one for one in counted.month if await _value(connection, one) is None]
            there = await _value(connection, slot) is not None
            unchanged = (await connection.execute(asked)).scalar() == counted.was
            if not free or not there or not unchanged:
                return False
            await connection.execute(insert(vouches).values(index=free[0], sealed=counted.month[free[0]]))
            await connection.execute(update(vouches).where(vouches.c.index == slot).values(sealed=forgotten))
            await connection.execute(
                update(applications).where(applications.c.index == index).values(sealed=sealed)
            )
            await laying.lay_anew(connection, applications)
        await self._database.truncate()
        return True

    async def vouch_slots(self) -> Sequence[tuple[bytes, bytes]]:
        """List all (index, sealed) slots."""
        async with self._database.reading() as connection:
            rows = await connection.execute(select(vouches.c.index, vouches.c.sealed))
            return [(index, sealed) for index, sealed in rows]

    async def drop_vouch_slots(self, indexes: Sequence[bytes]) -> None:
        """Free slots."""
        async with self._database.transaction() as connection:
            await connection.execute(delete(vouches).where(vouches.c.index.in_(indexes)))
        await self._database.truncate()


async def _value(connection: Connection, index: bytes) -> bytes | None:
    sealed: bytes | None = (
        await connection.execute(select(vouches.c.sealed).where(vouches.c.index == index))
    ).scalar()
    return sealed
