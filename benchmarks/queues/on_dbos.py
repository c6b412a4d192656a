"""The work on DBOS: a workflow for each delivery, on a queue with one at a time for each partition.

`python on_dbos.py DATABASE DESTINATIONS [POLLED]`: a folder means SQLite; POLLED are the seconds between its
looks for work, 1.0 where it is left out, as its queues come.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

import sqlalchemy as sa
from dbos import DBOS, DBOSClient, DBOSConfig

from benchmarks.queues.working import WORDS, Delivered, Later, run


class Dbos:
    """One process that works on one queue; all settings but the pace of its looks as they come."""

    def __init__(self, database: str, delivered: Delivered) -> None:
        """Prepare the app; :meth:`open` connects."""
        self._delivered = delivered
        self._url = _url(database)
        self._polled = float(sys.argv[3]) if len(sys.argv) > 3 else 1.0
        config: DBOSConfig = {
            "name": "benchmark",
            "system_database_url": self._url,
            "application_version": "1",
            "log_level": "ERROR",
        }
        DBOS(config=config)

        @DBOS.workflow(name="deliver")
        async def deliver(destination: int, fact: int, words: str) -> None:  # noqa: ARG001
            try:
                await delivered.deliver(destination, fact)
            except Later as later:
                await DBOS.sleep_async(later.seconds)
                await delivered.deliver(destination, fact)

    @property
    def versions(self) -> Mapping[str, str]:
        """The package, and what it reaches databases by."""
        return {name: version(name) for name in ("dbos", "SQLAlchemy", "psycopg")}

    async def open(self) -> None:
        """Launch it, and make the table of facts; its queue begins in :meth:`start`."""
        await asyncio.to_thread(DBOS.launch)
        await asyncio.to_thread(self._connect)

    def _connect(self) -> None:
        self._client = DBOSClient(system_database_url=self._url)
        self._engine = sa.create_engine(self._url)
        with self._engine.begin() as connection:
            connection.execute(sa.text("create table facts (id int primary key, words text)"))

    async def enqueue(self, fact: int) -> None:
        """Insert fact and jobs in one transaction; it takes one job at a time there."""
        with self._engine.begin() as connection:
            put = sa.text("insert into facts values (:id, :words)")
            connection.execute(put, {"id": fact, "words": WORDS})
            for destination in range(self._delivered.destinations):
                self._client.enqueue_in_transaction(
                    connection,
                    {
                        "queue_name": "rooms",
                        "workflow_name": "deliver",
                        "queue_partition_key": f"room:{destination}",
                    },
                    destination,
                    fact,
                    WORDS,
                )

    async def start(self) -> None:
        """Declare the queue, which makes it work."""
        await DBOS.register_queue_async("rooms", partition_concurrency=1, polling_interval_sec=self._polled)

    async def left(self) -> int:
        """Count what is enqueued or under way."""
        return await asyncio.to_thread(self._count)

    def _count(self) -> int:
        table = "workflow_status" if self._url.startswith("sqlite") else "dbos.workflow_status"
        waiting = f"select count(*) from {table} where status in ('ENQUEUED', 'PENDING')"  # noqa: S608
        with self._engine.connect() as connection:
            return int(connection.execute(sa.text(waiting)).scalar_one())

    async def close(self) -> None:
        """End its threads and the connections."""
        await asyncio.to_thread(DBOS.destroy)
        self._client.destroy()
        self._engine.dispose()


def _url(database: str) -> str:
    if database.startswith("postgresql://"):
        return database.replace("postgresql://", "postgresql+psycopg://", 1)
    return f"sqlite:///{Path(database) / 'queue.sqlite'}"


if __name__ == "__main__":
    run(Dbos)
