"""Rows of the outbox for many who are told one thing: what is the same for all is said once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import text

from bot.domain.members import MemberId
from bot.ports.destinations import TO_HOME
from bot.ports.outbox import What
from storage.columns import ticks
from storage.connection import Connection
from storage.content.deliveries import State
from storage.prepared import Prepared

_ID: Final = 32
_TICKS: Final = 20
"""Digits of a moment."""


@dataclass(slots=True)
class SpreadRows:
    """Rows that are to be put, under one ``key`` and ``subject``, on one ``day``."""

    key: str
    subject: str
    day: int
    ids: list[str] = field(default_factory=list)
    members: list[MemberId] = field(default_factory=list)
    payloads: list[bytes] = field(default_factory=list)
    moments: list[int] = field(default_factory=list)

    def add(self, delivery: str, member: MemberId, payload: bytes, at: datetime) -> None:
        """Add a row; all payloads are of one length."""
        self.ids.append(delivery)
        self.members.append(member)
        self.payloads.append(payload)
        self.moments.append(ticks(at))

    async def put(self, connection: Connection) -> None:
        """Put them all, but for those with whose key one was ever kept."""
        if not self.ids:
            return
        if connection.dialect.name == "sqlite":
            await connection.run_aside(_OF_BYTES, [self._joined()])
        else:
            await connection.run_aside(_OF_ARRAYS, [self._listed()])

    def _joined(self) -> Mapping[str, Any]:
        size = len(self.payloads[0])
        if any(len(payload) != size for payload in self.payloads):
            raise ValueError("what is sealed for many has one length")
        return {
            "count": len(self.ids),
            "ids": "".join(self.ids).encode("ascii"),
            "members": "".join(self.members).encode("ascii"),
            "size": size,
            "payloads": b"".join(self.payloads),
            "moments": "".join(f"{moment:0{_TICKS}}" for moment in self.moments).encode("ascii"),
            "once": self.key,
            "about": self.subject,
            "today": self.day,
        }

    def _listed(self) -> Mapping[str, Any]:
        return {
            "ids": self.ids,
            "members": self.members,
            "payloads": self.payloads,
            "moments": self.moments,
            "once": self.key,
            "about": self.subject,
            "today": self.day,
        }


# One statement for all rows: with one for each, SQLite's thread would ask for Python's lock before every row,
# and wait for it while the loop has something to do; and a server would be asked as often.
_PUT: Final = f"""
    INSERT INTO outbox (
        id, key, destination, room, member, what, subject, thread, "group", revision, payload,
        release_at, position, due_at, state, ended, tried, tries, code, day
    )
    SELECT
        id, 'tell:' || member || ':' || CAST(:once AS VARCHAR), '{TO_HOME}' || member, '', member,
        '{What.POST.value}', CAST(:about AS VARCHAR), '', '', 0, payload, moment, moment, moment,
        '{State.WAITING.value}', 0, false, 0, '', CAST(:today AS INTEGER)
    FROM found WHERE true
    ON CONFLICT (key) DO NOTHING
"""  # noqa: S608 - constants of ours
# SQLite finds a place in bytes at once; in text it counts.
_OF_BYTES: Final = Prepared(
    text(f"""
    WITH RECURSIVE places(place) AS (
        SELECT 0 UNION ALL SELECT place + 1 FROM places WHERE place + 1 < :count
    ), found(id, member, payload, moment) AS (
        SELECT
            CAST(substr(:ids, place * {_ID} + 1, {_ID}) AS TEXT),
            CAST(substr(:members, place * {_ID} + 1, {_ID}) AS TEXT),
            substr(:payloads, place * :size + 1, :size),
            CAST(CAST(substr(:moments, place * {_TICKS} + 1, {_TICKS}) AS TEXT) AS INTEGER)
        FROM places
    ) {_PUT}
    """)  # noqa: S608 - as above
)
_OF_ARRAYS: Final = Prepared(
    text(f"""
    WITH found(id, member, payload, moment) AS (
        SELECT * FROM unnest(
            CAST(:ids AS VARCHAR[]), CAST(:members AS VARCHAR[]),
            CAST(:payloads AS BYTEA[]), CAST(:moments AS BIGINT[])
        )
    ) {_PUT}
    """)  # noqa: S608 - as above
)
