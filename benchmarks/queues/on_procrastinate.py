"""The work on procrastinate: a lock for each destination, jobs deferred on the connection of the fact."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from importlib.metadata import version

import psycopg
from procrastinate import App, BaseRetryStrategy, PsycopgConnector, RetryDecision
from procrastinate.jobs import Job

from benchmarks.queues.working import WORDS, Delivered, Later, run


class Again(BaseRetryStrategy):
    """Tries again when the destination says so."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Put the job off for as long as it was asked for."""
        return (
            RetryDecision(retry_in={"seconds": exception.seconds}) if isinstance(exception, Later) else None
        )


class Procrastinate:
    """One worker with a place for each destination, woken by NOTIFY; all other settings as they come."""

    def __init__(self, database: str, delivered: Delivered) -> None:
        """Prepare the app; :meth:`open` connects."""
        self._database, self._delivered = database, delivered
        self._app = App(connector=PsycopgConnector(conninfo=database))
        self._working: asyncio.Task[None] | None = None

        @self._app.task(name="deliver", retry=Again())
        async def deliver(destination: int, fact: int, words: str) -> None:  # noqa: ARG001
            await delivered.deliver(destination, fact)

    @property
    def versions(self) -> Mapping[str, str]:
        """The package and its driver."""
        return {name: version(name) for name in ("procrastinate", "psycopg")}

    async def open(self) -> None:
        """Apply its schema, and make the table of facts."""
        await self._app.open_async()
        await self._app.schema_manager.apply_schema_async()
        self._connection = await psycopg.AsyncConnection.connect(self._database, autocommit=True)
        await self._connection.execute("create table facts (id int primary key, words text)")

    async def enqueue(self, fact: int) -> None:
        """Insert fact and jobs in one transaction, the jobs in one statement."""
        jobs = [self._job(destination, fact) for destination in range(self._delivered.destinations)]
        async with self._connection.transaction():
            await self._connection.execute("insert into facts values (%s, %s)", (fact, WORDS))
            await self._app.job_manager.batch_defer_jobs_async(jobs=jobs, connection=self._connection)

    def _job(self, destination: int, fact: int) -> Job:
        return Job(
            id=None,
            queue="default",
            lock=f"room:{destination}",
            queueing_lock=None,
            task_name="deliver",
            task_kwargs={"destination": destination, "fact": fact, "words": WORDS},
        )

    async def start(self) -> None:
        """Run a worker as a task."""
        worker = self._app.run_worker_async(
            concurrency=self._delivered.destinations, install_signal_handlers=False
        )
        self._working = asyncio.create_task(worker)

    async def left(self) -> int:
        """Count what is to do or under way."""
        found = await self._connection.execute(
            "select count(*) from procrastinate_jobs where status in ('todo', 'doing')"
        )
        row = await found.fetchone()
        return int(row[0]) if row else 0

    async def close(self) -> None:
        """End the worker and the connections."""
        if self._working is not None:
            self._working.cancel()
            with suppress(asyncio.CancelledError):
                await self._working
        await self._connection.close()
        await self._app.close_async()


if __name__ == "__main__":
    run(Procrastinate)
