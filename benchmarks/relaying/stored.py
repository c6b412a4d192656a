"""What lies in the databases before a run: a long queue; and many who are told something."""

from __future__ import annotations

import asyncio
import gc
import itertools
import secrets
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

from sqlalchemy import insert

from benchmarks.relaying.house import House, opened
from bot.chat.events import Account, Event, Kind, Place
from bot.domain.members import MemberId, listed
from bot.ports.outbox import Telling
from bot.views.case import news_card
from storage.columns import day
from storage.content.store import ContentStore
from storage.content.tables import outbox

_AT_ONCE: Final = 10_000
_BETWEEN: Final = 0.005
"""Seconds between two of what others write."""


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
    """Tell so many members one thing, while others write: how long it takes, and how long those wait.

    ``decided_s`` is when it is committed and cannot be lost, ``seconds`` when each has a delivery;
    ``longest_lock_ms`` is the longest that a unit of work waited for its beginning meanwhile.
    """
    members = listed(MemberId(secrets.token_hex(16)) for _ in range(count))
    async with opened(house) as bot:
        content, card = bot._content, news_card(101)  # noqa: SLF001 - below the command that tells
        telling = Telling(members, card, card, "fan", bot.house.clock.now())
        gc.collect()
        gc.freeze()  # As a bot that was started does with what was loaded.
        turns, acknowledged = _Waits(), _Waits()
        async with _beside(
            turns.go_on(partial(_turn, content)), acknowledged.go_on(partial(_taken, content))
        ):
            began = time.perf_counter()
            async with content.work() as work:
                held = time.perf_counter()
                await work.outbox.tell_all(telling)
            decided = time.perf_counter()
            await bot.watch.settle()
            ended = time.perf_counter()
        enqueued = (await bot.queue.depth())["waiting"]
    return {
        "members": count,
        "enqueued": enqueued,
        "seconds": ended - began,
        "decided_s": decided - began,
        "decision_lock_ms": (decided - held) * 1000,
        "longest_lock_ms": turns.longest,
        "median_lock_ms": turns.median,
        "longest_acknowledgement_ms": acknowledged.longest,
        "median_acknowledgement_ms": acknowledged.median,
    }


class _Waits:
    """How long one waits for something that is done again and again, in milliseconds."""

    def __init__(self) -> None:
        self._found = [0.0]

    @property
    def longest(self) -> float:
        return max(self._found)

    @property
    def median(self) -> float:
        return statistics.median(self._found)

    async def go_on(self, once: Callable[[int], Awaitable[float]]) -> None:
        for number in itertools.count():
            began = time.perf_counter()
            self._found.append((await once(number) - began) * 1000)
            await asyncio.sleep(_BETWEEN)


async def _turn(content: ContentStore, _: int) -> float:
    """Say when a unit of work began."""
    async with content.work() as work:
        began = time.perf_counter()
        await work.cases.next_number()
    return began


async def _taken(content: ContentStore, number: int) -> float:
    """Say when an event was accepted, and could be acknowledged."""
    event = Event(f"Ev{number}", Kind.COMMAND, Account("slack", "T0", "U0"), Place.HOME, text="mine")
    await content.inbox.accept("slack", [event], None)
    return time.perf_counter()


@asynccontextmanager
async def _beside(*others: Coroutine[None, None, None]) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(other) for other in others]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
