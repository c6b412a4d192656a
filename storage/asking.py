"""A connection to a PostgreSQL server: short statements are asked of the driver, all others of SQLAlchemy."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Concatenate, Final, Protocol, TypeVar

from sqlalchemy import URL, Executable
from sqlalchemy import Connection as SyncConnection
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from storage.connection import NOTHING, P, Plain, Values, Whatever
from storage.prepared import Prepared, Rows
from storage.said import given_up, told
from storage.session import Session

T = TypeVar("T")

_PATIENCE: Final = 2.0
"""Seconds that whoever gives up waits for the server to say how a statement ended."""

_OUTDATED: Final = "0A000"
"""What the server says of a prepared statement whose table has changed since; it has to be read again."""


class _Statement(Protocol):
    """What is used of a statement that asyncpg prepared."""

    async def fetch(self, *values: object) -> Sequence[Sequence[Any]]: ...

    async def executemany(self, rows: Sequence[Sequence[Any]]) -> None: ...

    def get_attributes(self) -> Sequence[Any]: ...

    def get_statusmsg(self) -> str: ...


class Driver(Session, Protocol):
    """What is used of asyncpg's connection below SQLAlchemy's."""

    async def prepare(self, query: str) -> _Statement:
        """Let the server read a statement."""
        ...

    def is_in_transaction(self) -> bool:
        """Say whether a transaction is open, even one that failed."""
        ...


class Joining:
    """Opens connections to a server."""

    def __init__(self, url: URL, connect: Callable[[], Awaitable[Session]]) -> None:
        """Connect nowhere yet; ``connect`` makes the driver's own connections."""
        self._engine = create_async_engine(
            url.set(username=None, password=None),
            poolclass=NullPool,
            # To SQLAlchemy each statement stands alone: transactions are begun and ended below it.
            isolation_level="AUTOCOMMIT",
            hide_parameters=True,
            async_creator=connect,
        )

    async def open(self) -> Asking:
        """Open one more."""
        through = await self._engine.connect()
        try:
            await through.begin()
            driver: Any = (await through.get_raw_connection()).driver_connection
        except BaseException:
            await through.close()
            raise
        return Asking(through, driver)


class Asking(Plain):
    """A connection, and the transaction that is open on it."""

    def __init__(self, through: AsyncConnection, driver: Driver) -> None:
        """Take SQLAlchemy's connection and the driver's own one below it."""
        super().__init__(through)
        self._driver = driver
        self._known: dict[Prepared, _Statement] = {}
        self._notices: dict[tuple[str, str], None] = {}
        self._failed: Exception | None = None
        """What went wrong in the transaction; until that is undone, the server only waits for its end."""

    @property
    def begun(self) -> bool:
        """Whether a transaction is open."""
        return not self.lost and self._driver.is_in_transaction()

    @property
    def lost(self) -> bool:
        """Whether the connection has ended."""
        return self._driver.is_closed()

    def require_sound(self) -> None:
        """Raise what went wrong in the transaction, even if somebody has caught it since."""
        if self._failed is not None:
            raise self._failed

    async def begin(self, isolation: str, first: str = "") -> None:
        """Begin, and run a first statement without values in the same round trip."""
        await self._say(f"BEGIN ISOLATION LEVEL {isolation}; {first}")

    def notify(self, channel: str, notice: str) -> None:
        """Let whoever listens know with the commit; the same thing once."""
        self._notices[channel, notice] = None

    async def save(self, name: str, instead_of: str = "") -> None:
        """Set a mark to which :meth:`undo_to` goes back, and forget the one before."""
        forget = f"RELEASE {instead_of}; " if instead_of else ""
        await self._say(f"{forget}SAVEPOINT {name}")

    async def undo_to(self, name: str) -> bool:
        """Go back to a mark, which stays; False where that cannot be done."""
        return not self.lost and await self._undone(f"ROLLBACK TO {name}")

    async def undone(self) -> bool:
        """End the transaction as if it had never begun; False where the connection is of no more use."""
        self._notices.clear()
        if self.begun:
            return await self._undone("ROLLBACK")
        self._failed = None
        return not self.lost

    async def commit(self) -> None:
        """Wait until what was written is on the server's disk."""
        told_with_it = "".join(f"NOTIFY {channel}, '{notice}'; " for channel, notice in self._notices)
        self._notices.clear()
        ended = await self._say(f"{told_with_it}COMMIT")
        if ended != "COMMIT":
            raise OperationalError("COMMIT", None, RuntimeError(f"the server said {ended}"))

    async def run(self, prepared: Prepared, values: Values = NOTHING) -> Rows:
        """Run a short statement: one round trip, once the server has read it."""
        words = prepared.on_postgres
        bound = words.bound(values)
        with self._told_as_ever(words.sql):
            statement = self._known.get(prepared) or await self._read(prepared)
            raw = await statement.fetch(*bound)
        if words.finds:
            return Rows(words.rows(raw, lambda: [one.name for one in statement.get_attributes()]), len(raw))
        return Rows((), _count(statement.get_statusmsg()))

    async def run_many(self, prepared: Prepared, rows: Sequence[Values]) -> None:
        """Run a short statement once for each of these values, in one round trip."""
        words = prepared.on_postgres
        bound = [words.bound(row) for row in rows]
        with self._told_as_ever(words.sql):
            if bound:
                await (self._known.get(prepared) or await self._read(prepared)).executemany(bound)

    async def execute(
        self, statement: Executable, parameters: Values | Sequence[Values] | None = None
    ) -> Whatever:
        """Run any statement."""
        with self._remembered():
            return await self.surely(super().execute(statement, parameters))

    async def exec_driver_sql(self, statement: str, parameters: Any = None) -> Whatever:  # noqa: ANN401
        """Run a statement in the server's own words."""
        with self._remembered():
            return await self.surely(super().exec_driver_sql(statement, parameters))

    async def run_sync(
        self, call: Callable[Concatenate[SyncConnection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Call something that takes a connection whose statements return at once."""
        with self._remembered():
            return await self.surely(super().run_sync(call, *args, **kwargs))

    async def close(self) -> None:
        """End the connection and whatever is open on it; a server that is silent is not waited for."""
        cutting = asyncio.get_running_loop().call_later(_PATIENCE, self.cut_off)
        try:
            await self.through.close()
        finally:
            cutting.cancel()

    def cut_off(self) -> None:
        """End the connection at once; whoever waits for an answer is told so."""
        self._driver.terminate()

    async def surely(self, step: Awaitable[T]) -> T:
        """Let a step on it end before its caller is cancelled, or else cut the connection off."""
        doing = asyncio.ensure_future(step)
        try:
            return await asyncio.shield(doing)
        except asyncio.CancelledError:
            cutting = asyncio.get_running_loop().call_later(_PATIENCE, self.cut_off)
            while not doing.done():
                try:
                    await asyncio.wait([doing])
                except asyncio.CancelledError:
                    continue
            cutting.cancel()
            raise

    async def _read(self, prepared: Prepared) -> _Statement:
        statement = await self._driver.prepare(prepared.on_postgres.sql)
        self._known[prepared] = statement
        return statement

    async def _say(self, words: str) -> str:
        with self._told_as_ever(words):
            return await self._driver.execute(words)

    async def _undone(self, words: str) -> bool:
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._driver.execute(words)
        except Exception:  # noqa: BLE001 - whatever it is, nobody knows now how the connection stands
            return False
        self._failed = None
        return True

    @contextmanager
    def _told_as_ever(self, words: str) -> Iterator[None]:
        """Raise what SQLAlchemy raises, without the values, and remember what ends the transaction."""
        try:
            yield
        except asyncio.CancelledError:
            self._failed = given_up()  # The server is told to stop in the middle.
            raise
        except Exception as error:
            raised = told(words, error, self.dialect, lost=self.lost)
            if getattr(error, "sqlstate", None) == _OUTDATED:
                self._known.clear()
            if raised is None or getattr(error, "severity", None):
                self._failed = raised or error  # Of what the driver itself refused the server knows nothing.
            if raised is None:
                raise
            raise raised from error

    @contextmanager
    def _remembered(self) -> Iterator[None]:
        try:
            yield
        except (DBAPIError, TimeoutError) as error:
            if not isinstance(error, InterfaceError):
                self._failed = error
            raise


def _count(status: str) -> int:
    last = status.rpartition(" ")[2]
    return int(last) if last.isdigit() else -1
