"""The identity vault: sealed values under blind indexes, each call a transaction of its own.

What belongs to one person lies in tables that are laid anew with every row that comes, and the log is cut
after it: no page of the file and no frame of the log tells in which order people came.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Final

from sqlalchemy import Column, Select, bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.ports.erasure import Gone
from bot.ports.sealing import Sealer
from bot.ports.vault import Added
from storage.canary import require_key
from storage.connection import Connection
from storage.migrating import History, bring_up
from storage.places import Places, places_of
from storage.prepared import Prepared
from storage.pulse import Pulse
from storage.resealing import SealedValues
from storage.upsert import upsert
from storage.vault import laying, tables
from storage.vault.belonging import BelongingRows
from storage.vault.routing import RoutingRows
from storage.vault.sealed import sealed_columns
from storage.vault.tables import (
    accounts,
    applications,
    audit,
    canary,
    hard_keys,
    home_postings,
    mailboxes,
    member_accounts,
    personae,
    secrets,
)
from storage.vault.tombstones import Tombstones
from storage.vault.vouch_slots import VouchRows

HISTORY: Final = History("vault", "storage.vault.migrations", head="0008", metadata=tables.metadata)


def _of(sealed: Column[bytes], index: Column[bytes]) -> Prepared:
    return Prepared(select(sealed).where(index == bindparam("which")))


_ACCOUNT: Final = _of(accounts.c.sealed, accounts.c.index)
_HARD_KEY: Final = _of(hard_keys.c.sealed, hard_keys.c.index)
_APPLICATION: Final = _of(applications.c.sealed, applications.c.index)
_MAILBOX: Final = _of(mailboxes.c.sealed, mailboxes.c.route)
_PERSONA: Final = _of(personae.c.sealed, personae.c.index)
_SECRET: Final = _of(secrets.c.sealed, secrets.c.name)
_HOME_POSTING: Final = _of(home_postings.c.sealed, home_postings.c.message)
_ABOUT: Final = home_postings.c.subject == bindparam("about")
_HOME_POSTINGS: Final = Prepared(
    select(home_postings.c.sealed).where(_ABOUT).order_by(home_postings.c.ordinal)
)
_HOW_MANY: Final = Prepared(select(func.count()).select_from(home_postings).where(_ABOUT))
_KEEP_POSTING: Final = Prepared(
    insert(home_postings).on_conflict_do_nothing(), "message", "sealed", "subject", "ordinal"
)
_DROP_POSTING: Final = Prepared(delete(home_postings).where(home_postings.c.message == bindparam("which")))


class VaultStore(BelongingRows, RoutingRows, VouchRows):
    """Fills :class:`bot.ports.vault.Vault`."""

    def __init__(self, places: Places, sealer: Sealer) -> None:
        """Name the database; :meth:`open` touches it. The sealer checks the key and seals again."""
        self._database = places.vault()
        self._sealer = sealer
        self.sealed = SealedValues(self._database, sealer, sealed_columns(sealer))
        self._tombstones = Tombstones(places.folder / "tombstones")

    async def open(self) -> None:
        """Migrate if need be and check the key; raises ``StorageRefused``."""
        await self._database.prepare()
        try:
            await self._make_ready()
        except BaseException:
            await self._database.abandon()
            raise

    async def _make_ready(self) -> None:
        await bring_up(self._database, HISTORY)
        await require_key(self._database, canary, self._sealer, "vault")

    @property
    def answering(self) -> bool:
        """Whether the vault answered its last transactions; nothing is asked for it."""
        return self._database.pulse.answering and self.there

    @property
    def there(self) -> bool:
        """Whether the server answered lately, where there is one."""
        return self._database.there

    @property
    def pulse(self) -> Pulse:
        """How the database answers, and how fast."""
        return self._database.pulse

    async def own(self) -> None:
        """Take the vault for a bot that runs on it; raises ``StorageRefused`` if it cannot be shared."""
        await self._database.own()

    async def close(self) -> None:
        """Finish what waits, fold the write-ahead log, close the files and give the vault back."""
        await self._database.close()

    async def account(self, index: bytes) -> bytes | None:
        """Give the sealed row of a chat account."""
        return await self._sealed(_ACCOUNT, index)

    async def add_account(
        self,
        index: bytes,
        sealed: bytes,
        route: bytes,
        mailbox: bytes,
        keys: Mapping[bytes, bytes],
        given_up: Mapping[bytes, bytes],
    ) -> Added:
        """Keep an account, the mailbox of its member and the hard keys of its person, all or none."""
        account = insert(accounts).values(index=index, sealed=sealed).on_conflict_do_nothing()
        async with self._database.transaction() as connection:
            held = (await connection.execute(_held(keys))).all() if keys else ()
            if any(given_up.get(key) != owner for key, owner in held):
                return Added.KEY_TAKEN
            if not (await connection.execute(account)).rowcount:
                return Added.ACCOUNT_TAKEN
            await upsert(connection, mailboxes, {"route": route}, {"sealed": mailbox})
            for key, owner in keys.items():
                await upsert(connection, hard_keys, {"index": key}, {"sealed": owner})
            await laying.lay_anew(connection, accounts, mailboxes, hard_keys)
        await self._database.truncate()
        return Added.ADDED

    async def drop_account(
        self, index: bytes, route: bytes, keys: Sequence[bytes], given_up: Mapping[bytes, bytes]
    ) -> None:
        """Take an account back that was added and never became active; ``given_up`` lies there again."""
        async with self._database.transaction() as connection:
            await connection.execute(delete(accounts).where(accounts.c.index == index))
            await connection.execute(delete(mailboxes).where(mailboxes.c.route == route))
            await connection.execute(delete(hard_keys).where(hard_keys.c.index.in_(keys)))
            for key, owner in given_up.items():
                await connection.execute(insert(hard_keys).values(index=key, sealed=owner))
        await self._database.truncate()

    async def add_hard_keys(self, keys: Mapping[bytes, bytes]) -> None:
        """Keep sealed values under those blind indexes where nothing lies yet."""
        async with self._database.transaction() as connection:
            for key, owner in keys.items():
                fresh = insert(hard_keys).values(index=key, sealed=owner)
                await connection.execute(fresh.on_conflict_do_nothing())

    async def keep_hard_keys(self, keys: Mapping[bytes, bytes]) -> None:
        """Keep sealed values under those blind indexes, replacing older ones."""
        async with self._database.transaction() as connection:
            for key, owner in keys.items():
                await upsert(connection, hard_keys, {"index": key}, {"sealed": owner})
            await laying.lay_anew(connection, hard_keys)
        await self._database.truncate()

    async def hard_key(self, index: bytes) -> bytes | None:
        """Give the sealed value of something that only one person has."""
        return await self._sealed(_HARD_KEY, index)

    async def held(self, indexes: Sequence[bytes]) -> frozenset[bytes]:
        """Say which of these indexes are hard keys of somebody."""
        mine = select(hard_keys.c.index).where(hard_keys.c.index.in_(indexes))
        async with self._database.reading() as connection:
            return frozenset((await connection.execute(mine)).scalars())

    async def hard_keys(self) -> Sequence[tuple[bytes, bytes]]:
        """List all (index, sealed) values of what only one person has."""
        async with self._database.reading() as connection:
            rows = await connection.execute(select(hard_keys.c.index, hard_keys.c.sealed))
            return [(index, sealed) for index, sealed in rows]

    async def forget(self, gone: Gone) -> None:
        """Forget all of a member in one commit, and fold the log away."""
        async with self._database.transaction() as connection:
            for name in fields(Gone):
                table = tables.metadata.tables[name.name]
                column = table.c.owner if name.name == "signals" else table.primary_key.columns[0]
                for index in getattr(gone, name.name):
                    await connection.execute(delete(table).where(column == index))
        await self._database.truncate()

    def bury(self, mark: bytes, posts: str) -> None:
        """Keep the tombstone of somebody who leaves, apart from the database; durable when this returns."""
        self._tombstones.add(mark, posts)

    def tombstones(self) -> Mapping[bytes, str]:
        """Give all tombstones, with what becomes of the posts."""
        return self._tombstones.all()

    async def application(self, index: bytes) -> bytes | None:
        """Give the sealed application of an account."""
        return await self._sealed(_APPLICATION, index)

    async def keep_application(self, index: bytes, sealed: bytes, was: bytes | None) -> bool:
        """Keep an application where still ``was`` lies; compare and set."""
        fresh = insert(applications).values(index=index, sealed=sealed).on_conflict_do_nothing()
        mine = (applications.c.index == index) & (applications.c.sealed == was)
        change = fresh if was is None else update(applications).where(mine).values(sealed=sealed)
        async with self._database.transaction() as connection:
            kept = (await connection.execute(change)).rowcount > 0
            await laying.lay_anew(connection, applications)
        await self._database.truncate()
        return kept

    async def drop_application(self, index: bytes, route: bytes | None) -> None:
        """Forget an application, and the mailbox of an applicant who does not become a member."""
        async with self._database.transaction() as connection:
            await connection.execute(delete(applications).where(applications.c.index == index))
            if route is not None:
                await connection.execute(delete(mailboxes).where(mailboxes.c.route == route))
        await self._database.truncate()

    async def applications(self) -> Sequence[tuple[bytes, bytes]]:
        """List all (index, sealed) applications."""
        async with self._database.reading() as connection:
            rows = await connection.execute(select(applications.c.index, applications.c.sealed))
            return [(index, sealed) for index, sealed in rows]

    async def keep_mailbox(self, route: bytes, sealed: bytes) -> None:
        """Keep the sealed address of a home chat, replacing an older one."""
        async with self._database.transaction() as connection:
            await upsert(connection, mailboxes, {"route": route}, {"sealed": sealed})
            await laying.lay_anew(connection, mailboxes)
        await self._database.truncate()

    async def replace_account(self, index: bytes, sealed: bytes) -> None:
        """Replace the sealed row of an account."""
        async with self._database.transaction() as connection:
            changed = update(accounts).where(accounts.c.index == index).values(sealed=sealed)
            await connection.execute(changed)
            await laying.lay_anew(connection, accounts)
        await self._database.truncate()

    async def accounts(self) -> Sequence[tuple[bytes, bytes]]:
        """List all (index, sealed) rows, for repair at start-up."""
        async with self._database.reading() as connection:
            rows = await connection.execute(select(accounts.c.index, accounts.c.sealed))
            return [(index, sealed) for index, sealed in rows]

    async def mailbox(self, route: bytes) -> bytes | None:
        """Give the sealed address of a member's home chat."""
        return await self._sealed(_MAILBOX, route)

    async def persona(self, index: bytes) -> bytes | None:
        """Give a sealed row about personae."""
        return await self._sealed(_PERSONA, index)

    async def keep_personae(
        self,
        rows: Mapping[bytes, bytes],
        *,
        accounts_of: Mapping[bytes, bytes] | None = None,
        mailbox: Mapping[bytes, bytes] | None = None,
        listed: Mapping[bytes, bytes] | None = None,
        dropped: Sequence[bytes] = (),
    ) -> None:
        """Keep rows about personae; with them, all or none, what belongs to a member under another id."""
        async with self._database.transaction() as connection:
            for index, sealed in rows.items():
                await upsert(connection, personae, {"index": index}, {"sealed": sealed})
            for index, sealed in (accounts_of or {}).items():
                await upsert(connection, accounts, {"index": index}, {"sealed": sealed})
            for route, sealed in (mailbox or {}).items():
                await upsert(connection, mailboxes, {"route": route}, {"sealed": sealed})
            for route, sealed in (listed or {}).items():
                await upsert(connection, member_accounts, {"route": route}, {"sealed": sealed})
            await connection.execute(delete(mailboxes).where(mailboxes.c.route.in_(dropped)))
            await connection.execute(delete(member_accounts).where(member_accounts.c.route.in_(dropped)))
            await laying.lay_anew(connection, personae, accounts, mailboxes, member_accounts)
        # The log must not keep which rows changed in one commit.
        await self._database.truncate()

    async def drop_persona(self, index: bytes, rows: Mapping[bytes, bytes]) -> None:
        """Forget a row about a persona, and keep others in the same transaction."""
        async with self._database.transaction() as connection:
            await connection.execute(delete(personae).where(personae.c.index == index))
            for other, sealed in rows.items():
                await upsert(connection, personae, {"index": other}, {"sealed": sealed})
            await laying.lay_anew(connection, personae)
        await self._database.truncate()

    async def keep_home_posting(self, message: bytes, sealed: bytes, subject: bytes, route: bytes) -> None:
        """Keep what a home message is about, if its mailbox is there; what is kept already stays as it is."""

        async def change(connection: Connection) -> None:
            if (await connection.run(_MAILBOX, {"which": route})).first() is None:
                return
            ordinal = (await connection.run(_HOW_MANY, {"about": subject})).scalar()
            values = {"message": message, "sealed": sealed, "subject": subject, "ordinal": ordinal}
            await connection.run(_KEEP_POSTING, values)

        await self._database.share(change)

    async def drop_home_posting(self, message: bytes) -> None:
        """Forget a home message that is not there any more."""

        async def change(connection: Connection) -> None:
            await connection.run(_DROP_POSTING, {"which": message})

        await self._database.share(change)

    async def home_postings_after(self, message: bytes, most: int) -> Sequence[tuple[bytes, bytes]]:
        """List (index, sealed) of home messages in the order of their indexes, from behind one on."""
        found = select(home_postings.c.message, home_postings.c.sealed)
        behind = found.where(home_postings.c.message > message).order_by(home_postings.c.message).limit(most)
        async with self._database.reading() as connection:
            return [(index, sealed) for index, sealed in await connection.execute(behind)]

    async def home_posting(self, message: bytes) -> bytes | None:
        """Give what a home message is about."""
        return await self._sealed(_HOME_POSTING, message)

    async def home_postings(self, subject: bytes) -> Sequence[bytes]:
        """List the sealed home postings of a (member, subject) index, in the order they were made."""
        return (await self._database.ask(_HOME_POSTINGS, {"about": subject})).scalars()

    async def secret(self, name: bytes) -> bytes | None:
        """Give an adapter's sealed secret."""
        return await self._sealed(_SECRET, name)

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

    async def _sealed(self, found: Prepared, which: bytes) -> bytes | None:
        sealed: bytes | None = (await self._database.ask(found, {"which": which})).scalar()
        return sealed


def _held(keys: Mapping[bytes, bytes]) -> Select[bytes, bytes]:
    return select(hard_keys.c.index, hard_keys.c.sealed).where(hard_keys.c.index.in_(list(keys)))


async def open_vault(where: Path | Places, sealer: Sealer) -> VaultStore:
    """Open the identity vault where it lies (a folder stands for the file in it), migrated.

    Raises ``StorageRefused`` for a newer version, the wrong key, or a file that cannot be used.
    """
    vault = VaultStore(places_of(where), sealer)
    await vault.open()
    return vault
