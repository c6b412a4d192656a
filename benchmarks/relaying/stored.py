"""What lies in the databases before a run: a long queue; and many who are told something."""

from __future__ import annotations

import asyncio
import itertools
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
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

    ``decided_s`` is when it is committed and cannot be lost, ``seconds`` when each has a delivery.
    """
    members = listed(MemberId(secrets.token_hex(16)) for _ in range(count))
    async with opened(house) as bot:
        content, card = bot._content, news_card(101)  # noqa: SLF001 - below the command that tells
        telling = Telling(members, card, card, "fan", bot.house.clock.now())
        probes = {
            "unit_of_work": partial(_number, content),
            "acknowledgement": partial(_accepted, content),
        }
        waits = {name: _Waits() for name in probes}
        probing = [asyncio.create_task(waits[name].go_on(probe)) for name, probe in probes.items()]
        began = time.perf_counter()
        async with content.work() as work:
            held = time.perf_counter()
            await work.outbox.tell_all(telling)
        decided = time.perf_counter()
        await bot.watch.settle()
        ended = time.perf_counter()
        for one in probing:
            one.cancel()
        await asyncio.gather(*probing, return_exceptions=True)
        enqueued = (await bot.queue.depth())["waiting"]
    return {
        "members": count,
        "enqueued": enqueued,
        "seconds": ended - began,
        "decided_s": decided - began,
        "decided_held_ms": (decided - held) * 1000,
        **{f"{name}_longest_ms": one.longest * 1000 for name, one in waits.items()},
        **{f"{name}_p50_ms": one.median() * 1000 for name, one in waits.items()},
    }


class _Waits:
    """How long something takes that is done again and again."""

    def __init__(self) -> None:
        self._found: list[float] = []

    @property
    def longest(self) -> float:
        return max(self._found, default=0.0)

    def median(self) -> float:
        return sorted(self._found)[len(self._found) // 2] if self._found else 0.0

    async def go_on(self, probe: Callable[[int], Awaitable[None]]) -> None:
        for number in itertools.count():
            began = time.perf_counter()
            await probe(number)
            self._found.append(time.perf_counter() - began)
            await asyncio.sleep(_BETWEEN)


async def _number(content: ContentStore, _: int) -> None:
    async with content.work() as work:
        await work.cases.next_number()


async def _accepted(content: ContentStore, number: int) -> None:
    event = Event(f"Ev{number}", Kind.COMMAND, Account("slack", "T0", "U0"), Place.HOME, text="mine")
    await content.inbox.accept("slack", [event], None)
