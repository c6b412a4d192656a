"""Comments in the thread of a case, in the order in which they were said."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.comments import Comment
from bot.domain.members import MemberId
from storage.content.tables import comments


class CommentRows:
    """Fills :class:`bot.domain.comments.Comments`."""

    def __init__(self, connection: AsyncConnection) -> None:
        """Work on the connection's transaction."""
        self._connection = connection

    async def add(self, comment: Comment) -> None:
        """Keep a new comment."""
        values = {name: getattr(comment, name) for name in Comment.__slots__}
        await self._connection.execute(insert(comments).values(values))

    async def replace(self, comment: Comment) -> None:
        """Keep a changed comment."""
        values = {name: getattr(comment, name) for name in ("text", "revision", "edited")}
        await self._connection.execute(update(comments).where(comments.c.id == comment.id).values(values))

    async def remove(self, comment: str) -> None:
        """Forget a comment that was undone or taken back."""
        await self._connection.execute(delete(comments).where(comments.c.id == comment))

    async def get(self, comment: str) -> Comment | None:
        """Find one by id."""
        row = (await self._connection.execute(select(comments).where(comments.c.id == comment))).first()
        return None if row is None else comment_of(row)

    async def of_case(self, case: str) -> tuple[Comment, ...]:
        """List a case's comments, oldest first."""
        found = select(comments).where(comments.c.case == case).order_by(comments.c.row)
        return tuple(comment_of(row) for row in await self._connection.execute(found))


def comment_of(row: Row[Any]) -> Comment:
    """Read the row of a comment."""
    values = {name: getattr(row, name) for name in Comment.__slots__}
    return Comment(**{**values, "member": MemberId(row.member)})
