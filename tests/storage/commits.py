"""Counts the commits of a database, whichever kind it is."""

from __future__ import annotations

from typing import Any

from storage.database import Database
from storage.postgres import PostgresDatabase
from storage.sqlite import SqliteDatabase


def count_commits(database: Database) -> list[object]:
    """Give a list that grows by one with each commit."""
    commits: list[object] = []
    if isinstance(database, PostgresDatabase):
        assert database._riding._writer is not None, "something was written before"
        driver: Any = database._riding._writer._driver
        driver.add_query_logger(
            lambda asked: commits.append(asked) if asked.query.endswith("COMMIT") else None
        )
    elif isinstance(database, SqliteDatabase):
        assert database._writer is not None, "something was written before"
        database._writer._driver.set_trace_callback(
            lambda statement: commits.append(statement) if statement == "COMMIT" else None
        )
    return commits
