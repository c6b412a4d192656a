"""Unfinished talk: sealed, under a keyed hash of whose it is."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.ports.sealing import Sealer
from storage.content.erasure import Erasure
from storage.content.tables import dialogs
from storage.upsert import upsert

_AT_ONCE: Final = 10_000
"""Keys in one question at most: SQLite takes no more than some 30,000 values."""


class DialogRows:
    """Fills :class:`bot.ports.work.Dialogs`."""

    def __init__(self, connection: AsyncConnection, sealer: Sealer, erasure: Erasure) -> None:
        """Work on the connection's transaction."""
        self._connection = connection
        self._sealer = sealer
        self._erasure = erasure

    async def get(self, key: str) -> bytes | None:
        """Open what was kept."""
        index = self._index(key)
        found = select(dialogs.c.sealed).where(dialogs.c.key == index)
        sealed: bytes | None = (await self._connection.execute(found)).scalar()
        return None if sealed is None else self._sealer.open(sealed, _place(index))

    async def put(self, key: str, state: bytes, until: datetime | None = None) -> None:
        """Seal and keep, replacing what was there; an earlier end of the same talk stays its end."""
        index = self._index(key)
        sealed = self._sealer.seal(state, _place(index))
        kept = await self._end(index) if until else None
        await upsert(self._connection, dialogs, {"key": index}, {"sealed": sealed, "until": kept or until})

    async def _end(self, index: bytes) -> datetime | None:
        found = select(dialogs.c.until).where(dialogs.c.key == index)
        until: datetime | None = (await self._connection.execute(found)).scalar()
        return until

    async def get_several(self, keys: Collection[str]) -> Mapping[str, bytes]:
        """Open what was kept under several keys; those that nothing lies under are left out."""
        by_index = {self._index(key): key for key in keys}
        indexes, found = list(by_index), dict[str, bytes]()
        for start in range(0, len(indexes), _AT_ONCE):
            some = dialogs.c.key.in_(indexes[start : start + _AT_ONCE])
            rows = await self._connection.execute(select(dialogs).where(some))
            found |= {by_index[row.key]: self._sealer.open(row.sealed, _place(row.key)) for row in rows}
        return found

    async def put_several(self, states: Mapping[str, tuple[bytes, datetime]]) -> None:
        """Seal and keep several with their ends, replacing state and end of what was there."""
        rows = [
            {"key": index, "sealed": self._sealer.seal(state, _place(index)), "until": until}
            for index, (state, until) in ((self._index(key), told) for key, told in states.items())
        ]
        new = insert(dialogs)
        put = new.on_conflict_do_update(
            index_elements=["key"], set_={"sealed": new.excluded.sealed, "until": new.excluded.until}
        )
        await self._connection.execute(put, rows)

    async def drop_expired(self, now: datetime) -> None:
        """Forget all whose end has come."""
        gone = await self._connection.execute(delete(dialogs).where(dialogs.c.until <= now))
        self._erasure.owed |= gone.rowcount > 0

    async def drop(self, key: str) -> None:
        """Forget it."""
        await self._connection.execute(delete(dialogs).where(dialogs.c.key == self._index(key)))

    def _index(self, key: str) -> bytes:
        return self._sealer.index("dialog", key)


def _place(index: bytes) -> str:
    return f"dialogs|sealed|{index.hex()}"
