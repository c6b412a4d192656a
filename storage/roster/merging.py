"""What a file said becomes the roster: statements that run in one transaction, so that half of it is nothing.

A file speaks of the columns that it has. A row that was updated earlier than what is known changes nothing. A
deactivation stays until the registry tells of a later reactivation, or of a later update without one.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Insert,
    and_,
    case,
    delete,
    func,
    insert,
    literal,
    not_,
    or_,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import insert as upsert

from bot.domain.roster import Kind
from storage.connection import Connection
from storage.roster.columns import Layout
from storage.roster.rows import FIELDS
from storage.roster.tables import licences, providers, staged

_ALWAYS: Final = ("kind", "physician_taxonomy", "primary_taxonomy")
Columns = Any
"""A table's columns, or those of the row that an insert wanted to put in."""


async def merge(connection: Connection, layout: Layout, number: int) -> int:
    """Bring what is staged into the roster under an import's number; gives how many rows changed."""
    if layout.has_licences:
        await connection.execute(_forget_licences())
    changed = (await connection.execute(_merge_rows(layout, number))).rowcount
    changed += (await connection.execute(_merge_marks(number))).rowcount
    if layout.has_licences:
        await connection.execute(_list_licences())
    await connection.execute(delete(staged))
    return int(changed)


def said_by(layout: Layout) -> tuple[str, ...]:
    """Name the fields that a file of this layout tells of."""
    told = {name for name in FIELDS if layout.has(name)} | set(_ALWAYS)
    if layout.has_licences:
        told.add("licences")
    return tuple(name for name in FIELDS if name in told and name != "npi")


def off(columns: Columns) -> ColumnElement[bool]:
    """Whether a number is switched off, as :attr:`bot.domain.roster.RosterRow.deactivated` says it."""
    on_again = columns.reactivated_on
    return and_(
        columns.deactivated_on.is_not(None), or_(on_again.is_(None), on_again <= columns.deactivated_on)
    )


class _After:
    """The dates of a row as they will be after the merge, for :func:`off`."""

    def __init__(self, values: dict[str, ColumnElement[Any]]) -> None:
        self.deactivated_on = values.get("deactivated_on", providers.c.deactivated_on)
        self.reactivated_on = values.get("reactivated_on", providers.c.reactivated_on)


def _merge_rows(layout: Layout, number: int) -> Insert:
    new = _from_staged(number, staged.c.kind != Kind.UNKNOWN.value)
    said = new.excluded
    values: dict[str, ColumnElement[Any]] = {name: said[name] for name in said_by(layout)}
    if "deactivated_on" in values:
        later = and_(said.updated_on.is_not(None), said.updated_on > providers.c.updated_on)
        kept = case((later, None), else_=providers.c.deactivated_on)
        values["deactivated_on"] = func.coalesce(said.deactivated_on, kept)
    for name in ("reactivated_on", "updated_on"):
        if name in values:
            values[name] = func.coalesce(said[name], providers.c[name])
    older = and_(said.updated_on.is_not(None), said.updated_on < providers.c.updated_on)
    return _changing(new, values, number, unless=func.coalesce(older, literal(value=False)))


def _merge_marks(number: int) -> Insert:
    new = _from_staged(number, staged.c.kind == Kind.UNKNOWN.value)
    said = new.excluded
    newer = case((providers.c.updated_on > said.updated_on, providers.c.updated_on), else_=said.updated_on)
    values: dict[str, ColumnElement[Any]] = {
        "deactivated_on": said.deactivated_on,
        "reactivated_on": func.coalesce(said.reactivated_on, providers.c.reactivated_on),
        "updated_on": newer,
    }
    return _changing(new, values, number, unless=literal(value=False))


def _from_staged(number: int, which: ColumnElement[bool]) -> Any:  # noqa: ANN401 - SQLite's insert, untyped here
    found = case((off(staged.c), number), else_=None)
    rows = (
        select(*(staged.c[name] for name in FIELDS), literal(number), found)
        .where(which)
        .order_by(staged.c.npi, staged.c.place)
    )
    return upsert(providers).from_select([*FIELDS, "changed_in", "deactivated_in"], rows)


def _changing(
    new: Any,  # noqa: ANN401 - as above
    values: dict[str, ColumnElement[Any]],
    number: int,
    unless: ColumnElement[bool],
) -> Insert:
    """Change the rows that are there already, where anything differs."""
    goes_off = off(_After(values))
    since = case(
        (and_(goes_off, not_(off(providers.c))), number), (goes_off, providers.c.deactivated_in), else_=None
    )
    differs = or_(*(providers.c[name].is_distinct_from(value) for name, value in values.items()))
    changed: Insert = new.on_conflict_do_update(
        index_elements=["npi"],
        set_={**values, "changed_in": number, "deactivated_in": since},
        where=and_(differs, not_(unless)),
    )
    return changed


def _forget_licences() -> Any:  # noqa: ANN401 - a statement
    listed = _each(providers)
    gone = (
        select(listed.c.value, providers.c.npi)
        .select_from(staged.join(providers, providers.c.npi == staged.c.npi))
        .join(listed, literal(value=True))
        .where(staged.c.kind != Kind.UNKNOWN.value)
        .where(providers.c.licences.is_distinct_from(staged.c.licences))
    )
    return delete(licences).where(tuple_(licences.c.licence, licences.c.npi).in_(gone))


def _list_licences() -> Insert:
    listed = _each(providers)
    touched = select(staged.c.npi).where(staged.c.kind != Kind.UNKNOWN.value)
    rows = (
        select(listed.c.value, providers.c.npi)
        .select_from(providers)
        .join(listed, literal(value=True))
        .where(providers.c.npi.in_(touched))
        .order_by(listed.c.value, providers.c.npi)
    )
    return insert(licences).prefix_with("OR IGNORE").from_select(["licence", "npi"], rows)


def _each(table: Any) -> FromClause:  # noqa: ANN401 - a table
    return func.json_each(table.c.licences).table_valued("value", name="listed")
