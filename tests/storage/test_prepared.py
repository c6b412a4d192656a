"""Statements that run while the loop waits: none goes through a table that grows."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest
from sqlalchemy import bindparam, create_engine, insert, select, update
from sqlalchemy.exc import IntegrityError

import storage
from storage.content import tables as content
from storage.prepared import Prepared
from storage.sqlite import SqliteDatabase
from storage.vault import tables as vault

SHORT = {"groups", "pauses", "CONSTANT"}
"""Tables of a handful of rows at most."""
SELDOM = {"storage.content.memos._MODERATORS"}
"""Asked for only when moderators without a room of their own are told something."""
ASIDE = {"storage.content.spread_rows._OF_BYTES"}
"""What runs beside the loop."""
ON_SERVERS = {"storage.content.spread_rows._OF_ARRAYS", "storage.content.arriving._NEW_OF_MANY"}
"""What SQLite is never asked."""


def prepared() -> Iterator[tuple[str, Prepared]]:
    """Find every statement that was prepared, with the name that it has in its module."""
    for module in walk_packages(storage.__path__, "storage."):
        if "migrations" in module.name:
            continue
        for name, value in vars(import_module(module.name)).items():
            several = value if isinstance(value, tuple) else (value,)
            yield from ((f"{module.name}.{name}", one) for one in several if isinstance(one, Prepared))


def plan(name: str, statement: Prepared) -> list[str]:
    """Ask SQLite how it would go about it."""
    metadata = vault.metadata if name.startswith("storage.vault") else content.metadata
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    with engine.connect() as connection:
        raw: sqlite3.Connection = connection.connection.driver_connection  # type: ignore[assignment]
        steps = raw.execute(f"EXPLAIN QUERY PLAN {statement.sql}", [None] * statement.sql.count("?"))
        return [str(step[-1]) for step in steps]


@pytest.mark.sqlite
def test_no_prepared_statement_goes_through_a_table_that_grows() -> None:
    found = list(prepared())
    assert len(found) > 40
    for name, statement in found:
        if name in ON_SERVERS:
            continue
        through = [step for step in plan(name, statement) if step.startswith("SCAN")]
        long = [step for step in through if step.split()[1] not in SHORT]
        # In the order of an index, up to the first rows that match, is no way through the table.
        assert not [step for step in long if "USING" not in step] or name in SELDOM | ASIDE, (name, through)


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("name", "steps"),
    [
        ("comments._ADD", ["SEARCH comments USING COVERING INDEX ix_comments_case_number (case=?)"]),
        (
            "outbox_rooms._LAST",
            [
                "SEARCH outbox USING INDEX ix_outbox_threads (thread=? AND release_at<?)",
                "SEARCH outbox USING INDEX ix_outbox_subject_room (subject=?)",
            ],
        ),
    ],
)
def test_what_each_comment_asks_of_its_thread_does_not_go_through_the_thread(
    name: str, steps: list[str]
) -> None:
    """The last entry of an index is the answer, or close to it."""
    statement = next(one for at, one in prepared() if at == f"storage.content.{name}")
    searches = [
        step for step in plan(f"storage.content.{name}", statement) if step.startswith(("SEARCH", "SCAN"))
    ]
    assert [step for step in searches if step != "SCAN CONSTANT ROW"] == steps


CASES = content.cases


async def test_values_come_out_as_they_went_in(tmp_path: Path) -> None:
    database = SqliteDatabase(tmp_path / "some.db")
    until = datetime(2026, 5, 1, 8, 30, tzinfo=UTC)
    rows = content.dialogs
    put = Prepared(insert(rows), "key", "sealed", "until")
    get = Prepared(select(rows).where(rows.c.key == bindparam("which")))
    change = Prepared(update(rows).where(rows.c.key == bindparam("which")).values(until=bindparam("until_")))
    async with database.transaction() as connection:
        await connection.run_sync(content.metadata.create_all)
        given = {"key": b"k", "sealed": b"s", "until": None}
        assert (await connection.run(put, given)).rowcount == 1
        assert (await connection.run(change, {"which": b"k", "until_": until})).rowcount == 1
        row = (await connection.run(get, {"which": b"k"})).first()
        assert (row.key, row.sealed, row.until) == tuple(row) == (b"k", b"s", until)
        assert (await connection.run(get, {"which": b"other"})).first() is None
        with pytest.raises(IntegrityError):
            await connection.run(put, given)
        with pytest.raises(KeyError, match="which"):
            await connection.run(get)
    await database.close()


def test_a_list_of_unknown_length_cannot_be_prepared() -> None:
    wild = Prepared(select(CASES).where(CASES.c.number.in_(bindparam("several", expanding=True))))
    with pytest.raises(TypeError, match="cannot be prepared"):
        _ = wild.sql
