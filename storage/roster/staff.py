"""The hospital's own list as it lies there: every row sealed, under a keyed hash of its number."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlalchemy import Row, delete, insert, select
from sqlalchemy.exc import OperationalError

from bot.domain.credentials import staff_key
from bot.domain.members import Role
from bot.domain.roster import ListedRow
from bot.ports.sealing import SealBroken, Sealer
from storage.connection import Connection
from storage.refused import StorageRefused
from storage.resealing import SealedColumn, SealedValues
from storage.roster.tables import listed, staff
from storage.sqlite import SqliteDatabase

Person = Mapping[str, str]
"""The fields of a :class:`bot.domain.roster.ListedRow` that a list tells of."""
_PURPOSE: Final = "staff"
"""Of the keyed hash: another one than the vault's, so that no row here can be held against one there."""


class StaffRows:
    """Seals and finds who is on the list."""

    def __init__(self, database: SqliteDatabase, sealer: Sealer) -> None:
        """Take the roster and what seals."""
        self._database = database
        self._sealer = sealer
        self.sealed = SealedValues(database, sealer, [SealedColumn(staff, "sealed", _place)])

    async def find(self, number: str) -> ListedRow | None:
        """Find a number however it is written; raises ``SealBroken`` for a row that was altered."""
        index = self._index(staff_key(number))
        async with self._database.reading() as connection:
            found = (await connection.execute(select(staff).where(staff.c.index == index))).first()
        if found is None:
            return None
        person = json.loads(self._sealer.open(found.sealed, _place(found)))
        return ListedRow(**{**person, "role": Role(person["role"])})

    async def replace(self, connection: Connection, people: Iterable[Person]) -> int:
        """Put people in the place of those before; gives how many are on the list no more."""
        before = set((await connection.execute(select(staff.c.index))).scalars())
        rows = sorted((self._index(person["number"]), person) for person in people)
        await connection.execute(delete(staff))
        await connection.execute(insert(staff), [self._row(index, person) for index, person in rows])
        return len(before - {index for index, _ in rows})

    async def require_key(self) -> None:
        """Refuse keys that the list was not sealed with; raises :class:`StorageRefused`."""
        async with self._database.reading() as connection:
            found = (await connection.execute(select(staff).limit(1))).first()
        try:
            if found is not None:
                self._sealer.open(found.sealed, _place(found))
        except SealBroken:
            raise StorageRefused(
                "The hospital's list in the roster was sealed with another key; import it again with "
                "`curbside roster import FILE --list`."
            ) from None

    async def seal_what_lies_open(self) -> None:
        """Seal a list of an earlier version, and leave nothing of it; raises :class:`StorageRefused`."""
        async with self._database.reading() as connection:
            if (await connection.execute(select(listed.c.number).limit(1))).first() is None:
                return
        try:
            # Earlier lists lie in pages that nothing uses. If this fails, the rows stay for the next try.
            await self._database.vacuum()
            async with self._database.transaction() as connection:
                people = (await connection.execute(select(listed))).mappings().all()
                await self.replace(connection, [{**person} for person in people])
                await connection.execute(delete(listed))
        except (sqlite3.OperationalError, OperationalError) as error:
            raise StorageRefused(
                f"The hospital's list cannot be sealed ({getattr(error, 'orig', error)}). Let an import end, "
                "or make room for a second roster.db, and give the same command again."
            ) from None
        await self._database.truncate()

    def _index(self, key: str) -> bytes:
        return self._sealer.index(_PURPOSE, key)

    def _row(self, index: bytes, person: Person) -> dict[str, bytes]:
        written = json.dumps(dict(person), ensure_ascii=False).encode()
        return {"index": index, "sealed": self._sealer.seal(written, _at(index))}


def _place(row: Row[Any]) -> str:
    return _at(row[0])


def _at(index: bytes) -> str:
    return f"staff|sealed|{index.hex()}"
