"""What lies in the databases before a run: a long queue; and many who are told at once."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import insert

from benchmarks.relaying.house import House, opened
from bot.domain.members import MemberId
from bot.ports.outbox import Told
from bot.views.case import news_card
from storage.columns import day
from storage.content.tables import outbox

_AT_ONCE: Final = 10_000
_CHUNK: Final = 500


async def keep_waiting(house: House, count: int) -> None:
    """Put rows into the queue of the Matrix room, all of them due tomorrow."""
    now = datetime.now(UTC)
    due = now + timedelta(days=1)
    plain = {"member": "", "thread": "", "group": "", "revision": 0, "payload": b"", "state": "waiting"}
    rest = {"ended": 0, "tried": False, "tries": 0, "code": "", "what": "post", "day": day(now)}
    times = {"release_at": due, "position": due, "due_at": due}
    async with opened(house) as bot:
        database = bot._content._database  # noqa: SLF001 - written past the bot, many at once
        for first in range(0, count, _AT_ONCE):
            rows = [
                {
                    **plain,
                    **rest,
                    **times,
                    "id": f"waits{number}",
                    "key": f"waits{number}",
                    "subject": f"waits:{number}",
                    "destination": "room:matrix1",
                    "room": "matrix1",
                }
                for number in range(first, min(first + _AT_ONCE, count))
            ]
            async with database.transaction() as connection:
                await connection.execute(insert(outbox), rows)


async def tell_many(house: House, count: int) -> Mapping[str, float]:
    """Enqueue a notice for so many members, some at a time; seconds, and the longest that others wait."""
    card, longest = news_card(101), 0.0
    async with opened(house) as bot:
        began = time.perf_counter()
        for first in range(0, count, _CHUNK):
            told = [
                Told(MemberId(f"{number:032x}"), card, card, f"fan:{number}", bot.house.clock.now())
                for number in range(first, min(first + _CHUNK, count))
            ]
            async with bot._content.work() as work:  # noqa: SLF001 - below what pages
                held = time.perf_counter()
                await work.outbox.tell_each(told)
            longest = max(longest, time.perf_counter() - held)
        seconds = time.perf_counter() - began
    return {"members": count, "seconds": seconds, "longest_lock_ms": longest * 1000}
