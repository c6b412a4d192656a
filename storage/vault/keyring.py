"""Where the sealed keyring lies: rows of the vault that are read before anything else can be opened."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing
from functools import partial
from pathlib import Path

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.identity.keyring import STANDING, Keyring, LiveKeys, open_keyring, unsealed_any
from bot.identity.keys import KeyRefused, load_master_key
from bot.ports.chance import Chance
from storage.database import Database
from storage.files import OwnerLock, private_file, private_folder
from storage.migrating import bring_up
from storage.refused import StorageRefused
from storage.vault.tables import canary, keyring
from storage.vault.vault import HISTORY


class KeyringRows:
    """Fills :class:`bot.identity.keyring.RingRows`."""

    def __init__(self, database: Database, data_dir: Path) -> None:
        """Look into the vault's own file."""
        self._database = database
        self._bot = OwnerLock(data_dir / "content.lock")
        self._rotation = OwnerLock(data_dir / "keyring.lock")

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

    def in_use(self) -> bool:
        """Say whether a bot runs on this data folder."""
        try:
            self._bot.take()
        except StorageRefused:
            return True
        self._bot.release()
        return False

    def own(self) -> None:
        """Be the only rotation until the rows are closed; raises :class:`StorageRefused`."""
        try:
            self._rotation.take()
        except StorageRefused:
            raise StorageRefused("Another `curbside keys rotate` is under way; wait for it to end.") from None

    def release(self) -> None:
        """Let other rotations begin."""
        self._rotation.release()


async def _rows(connection: AsyncConnection) -> dict[int, bytes]:
    found = await connection.execute(select(keyring.c.number, keyring.c.sealed).order_by(keyring.c.number))
    return {row.number: row.sealed for row in found}


@asynccontextmanager
async def keyring_rows(data_dir: Path) -> AsyncIterator[KeyringRows]:
    """Open the vault for its keyring alone, migrated to this version; raises ``StorageRefused``."""
    private_folder(data_dir)
    private_file(data_dir / "vault.db")
    database = Database(data_dir / "vault.db")
    rows = KeyringRows(database, data_dir)
    try:
        await bring_up(database, HISTORY, OwnerLock(data_dir / "vault.lock"))
        yield rows
    finally:
        rows.release()
        await database.abandon()


async def open_keys(data_dir: Path, key_file: Path, chance: Chance) -> LiveKeys:
    """Open the keys of this data folder with its key file.

    Raises ``KeyRefused`` for a key that is not its own or that cannot be used, ``StorageRefused`` as above.
    """
    master = load_master_key(key_file)
    async with keyring_rows(data_dir) as rows:
        ring = await open_keyring(rows, master, chance)
    return LiveKeys(ring, partial(_ring_now, data_dir, key_file, chance))


async def drop_keys(data_dir: Path, key_file: Path, chance: Chance, ids: frozenset[bytes]) -> bool:
    """Take key-encryption keys off the ring; False, and nothing, while a rotation is under way."""
    async with keyring_rows(data_dir) as rows:
        try:
            rows.own()
            master, found = load_master_key(key_file), await rows.rows()
            if list(found) != [STANDING]:
                return False
            ring = unsealed_any(master, found, chance).without(ids)
        except (KeyRefused, StorageRefused):
            return False
        return await rows.replace(found, {STANDING: ring.sealed(master, chance)})


def _ring_now(data_dir: Path, key_file: Path, chance: Chance) -> Keyring | None:
    """Read the ring anew, by whatever key the file holds by now; None where that cannot be done.

    It blocks for the time of one small read. Whoever asked refuses the value then, as for any unknown key.
    """
    path = f"{(data_dir / 'vault.db').resolve().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(path, uri=True, timeout=5)) as connection:
            rows = dict(connection.execute("SELECT number, sealed FROM keyring ORDER BY number"))
        return unsealed_any(load_master_key(key_file), rows, chance)
    except (sqlite3.Error, KeyRefused):
        return None
