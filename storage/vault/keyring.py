"""Where the sealed keyring lies: rows of the vault that are read before anything else can be opened."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy import delete, insert, select

from bot.identity.keyring import STANDING, Keyring, LiveKeys, open_keyring, unsealed_any
from bot.identity.keys import KeyRefused, load_master_key
from bot.ports.chance import Chance
from storage.connection import Connection
from storage.migrating import bring_up
from storage.places import Places, places_of
from storage.refused import StorageRefused
from storage.vault.tables import canary, keyring
from storage.vault.vault import HISTORY

_ROTATION: Final = "keyring"


class KeyringRows:
    """Fills :class:`bot.identity.keyring.RingRows`."""

    def __init__(self, places: Places) -> None:
        """Look into the vault; the content database knows whether a bot runs."""
        self._database = places.vault()
        self._content = places.content()

    async def open(self) -> None:
        """Open the vault, migrated to this version; raises ``StorageRefused``."""
        await self._database.prepare()
        await bring_up(self._database, HISTORY)

    async def close(self) -> None:
        """Let other rotations begin, and leave everything as it is."""
        await self._database.let_go(_ROTATION)
        await self._database.abandon()

    async def rows(self) -> Mapping[int, bytes]:
        """Give the sealed keyrings by their row."""
        async with self._database.reading() as connection:
            return await _rows(connection)

    async def replace(self, was: Mapping[int, bytes], now: Mapping[int, bytes]) -> bool:
        """Put ``now`` in the place of ``was`` in one commit; False, and nothing, if other rows lie there."""
        async with self._database.transaction() as connection:
            if await _rows(connection) != was:
                return False
            await connection.execute(delete(keyring))
            for number, sealed in now.items():
                await connection.execute(insert(keyring).values(number=number, sealed=sealed))
        await self._database.truncate()
        return True

    async def canary(self) -> bytes | None:
        """Give the vault's sealed canary; None where nothing was ever sealed."""
        async with self._database.reading() as connection:
            sealed: bytes | None = (await connection.execute(select(canary.c.sealed))).scalar()
        return sealed

    async def in_use(self) -> bool:
        """Say whether a bot runs on this installation."""
        return await self._content.in_use()

    async def own(self) -> None:
        """Be the only rotation until the rows are closed; raises :class:`StorageRefused`."""
        if not await self._database.hold(_ROTATION):
            raise StorageRefused("Another `curbside keys rotate` is under way; wait for it to end.")


async def _rows(connection: Connection) -> dict[int, bytes]:
    found = await connection.execute(select(keyring.c.number, keyring.c.sealed).order_by(keyring.c.number))
    return {row.number: row.sealed for row in found}


@asynccontextmanager
async def keyring_rows(where: Path | Places) -> AsyncIterator[KeyringRows]:
    """Open the vault for its keyring alone, migrated to this version; raises ``StorageRefused``."""
    rows = KeyringRows(places_of(where))
    try:
        await rows.open()
        yield rows
    finally:
        await rows.close()


async def open_keys(where: Path | Places, key_file: Path, chance: Chance) -> LiveKeys:
    """Open the keys of this installation with its key file.

    Raises ``KeyRefused`` for a key that is not its own or that cannot be used, ``StorageRefused`` as above.
    """
    master = load_master_key(key_file)
    async with keyring_rows(where) as rows:
        ring = await open_keyring(rows, master, chance)
    return LiveKeys(ring, partial(_ring_now, places_of(where), key_file, chance))


async def drop_keys(where: Path | Places, key_file: Path, chance: Chance, ids: frozenset[bytes]) -> bool:
    """Take key-encryption keys off the ring; False, and nothing, while a rotation is under way."""
    async with keyring_rows(where) as rows:
        try:
            await rows.own()
            master, found = load_master_key(key_file), await rows.rows()
            if list(found) != [STANDING]:
                return False
            ring = unsealed_any(master, found, chance).without(ids)
        except (KeyRefused, StorageRefused):
            return False
        return await rows.replace(found, {STANDING: ring.sealed(master, chance)})


def _ring_now(places: Places, key_file: Path, chance: Chance) -> Keyring | None:
    """Read the ring anew, by whatever key the file holds by now; None where that cannot be done.

    It blocks for the time of one small read. Whoever asked refuses the value then, as for any unknown key.
    """
    try:
        rows = places.vault().read_at_once("SELECT number, sealed FROM keyring ORDER BY number")
        return unsealed_any(load_master_key(key_file), dict(rows), chance)
    except (StorageRefused, KeyRefused):
        return None
