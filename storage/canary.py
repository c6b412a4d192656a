"""A sealed canary in each database: opening it proves that the key file is the one it was written with."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Table, insert, select

from bot.ports.sealing import SealBroken, Sealer
from storage.database import Database
from storage.refused import StorageRefused

_SONG: Final = b"curbside"
_NUMBER: Final = 1


async def require_key(database: Database, canary: Table, sealer: Sealer, name: str) -> None:
    """Open the canary, or seal one in a database that has none; raises :class:`StorageRefused`."""
    place = f"{name}|canary"
    async with database.reading() as connection:
        sealed: bytes | None = (await connection.execute(select(canary.c.sealed))).scalar()
    if sealed is None:
        async with database.transaction() as connection:
            values = {"number": _NUMBER, "sealed": sealer.seal(_SONG, place)}
            await connection.execute(insert(canary).values(values))
        return
    try:
        sealer.open(sealed, place)
    except SealBroken:
        raise StorageRefused(
            f"The key file is not the one that the {name} database was sealed with; put the right one back."
        ) from None
