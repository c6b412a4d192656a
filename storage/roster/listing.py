"""The hospital's own list: the medical staff office's CSV, its columns named by the operator."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import insert

from bot.domain.credentials import staff_key
from bot.domain.members import Role
from bot.domain.registry_names import parts_of
from storage.database import Database
from storage.roster.columns import mapped_layout
from storage.roster.importing import Watcher
from storage.roster.reading import Rows
from storage.roster.rows import BadRow
from storage.roster.source import RosterFile, RosterFileRefused
from storage.roster.staff import StaffRows
from storage.roster.tables import imports

COLUMNS: Final = ("name", "first_name", "middle_name", "last_name", "number", "specialty", "role")
"""What a list may tell of; either ``name``, or first and last name."""
_ROLES: Final = {
    **dict.fromkeys(("physician", "doctor", "attending", "consultant"), Role.PHYSICIAN),
    **dict.fromkeys(("trainee", "resident", "fellow", "intern", "student"), Role.TRAINEE),
}


@dataclass(frozen=True, slots=True)
class ListColumns:
    """Which column of the file tells what, and the role of everybody where no column tells it."""

    places: Mapping[str, str]
    role: Role | None


@dataclass(frozen=True, slots=True)
class ListImported:
    """A finished import of a list. ``counts`` has every row once: by role, or as rejected."""

    number: int
    counts: Mapping[str, int]

    left: int
    """How many stood on the list before and do not any more."""

    @property
    def effects(self) -> Mapping[str, int]:
        """What became of the list by it."""
        return {"left": self.left}

    @property
    def rows(self) -> int:
        """How many rows the file has."""
        return sum(self.counts.values())


class Listing:
    """One import of one list, which takes the place of the one before."""

    def __init__(self, database: Database, staff: StaffRows, file: RosterFile, watcher: Watcher) -> None:
        """Take the roster, where the list lies in it, the file and who looks on."""
        self._database = database
        self._staff = staff
        self._file = file
        self._watcher = watcher

    async def run(self, columns: ListColumns, now: datetime) -> ListImported:
        """Read the whole list and keep it; raises :class:`RosterFileRefused` and then changes nothing."""
        rows = Rows(self._file, mapped_layout(columns.places))
        people, counts = self._read(rows, columns)
        self._file.require_unchanged()
        if not people:
            raise RosterFileRefused(
                f"{self._file.path} has no row that can be taken; the list stays as it was."
            )
        done = {"fingerprint": self._file.digest, "offset": rows.end, "line": rows.last_line}
        done |= {"counts": json.dumps(counts), "finished_at": now}
        async with self._database.transaction() as connection:
            left = await self._staff.replace(connection, people.values())
            made = await connection.execute(insert(imports).values(done).returning(imports.c.number))
            number = made.scalar_one()
        counted = {name: counts[name] for name in ("physicians", "trainees", "rejected")}
        return ListImported(number, counted, left)

    def _read(self, rows: Rows, columns: ListColumns) -> tuple[dict[str, dict[str, str]], Counter[str]]:
        people: dict[str, dict[str, str]] = {}
        counts: Counter[str] = Counter()
        take = _Taking(rows, columns)
        for values in rows:
            try:
                person = take.person(values)
            except BadRow as bad:
                counts["rejected"] += 1
                self._watcher.rejected(rows.line, str(bad))
            else:
                people[person["number"]] = person
                counts[f"{person['role']}s"] += 1
            self._watcher.read(1, self._file.done)
        return people, counts


class _Taking:
    """Takes what is kept out of a row."""

    def __init__(self, rows: Rows, columns: ListColumns) -> None:
        self._width = rows.layout.width
        self._of = rows.layout.taking(COLUMNS)
        self._role = columns.role
        self._taken: set[str] = set()

    def person(self, values: list[str] | BadRow) -> dict[str, str]:
        if isinstance(values, BadRow):
            raise values
        if len(values) != self._width:
            raise BadRow(f"there are {len(values)} columns instead of {self._width}")
        told = dict(zip(COLUMNS, map(str.strip, self._of([*values, ""])), strict=True))
        number = staff_key(told["number"])
        if not number:
            raise BadRow("there is no number")
        if number in self._taken:
            raise BadRow("an earlier row has the same number")
        first, middle, last = _names(told)
        role = self._role_of(told["role"])
        self._taken.add(number)
        names = {"first_name": first, "middle_name": middle, "last_name": last}
        return {"number": number, **names, "specialty": told["specialty"], "role": role.value}

    def _role_of(self, word: str) -> Role:
        role = self._role or _ROLES.get(word.casefold())
        if role is None:
            raise BadRow(f"the role is none of: {', '.join(_ROLES)}")
        return role


def _names(told: Mapping[str, str]) -> tuple[str, str, str]:
    if told["first_name"] and told["last_name"]:
        return told["first_name"], told["middle_name"], told["last_name"]
    parts = parts_of(told["name"])
    if parts is None:
        raise BadRow("there is no given name and surname")
    return parts
