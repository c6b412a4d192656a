"""Unfinished talk: sealed, under a keyed hash of whose it is."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.ports.sealing import Sealer
from storage.content.tables import dialogs
from storage.upsert import upsert


class DialogRows:
    """Fills :class:`bot.ports.work.Dialogs`."""

    def __init__(self, connection: AsyncConnection, sealer: Sealer) -> None:
        """Work on the connection's transaction."""
        self._connection = connection
        self._sealer = sealer

    async def get(self, key: str) -> bytes | None:
        """Open what was kept."""
        index = self._index(key)
        found = select(dialogs.c.sealed).where(dialogs.c.key == index)
        sealed: bytes | None = (await self._connection.execute(found)).scalar()
        return None if sealed is None else self._sealer.open(sealed, _place(index))

    async def put(self, key: str, state: bytes) -> None:
        """Seal and keep, replacing what was there."""
        index = self._index(key)
        sealed = self._sealer.seal(state, _place(index))
        await upsert(self._connection, dialogs, {"key": index}, {"sealed": sealed})

    async def drop(self, key: str) -> None:
        """Forget it."""
        await self._connection.execute(delete(dialogs).where(dialogs.c.key == self._index(key)))

    def _index(self, key: str) -> bytes:
        return self._sealer.index("dialog", key)


def _place(index: bytes) -> str:
    return f"dialogs|sealed|{index.hex()}"
