"""The content database as the bootstrap opens it: work, queue and inbox over one file."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from bot.ports.chance import Chance
from bot.ports.clock import Clock
from bot.ports.sealing import Sealer
from storage.canary import require_key
from storage.content.backlog import BacklogRows
from storage.content.doorbell import Doorbell
from storage.content.inbox import InboxRows
from storage.content.queue import OutboxQueue
from storage.content.sealed import SEALED
from storage.content.tables import canary
from storage.content.work import ContentWork
from storage.database import Database
from storage.files import OwnerLock, private_file, private_folder
from storage.migrating import History, bring_up
from storage.resealing import SealedValues

HISTORY: Final = History("content", "storage.content.migrations", head="0023")


class ContentStore:
    """Fills :class:`bot.ports.work.Content`, and carries the relay's queue and the inbox.

    ``changed`` holds callbacks that are called after each commit that put something into the outbox. They
    must not raise.
    """

    def __init__(
        self,
        data_dir: Path,
        sealer: Sealer,
        *,
        rooms: tuple[str, ...],
        moderators: str,
        clock: Clock,
        chance: Chance,
    ) -> None:
        """Name the files; :meth:`open` touches them.

        ``rooms`` names all consult rooms, ``moderators`` the moderators' room, empty where there is none.
        """
        self._path = data_dir / "content.db"
        self._lock = OwnerLock(data_dir / "content.lock")
        self._doorbell = Doorbell(data_dir / "content.bell")
        self._database = Database(self._path)
        self._sealer = sealer
        self._rooms = rooms
        self._moderators = moderators
        self._clock = clock
        self._chance = chance
        self._erasure_owed = False
        self.changed: list[Callable[[], None]] = []
        self.queue = OutboxQueue(self._database, sealer)
        self.inbox = InboxRows(self._database, sealer, clock)
        self.sealed = SealedValues(self._database, sealer, SEALED)
        self.backlog = BacklogRows(self._database, clock, self._announce)

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
        await require_key(self._database, canary, self._sealer, "content")

    @property
    def answering(self) -> bool:
        """Whether the database answered its last transactions; nothing is asked for it."""
        return self._database.pulse.answering

    def own(self) -> None:
        """Take the database for the one bot that runs on it; raises ``StorageRefused`` if another does.

        From then on what other processes put into the outbox calls ``changed`` too.
        """
        self._lock.take()
        self._doorbell.listen(self._call_changed)

    async def close(self) -> None:
        """Finish what waits, fold the write-ahead log, close the files and give the database back."""
        self._doorbell.close()
        await self._database.close()
        self._lock.release()

    @asynccontextmanager
    async def work(self) -> AsyncIterator[ContentWork]:
        """Open a unit of work: leaving it normally commits, leaving it by an exception rolls back.

        Nobody else can write meanwhile, so nothing slow belongs inside: no network, no picture, no text
        to clean.
        """
        async with self._database.transaction() as connection:
            work = ContentWork(
                connection,
                self._sealer,
                rooms=self._rooms,
                moderators=self._moderators,
                now=self._clock.now(),
                new_id=self._chance.id,
                new_key=self._chance.key,
            )
            yield work
            await work.words.settle()
        self._erasure_owed |= work.erasure.owed
        if self._erasure_owed:
            # A reader of an older state may be in the way; then the next commit tries again.
            self._erasure_owed = not await self._database.truncate()
        replaced_any = work.cases.replaced_any or work.polls.replaced_any
        moved_any = work.pauses.lifted_any or work.schedule.moved_any
        if work.outbox.put_any or moved_any or replaced_any:
            self._announce()

    def _announce(self) -> None:
        self._doorbell.ring()
        self._call_changed()

    def _call_changed(self) -> None:
        for callback in tuple(self.changed):
            callback()


async def open_content(
    data_dir: Path,
    sealer: Sealer,
    *,
    rooms: tuple[str, ...],
    clock: Clock,
    chance: Chance,
    moderators: str = "",
) -> ContentStore:
    """Open the content database in ``data_dir``, migrated to this version.

    ``rooms`` and ``moderators`` are names of :func:`bot.ports.outbox.room_name`.

    Raises ``StorageRefused`` for a newer version, the wrong key, or a file that cannot be used.
    """
    store = ContentStore(data_dir, sealer, rooms=rooms, moderators=moderators, clock=clock, chance=chance)
    await store.open()
    return store
