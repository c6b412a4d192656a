"""Importing: a file is staged chunk by chunk, each a commit, and becomes the roster in one transaction."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Final, Protocol

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.dialects import sqlite

from storage.database import Database
from storage.roster.merging import merge
from storage.roster.reading import Rows
from storage.roster.rows import COUNTED, FIELDS, BadRow, RegistryRows, Row
from storage.roster.source import RosterFile, RosterFileRefused
from storage.roster.tables import imports, providers, staged

_CHUNK: Final = 10_000
"""Rows of one commit: what a kill costs at most, well under a second of work."""
_STAGE: Final = str(
    insert(staged).values({name: bindparam(name) for name in FIELDS}).compile(dialect=sqlite.dialect())
)


class Watcher(Protocol):
    """Who started an import and looks on."""

    def resumed(self, line: int) -> None:
        """Hear that an earlier run got as far as this line, and that it goes on behind it."""
        ...

    def rejected(self, line: int, reason: str) -> None:
        """Hear of a bad row; the others go on."""
        ...

    def read(self, rows: int, done: int) -> None:
        """Hear that so many rows more were read, and how many bytes of the file that makes."""
        ...

    def merging(self) -> None:
        """Hear that everything is read and now becomes the roster."""
        ...


@dataclass(frozen=True, slots=True)
class Imported:
    """A finished import. ``counts`` has every row once: as what it counts, or as rejected."""

    number: int
    counts: Mapping[str, int]
    changed: int
    """Rows of the roster that are new or became other ones."""
    newly_deactivated: int

    @property
    def effects(self) -> Mapping[str, int]:
        """What became of the roster by it."""
        return {"changed": self.changed, "newly_deactivated": self.newly_deactivated}

    @property
    def rows(self) -> int:
        """How many rows the file has."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class _Begun:
    """An import under way: its number, and how far its file is staged."""

    number: int
    line: int
    offset: int
    counts: Counter[str]


@dataclass(slots=True)
class _Chunk:
    """Rows of one commit: how many were read, and those that were taken."""

    read: int = 0
    kept: list[Row] = field(default_factory=list)

    def __bool__(self) -> bool:
        return self.read > 0


class Importing:
    """One import of one file, into a roster that nobody else imports into meanwhile."""

    def __init__(self, database: Database, file: RosterFile, watcher: Watcher) -> None:
        """Take the roster, the file and who looks on."""
        self._database = database
        self._file = file
        self._watcher = watcher

    async def run(self, *, again: bool, now: datetime) -> Imported:
        """Import from where an earlier run was ended, or from the start where ``again`` says so.

        Raises :class:`RosterFileRefused` for a file that is not the registry's or breaks off; the roster then
        is what it was before.
        """
        rows = Rows(self._file)
        begun = await self._begin(again=again)
        reader = RegistryRows(rows.layout)
        reader.counts.update(begun.counts)
        if begun.line:
            rows.go_on(begun.line, begun.offset)
            self._watcher.resumed(begun.line)
        try:
            await self._stage_all(begun.number, rows, reader)
        except RosterFileRefused:
            await self._forget()
            raise
        self._watcher.merging()
        return await self._merge(begun.number, rows, reader.counts, now)

    async def _begin(self, *, again: bool) -> _Begun:
        """Find the import that was ended before its time, if it was this file's; else begin one."""
        open_one = select(imports).where(imports.c.finished_at.is_(None))
        async with self._database.reading() as connection:
            row = (await connection.execute(open_one)).first()
        if row is not None and row.fingerprint == self._file.digest and not again:
            return _Begun(row.number, row.line, row.offset, Counter(json.loads(row.counts)))
        await self._forget()
        values = {"fingerprint": self._file.digest, "offset": 0, "line": 0, "counts": "{}"}
        async with self._database.transaction() as connection:
            made = await connection.execute(insert(imports).values(values).returning(imports.c.number))
            return _Begun(made.scalar_one(), 0, 0, Counter())

    async def _forget(self) -> None:
        """Forget an import that was not finished."""
        async with self._database.transaction() as connection:
            await connection.execute(delete(staged))
            await connection.execute(delete(imports).where(imports.c.finished_at.is_(None)))

    async def _stage_all(self, number: int, rows: Rows, reader: RegistryRows) -> None:
        everything = iter(rows)
        while kept := self._chunk(everything, rows, reader):
            await self._keep(number, kept, rows, reader)
        self._file.require_unchanged()
        if not sum(reader.counts.values()):
            raise RosterFileRefused(f"{self._file.path} has a header and no rows.")

    def _chunk(self, everything: Iterator[list[str] | BadRow], rows: Rows, reader: RegistryRows) -> _Chunk:
        chunk = _Chunk()
        for values in islice(everything, _CHUNK):
            chunk.read += 1
            try:
                chunk.kept.append(reader.row(values))
            except BadRow as bad:
                reader.counts["rejected"] += 1
                self._watcher.rejected(rows.line, str(bad))
        return chunk

    async def _keep(self, number: int, chunk: _Chunk, rows: Rows, reader: RegistryRows) -> None:
        """Commit a chunk together with the place where the file goes on behind it."""
        place = {"line": rows.last_line, "offset": rows.end, "counts": json.dumps(reader.counts)}
        async with self._database.transaction() as connection:
            if chunk.kept:
                await connection.exec_driver_sql(_STAGE, chunk.kept)
            await connection.execute(update(imports).where(imports.c.number == number).values(place))
        self._watcher.read(chunk.read, self._file.done)

    async def _merge(self, number: int, rows: Rows, counts: Counter[str], now: datetime) -> Imported:
        mine = imports.c.number == number
        off = select(func.count()).where(providers.c.deactivated_in == number)
        async with self._database.transaction() as connection:
            changed = await merge(connection, rows.layout, number)
            deactivated = (await connection.execute(off)).scalar_one()
            done = {"finished_at": now, "counts": json.dumps(counts)}
            await connection.execute(update(imports).where(mine).values(done))
        counted = {name: counts[name] for name in (*COUNTED, "rejected")}
        return Imported(number, counted, changed, deactivated)
