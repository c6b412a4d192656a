"""What is due in a queue, and when the next thing will be."""

from __future__ import annotations

from datetime import datetime

from storage.content.queue import OutboxQueue


async def due(queue: OutboxQueue, now: datetime) -> tuple[str, ...]:
    """List the destinations whose first row may leave, by name."""
    return tuple(sorted(to for to, at in (await queue.heads()).items() if at <= now))


async def next_due(queue: OutboxQueue, busy: frozenset[str] = frozenset()) -> datetime | None:
    """Say when the first row of a destination that is not busy may leave."""
    return min((at for to, at in (await queue.heads()).items() if to not in busy), default=None)
