"""A bot's presence on a PostgreSQL server: a connection that shows, while it stands, that the bot lives.

The server takes back what a connection holds when it ends, and ends one that says nothing for a while. So a
bot that was killed, stopped or cut off loses its seat and its claims by the server's clock alone, and no two
machines have to agree on the time. It asks the server for life again and again, and writes nothing once it
has had no answer for longer than :data:`BELIEVED`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final

import structlog

from storage.away import ServerAway
from storage.database import TICK
from storage.refused import StorageRefused
from storage.session import Session, key_of

_log = structlog.get_logger(__name__)

BEAT: Final = 3.0
"""Seconds between two signs of life, and between two tries to take a seat or to come back."""
ANSWER: Final = 4.0
"""Seconds that an answer may take."""
BELIEVED: Final = 8.0
"""Seconds after the last answer for which a bot believes that it is there."""
ENDED_AFTER: Final = 20
"""Seconds of silence after which the server ends the connection; more than a bot believes, plus the ten that
a transaction may stand still."""
RUNNING: Final = 0x4342626F
"""The lock that all bots on one database hold together."""
LIVING: Final = 0x43426C69
"""The lock of one bot; its second half is the number of the bot."""
SEATED: Final = 0x43427365
"""The lock of the one bot that has the seat."""

Told = Callable[[str], None]


class NotPresent(ServerAway):
    """This bot has had no answer from the server for too long; whatever it held may be somebody else's."""


class Presence:
    """One bot's presence in one database."""

    def __init__(self, connect: Callable[[], Awaitable[Session]], name: str) -> None:
        """Take what connects; :meth:`begin` does it."""
        self._connect = connect
        self._name = name
        self._key = key_of(name)
        self._session: Session | None = None
        self._beating: asyncio.Task[None] | None = None
        self._answered = 0.0
        self._asking = asyncio.Lock()
        self._told: list[Told] = []
        self._seated = asyncio.Event()
        self._unseated = asyncio.Event()
        self._unseated.set()
        self._wants = False
        self._fits: list[Callable[[], bool]] = []
        self._locked = False
        """Whether the server keeps the seat for this bot, which may have it no longer."""
        self.number = 0
        """What this bot's claims bear; another one after each loss of the connection."""

    async def begin(self) -> None:
        """Appear; raises ``StorageRefused`` while somebody migrates, or if no server can be reached."""
        await self._appear()
        self._beating = asyncio.create_task(self._beat())

    async def end(self) -> None:
        """Disappear; whatever was held is free at once."""
        if self._beating is not None:
            self._beating.cancel()
            await asyncio.wait([self._beating])
        session = self._session
        try:
            if session is not None:
                await session.close(timeout=ANSWER)
        except Exception as error:  # noqa: BLE001 - a server that is silent ends it by itself
            _log.warning("database_presence_lost", part=self._name, error=type(error).__name__)
        self._lose()

    def require(self) -> None:
        """Raise :class:`NotPresent` unless the server answered lately."""
        if not self.there:
            raise NotPresent(f"no answer from the {self._name} database for {BELIEVED:.0f} seconds")

    @property
    def there(self) -> bool:
        """Whether the server answered lately."""
        alive = self._session is not None and not self._session.is_closed()
        return alive and asyncio.get_running_loop().time() - self._answered < BELIEVED

    def listen(self, told: Told) -> None:
        """Call back with what other processes committed, and at every beat."""
        self._told.append(told)

    @property
    def held(self) -> bool:
        """Whether this bot holds the seat right now."""
        return self._seated.is_set() and self.there

    async def take(self) -> bool:
        """Take the seat if it is free."""
        async with self._asking, asyncio.timeout(ANSWER):
            if self._session is not None and not self._seated.is_set():
                await self._try_seat(self._session)
        return self.held

    async def taken(self) -> None:
        """Wait until this bot has the seat; it is tried for at every beat."""
        self._wants = True
        await self._seated.wait()

    async def lost(self) -> None:
        """Wait until the connection that held the seat is gone, or the bot is not fit for it any more."""
        await self._unseated.wait()

    def only_while(self, fit: Callable[[], bool]) -> None:
        """Hold the seat no longer, and do not take it, while this says no; it is asked at every beat."""
        self._fits.append(fit)

    async def leave(self) -> None:
        """Let another bot have the seat that this one holds no longer."""
        if not self._locked or self._seated.is_set():
            return
        try:
            async with self._asking, asyncio.timeout(ANSWER):
                if self._session is not None:
                    await self._session.fetchval("SELECT pg_advisory_unlock($1, $2)", SEATED, self._key)
                self._locked = False
        except Exception as error:  # noqa: BLE001 - with its connection the server takes the seat back
            _log.warning("database_presence_lost", part=self._name, error=type(error).__name__)
            self._lose()

    @property
    def _fit(self) -> bool:
        return all(fit() for fit in self._fits)

    async def _appear(self) -> None:
        session = await self._connect()
        try:
            number = await self._introduce(session)
        except BaseException:
            session.terminate()
            raise
        session.add_termination_listener(self._ended)
        self._session, self.number = session, number
        self._answered = asyncio.get_running_loop().time()

    async def _introduce(self, session: Session) -> int:
        """Take what every bot holds, and give the number that was drawn for this one."""
        await session.execute(f"SET idle_session_timeout = '{ENDED_AFTER}s'")
        if not await session.fetchval("SELECT pg_try_advisory_lock_shared($1, $2)", RUNNING, self._key):
            raise StorageRefused(f"The {self._name} database is being migrated; start again after that.")
        number: int = await session.fetchval("SELECT (random() * 2147483646)::int + 1")
        await session.fetchval("SELECT pg_advisory_lock($1, $2)", LIVING, number)
        await session.add_listener(channel(self._name), self._hear)
        return number

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT)
            try:
                await self._live()
            except Exception as error:  # noqa: BLE001 - whatever it is, there was no answer
                _log.warning("database_presence_lost", part=self._name, error=type(error).__name__)
                self._lose()

    async def _live(self) -> None:
        if self._session is None:
            await self._appear()
        session = self._session
        assert session is not None  # noqa: S101 - `_appear` has just set it
        async with self._asking, asyncio.timeout(ANSWER):
            asked = asyncio.get_running_loop().time()
            await session.fetchval("SELECT 1")
            self._answered = asked
            if not self._fit:
                self._seated.clear()
                self._unseated.set()
            elif self._wants and not self._seated.is_set():
                await self._try_seat(session)
        self._tell(TICK)

    async def _try_seat(self, session: Session) -> None:
        """Take the seat if it is free, and if nothing of it is left to be put down here."""
        if self._locked or not self._fit:
            return
        got = await session.fetchval("SELECT pg_try_advisory_lock($1, $2)", SEATED, self._key)
        if got and session is self._session:
            self._locked = True
            self._unseated.clear()
            self._seated.set()

    def _ended(self, session: Any) -> None:  # noqa: ANN401 - the driver's own type
        if session is self._session:
            self._lose()

    def _lose(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            session.terminate()
        self._locked = False
        self._seated.clear()
        self._unseated.set()

    def _hear(self, _session: object, _pid: int, _channel: str, payload: str) -> None:
        what, _, number = payload.partition(":")
        if number != str(self.number):
            self._tell(what)

    def _tell(self, what: str) -> None:
        for told in self._told:
            told(what)


def channel(name: str) -> str:
    """Name the channel on which processes tell each other what they committed."""
    return f"curbside_{name}"
