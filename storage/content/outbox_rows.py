"""What every part of the outbox is made of: rows of one transaction, put once, cancelled, and asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.domain.standing import Standings
from bot.ports.outbox import What
from bot.ports.sealing import Sealer
from storage.columns import day
from storage.connection import Connection
from storage.content.deliveries import ACTIVE, State, room_destination
from storage.content.postings import PostingRows
from storage.content.tables import outbox
from storage.content.tellings import TellingRows
from storage.prepared import Prepared

_PLAIN: Final[dict[str, object]] = {
    "room": "",
    "member": "",
    "thread": "",
    "group": "",
    "revision": 0,
    "payload": None,
    "state": State.WAITING.value,
    "ended": 0,
    "tried": False,
    "tries": 0,
    "code": "",
}
APART: Final = (outbox.c.state == State.QUARANTINED.value) & outbox.c.what.in_(
    [What.POST.value, What.EDIT.value]
)
"""Words in quarantine: an operator could still let them leave."""
_PUT: Final = Prepared(
    insert(outbox).on_conflict_do_nothing(index_elements=["key"]),
    *(*_PLAIN, "id", "key", "destination", "what", "subject", "position", "release_at", "due_at", "day"),
)
_LATEST: Final = Prepared(
    select(func.max(outbox.c.release_at)).where(
        outbox.c.subject == bindparam("about"), outbox.c.room == bindparam("here"), ACTIVE
    )
)
ON_LOOP: Final = 100
"""Up to how many rows are put while the loop waits: some milliseconds' worth."""


class Putting:
    """Puts rows. ``put`` says for which destinations, and when they may leave at the soonest."""

    def __init__(
        self,
        connection: Connection,
        sealer: Sealer,
        *,
        rooms: tuple[str, ...],
        now: datetime,
        new_id: Callable[[], str],
        standings: Standings,
    ) -> None:
        """Work on the connection's transaction, which happens at ``now``."""
        self._connection = connection
        self._sealer = sealer
        self._rooms = rooms
        self._now = now
        self._new_id = new_id
        self._standings = standings
        self._postings = PostingRows(connection)
        self.tellings = TellingRows(connection, sealer, new_id)
        self.put: dict[str, datetime] = {}
        self.grouped_any = False
        """Whether a group of deliveries has begun whose end is to be reported."""

    async def _put_in(self, room: str, what: What, subject: str, **values: Any) -> None:  # noqa: ANN401
        """Keep a row of :meth:`_row_in` unless one with its key was ever kept."""
        await self._put_all([self._row_in(room, what, subject, **values)])

    def _row_in(
        self,
        room: str,
        what: What,
        subject: str,
        *,
        release_at: datetime,
        state: State = State.WAITING,
        **values: object,
    ) -> Mapping[str, Any]:
        """Make a row for a room."""
        return self._row(
            release_at=release_at,
            id=self._new_id(),
            destination=room_destination(room),
            room=room,
            what=what.value,
            subject=subject,
            state=state.value,
            ended=int(state is not State.WAITING),
            **values,
        )

    async def _put(self, *, release_at: datetime, **values: object) -> None:
        """Keep a row unless one with its key was ever kept."""
        await self._put_all([self._row(release_at=release_at, **values)])

    async def _put_all(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Keep rows of :meth:`_row`, but for those with whose key one was ever kept."""
        if not rows:
            return
        if len(rows) <= ON_LOOP:
            await self._connection.run_many(_PUT, rows)
        else:
            await self._connection.run_aside(_PUT, rows)
        for row in rows:
            self._note(row["destination"], row["release_at"])

    def _note(self, destination: str, at: datetime) -> None:
        noted = self.put.get(destination)
        self.put[destination] = at if noted is None else min(at, noted)

    def _row(self, *, release_at: datetime, **values: object) -> Mapping[str, Any]:
        """Make a row that is to leave at a time; what is not given is plain."""
        times = {"release_at": release_at, "due_at": release_at, "day": day(self._now)}
        return {**_PLAIN, "position": release_at, **values, **times}

    async def _cancel(self, which: ColumnElement[bool]) -> None:
        cancelled = {"state": State.CANCELLED.value, "ended": 1, "payload": None}
        await self._connection.execute(update(outbox).where(which).values(cancelled))

    async def _latest_release(self, subject: str, room: str) -> datetime | None:
        """Give the latest release among the subject's active rows: whatever depends on them comes after."""
        found = await self._connection.run(_LATEST, {"about": subject, "here": room})
        latest: datetime | None = found.scalar()
        return latest

    async def _any(self, which: ColumnElement[bool]) -> bool:
        return await self._first(which) is not None

    async def _first(self, which: ColumnElement[bool]) -> Row[Any, Any, Any, Any, Any] | None:
        columns = (outbox.c.row, outbox.c.id, outbox.c.what, outbox.c.key, outbox.c.release_at)
        found = select(*columns).where(which).order_by(outbox.c.row).limit(1)
        return (await self._connection.execute(found)).first()


def about(subject: str, room: str) -> ColumnElement[bool]:
    """Match the rows about a subject in a room; with no room, those in home chats."""
    return (outbox.c.subject == subject) & (outbox.c.room == room)
