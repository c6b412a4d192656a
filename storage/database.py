"""One database: a single writer whose waiting callers share commits, and readers beside it.

What is the same for SQLite and PostgreSQL stands here; :mod:`storage.sqlite` and :mod:`storage.postgres` say
how each of them does the rest.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar

from sqlalchemy import ColumnElement, Dialect

from bot.ports.seat import Seat
from storage.connection import NOTHING, Connection, Values
from storage.prepared import Prepared, Rows
from storage.pulse import Pulse
from storage.riders import Riders, Told

if TYPE_CHECKING:
    from storage.lane import Lane

T = TypeVar("T")

Change = Callable[[Connection], Awaitable[T]]

_SHARED: Final = 32
"""How many waiting changes may share one commit: milliseconds of the loop's for one visit to the disk."""
_ROUNDS: Final = 8
"""How often the loop goes round before a commit."""
_GATHERING: Final = 0.002
"""Seconds after which a commit waits for no further round."""


OUTBOX: Final = "outbox"
"""What is told when something was put into the outbox."""
INBOX: Final = "inbox"
"""What is told when events were accepted."""
TICK: Final = "tick"
"""What is told every few seconds where bots on other machines may die and leave something."""


@dataclass(eq=False, slots=True)
class _Waiting:
    """A change that waits for its commit, and where its caller waits for the outcome."""

    change: Change[Any]
    outcome: asyncio.Future[Any]

    def settle(self, result: object, error: Exception | None = None) -> None:
        _settle(self.outcome, result, error)


class _Line(asyncio.Lock):
    """A lock that knows how many wait for it."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting = 0

    async def acquire(self) -> Literal[True]:
        """Wait in line."""
        self.waiting += 1
        try:
            return await super().acquire()
        finally:
            self.waiting -= 1


class Database(ABC):
    """Writes happen one transaction after the other, whoever they come from; reads see the last commit."""

    dialect: Dialect
    """Which kind of database it is."""
    lane: Lane | None = None
    """What writes beside all transactions, where the database can."""

    def __init__(self, riders: int) -> None:
        """Begin with nobody writing; so many ``riders`` may share a commit."""
        self.pulse = Pulse()
        self._turn = asyncio.Lock()
        # Transactions queue here, so that shared commits never wait behind more than two of them: an
        # acknowledgement waits for such a commit.
        self._line = _Line()
        self._writing: asyncio.Task[Any] | None = None
        self._waiting: list[_Waiting] = []
        self._sharing: asyncio.Task[None] | None = None
        self._riders = Riders(riders)
        self._committing: asyncio.Task[None] | None = None
        self._commits_behind_line = False
        self._small_rides = False
        """Whether a small change waits for the next commit; where it does not, this costs a shared commit."""
        self._trying: set[asyncio.Task[None]] = set()

    @abstractmethod
    async def prepare(self) -> None:
        """Make what has to be there before anything can be asked; raises ``StorageRefused``."""

    @abstractmethod
    def alone(self) -> AbstractAsyncContextManager[None]:
        """Keep running bots away, for a migration; raises ``StorageRefused`` where one runs."""

    @abstractmethod
    async def own(self) -> None:
        """Take the database for a bot that runs on it; raises ``StorageRefused`` where that cannot be."""

    @abstractmethod
    async def release(self) -> None:
        """Give it back; nothing happens if it was not taken."""

    @abstractmethod
    async def in_use(self) -> bool:
        """Say whether a bot runs on it, in whatever process."""

    @property
    @abstractmethod
    def seat(self) -> Seat:
        """The seat that one of all bots on it holds."""

    @property
    @abstractmethod
    def number(self) -> int:
        """The number of this bot among those that live on it; 0 where there is one at most."""

    @property
    @abstractmethod
    def there(self) -> bool:
        """Whether what this bot holds in it is still this bot's."""

    @abstractmethod
    def gone(self, number: ColumnElement[int]) -> ColumnElement[bool]:
        """Match the numbers of bots that live no longer; asked by one that runs."""

    @abstractmethod
    async def listen(self, told: Callable[[str], None]) -> None:
        """Call back with what other processes commit: ``outbox``, ``inbox``, and ``tick`` now and then."""

    @abstractmethod
    async def tell(self, connection: Connection, what: str) -> None:
        """Let other processes know of it with the commit, where the database can."""

    @abstractmethod
    def ring(self) -> None:
        """Let the running bot know of something in the outbox after the commit, where that is the way."""

    @abstractmethod
    async def hold(self, name: str) -> bool:
        """Hold something that only one process may do at a time; False while another does."""

    @abstractmethod
    async def let_go(self, name: str) -> None:
        """Let others do it; nothing happens if it was not held."""

    @abstractmethod
    def read_at_once(self, query: str) -> Sequence[tuple[Any, ...]]:
        """Read a few rows while the caller's loop waits, for whoever cannot; raises ``StorageRefused``."""

    @abstractmethod
    async def truncate(self) -> bool:
        """Make sure that what was erased is gone from the log too; False if that has to be tried again."""

    @abstractmethod
    async def abandon(self) -> None:
        """Close every connection and leave all as it is: after an opening that failed."""

    @abstractmethod
    def _seen(self) -> AbstractAsyncContextManager[Connection]:
        """Give what sees the last commit, and no later one."""

    async def _answer(self, prepared: Prepared, values: Values) -> Rows:
        """Ask what sees the last commit a single statement."""
        async with self._seen() as connection:
            return await connection.run(prepared, values)

    @abstractmethod
    def _begun(self, *, sole: bool) -> AbstractAsyncContextManager[Connection]:
        """Give the turn's holder what it writes through, ``sole`` or with others that share.

        What it wrote counts when left normally, and is undone when left by an error.
        """

    @abstractmethod
    async def _commit(self) -> None:
        """Commit what holders of the turn wrote and nobody has committed; raises what keeps it from that."""

    @abstractmethod
    async def _fold(self) -> None:
        """Leave nothing behind but the database itself, as the last thing before closing."""

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """Open the only write transaction: commits when left normally, rolls back when left by an error."""
        self._refuse_to_wait_for_oneself()
        async with self.pulse.turn(self._line), self._turn:
            self._writing = asyncio.current_task()
            try:
                async with self._begun(sole=True) as connection:
                    yield connection
            finally:
                self._writing = None
            kept = asyncio.get_running_loop().create_future()
            await self._keep(partial(_settle, kept, None))
        await kept

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Connection]:
        """Open a read transaction on the last commit, beside the writer."""
        with self.pulse.felt("reading"):
            async with self._seen() as connection:
                yield connection

    async def ask(self, prepared: Prepared, values: Values = NOTHING) -> Rows:
        """Ask a single short statement of the last commit, beside the writer."""
        with self.pulse.felt("reading"):
            return await self._answer(prepared, values)

    @asynccontextmanager
    async def reading_long(self) -> AsyncIterator[Connection]:
        """Open a reading that may stand still for long, as :meth:`reading` otherwise."""
        async with self.reading() as connection:
            yield connection

    async def share(self, change: Change[T]) -> T:
        """Run a small change and return once it is committed, in one commit with others that wait.

        A change may run twice and must not touch anything but its connection. One that raises takes
        nobody else down. Changes of several processes may happen side by side where the database allows it;
        what they decide on must be rows that nobody else decides on.
        """
        self._refuse_to_wait_for_oneself()
        waiting = _Waiting(change, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        if self._sharing is None or self._sharing.done():
            self._sharing = asyncio.create_task(self._share_commits())
        result: T = await waiting.outcome
        return result

    async def close(self) -> None:
        """Let waiting changes finish, fold the log, close every connection and give the database back."""
        while under_way := self._under_way():
            await asyncio.wait(under_way)
        await self._fold()
        await self.abandon()
        await self.release()

    def _under_way(self) -> list[asyncio.Task[None]]:
        tasks = (self._sharing, self._committing, *self._trying)
        return [task for task in tasks if task is not None and not task.done()]

    async def _keep(self, told: Told, *, small: bool = False) -> None:
        """Join in the commit that comes next, and be told how it ends.

        A full one is made at once, and so is one that waits behind a line where what joins in is ``small``.
        """
        self._riders.join(told)
        self._small_rides |= small
        if self._riders.full or (small and self._commits_behind_line):
            await self._commit_for_others()
        elif self._committing is None or self._committing.done():
            self._committing = asyncio.create_task(self._commit_soon())

    async def _commit_soon(self) -> None:
        """Commit once the loop went round a few times: whoever was about to write has written by then.

        With nothing else to do that is at once; the busier the loop is, the more share the visit to the disk.
        Transactions that stand in line by then join in too, unless a small change had to wait for them.
        """
        try:
            await self._go_round()
            self._commits_behind_line = bool(self._line.waiting) and not self._small_rides
            async with self._line if self._commits_behind_line else nullcontext(), self._turn:
                self._commits_behind_line = self._small_rides = False
                await self._commit_for_others()
        except BaseException:
            self._riders.cut_off = True
            raise

    async def _go_round(self) -> None:
        loop = asyncio.get_running_loop()
        latest = loop.time() + _GATHERING
        for _ in range(_ROUNDS):
            await asyncio.sleep(0)
            if loop.time() > latest:
                break

    async def _commit_for_others(self) -> None:
        """Commit what others wrote; how that ends is told to each of them, and to nobody else."""
        with suppress(Exception):
            await self._commit()

    def _refuse_to_wait_for_oneself(self) -> None:
        """Say so at once where a transaction inside a transaction would wait for ever."""
        if self._writing is not None and self._writing is asyncio.current_task():
            raise RuntimeError("this task has the write transaction open already")

    async def _share_commits(self) -> None:
        while self._waiting:
            async with self.pulse.turn(self._turn):
                batch, self._waiting = self._waiting[:_SHARED], self._waiting[_SHARED:]
                await self._commit_together(batch)
            await asyncio.sleep(0)  # Nothing above need wait for anything, and others need the loop.

    async def _commit_together(self, batch: list[_Waiting]) -> None:
        try:
            async with self._begun(sole=False) as connection:
                results = [await waiting.change(connection) for waiting in batch]
            await self._keep(partial(self._settle_batch, batch, results), small=True)
        except Exception as error:  # noqa: BLE001 - it is raised again where the change was asked for
            await self._commit_apart(batch, error)
        except BaseException:
            for waiting in batch:
                waiting.outcome.cancel()
            raise

    def _settle_batch(self, batch: list[_Waiting], results: list[object], error: Exception | None) -> None:
        """Tell those of a batch how their commit ended; where it failed, each tries once more alone."""
        if self._riders.cut_off:
            for waiting in batch:
                waiting.outcome.cancel()
        elif error is not None:
            trying = asyncio.create_task(self._try_apart(batch))
            self._trying.add(trying)
            trying.add_done_callback(self._trying.discard)
        else:
            for waiting, result in zip(batch, results, strict=True):
                waiting.settle(result)

    async def _try_apart(self, batch: list[_Waiting]) -> None:
        async with self._turn:
            for waiting in batch:
                await self._commit_alone(waiting)

    async def _commit_apart(self, batch: list[_Waiting], error: Exception) -> None:
        """After one of them failed, give each a commit of its own, so that only the guilty one fails."""
        if len(batch) == 1:
            batch[0].settle(None, error)
            return
        for waiting in batch:
            await self._commit_alone(waiting)

    async def _commit_alone(self, waiting: _Waiting) -> None:
        try:
            async with self._begun(sole=False) as connection:
                result = await waiting.change(connection)
            await self._commit()
        except Exception as error:  # noqa: BLE001 - it is raised again where the change was asked for
            waiting.settle(None, error)
        except BaseException:
            waiting.outcome.cancel()
            raise
        else:
            waiting.settle(result)


def _settle(outcome: asyncio.Future[Any], result: object, error: Exception | None) -> None:
    """Give whoever still waits for it a result or an error."""
    if outcome.done():
        return
    if error is None:
        outcome.set_result(result)
    else:
        outcome.set_exception(error)
