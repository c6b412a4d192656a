"""Cleaned pictures by their random id, sealed: a face is not a word that one could search for."""

from __future__ import annotations

from sqlalchemy import delete, insert, select

from bot.domain.draft_pictures import StoredPicture
from bot.ports.sealing import Sealer
from storage.connection import Connection
from storage.content.tables import pictures


class PictureRows:
    """Fills :class:`bot.domain.draft_pictures.Pictures`."""

    def __init__(self, connection: Connection, sealer: Sealer) -> None:
        """Work on the connection's transaction."""
        self._connection = connection
        self._sealer = sealer

    async def add(self, picture: StoredPicture) -> None:
        """Keep one."""
        sealed = self._sealer.seal(picture.data, _place(picture.media))
        await self._connection.execute(
            insert(pictures).values(media=picture.media, mime=picture.mime, sealed=sealed)
        )

    async def get(self, media: str) -> StoredPicture | None:
        """Open one."""
        row = (await self._connection.execute(select(pictures).where(pictures.c.media == media))).first()
        if row is None:
            return None
        return StoredPicture(media, self._sealer.open(row.sealed, _place(media)), row.mime)

    async def drop(self, media: str) -> None:
        """Forget one."""
        await self._connection.execute(delete(pictures).where(pictures.c.media == media))


def _place(media: str) -> str:
    return f"pictures|sealed|{media}"
