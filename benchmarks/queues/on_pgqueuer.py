"""The work on pgqueuer: an entry point for each destination, with one job of it at a time."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from datetime import timedelta
from importlib.metadata import version
from typing import Any

import asyncpg
from pgqueuer import PgQueuer
from pgqueuer.db import AsyncpgDriver
from pgqueuer.errors import RetryRequested
from pgqueuer.queries import Queries

from benchmarks.queues.working import WORDS, Delivered, Later, run


class Pgqueuer:
    """One worker that fetches a job of each destination at once; all other settings as they come."""

    def __init__(self, database: str, delivered: Delivered) -> None:
        """Remember both; :meth:`open` connects."""
        self._database, self._delivered = database, delivered
        self._working: asyncio.Task[None] | None = None

    @property
    def versions(self) -> Mapping[str, str]:
        """The package and its driver."""
        return {name: version(name) for name in ("pgqueuer", "asyncpg")}

    async def open(self) -> None:
        """Install its schema, and make the table of facts."""
        self._connection: Any = await asyncpg.connect(self._database)
        self._queries = Queries(AsyncpgDriver(self._connection))
        await self._queries.install()
        await self._connection.execute("create table facts (id int primary key, words text)")
        self._workers_own: Any = await asyncpg.connect(self._database)
        self._queuer = PgQueuer(AsyncpgDriver(self._workers_own))
        for destination in range(self._delivered.destinations):
            self._queuer.entrypoint(_named(destination), concurrency_limit=1)(self._deliver)

    async def _deliver(self, job: Any) -> None:  # noqa: ANN401 (its own kind of job)
        said = json.loads(job.payload)
        try:
            await self._delivered.deliver(said["destination"], said["fact"])
        except Later as later:
            raise RetryRequested(delay=timedelta(seconds=later.seconds)) from later

    async def enqueue(self, fact: int) -> None:
        """Insert fact and jobs in one transaction, the jobs in one statement."""
        everywhere = range(self._delivered.destinations)
        payloads: list[bytes | None] = [_payload(destination, fact) for destination in everywhere]
        async with self._connection.transaction():
            await self._connection.execute("insert into facts values ($1, $2)", fact, WORDS)
            names = [_named(destination) for destination in everywhere]
            await self._queries.enqueue(names, payloads, [0] * len(names))

    async def start(self) -> None:
        """Run a worker as a task."""
        self._working = asyncio.create_task(self._queuer.run(batch_size=self._delivered.destinations))

    async def left(self) -> int:
        """Count what is queued or picked; what is done is in the log alone."""
        return int(await self._connection.fetchval("select count(*) from pgqueuer"))

    async def close(self) -> None:
        """End the worker and the connections."""
        self._queuer.shutdown.set()
        if self._working is not None:
            await self._working
        await self._connection.close()
        await self._workers_own.close()


def _named(destination: int) -> str:
    return f"room:{destination}"


def _payload(destination: int, fact: int) -> bytes:
    return json.dumps({"destination": destination, "fact": fact, "words": WORDS}).encode()


if __name__ == "__main__":
    run(Pgqueuer)
