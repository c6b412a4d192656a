"""Where files are imported in tests: who looks on, and what the roster is afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.roster_import import HEADER, Row
from bot.domain.roster import RosterRow
from bot.identity.keys import MasterKey
from bot.identity.sealing import AesSealer
from storage.roster.importing import Imported
from storage.roster.roster import StaffedRoster
from storage.roster.source import RosterFile
from tests.roster.files import ADA, BO, CLINIC, CY, DEE, PEOPLE, csv_file
from tests.storage.handed_in import SeededChance

NOW = datetime(2031, 5, 6, 7, 8, 9, tzinfo=UTC)
EVERYBODY = (ADA, BO, CY, DEE, CLINIC)


def keys(key: int = 32) -> AesSealer:
    """Seal with a key of its own for each number."""
    return AesSealer(MasterKey(bytes(range(key, key + 32))), SeededChance(key))


class Killed(BaseException):
    """Stands for the end of the process."""


@dataclass
class Onlooker:
    """Writes down what it hears, and ends the process after so many commits."""

    commits: int | None = None
    resumed_at: list[int] = field(default_factory=list)
    bad: list[tuple[int, str]] = field(default_factory=list)
    done: list[int] = field(default_factory=list)
    merges: int = 0

    def resumed(self, line: int) -> None:
        self.resumed_at.append(line)

    def rejected(self, line: int, reason: str) -> None:
        self.bad.append((line, reason))

    def read(self, rows: int, done: int) -> None:
        self.done.append(done)
        if len(self.done) == self.commits:
            raise Killed

    def merging(self) -> None:
        self.merges += 1


@dataclass
class Desk:
    """Imports into one roster."""

    roster: StaffedRoster
    folder: Path
    onlooker: Onlooker = field(default_factory=Onlooker)

    async def take(self, path: Path, *, again: bool = False, commits: int | None = None) -> Imported:
        """Import a file; `onlooker` then is who looked on."""
        self.onlooker = Onlooker(commits)
        with RosterFile(path) as file:
            return await self.roster.import_file(file, self.onlooker, again=again, now=NOW)

    async def take_rows(self, *rows: Row, columns: Sequence[str] = HEADER) -> Imported:
        return await self.take(csv_file(self.folder / "rows.csv", rows or PEOPLE, columns))

    async def take_text(self, text: str | bytes) -> Imported:
        path = self.folder / "text.csv"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return await self.take(path)

    async def known(self) -> dict[str, RosterRow]:
        """Everybody of the tests whom the roster knows."""
        found = {npi: await self.roster.by_npi(npi) for npi in EVERYBODY}
        return {npi: row for npi, row in found.items() if row is not None}
