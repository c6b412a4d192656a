"""Counts the commits of a database, whichever kind it is."""

from __future__ import annotations

from sqlalchemy import event

from storage.database import Database
from storage.postgres import PostgresDatabase
from storage.sqlite import SqliteDatabase


def count_commits(database: Database) -> list[object]:
    """Give a list that grows by one with each commit."""
    commits: list[object] = []
    if isinstance(database, PostgresDatabase):
        event.listen(database._writer.sync_engine, "commit", commits.append)
    elif isinstance(database, SqliteDatabase):
        assert database._writer is not None, "something was written before"
        database._writer._driver.set_trace_callback(
            lambda statement: commits.append(statement) if statement == "COMMIT" else None
        )
    return commits
