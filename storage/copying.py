"""Copying rows from one database to another, whatever engines they are: by key, counted, checksummed.

Values go over as the database holds them: a list is its JSON and a time its number, so that nothing is
written differently on the other side.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from sqlalchemy import (
    Column,
    ColumnElement,
    Select,
    Table,
    TableClause,
    TypeDecorator,
    column,
    insert,
    literal,
    select,
    tuple_,
    type_coerce,
)
from sqlalchemy import table as bare_table
from sqlalchemy.types import TypeEngine

from storage.connection import Connection

Key = tuple[Any, ...]
"""The values of a row's primary key, in the order of its columns."""

_AT_ONCE: Final = 500
_MODULUS: Final = 1 << 256


@dataclass(frozen=True, slots=True)
class Choice:
    """Which rows of a table go over, all where ``where`` is None; ``instead`` says what columns hold then."""

    where: ColumnElement[bool] | None = None
    instead: Mapping[str, ColumnElement[Any]] = field(default_factory=dict)


WHOLE: Final = Choice()


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """How many rows there are, and the sum of their digests in hex: the same in whatever order they come."""

    rows: int = 0
    checksum: str = f"{0:064x}"

    def plus(self, rows: Iterable[Sequence[Any]]) -> Fingerprint:
        """Add rows."""
        count, total = self.rows, int(self.checksum, 16)
        for row in rows:
            count, total = count + 1, (total + _digest(row)) % _MODULUS
        return Fingerprint(count, f"{total:064x}")


async def fingerprint(connection: Connection, table: Table, choice: Choice = WHOLE) -> Fingerprint:
    """Count and sum what a table holds, or what of it would go over."""
    found = Fingerprint()
    async for rows in _chunks(connection, table, choice, after=None):
        found = found.plus(rows)
    return found


async def copy_table(
    source: Connection,
    target: Connection,
    table: Table,
    after: Key | None = None,
    *,
    choice: Choice = WHOLE,
) -> Fingerprint:
    """Copy the rows behind the key ``after`` in order of their keys; gives what was copied.

    Nothing is committed here. A row whose key the target has already raises ``IntegrityError``.
    """
    copied = Fingerprint()
    async for rows in _chunks(source, table, choice, after):
        await _write(target, table, rows)
        copied = copied.plus(rows)
    return copied


async def copy_some(
    source: Connection,
    target: Connection,
    table: Table,
    after: Key | None = None,
    *,
    choice: Choice = WHOLE,
) -> Key | None:
    """Copy the next few hundred rows behind a key; gives the last one's, None where none is left.

    With a commit after each call, a copy that stopped goes on from the greatest key of the target.
    """
    rows = await _some(source, table, choice, after)
    await _write(target, table, rows)
    return _key(table, rows[-1]) if rows else None


async def _write(target: Connection, table: Table, rows: Sequence[Sequence[Any]]) -> None:
    if rows:
        names = [one.name for one in table.columns]
        await target.execute(insert(_bare(table)), [dict(zip(names, row, strict=True)) for row in rows])


async def _chunks(
    connection: Connection, table: Table, choice: Choice, after: Key | None
) -> AsyncIterator[Sequence[Sequence[Any]]]:
    while rows := await _some(connection, table, choice, after):
        yield rows
        after = _key(table, rows[-1])


async def _some(
    connection: Connection, table: Table, choice: Choice, after: Key | None
) -> Sequence[Sequence[Any]]:
    found: Sequence[Sequence[Any]] = (await connection.execute(_selected(table, choice, after))).all()
    return found


def _selected(table: Table, choice: Choice, after: Key | None) -> Select[Any]:
    values = [
        type_coerce(choice.instead.get(one.name, one), _stored(one)).label(one.name) for one in table.columns
    ]
    found = select(*values).select_from(table).order_by(*table.primary_key.columns).limit(_AT_ONCE)
    if choice.where is not None:
        found = found.where(choice.where)
    return found if after is None else found.where(_behind(table, after))


def _behind(table: Table, after: Key) -> ColumnElement[bool]:
    keys = list(table.primary_key.columns)
    mine = [type_coerce(one, _stored(one)) for one in keys]
    last = [literal(value, _stored(one)) for one, value in zip(keys, after, strict=True)]
    if len(keys) == 1:
        return mine[0] > last[0]
    return tuple_(*mine) > tuple_(*last)


def _key(table: Table, row: Sequence[Any]) -> Key:
    names = [one.name for one in table.columns]
    return tuple(row[names.index(one.name)] for one in table.primary_key.columns)


def _bare(table: Table) -> TableClause:
    return bare_table(table.name, *(column(one.name, _stored(one)) for one in table.columns))


def _stored(one: Column[Any]) -> TypeEngine[Any]:
    """Give the type that the database knows, without what ours makes of it."""
    kind = one.type
    return kind.impl_instance if isinstance(kind, TypeDecorator) else kind


def _digest(row: Sequence[Any]) -> int:
    whole = hashlib.sha256()
    for value in row:
        kind, written = _written(value)
        whole.update(kind + len(written).to_bytes(8) + written)
    return int.from_bytes(whole.digest())


def _written(value: object) -> tuple[bytes, bytes]:
    """Write a value down without doubt; raises TypeError for a kind that no column of ours has."""
    if value is None:
        return b"n", b""
    if isinstance(value, (bytes, memoryview)):
        return b"b", bytes(value)
    if isinstance(value, int):
        return b"i", str(int(value)).encode()
    if isinstance(value, date):
        return b"s", value.isoformat().encode()
    if isinstance(value, str):
        return b"s", value.encode()
    raise TypeError(f"no column of ours holds a {type(value).__name__}")
