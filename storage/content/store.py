"""The content database as the bootstrap opens it: work, queue and inbox over one database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

from bot.ports.chance import Chance
from bot.ports.clock import Clock
from bot.ports.outbox import Outbox
from bot.ports.sealing import Sealer
from bot.ports.seat import Seat
from storage.canary import require_key
from storage.connection import Connection
from storage.content.backlog import BacklogRows
from storage.content.inbox import InboxRows
from storage.content.queue import OutboxQueue
from storage.content.sealed import SEALED
from storage.content.spreading import Spreader
from storage.content.tables import canary, metadata
from storage.content.work import ContentWork
from storage.database import INBOX, OUTBOX, TICK
from storage.glance import Glance
from storage.migrating import History, bring_up
from storage.places import Places, places_of
from storage.pulse import Pulse
from storage.resealing import SealedValues

HISTORY: Final = History("content", "storage.content.migrations", head="0027", metadata=metadata)


class ContentStore:
    """Fills :class:`bot.ports.work.Content`, and carries the relay's queue and the inbox.

    ``changed`` holds callbacks that are called after each commit that put something into the outbox or moved
    what is due, ``outgoing`` those that are told then for which destinations something was put and when it
    may leave at the soonest, or None where anything may have changed,
    ``arrived`` those that are called when another bot on the database accepted events, and ``ticked`` those
    that are called every few seconds where other bots may die. ``listed`` holds those that are called after a
    commit that left lists for ``spreading``. They must not raise.
    """

    def __init__(
        self,
        places: Places,
        sealer: Sealer,
        *,
        rooms: tuple[str, ...],
        moderators: str,
        clock: Clock,
        chance: Chance,
    ) -> None:
        """Name the database; :meth:`open` touches it.

        ``rooms`` names all consult rooms, ``moderators`` the moderators' room, empty where there is none.
        """
        self._database = places.content()
        self._sealer = sealer
        self._rooms = rooms
        self._moderators = moderators
        self._clock = clock
        self._chance = chance
        self._erasure_owed = False
        self.changed: list[Callable[[], None]] = []
        self.outgoing: list[Callable[[Mapping[str, datetime] | None], None]] = []
        self.arrived: list[Callable[[], None]] = []
        self.ticked: list[Callable[[], None]] = []
        self.listed: list[Callable[[], None]] = []
        self.queue = OutboxQueue(self._database, sealer, self._outbox_on, partial(self._hear, OUTBOX))
        self.inbox = InboxRows(self._database, sealer, clock)
        self.sealed = SealedValues(self._database, sealer, SEALED)
        self.spreading = Spreader(self._database, sealer, clock, chance, self._spread)
        self.backlog = BacklogRows(self._database, clock, self._announce)

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
        await require_key(self._database, canary, self._sealer, "content")

    @property
    def answering(self) -> bool:
        """Whether the database answered its last transactions; nothing is asked for it."""
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
        """Take the database for a bot that runs on it; raises ``StorageRefused`` if it cannot be shared.

        From then on what other processes put into the outbox calls ``changed`` too, and what they accept
        calls ``arrived``.
        """
        await self._database.own()
        await self._database.listen(self._hear)

    @property
    def seat(self) -> Seat:
        """The seat that one of all bots on the database holds; there is one after :meth:`own`."""
        return self._database.seat

    async def close(self) -> None:
        """Finish what waits, fold the write-ahead log, close the files and give the database back."""
        await self._database.close()

    @asynccontextmanager
    async def work(self) -> AsyncIterator[ContentWork]:
        """Open a unit of work: leaving it normally commits, leaving it by an exception rolls back.

        Nobody else can write meanwhile, so nothing slow belongs inside: no network, no picture, no text
        to clean.
        """
        async with self._database.transaction() as connection:
            work = self._work_on(connection)
            yield work
            await work.words.settle()
            if work.wakes:
                await self._database.tell(connection, OUTBOX)
        self._erasure_owed |= work.erasure.owed
        if work.wakes:
            self._announce(work.put)
        if work.listed_any:
            for callback in tuple(self.listed):
                callback()
        if self._erasure_owed:
            # A reader of an older state may be in the way; then the next commit tries again.
            self._erasure_owed = not await self._database.truncate()

    @asynccontextmanager
    async def look(self) -> AsyncIterator[ContentWork]:
        """Open a unit of work to read from: it sees the last commit, and the database refuses any change."""
        async with self._database.reading() as connection:
            yield self._work_on(connection)

    def glance(self) -> ContentWork:
        """Give a unit of work to ask short questions of: each sees the last commit of its own moment."""
        return self._work_on(Glance(self._database))

    def _work_on(self, connection: Connection) -> ContentWork:
        return ContentWork(
            connection,
            self._sealer,
            rooms=self._rooms,
            moderators=self._moderators,
            now=self._clock.now(),
            new_id=self._chance.id,
            new_key=self._chance.key,
        )

    def _outbox_on(self, connection: Connection) -> Outbox:
        return self._work_on(connection).outbox

    def _hear(self, what: str) -> None:
        told = {OUTBOX: self.changed, INBOX: self.arrived, TICK: self.ticked}
        for callback in tuple(told[what]):
            callback()
        if what == OUTBOX:
            self._tell_outgoing(None)

    def _announce(self, put: Mapping[str, datetime] | None = None) -> None:
        self._database.ring()
        for callback in tuple(self.changed):
            callback()
        self._tell_outgoing(put)

    def _spread(self, put: Mapping[str, datetime] | None) -> None:
        """Wake the relay after a piece of a list; at its end, whoever else wants to know."""
        if put is None:
            self._announce()
        else:
            self._tell_outgoing(put)

    def _tell_outgoing(self, put: Mapping[str, datetime] | None) -> None:
        if put is None or put:
            for callback in tuple(self.outgoing):
                callback(put)


async def open_content(
    where: Path | Places,
    sealer: Sealer,
    *,
    rooms: tuple[str, ...],
    clock: Clock,
    chance: Chance,
    moderators: str = "",
) -> ContentStore:
    """Open the content database where it lies (a folder stands for the file in it), migrated.

    ``rooms`` and ``moderators`` are names of :func:`bot.ports.outbox.room_name`.

    Raises ``StorageRefused`` for a newer version, the wrong key, or a file that cannot be used.
    """
    places = places_of(where)
    store = ContentStore(places, sealer, rooms=rooms, moderators=moderators, clock=clock, chance=chance)
    await store.open()
    return store
