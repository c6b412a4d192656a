"""Rows of the outbox for many who are told one thing: what is the same for all is said once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import BigInteger, LargeBinary, String, bindparam, false, literal_column, text
from sqlalchemy.dialects.postgresql import insert

from bot.domain.members import MemberId
from bot.ports.destinations import TO_HOME
from bot.ports.outbox import What
from storage.columns import ticks
from storage.connection import Connection
from storage.content.deliveries import State
from storage.content.tables import outbox
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
            await connection.run_aside(_WHOLE, [self._whole()])
        else:
            await connection.run_aside(_EACH, self._each())

    def _whole(self) -> Mapping[str, Any]:
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

    def _each(self) -> list[Mapping[str, Any]]:
        same = {"once": self.key, "about": self.subject, "today": self.day}
        rows = zip(self.ids, self.members, self.payloads, self.moments, strict=True)
        return [
            {**same, "delivery": delivery, "whom": member, "sealed": payload, "moment": moment}
            for delivery, member, payload, moment in rows
        ]


# One statement for all rows: with one for each, its thread would ask for Python's lock before every row, and
# wait for it while the loop has something to do. SQLite finds the place in bytes at once, in text it counts.
_WHOLE: Final = Prepared(
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
    )
    INSERT INTO outbox (
        id, key, destination, room, member, what, subject, thread, "group", revision, payload,
        release_at, position, due_at, state, ended, tried, tries, code, day
    )
    SELECT
        id, 'tell:' || member || ':' || :once, '{TO_HOME}' || member, '', member, '{What.POST.value}',
        :about, '', '', 0, payload, moment, moment, moment, '{State.WAITING.value}', 0, 0, 0, '', :today
    FROM found WHERE true
    ON CONFLICT (key) DO NOTHING
    """)  # noqa: S608 - constants of ours
)


def _words(words: str) -> Any:  # noqa: ANN401 - what SQLAlchemy adds strings to
    return literal_column(f"'{words}'", String)


def _each() -> Prepared:
    whom, moment = bindparam("whom", type_=String), bindparam("moment", type_=BigInteger)
    values: dict[str, Any] = {
        **dict.fromkeys(("room", "thread", "group", "code"), _words("")),
        **dict.fromkeys(("revision", "ended", "tries"), literal_column("0")),
        "id": bindparam("delivery", type_=String),
        "key": _words("tell:") + whom + _words(":") + bindparam("once", type_=String),
        "destination": _words(TO_HOME) + whom,
        "member": whom,
        "what": _words(What.POST.value),
        "subject": bindparam("about", type_=String),
        "payload": bindparam("sealed", type_=LargeBinary),
        "release_at": moment,
        "position": moment,
        "due_at": moment,
        "state": _words(State.WAITING.value),
        "tried": false(),
        "day": bindparam("today"),
    }
    return Prepared(insert(outbox).values(values).on_conflict_do_nothing(index_elements=["key"]))


_EACH: Final = _each()
