"""The inbox: sealed events under keyed hashes, committed before anybody is told that they arrived."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.chat.codec import PayloadRefused, event_from_bytes, event_to_bytes
from bot.chat.events import Event
from bot.ports.clock import Clock
from bot.ports.inbox import Received
from bot.ports.intake import Checkpoint
from bot.ports.sealing import SealBroken, Sealer
from storage.away import AWAY
from storage.columns import day
from storage.connection import Connection
from storage.content.arriving import Arriving
from storage.content.tables import checkpoints, inbox
from storage.database import INBOX, Database
from storage.prepared import Prepared
from storage.upsert import upserting

_WAITING: Final = "waiting"
_HANDLED: Final = "handled"
_UNREADABLE: Final = "unreadable"
_KEEP_PLACE: Final = upserting(checkpoints, ("stream",), ("token",))
_PLACE: Final = Prepared(select(checkpoints.c.token).where(checkpoints.c.stream == bindparam("which")))
_NEW: Final = Prepared(
    insert(inbox).on_conflict_do_nothing(index_elements=["key"]).returning(inbox.c.row),
    *("key", "state", "sealed", "day"),
)
_KNOWN: Final = Prepared(
    select(inbox.c.row).where(inbox.c.key == bindparam("which"), inbox.c.state == _WAITING)
)
_END: Final = Prepared(
    update(inbox).where(inbox.c.row == bindparam("which")).values(state=_HANDLED, sealed=None)
)
_SET_APART: Final = Prepared(update(inbox).where(inbox.c.row == bindparam("which")).values(state=_UNREADABLE))


class InboxRows:
    """Fills :class:`bot.ports.inbox.Inbox`."""

    def __init__(self, database: Database, sealer: Sealer, clock: Clock) -> None:
        """Work on the content database."""
        self._database = database
        self._sealer = sealer
        self._clock = clock
        self._arriving = Arriving(database)

    async def accept(
        self, site: str, events: Sequence[Event], checkpoint: Checkpoint | None
    ) -> tuple[Received, ...]:
        """Commit the new events and the checkpoint together; give back what is to be handled, in order."""
        # Sealed before it is this call's turn to write: an event that cannot be sealed harms nobody else.
        arrived = {self._key(site, event): event for event in events}
        rows = [self._row(site, key, event) for key, event in arrived.items()]
        waiting = await self._arriving.put(rows) if checkpoint is None else {}
        others = [row for row in rows if row["key"] not in waiting]

        async def change(connection: Connection) -> dict[bytes, int]:
            if checkpoint is not None:
                place = {"stream": checkpoint.stream, "token": checkpoint.token}
                await connection.run(_KEEP_PLACE, place)
            accepted = await _insert(connection, others)
            if accepted:
                await self._database.tell(connection, INBOX)
            return accepted

        if others or checkpoint is not None:
            waiting |= await self._database.share(change)
        return tuple(Received(waiting[key], site, event) for key, event in arrived.items() if key in waiting)

    async def checkpoint(self, stream: str) -> str:
        """Give the last committed token of a stream, or an empty string."""
        return (await self._database.ask(_PLACE, {"which": stream})).scalar() or ""

    @property
    def away(self) -> tuple[type[Exception], ...]:
        """What it raises while it cannot be reached or written."""
        return AWAY

    async def waits(self, row: int) -> bool:
        """Say whether a row was not handled yet."""
        found = select(inbox.c.row).where(inbox.c.row == row, inbox.c.state == _WAITING)
        async with self._database.reading() as connection:
            return (await connection.execute(found)).first() is not None

    async def waiting(self, but: Collection[int] = ()) -> tuple[Received, ...]:
        """List what was accepted and not handled yet, in order, but for these rows.

        A row that cannot be read is set apart as ``unreadable`` and left out: it must not keep the others
        from being handled.
        """
        found = select(inbox.c.row, inbox.c.key, inbox.c.sealed).where(inbox.c.state == _WAITING)
        async with self._database.transaction() as connection:
            received = []
            for row in (await connection.execute(found.order_by(inbox.c.row))).all():
                if row.row in but:
                    continue
                try:
                    received.append(self._received(row.row, row.key, row.sealed))
                except (SealBroken, PayloadRefused):
                    await connection.run(_SET_APART, {"which": row.row})
            return tuple(received)

    def _key(self, site: str, event: Event) -> bytes:
        return self._sealer.index("inbox", f"{len(site)}|{site}|{event.id}")

    def _row(self, site: str, key: bytes, event: Event) -> dict[str, Any]:
        # The site is sealed with the event: which hospital acted when must not be read off the table.
        sealed = self._sealer.seal(site.encode() + b"\n" + event_to_bytes(event), _place(key))
        return {"key": key, "state": _WAITING, "sealed": sealed, "day": day(self._clock.now())}

    def _received(self, row: int, key: bytes, sealed: bytes) -> Received:
        # The codec writes one line of ASCII JSON, so the last line break parts it from the site.
        site, _, payload = self._sealer.open(sealed, _place(key)).rpartition(b"\n")
        return Received(row, site.decode(), event_from_bytes(payload))


async def mark_handled(connection: Connection, row: int) -> None:
    """Mark a row as handled and erase its payload, in the connection's transaction."""
    await connection.run(_END, {"which": row})


async def _insert(connection: Connection, rows: list[dict[str, Any]]) -> dict[bytes, int]:
    """Insert the rows whose key was never seen; give the numbers of all that wait, by key."""
    waiting: dict[bytes, int] = {}
    for row in rows:
        number: int | None = (await connection.run(_NEW, row)).scalar()
        if number is None:
            number = (await connection.run(_KNOWN, {"which": row["key"]})).scalar()
        if number is not None:
            waiting[row["key"]] = number
    return waiting


def _place(key: bytes) -> str:
    return f"inbox|sealed|{key.hex()}"
