"""The inbox: sealed events under keyed hashes, committed before anybody is told that they arrived."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.chat.codec import PayloadRefused, event_from_bytes, event_to_bytes
from bot.chat.events import Event
from bot.ports.clock import Clock
from bot.ports.inbox import Received
from bot.ports.intake import Checkpoint
from bot.ports.sealing import SealBroken, Sealer
from storage.columns import day
from storage.content.tables import checkpoints, inbox
from storage.database import INBOX, Database
from storage.upsert import upsert

_WAITING: Final = "waiting"
_HANDLED: Final = "handled"
_UNREADABLE: Final = "unreadable"


class InboxRows:
    """Fills :class:`bot.ports.inbox.Inbox`."""

    def __init__(self, database: Database, sealer: Sealer, clock: Clock) -> None:
        """Work on the content database."""
        self._database = database
        self._sealer = sealer
        self._clock = clock

    async def accept(
        self, site: str, events: Sequence[Event], checkpoint: Checkpoint | None
    ) -> tuple[Received, ...]:
        """Commit the new events and the checkpoint together; give back those that were new, in order."""
        # Sealed before it is this call's turn to write: an event that cannot be sealed harms nobody else.
        arrived = {self._key(site, event): event for event in events}
        rows = [self._row(site, key, event) for key, event in arrived.items()]

        async def change(connection: AsyncConnection) -> dict[bytes, int]:
            if checkpoint is not None:
                stream = {"stream": checkpoint.stream}
                await upsert(connection, checkpoints, stream, {"token": checkpoint.token})
            accepted = await _insert_new(connection, rows)
            if accepted:
                await self._database.tell(connection, INBOX)
            return accepted

        new = await self._database.share(change)
        return tuple(Received(new[key], site, event) for key, event in arrived.items() if key in new)

    async def checkpoint(self, stream: str) -> str:
        """Give the last committed token of a stream, or an empty string."""
        found = select(checkpoints.c.token).where(checkpoints.c.stream == stream)
        async with self._database.reading() as connection:
            return (await connection.execute(found)).scalar() or ""

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
                    await _end(connection, row.row, _UNREADABLE)
            return tuple(received)

    def _key(self, site: str, event: Event) -> bytes:
        return self._sealer.index("inbox", f"{len(site)}|{site}|{event.id}")

    def _row(self, site: str, key: bytes, event: Event) -> dict[str, object]:
        # The site is sealed with the event: which hospital acted when must not be read off the table.
        sealed = self._sealer.seal(site.encode() + b"\n" + event_to_bytes(event), _place(key))
        return {"key": key, "state": _WAITING, "sealed": sealed, "day": day(self._clock.now())}

    def _received(self, row: int, key: bytes, sealed: bytes) -> Received:
        # The codec writes one line of ASCII JSON, so the last line break parts it from the site.
        site, _, payload = self._sealer.open(sealed, _place(key)).rpartition(b"\n")
        return Received(row, site.decode(), event_from_bytes(payload))


async def mark_handled(connection: AsyncConnection, row: int) -> None:
    """Mark a row as handled and erase its payload, in the connection's transaction."""
    await _end(connection, row, _HANDLED)


async def _insert_new(connection: AsyncConnection, rows: list[dict[str, object]]) -> dict[bytes, int]:
    """Insert the rows whose key was never seen; give their numbers by key."""
    if not rows:
        return {}
    new = insert(inbox).on_conflict_do_nothing(index_elements=["key"]).returning(inbox.c.key, inbox.c.row)
    return {row.key: row.row for row in await connection.execute(new, rows)}


async def _end(connection: AsyncConnection, row: int, state: str) -> None:
    values = {"state": state, "sealed": None if state == _HANDLED else inbox.c.sealed}
    await connection.execute(update(inbox).where(inbox.c.row == row).values(values))


def _place(key: bytes) -> str:
    return f"inbox|sealed|{key.hex()}"
