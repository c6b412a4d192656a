"""What stands where in the consult rooms; home chats are the vault's to know."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.ports.adapter import GONE, Part
from storage.content.tables import postings


class PostingRows:
    """Fills :class:`bot.ports.work.Postings`, and keeps what deliveries made."""

    def __init__(self, connection: AsyncConnection) -> None:
        """Work on the connection's transaction."""
        self._connection = connection

    async def subject_of(self, room: str, remote: str) -> str:
        """Find the subject of a message in a room by its remote; empty when it is none of ours."""
        found = select(postings.c.subject).where(postings.c.room == room, postings.c.remote == remote)
        return (await self._connection.execute(found.limit(1))).scalar() or ""

    async def keep(self, room: str, subject: str, part: Part) -> None:
        """Keep a part, nothing happens if it is kept already; forget one that is gone."""
        if part.kind == GONE:
            gone = (postings.c.room == room) & (postings.c.remote == part.remote)
            await self._connection.execute(delete(postings).where(gone))
            return
        values = {"room": room, "subject": subject, "kind": part.kind, "remote": part.remote}
        await self._connection.execute(insert(postings).values(values).on_conflict_do_nothing())

    async def parts(self, room: str, subject: str) -> tuple[Part, ...]:
        """List the parts of a posting in the order in which they were made."""
        found = select(postings.c.kind, postings.c.remote)
        mine = found.where(postings.c.room == room, postings.c.subject == subject)
        rows = await self._connection.execute(mine.order_by(postings.c.row))
        return tuple(Part(kind, remote) for kind, remote in rows)

    async def first_message(self, room: str, subject: str) -> str:
        """Give the remote of the first message of a posting; empty when it has none."""
        parts = await self.parts(room, subject)
        return next((part.remote for part in parts if part.kind == "message"), "")

    async def drop(self, room: str, subject: str) -> None:
        """Forget a posting that was taken back."""
        mine = (postings.c.room == room) & (postings.c.subject == subject)
        await self._connection.execute(delete(postings).where(mine))
