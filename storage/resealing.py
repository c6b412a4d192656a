"""Sealing again: values under an earlier key are opened and sealed under the current one, a few at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from sqlalchemy import (
    ColumnElement,
    LargeBinary,
    Row,
    Select,
    Table,
    func,
    literal_column,
    select,
    tuple_,
    update,
)

from bot.ports.sealing import KEY_ID, SealBroken, Sealer
from storage.database import Database

_AT_ONCE: Final = 50
"""Values that share one commit: whoever else writes waits for no more than these."""

Change = Callable[[bytes, bytes], bytes]
Found: TypeAlias = Select[*tuple[Any, ...]]


def _as_it_is(value: bytes, _sealed: bytes) -> bytes:
    return value


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """One column of sealed values. ``place`` gives the place that a row's value is bound to.

    ``where`` limits it to rows whose value is sealed; ``extra`` is selected too, for ``place``. ``change``
    makes the new value of the opened and the sealed one, where it is not the same.
    """

    table: Table
    name: str
    place: Callable[[Row[Any]], str]
    where: ColumnElement[bool] | None = None
    extra: tuple[ColumnElement[Any], ...] = ()
    change: Change = _as_it_is

    @property
    def column(self) -> ColumnElement[bytes]:
        """The column itself."""
        return self.table.c[self.name]

    @property
    def key(self) -> tuple[ColumnElement[Any], ...]:
        """The columns of the primary key."""
        return tuple(self.table.primary_key.columns)

    @property
    def key_id(self) -> ColumnElement[bytes]:
        """The id of the key that a value says it was sealed with."""
        # Literal: a server takes two parameters for two expressions, and grouped by one it selects no other.
        start: ColumnElement[int] = literal_column(str(KEY_ID.start + 1))
        length: ColumnElement[int] = literal_column(str(KEY_ID.stop - KEY_ID.start))
        return func.substr(self.column, start, length, type_=LargeBinary)

    def limited(self, found: Found) -> Found:
        """Look at rows with a sealed value only."""
        found = found.where(self.column.is_not(None))
        return found if self.where is None else found.where(self.where)


class SealedValues:
    """Fills :class:`bot.ports.resealing.SealedRows` over one database."""

    def __init__(self, database: Database, sealer: Sealer, columns: Sequence[SealedColumn]) -> None:
        """Take the database and its columns."""
        self._database = database
        self._sealer = sealer
        self._columns = columns

    async def use(self) -> Mapping[bytes, int]:
        """Count values by the id of the key that they are sealed with."""
        counted = Counter[bytes]()
        async with self._database.reading() as connection:
            for column in self._columns:
                counts: Found = select(column.key_id, func.count())
                found = column.limited(counts).group_by(column.key_id)
                for key_id, count in await connection.execute(found):
                    counted[bytes(key_id)] += count
        return counted

    async def reseal(self) -> int:
        """Seal again what lies under another key than the current one; gives how many values it were.

        A value that changes meanwhile is left as it is then; one that cannot be opened stays where it is.
        """
        done = 0
        for column in self._columns:
            last: tuple[Any, ...] = ()
            while rows := await self._next(column, last):
                last = tuple(rows[-1])[: len(column.key)]
                done += await self._change(column, rows)
        if done:
            await self._database.truncate()
        return done

    async def _next(self, column: SealedColumn, last: tuple[Any, ...]) -> Sequence[Row[Any]]:
        found = column.limited(select(*column.key, column.column.label("value"), *column.extra))
        found = found.where(column.key_id != self._sealer.current)
        if last:
            found = found.where(tuple_(*column.key) > last)
        async with self._database.reading() as connection:
            rows: Sequence[Row[Any]] = (
                await connection.execute(found.order_by(*column.key).limit(_AT_ONCE))
            ).all()
        return rows

    async def _change(self, column: SealedColumn, rows: Sequence[Row[Any]]) -> int:
        fresh = [(row, sealed) for row in rows if (sealed := self._sealed_again(column, row)) is not None]
        done = 0
        async with self._database.transaction() as connection:
            for row, sealed in fresh:
                changed = update(column.table).where(column.column == row.value)
                for key, value in zip(column.key, row, strict=False):
                    changed = changed.where(key == value)
                done += (await connection.execute(changed.values({column.name: sealed}))).rowcount
        return done

    def _sealed_again(self, column: SealedColumn, row: Row[Any]) -> bytes | None:
        place = column.place(row)
        try:
            value = self._sealer.open(row.value, place)
        except SealBroken:
            return None
        return self._sealer.seal(column.change(value, row.value), place)
