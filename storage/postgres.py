"""A database on a PostgreSQL server, shared by every bot of the installation.

One writer at a time, as with SQLite, whichever machine it is on: a unit of work holds the database's turn, an
advisory lock, alone; deliveries and arrivals hold it together, since none of them decides on another's rows.
So what is right on one machine is right on many, and no unit of work has to be tried again.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any, Final, Protocol
from zlib import crc32

from sqlalchemy import URL, make_url, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from storage.database import Database
from storage.refused import StorageRefused

OLDEST: Final = 15
"""The oldest major version of the server that is tried."""
TURN: Final = 0x43427475
"""Whose turn it is to write; the second half of each lock says in which database."""
RUNNING: Final = 0x4342626F
"""Held by each bot for as long as it runs, together with all others."""
HOLDING: Final = 0x43426864
"""Held by one process for what the second half names."""
_READERS: Final = 4
_SECONDS: Final = 60
"""After which a statement is given up: the server, or the way to it, is gone."""
_SETTINGS: Final = {
    # A bot that is stopped or cut off in the middle of a transaction holds up nobody for longer.
    "idle_in_transaction_session_timeout": "10s",
    "lock_timeout": "45s",
    "jit": "off",
    "timezone": "UTC",
}


class Session(Protocol):
    """What is used of a connection of asyncpg, beside the pools."""

    async def execute(self, query: str, *args: object) -> str:
        """Run a statement."""
        ...

    async def fetch(self, query: str, *args: object) -> Sequence[Sequence[Any]]:
        """Give all rows."""
        ...

    async def fetchval(self, query: str, *args: object) -> Any:  # noqa: ANN401 - whatever the column holds
        """Give the first column of the first row."""
        ...

    async def add_listener(self, channel: str, callback: Callable[..., None]) -> None:
        """Call back at each NOTIFY of a channel."""
        ...

    def add_termination_listener(self, callback: Callable[[Any], None]) -> None:
        """Call back once when the connection ends, however it does."""
        ...

    def get_server_version(self) -> Any:  # noqa: ANN401 - a named tuple of the driver
        """Tell the server's version."""
        ...

    def is_closed(self) -> bool:
        """Say whether it has ended."""
        ...

    async def close(self, *, timeout: float | None = None) -> None:
        """End it in good order."""
        ...

    def terminate(self) -> None:
        """End it at once."""
        ...


def key_of(name: str) -> int:
    """Give the second half of an advisory lock: a signed 32-bit number for a name."""
    number = crc32(name.encode())
    return number - 2**32 if number >= 2**31 else number


class PostgresDatabase(Database):
    """A database of one server, by its address; ``name`` tells the content from the vault."""

    def __init__(self, address: str, name: str) -> None:
        """Prepare the engines; nothing connects before the first transaction."""
        self._url = make_url(address)
        self._name = name
        self._key = key_of(name)
        self._running: Session | None = None
        self._held: dict[str, Session] = {}
        super().__init__(writer=_engine(self._url, 1), readers=_engine(self._url, _READERS, reads=True))

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
            if await connection.fetchval("SELECT has_database_privilege(current_database(), 'CREATE')"):
                await connection.execute("CREATE SCHEMA IF NOT EXISTS AUTHORIZATION CURRENT_USER")
        finally:
            await connection.close()

    async def connect(self) -> Session:
        """Open a connection beside the pools; raises ``StorageRefused`` with what the server said."""
        try:
            return await _connect(self._url)
        except OSError as error:
            raise StorageRefused(
                f"The {self._name} database on {self._url.host} cannot be reached ({error}); "
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
        if self._running is None:
            self._running = await self.connect()
        together = "SELECT pg_try_advisory_lock_shared($1, $2)"
        if not await self._running.fetchval(together, RUNNING, self._key):
            await self.release()
            raise StorageRefused(
                f"The {self._name} database is being migrated; start again when that is over."
            )

    async def release(self) -> None:
        """Run on it no longer."""
        if self._running is not None:
            running, self._running = self._running, None
            await running.close()

    async def in_use(self) -> bool:
        """Say whether a bot runs on it, here or elsewhere."""
        connection = await self.connect()
        try:
            free = await connection.fetchval("SELECT pg_try_advisory_lock($1, $2)", RUNNING, self._key)
        finally:
            await connection.close()
        return not free

    async def hold(self, name: str) -> bool:
        """Hold something by an advisory lock, on a connection of its own; False while another does."""
        connection = self._held.get(name)
        if connection is None or connection.is_closed():
            connection = await self.connect()
        if not await connection.fetchval("SELECT pg_try_advisory_lock($1, $2)", HOLDING, key_of(name)):
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

    async def vacuum(self) -> None:
        """Leave it to the server as well."""

    async def _fold(self) -> None:
        """Do nothing: the server keeps its own log."""

    async def _enter(self, connection: AsyncConnection, *, sole: bool) -> None:
        lock = "pg_advisory_xact_lock" if sole else "pg_advisory_xact_lock_shared"
        await connection.execute(text(f"SELECT {lock}({TURN}, {self._key})"))


def _engine(url: URL, connections: int, *, reads: bool = False) -> AsyncEngine:
    isolation = "REPEATABLE READ" if reads else "READ COMMITTED"

    async def connected() -> Session:
        return await _connect(url)

    return create_async_engine(
        url.set(username=None, password=None),
        pool_size=connections,
        max_overflow=0,
        pool_pre_ping=True,
        isolation_level=isolation,
        async_creator=connected,
    )


async def _connect(url: URL) -> Session:
    """Connect; whatever keeps it from that is a ``ConnectionError`` without the password."""
    import asyncpg  # noqa: PLC0415 - who has files has no use for it

    try:
        session: Session = await asyncpg.connect(
            host=url.host,
            port=url.port,
            user=url.username,
            password=str(url.password) if url.password is not None else None,
            database=url.database,
            timeout=10,
            command_timeout=_SECONDS,
            server_settings={"application_name": "curbside", **_SETTINGS},
            **_secured(url),
        )
        return session
    except (asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError) as error:
        raise ConnectionError(str(error) or type(error).__name__) from None


def _secured(url: URL) -> dict[str, str]:
    """Give what the address says of TLS, in the words of libpq."""
    mode = url.query.get("ssl") or url.query.get("sslmode")
    return {"ssl": str(mode)} if mode else {}
