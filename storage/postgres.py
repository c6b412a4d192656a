"""A database on a PostgreSQL server, shared by every bot of the installation.

One writer at a time, as with SQLite, whichever machine it is on: a unit of work holds the database's turn, an
advisory lock, alone; deliveries and arrivals hold it together, since none of them decides on another's rows.
So what is right on one machine is right on many, and no unit of work has to be tried again.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, Final

from sqlalchemy import ColumnElement, column, make_url, text

from bot.ports.seat import Seat
from storage.asking import Asking, Joining
from storage.connection import Connection, Values
from storage.database import Database
from storage.lane import Lane
from storage.looking import Looking
from storage.prepared import POSTGRES, Prepared, Rows
from storage.presence import LIVING, RUNNING, Presence, Told, channel
from storage.refused import StorageRefused
from storage.riding import Riding
from storage.said import told_away
from storage.session import Session, connect, key_of

OLDEST: Final = 15
"""The oldest major version of the server that is tried."""
TURN: Final = 0x43427475
"""Whose turn it is to write; the second half of each lock says in which database."""
HOLDING: Final = 0x43426864
"""Held by one process for what the second half names."""
_HELD: Final = """SELECT classid::text::bigint AS class, objid::text::bigint AS object FROM pg_locks
WHERE locktype = 'advisory' AND granted
AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"""
"""The advisory locks of this database, both halves as the unsigned numbers that the server shows."""
_RIDERS: Final = 16
"""How many transactions may share one commit: bots on other machines wait for their turn meanwhile."""


class PostgresDatabase(Database):
    """A database of one server, by its address; ``name`` tells the content from the vault."""

    dialect = POSTGRES

    def __init__(self, address: str, name: str) -> None:
        """Prepare the engines; nothing connects before the first transaction."""
        self._url = make_url(address)
        self._name = name
        self._key = key_of(name)
        self._presence: Presence | None = None
        self._held: dict[str, Session] = {}
        super().__init__(_RIDERS)
        joining = Joining(self._url, partial(connect, self._url))
        self._riding = Riding(joining, self.pulse, self._riders)
        self._looking = Looking(joining)
        self.lane: Lane = Lane(joining, self._require, self._notice, self.pulse)

    async def prepare(self) -> None:
        """See that the server can be reached and used, and make the role's schema if it may.

        Raises ``StorageRefused``.
        """
        connection = await self.connect()
        try:
            if connection.get_server_version().major < OLDEST:
                found = connection.get_server_version().major
                raise StorageRefused(
                    f"The {self._name} database is on PostgreSQL {found}; Curbside needs {OLDEST} or newer."
                )
            if (encoding := await connection.fetchval("SHOW server_encoding")) != "UTF8":
                raise StorageRefused(
                    f"The {self._name} database keeps letters as {encoding}; make one with ENCODING 'UTF8'."
                )
            if await connection.fetchval("SELECT has_database_privilege(current_database(), 'CREATE')"):
                await connection.execute("CREATE SCHEMA IF NOT EXISTS AUTHORIZATION CURRENT_USER")
            if not await connection.fetchval("SELECT has_schema_privilege(current_schema(), 'CREATE')"):
                raise StorageRefused(
                    f"The role of the {self._name} database may make no tables in it; let it CREATE there."
                )
        finally:
            await connection.close()

    async def connect(self) -> Session:
        """Open a connection beside the pools; raises ``StorageRefused`` with what the server said."""
        try:
            return await connect(self._url)
        except OSError as error:
            why = error.strerror or error
            raise StorageRefused(
                f"The {self._name} database on {self._url.host} cannot be reached ({why}); "
                "see whether PostgreSQL runs there and whether the address is right."
            ) from None

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        """Keep bots of every machine away; raises ``StorageRefused`` where one runs."""
        connection = await self.connect()
        try:
            if not await connection.fetchval("SELECT pg_try_advisory_lock($1, $2)", RUNNING, self._key):
                raise StorageRefused(
                    f"A Curbside is running on the {self._name} database; stop all that do first."
                )
            yield
        finally:
            await connection.close()

    async def own(self) -> None:
        """Run on it together with others; raises ``StorageRefused`` while one migrates."""
        if self._presence is None:
            presence = Presence(self.connect, self._name)
            await presence.begin()
            self._presence = presence

    async def release(self) -> None:
        """Run on it no longer."""
        if self._presence is not None:
            presence, self._presence = self._presence, None
            await presence.end()

    @property
    def seat(self) -> Seat:
        """The seat that one of all bots holds; only a bot that :meth:`own` was called for can."""
        if self._presence is None:
            raise RuntimeError("nobody runs on the database here")
        return self._presence

    @property
    def number(self) -> int:
        """The number of this bot among those that live; 0 where none runs here."""
        return 0 if self._presence is None else self._presence.number

    @property
    def there(self) -> bool:
        """Whether the server answered this bot lately; of whoever only looks in, nothing is held."""
        return self._presence is None or self._presence.there

    def gone(self, number: ColumnElement[int]) -> ColumnElement[bool]:
        """Match the numbers of bots that live no longer."""
        living = text(f"SELECT object::int FROM ({_HELD}) AS held WHERE class = {LIVING}")  # noqa: S608
        return number.not_in(living.columns(column("object")).scalar_subquery())

    async def listen(self, told: Told) -> None:
        """Call back with what other processes commit; needs :meth:`own`."""
        if self._presence is not None:
            self._presence.listen(told)

    async def tell(self, connection: Connection, what: str) -> None:
        """Let every bot know of it once this transaction is committed."""
        if isinstance(connection, Asking):
            connection.notify(**self._notice(what))

    def ring(self) -> None:
        """Do nothing more: whoever listens was told with the commit."""

    async def in_use(self) -> bool:
        """Say whether a bot runs on it, here or elsewhere."""
        held = f"SELECT count(*) FROM ({_HELD}) AS held WHERE class = $1 AND object = $2"  # noqa: S608
        connection = await self.connect()
        try:
            found: int = await connection.fetchval(held, RUNNING, self._key % 2**32)
        finally:
            await connection.close()
        return found > 0

    async def hold(self, name: str) -> bool:
        """Hold something by an advisory lock, on a connection of its own; False while another does."""
        connection = self._held.get(name)
        if connection is None or connection.is_closed():
            connection = await self.connect()
        try:
            free: bool = await connection.fetchval(
                "SELECT pg_try_advisory_lock($1, $2)", HOLDING, key_of(name)
            )
        except BaseException:
            connection.terminate()
            raise
        if not free:
            await connection.close()
            return False
        self._held[name] = connection
        return True

    async def let_go(self, name: str) -> None:
        """Let others do it."""
        if name in self._held:
            await self._held.pop(name).close()

    def read_at_once(self, query: str) -> Sequence[tuple[Any, ...]]:
        """Read a few rows while the caller's loop waits; raises ``StorageRefused``."""
        with ThreadPoolExecutor(1) as beside:
            return beside.submit(asyncio.run, self._read(query)).result()

    async def _read(self, query: str) -> Sequence[tuple[Any, ...]]:
        connection = await self.connect()
        try:
            return [tuple(row) for row in await connection.fetch(query)]
        finally:
            await connection.close()

    async def truncate(self) -> bool:
        """Leave it to the server, which gives up erased rows by itself."""
        return True

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Connection]:
        """Open a read transaction on the last commit; raises ``ServerAway`` while it is."""
        with told_away():
            async with super().reading() as connection:
                yield connection

    @asynccontextmanager
    async def reading_long(self) -> AsyncIterator[Connection]:
        """Open a reading that the server does not end when nothing is asked for a while."""
        async with self.reading() as connection:
            await connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
            yield connection

    @asynccontextmanager
    async def _seen(self) -> AsyncIterator[Connection]:
        async with self._looking.look() as connection:
            yield connection

    async def _answer(self, prepared: Prepared, values: Values) -> Rows:
        with told_away():
            return await self._looking.ask(prepared, values)

    async def abandon(self) -> None:
        """Close every connection; one that is just being read from is closed when that ends."""
        await self._looking.close()
        await self.lane.close()
        await self._riding.close()

    @asynccontextmanager
    async def _begun(self, *, sole: bool) -> AsyncIterator[Connection]:
        """Begin with the turn, or go on in what others wrote and nobody has committed yet: they have it."""
        lock = "pg_advisory_xact_lock" if sole else "pg_advisory_xact_lock_shared"
        first = f"SELECT {lock}({TURN}, {self._key})"
        with told_away(), self.pulse.felt("writing"):
            self._require()
            if sole and self._riding.first not in ("", first):
                # Whoever has a turn together with other bots and waits for them to end may wait for ever.
                await self._commit_for_others()
            async with self._riding.unit(first) as connection:
                self._require()  # The wait for a turn may have been long.
                yield connection

    def _notice(self, what: str) -> Mapping[str, str]:
        return {"channel": channel(self._name), "notice": f"{what}:{self.number}"}

    def _require(self) -> None:
        if self._presence is not None:
            self._presence.require()

    async def _commit(self) -> None:
        await self._riding.commit()

    async def _fold(self) -> None:
        """Do nothing: the server keeps its own log."""
