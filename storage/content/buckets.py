"""What was merged and split in collective lists, by case."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, insert, select, update

from bot.domain.buckets import BucketChange, ChangeKind, Labelled
from storage.connection import Connection
from storage.content.ending_tables import bucket_changes


class BucketRows:
    """Fills :class:`bot.domain.buckets.BucketChanges`."""

    def __init__(self, connection: Connection) -> None:
        """Work on the connection's transaction."""
        self._connection = connection

    async def of_case(self, case: str) -> tuple[BucketChange, ...]:
        """List a case's changes in their order."""
        found = select(bucket_changes).where(bucket_changes.c.case == case).order_by(bucket_changes.c.number)
        return tuple(_change_of(row) for row in await self._connection.execute(found))

    async def add(self, change: BucketChange) -> None:
        """Keep a new one."""
        values = {
            "case": change.case,
            "number": change.number,
            "kind": change.kind.value,
            "source": _listed(change.source),
            "into": _listed(change.into),
            "texts": change.texts,
            "by_moderator": change.by_moderator,
            "taken_back": change.taken_back,
        }
        await self._connection.execute(insert(bucket_changes).values(values))

    async def take_back(self, change: BucketChange) -> None:
        """Mark one as taken back."""
        this = (bucket_changes.c.case == change.case) & (bucket_changes.c.number == change.number)
        await self._connection.execute(update(bucket_changes).where(this).values(taken_back=True))


def _listed(label: Labelled | None) -> tuple[str, ...]:
    return () if label is None else (label.key, label.name, label.mesh)


def _change_of(row: Row[Any]) -> BucketChange:
    return BucketChange(
        case=row.case,
        number=row.number,
        kind=ChangeKind(row.kind),
        source=Labelled(*row.source),
        into=Labelled(*row.into) if row.into else None,
        texts=row.texts,
        by_moderator=row.by_moderator,
        taken_back=row.taken_back,
    )
