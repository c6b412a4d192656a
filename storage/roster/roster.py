"""The roster as verification asks it, and as the shell imports into it.

The registry is public and lies open. The hospital's own list is not: whoever works with it needs the keys.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar, Final

from sqlalchemy import ColumnElement, Row, event, func, select
from sqlalchemy.exc import OperationalError

from bot.domain.credentials import licence_key, npi_trouble
from bot.domain.roster import Kind, ListedRow, RosterRow
from bot.ports.sealing import Sealer
from storage.migrating import History, bring_up
from storage.pulse import Pulse
from storage.refused import StorageRefused
from storage.roster.importing import Imported, Importing, Watcher
from storage.roster.listing import ListColumns, ListImported, Listing
from storage.roster.merging import off
from storage.roster.rows import FIELDS
from storage.roster.source import RosterFile
from storage.roster.staff import StaffRows
from storage.roster.tables import imports, licences, metadata, providers
from storage.sqlite import SqliteDatabase

HISTORY: Final = History("roster", "storage.roster.migrations", head="0003", metadata=metadata)

_KEPT: Final = tuple(providers.c[name] for name in FIELDS if name != "updated_on")
# What is deleted here was public, and what a power cut takes can be imported again.
_PUBLIC: Final = ("PRAGMA secure_delete = OFF", "PRAGMA synchronous = NORMAL")


class RosterStore:
    """The public registry; the bot reads while another process imports."""

    _pragmas: ClassVar[tuple[str, ...]] = _PUBLIC

    def __init__(self, data_dir: Path) -> None:
        """Name the files; :meth:`open` touches them."""
        self._database = SqliteDatabase(data_dir / "roster.db")
        event.listen(self._database.opening.engine.sync_engine, "connect", self._set_pragmas)

    async def open(self) -> None:
        """Migrate if need be; raises ``StorageRefused``."""
        await self._database.prepare()
        try:
            await self._make_ready()
        except BaseException:
            await self._database.abandon()
            raise

    async def _make_ready(self) -> None:
        await bring_up(self._database, HISTORY)

    @property
    def answering(self) -> bool:
        """Whether the roster answered its last transactions; nothing is asked for it."""
        return self._database.pulse.answering

    @property
    def pulse(self) -> Pulse:
        """How the database answers, and how fast."""
        return self._database.pulse

    async def close(self) -> None:
        """Finish what waits, fold the write-ahead log, close the files and give the roster back."""
        try:
            await self._database.close()
        except OperationalError:
            # The disk is full, perhaps. What was committed is in the log, and whoever opens it next folds it.
            await self._database.abandon()
            await self._database.release()

    async def by_npi(self, npi: str) -> RosterRow | None:
        """Find a number; None for one that is not there, whatever was asked for."""
        if npi_trouble(npi):
            return None
        async with self._database.reading() as connection:
            found = (await connection.execute(select(*_KEPT).where(providers.c.npi == int(npi)))).first()
        return None if found is None else _row(found)

    async def by_licence(self, state: str, number: str) -> tuple[RosterRow, ...]:
        """List who holds a licence, in order of their numbers; case, punctuation and leading zeros aside."""
        holders = select(licences.c.npi).where(licences.c.licence == licence_key(state, number))
        return await self._rows(providers.c.npi.in_(holders))

    async def latest_import(self) -> int:
        """Give the number of the newest finished import, 0 when nothing was imported yet."""
        newest = select(func.max(imports.c.number)).where(imports.c.finished_at.is_not(None))
        async with self._database.reading() as connection:
            return (await connection.execute(newest)).scalar() or 0

    async def deactivated_since(self, import_number: int) -> tuple[str, ...]:
        """List the numbers that a later import than this one found deactivated, and that still are."""
        mine = select(providers.c.npi).where(providers.c.deactivated_in > import_number)
        async with self._database.reading() as connection:
            numbers = (await connection.execute(mine.where(off(providers.c)).order_by("npi"))).scalars()
            return tuple(map(str, numbers))

    async def import_file(
        self, file: RosterFile, watcher: Watcher, *, again: bool, now: datetime
    ) -> Imported:
        """Import an opened file; raises ``StorageRefused``, also while another import is under way."""
        async with self._alone():
            return await Importing(self._database, file, watcher).run(again=again, now=now)

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[None]:
        """Let one process import at a time, and turn what the disk refuses into a sentence."""
        try:
            await self._database.own()
        except StorageRefused:
            raise StorageRefused("Another import into this roster is under way; let it end first.") from None
        try:
            yield
        except OperationalError as error:
            raise StorageRefused(
                f"The roster cannot be written ({error.orig}). Mend that, perhaps by making room, and give "
                "the same command again."
            ) from None

    async def _rows(self, which: ColumnElement[bool]) -> tuple[RosterRow, ...]:
        async with self._database.reading() as connection:
            found = await connection.execute(select(*_KEPT).where(which).order_by(providers.c.npi))
            return tuple(map(_row, found))

    def _set_pragmas(self, connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own type
        cursor = connection.cursor()
        for pragma in self._pragmas:
            cursor.execute(pragma)
        cursor.close()


class StaffedRoster(RosterStore):
    """Fills :class:`bot.domain.roster.Roster`: the registry, and the hospital's own list, which is sealed."""

    # What is deleted of a list is gone, and what was committed stays.
    _pragmas: ClassVar[tuple[str, ...]] = ()

    def __init__(self, data_dir: Path, sealer: Sealer) -> None:
        """Name the files; :meth:`open` touches them."""
        super().__init__(data_dir)
        self._staff = StaffRows(self._database, sealer)
        self.sealed = self._staff.sealed

    async def _make_ready(self) -> None:
        await super()._make_ready()
        await self._staff.seal_what_lies_open()

    async def require_key(self) -> None:
        """Refuse keys that the list was not sealed with; raises ``StorageRefused``."""
        await self._staff.require_key()

    async def listed(self, number: str) -> ListedRow | None:
        """Find a staff or licence number on the hospital's own list, however it is written."""
        return await self._staff.find(number)

    async def import_list(
        self, file: RosterFile, watcher: Watcher, *, columns: ListColumns, now: datetime
    ) -> ListImported:
        """Put the hospital's own list in the place of the one before; raises ``StorageRefused``."""
        async with self._alone():
            return await Listing(self._database, self._staff, file, watcher).run(columns, now)


async def open_roster(data_dir: Path) -> RosterStore:
    """Open the registry in ``data_dir``, migrated to this version.

    Raises ``StorageRefused`` for a newer version, or a file that cannot be used.
    """
    store = RosterStore(data_dir)
    await store.open()
    return store


async def open_staffed_roster(data_dir: Path, sealer: Sealer) -> StaffedRoster:
    """Open the roster with the hospital's list in it, sealed by now if an earlier version left it open.

    Raises ``StorageRefused`` as :func:`open_roster` does, and when that cannot be done.
    """
    store = StaffedRoster(data_dir, sealer)
    await store.open()
    return store


def _row(found: Row[Any]) -> RosterRow:
    return RosterRow(**{**found._mapping, "npi": str(found.npi), "kind": Kind(found.kind)})  # noqa: SLF001
