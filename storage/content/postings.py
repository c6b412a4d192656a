"""What stands where in the consult rooms; home chats are the vault's to know."""

from __future__ import annotations

from typing import Final

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert

from bot.ports.adapter import GONE, Part
from storage.connection import Connection
from storage.content.tables import postings
from storage.prepared import Prepared

_HERE: Final = postings.c.room == bindparam("here")
_ITS: Final = _HERE & (postings.c.subject == bindparam("about"))
_THIS: Final = _HERE & (postings.c.remote == bindparam("message"))
_SUBJECT: Final = Prepared(select(postings.c.subject).where(_THIS).limit(1))
_PARTS: Final = Prepared(select(postings.c.kind, postings.c.remote).where(_ITS).order_by(postings.c.row))
_BOTH: Final = Prepared(
    select(postings.c.subject, postings.c.kind, postings.c.remote)
    .where(_HERE, postings.c.subject.in_([bindparam("about"), bindparam("thread")]))
    .order_by(postings.c.row)
)
_FORGET: Final = Prepared(delete(postings).where(_THIS))
_DROP: Final = Prepared(delete(postings).where(_ITS))
_KEEP: Final = Prepared(insert(postings).on_conflict_do_nothing(), "room", "subject", "kind", "remote")


class PostingRows:
    """Fills :class:`bot.ports.work.Postings`, and keeps what deliveries made."""

    def __init__(self, connection: Connection) -> None:
        """Work on the connection's transaction."""
        self._connection = connection

    async def subject_of(self, room: str, remote: str) -> str:
        """Find the subject of a message in a room by its remote; empty when it is none of ours."""
        found = await self._connection.run(_SUBJECT, {"here": room, "message": remote})
        return found.scalar() or ""

    async def keep(self, room: str, subject: str, part: Part) -> None:
        """Keep a part, nothing happens if it is kept already; forget one that is gone."""
        if part.kind == GONE:
            await self._connection.run(_FORGET, {"here": room, "message": part.remote})
            return
        values = {"room": room, "subject": subject, "kind": part.kind, "remote": part.remote}
        await self._connection.run(_KEEP, values)

    async def parts(self, room: str, subject: str) -> tuple[Part, ...]:
        """List the parts of a posting in the order in which they were made."""
        rows = await self._connection.run(_PARTS, {"here": room, "about": subject})
        return tuple(Part(kind, remote) for kind, remote in rows)

    async def parts_and_root(self, room: str, subject: str, thread: str) -> tuple[tuple[Part, ...], str]:
        """List the parts of a posting, and give the remote of the first message of its thread.

        Both are empty where there is no room, the latter where the thread has none or there is no thread.
        """
        if not room:
            return (), ""
        rows = (await self._connection.run(_BOTH, {"here": room, "about": subject, "thread": thread})).all()
        parts = tuple(Part(row.kind, row.remote) for row in rows if row.subject == subject)
        first = (row.remote for row in rows if row.subject == thread and row.kind == "message")
        return parts, next(first, "")

    async def drop(self, room: str, subject: str) -> None:
        """Forget a posting that was taken back."""
        await self._connection.run(_DROP, {"here": room, "about": subject})
