"""Comments in the thread of a case, in the order in which they were said."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update
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
        """Keep a new comment under the next number of its case."""
        last = select(func.coalesce(func.max(comments.c.number), 0)).where(comments.c.case == comment.case)
        number = (await self._connection.execute(last)).scalar_one() + 1
        await self._connection.execute(insert(comments).values({**_values(comment), "number": number}))

    async def replace(self, comment: Comment) -> None:
        """Keep a changed comment."""
        changed = update(comments).where(comments.c.id == comment.id).values(_values(comment))
        await self._connection.execute(changed)

    async def remove(self, comment: str) -> None:
        """Forget a comment that was undone or taken back."""
        await self._connection.execute(delete(comments).where(comments.c.id == comment))

    async def get(self, comment: str) -> Comment | None:
        """Find one by id."""
        row = (await self._connection.execute(select(comments).where(comments.c.id == comment))).first()
        return None if row is None else comment_of(row)

    async def of_case(self, case: str, *, hidden: bool = False) -> tuple[Comment, ...]:
        """List a case's comments, oldest first; with ``hidden`` those too that are hidden."""
        found = select(comments).where(comments.c.case == case).order_by(comments.c.row)
        found = found if hidden else found.where(~comments.c.hidden)
        return tuple(comment_of(row) for row in await self._connection.execute(found))


def _values(comment: Comment) -> dict[str, object]:
    return {name: getattr(comment, name) for name in Comment.__slots__}


def comment_of(row: Row[Any]) -> Comment:
    """Read the row of a comment."""
    values = {name: getattr(row, name) for name in Comment.__slots__}
    return Comment(**{**values, "member": MemberId(row.member)})
