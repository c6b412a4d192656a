"""The numbers that are looked up when somebody reads the metrics, and not counted as things happen."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bot.frontdoor.crowd import Crowd
from bot.metrics import UNKNOWN, Metrics
from bot.ports.adapter import Adapter
from bot.ports.backlog import Backlog, Waiting
from bot.ports.clock import Clock
from bot.ports.outbox import Queue, site_and_room
from storage.pulse import Span, Told
from storage.space import free_bytes

EVERY: Final = 5.0
"""Seconds for which a count of the outbox is good, however often it is asked for."""


_SPANS: Final[dict[Span, str]] = {
    "waiting": "curbside_write_wait_seconds",
    "writing": "curbside_write_seconds",
}


def timed(metrics: Metrics, database: str) -> Told:
    """Give what puts the times of a database's writers into their histograms."""
    return lambda span, seconds: metrics.took(_SPANS[span], seconds, database=database)


class Numbers:
    """Looks up how much waits and for how long, and how the sites are heard."""

    def __init__(
        self,
        metrics: Metrics,
        clock: Clock,
        adapters: Sequence[Adapter],
        crowd: Crowd,
        *,
        queue: Queue,
        backlog: Backlog,
        folder: Path,
    ) -> None:
        """Take what it looks at; ``folder`` is ``data_dir``."""
        self._metrics = metrics
        self._clock = clock
        self._adapters = adapters
        self._crowd = crowd
        self._queue = queue
        self._backlog = backlog
        self._folder = folder
        self._counted_at: float | None = None
        self._renewals: dict[str, int] = {}

    async def refresh(self) -> None:
        """Bring all of them up to date; raises what storage raises, after what needs no database is done."""
        metrics = self._metrics
        metrics.set("curbside_inbox_waiting", len(self._crowd))
        metrics.set("curbside_inbox_oldest_seconds", self._crowd.oldest_seconds)
        for adapter in self._adapters:
            self._hear(adapter)
        metrics.set("curbside_disk_free_bytes", free_bytes(self._folder))
        if self._counted_at is None or self._clock.monotonic() - self._counted_at >= EVERY:
            await self._count()
            self._counted_at = self._clock.monotonic()

    def _hear(self, adapter: Adapter) -> None:
        health = adapter.health()
        if health.heard_seconds is not None:
            self._metrics.set("curbside_sync_age_seconds", health.heard_seconds, site=adapter.site)
        more = health.renewals - self._renewals.get(adapter.site, 0)
        self._renewals[adapter.site] = health.renewals
        self._metrics.count("curbside_reconnects", max(0, more), site=adapter.site)

    async def _count(self) -> None:
        paused = {pause.room for pause in await self._backlog.paused()}
        for adapter in self._adapters:
            self._metrics.set("curbside_paused", adapter.site in paused, site=adapter.site)
        for state, count in (await self._queue.depth()).items():
            self._metrics.set("curbside_outbox_rows", count, state=state)
        waiting = dict.fromkeys(self._ways(), (0, 0.0))
        for one in await self._backlog.waiting():
            count, oldest = waiting.get(way := self._way(one), (0, 0.0))
            waiting[way] = (count + one.deliveries, max(oldest, one.oldest_seconds))
        for (to, platform), (count, oldest) in waiting.items():
            self._metrics.set("curbside_outbox_waiting", count, to=to, platform=platform)
            self._metrics.set("curbside_outbox_oldest_seconds", oldest, to=to, platform=platform)

    def _ways(self) -> list[tuple[str, str]]:
        return [*(("room", adapter.platform) for adapter in self._adapters), ("home", UNKNOWN)]

    def _way(self, waiting: Waiting) -> tuple[str, str]:
        """Say where it goes; on which platform a home chat is, only the vault knows."""
        if not waiting.room:
            return "home", UNKNOWN
        site = site_and_room(waiting.room)[0]
        found = (adapter.platform for adapter in self._adapters if adapter.site == site)
        return "room", next(found, UNKNOWN)
