"""Unfinished talk: sealed, under a keyed hash of whose it is."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert

from bot.ports.sealing import Sealer
from storage.connection import Connection
from storage.content.erasure import Erasure
from storage.content.tables import dialogs
from storage.prepared import Prepared
from storage.upsert import upserting

_AT_ONCE: Final = 10_000
"""Keys in one question at most: SQLite takes no more than some 30,000 values."""


_THIS: Final = dialogs.c.key == bindparam("index")
_GET: Final = Prepared(select(dialogs.c.sealed).where(_THIS))
_END: Final = Prepared(select(dialogs.c.until).where(_THIS))
_PUT: Final = upserting(dialogs, ("key",), ("sealed", "until"))
_DROP: Final = Prepared(delete(dialogs).where(_THIS))


class DialogRows:
    """Fills :class:`bot.ports.work.Dialogs`."""

    def __init__(self, connection: Connection, sealer: Sealer, erasure: Erasure) -> None:
        """Work on the connection's transaction."""
        self._connection = connection
        self._sealer = sealer
        self._erasure = erasure

    async def get(self, key: str) -> bytes | None:
        """Open what was kept."""
        index = self._index(key)
        sealed: bytes | None = (await self._connection.run(_GET, {"index": index})).scalar()
        return None if sealed is None else self._sealer.open(sealed, _place(index))

    async def put(self, key: str, state: bytes, until: datetime | None = None) -> None:
        """Seal and keep, replacing what was there; an earlier end of the same talk stays its end."""
        index = self._index(key)
        sealed = self._sealer.seal(state, _place(index))
        kept = await self._end(index) if until else None
        await self._connection.run(_PUT, {"key": index, "sealed": sealed, "until": kept or until})

    async def _end(self, index: bytes) -> datetime | None:
        until: datetime | None = (await self._connection.run(_END, {"index": index})).scalar()
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
        await self._connection.run(_DROP, {"index": self._index(key)})

    def _index(self, key: str) -> bytes:
        return self._sealer.index("dialog", key)


def _place(index: bytes) -> str:
    return f"dialogs|sealed|{index.hex()}"
