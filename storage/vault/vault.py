"""The identity vault: sealed values under blind indexes, each call a transaction of its own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.ports.sealing import Sealer
from storage.canary import require_key
from storage.database import Database
from storage.files import OwnerLock, private_file, private_folder
from storage.migrating import History, bring_up
from storage.upsert import upsert
from storage.vault.tables import accounts, audit, canary, home_postings, mailboxes, secrets

HISTORY: Final = History("vault", "storage.vault.migrations", head="0002")


class VaultStore:
    """Fills :class:`bot.ports.vault.Vault`."""

    def __init__(self, data_dir: Path, sealer: Sealer) -> None:
        """Name the files; :meth:`open` touches them. The sealer serves to check the key and nothing else."""
        self._path = data_dir / "vault.db"
        self._lock = OwnerLock(data_dir / "vault.lock")
        self._database = Database(self._path)
        self._sealer = sealer

    async def open(self) -> None:
        """Migrate if need be and check the key; raises ``StorageRefused``."""
        private_folder(self._path.parent)
        private_file(self._path)
        try:
            await self._make_ready()
        except BaseException:
            await self._database.abandon()
            raise

    async def _make_ready(self) -> None:
        await bring_up(self._database, HISTORY, self._lock)
        await require_key(self._database, canary, self._sealer, "vault")

    @property
    def answering(self) -> bool:
        """Whether the vault answered its last transactions; nothing is asked for it."""
        return self._database.pulse.answering

    def own(self) -> None:
        """Take the vault for the one bot that runs on it; raises ``StorageRefused`` if another does."""
        self._lock.take()

    async def close(self) -> None:
        """Finish what waits, fold the write-ahead log, close the files and give the vault back."""
        await self._database.close()
        self._lock.release()

    async def account(self, index: bytes) -> bytes | None:
        """Give the sealed row of a chat account."""
        return await self._sealed(select(accounts.c.sealed).where(accounts.c.index == index))

    async def add_account(self, index: bytes, sealed: bytes, route: bytes, mailbox: bytes) -> bool:
        """Keep an account and the mailbox of its member together; False when the account is taken."""
        account = insert(accounts).values(index=index, sealed=sealed).on_conflict_do_nothing()
        async with self._database.transaction() as connection:
            if not (await connection.execute(account)).rowcount:
                return False
            await connection.execute(insert(mailboxes).values(route=route, sealed=mailbox))
            return True

    async def replace_account(self, index: bytes, sealed: bytes) -> None:
        """Replace the sealed row of an account."""
        async with self._database.transaction() as connection:
            changed = update(accounts).where(accounts.c.index == index).values(sealed=sealed)
            await connection.execute(changed)

    async def accounts(self) -> Sequence[tuple[bytes, bytes]]:
        """List all (index, sealed) rows, for repair at start-up."""
        async with self._database.reading() as connection:
            rows = await connection.execute(select(accounts.c.index, accounts.c.sealed))
            return [(index, sealed) for index, sealed in rows]

    async def mailbox(self, route: bytes) -> bytes | None:
        """Give the sealed address of a member's home chat."""
        return await self._sealed(select(mailboxes.c.sealed).where(mailboxes.c.route == route))

    async def keep_home_posting(self, message: bytes, sealed: bytes, subject: bytes) -> None:
        """Keep what a home message is about; one that is kept already stays as it is."""
        mine = select(func.count()).where(home_postings.c.subject == subject)

        async def change(connection: AsyncConnection) -> None:
            ordinal = (await connection.execute(mine)).scalar_one()
            values = {"message": message, "sealed": sealed, "subject": subject, "ordinal": ordinal}
            await connection.execute(insert(home_postings).values(values).on_conflict_do_nothing())

        await self._database.share(change)

    async def home_posting(self, message: bytes) -> bytes | None:
        """Give what a home message is about."""
        return await self._sealed(select(home_postings.c.sealed).where(home_postings.c.message == message))

    async def home_postings(self, subject: bytes) -> Sequence[bytes]:
        """List the sealed home postings of a (member, subject) index, in the order they were made."""
        mine = select(home_postings.c.sealed).where(home_postings.c.subject == subject)
        async with self._database.reading() as connection:
            return (await connection.execute(mine.order_by(home_postings.c.ordinal))).scalars().all()

    async def secret(self, name: bytes) -> bytes | None:
        """Give an adapter's sealed secret."""
        return await self._sealed(select(secrets.c.sealed).where(secrets.c.name == name))

    async def keep_secret(self, name: bytes, sealed: bytes) -> None:
        """Keep an adapter's sealed secret."""
        async with self._database.transaction() as connection:
            await upsert(connection, secrets, {"name": name}, {"sealed": sealed})

    async def drop_secret(self, name: bytes) -> None:
        """Forget an adapter's secret."""
        async with self._database.transaction() as connection:
            await connection.execute(delete(secrets).where(secrets.c.name == name))
        await self._database.truncate()

    async def append_audit(self, sealed_entry: bytes, mac: bytes, previous: bytes) -> int:
        """Append an entry whose predecessor's mac is ``previous``; gives its number, -1 if it is not last."""
        newest = select(audit.c.number, audit.c.mac).order_by(audit.c.number.desc()).limit(1)
        async with self._database.transaction() as connection:
            last = (await connection.execute(newest)).first()
            number, mac_before = (0, b"") if last is None else (last.number, last.mac)
            if mac_before != previous:
                return -1
            values = {"number": number + 1, "sealed": sealed_entry, "mac": mac}
            await connection.execute(insert(audit).values(values))
            return number + 1

    async def audit(self) -> Sequence[tuple[int, bytes, bytes]]:
        """List (number, sealed entry, mac) in order."""
        async with self._database.reading() as connection:
            rows = await connection.execute(select(audit).order_by(audit.c.number))
            return [(row.number, row.sealed, row.mac) for row in rows]

    async def _sealed(self, found: Select[bytes]) -> bytes | None:
        async with self._database.reading() as connection:
            sealed: bytes | None = (await connection.execute(found)).scalar()
        return sealed


async def open_vault(data_dir: Path, sealer: Sealer) -> VaultStore:
    """Open the identity vault in ``data_dir``, migrated to this version.

    Raises ``StorageRefused`` for a newer version, the wrong key, or a file that cannot be used.
    """
    vault = VaultStore(data_dir, sealer)
    await vault.open()
    return vault
