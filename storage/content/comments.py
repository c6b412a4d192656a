"""Comments in the thread of a case, in the order in which they were said."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Row, bindparam, delete, func, insert, select, update

from bot.domain.comments import Comment
from bot.domain.members import MemberId
from storage.connection import Connection
from storage.content.tables import comments
from storage.prepared import Prepared

_ON_CASE: Final = comments.c.case == bindparam("about")
_NEXT: Final = select(func.coalesce(func.max(comments.c.number), 0) + 1).where(_ON_CASE).scalar_subquery()
_ADD: Final = Prepared(insert(comments).values(number=_NEXT), *Comment.__slots__)
_GET: Final = Prepared(select(comments).where(comments.c.id == bindparam("ident")))
_REMOVE: Final = Prepared(delete(comments).where(comments.c.id == bindparam("ident")))
_ASKERS: Final = Prepared(
    select(comments.c.member)
    .where(_ON_CASE, comments.c.question, ~comments.c.hidden)
    .group_by(comments.c.member)
    .order_by(func.min(comments.c.row))
)
_OF_CASE: Final = Prepared(select(comments).where(_ON_CASE).order_by(comments.c.row))
_SHOWN: Final = Prepared(select(comments).where(_ON_CASE, ~comments.c.hidden).order_by(comments.c.row))


class CommentRows:
    """Fills :class:`bot.domain.comments.Comments`."""

    def __init__(self, connection: Connection) -> None:
        """Work on the connection's transaction."""
        self._connection = connection

    async def add(self, comment: Comment) -> None:
        """Keep a new comment under the next number of its case."""
        await self._connection.run(_ADD, {**_values(comment), "about": comment.case})

    async def replace(self, comment: Comment) -> None:
        """Keep a changed comment."""
        changed = update(comments).where(comments.c.id == comment.id).values(_values(comment))
        await self._connection.execute(changed)

    async def remove(self, comment: str) -> None:
        """Forget a comment that was undone or taken back."""
        await self._connection.run(_REMOVE, {"ident": comment})

    async def get(self, comment: str) -> Comment | None:
        """Find one by id."""
        row = (await self._connection.run(_GET, {"ident": comment})).first()
        return None if row is None else comment_of(row)

    async def of_case(self, case: str, *, hidden: bool = False) -> tuple[Comment, ...]:
        """List a case's comments, oldest first; with ``hidden`` those too that are hidden."""
        rows = await self._connection.run(_OF_CASE if hidden else _SHOWN, {"about": case})
        return tuple(comment_of(row) for row in rows)

    async def askers(self, case: str) -> tuple[MemberId, ...]:
        """List who asked something in a case's comments that is not hidden, whoever asked first before."""
        rows = await self._connection.run(_ASKERS, {"about": case})
        return tuple(MemberId(row.member) for row in rows)


def _values(comment: Comment) -> dict[str, object]:
    return {name: getattr(comment, name) for name in Comment.__slots__}


def comment_of(row: Row[Any]) -> Comment:
    """Read the row of a comment."""
    values = {name: getattr(row, name) for name in Comment.__slots__}
    return Comment(**{**values, "member": MemberId(row.member)})
