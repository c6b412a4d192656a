"""The work on our own outbox: the relay with all that it has, and sites that take everything.

A folder means SQLite; an address means PostgreSQL, where the vault has a database of its own beside it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

import asyncpg

from benchmarks.queues.working import WORDS, Delivered, run
from benchmarks.queues.working import Later as Refused
from bot.adapters.memory import MemoryAdapter
from bot.bootstrap import SystemChance, SystemClock
from bot.chat.cards import Card, note
from bot.chat.events import Account
from bot.domain.cases import Case
from bot.domain.comments import Comment
from bot.domain.members import MemberId
from bot.identity.keys import MasterKey
from bot.identity.sealing import AesSealer
from bot.identity.wall import Wall
from bot.metrics import Metrics
from bot.ports.adapter import Delivery, Later, Post, Record
from bot.ports.outbox import GroupEnded, Refusal
from bot.ports.sealing import Sealer
from bot.relay.relay import Relay
from storage.away import AWAY
from storage.content.store import ContentStore, open_content
from storage.places import Places
from storage.vault.vault import VaultStore, open_vault

_AUTHOR: Final = MemberId("a" * 32)
_CHANCE, _CLOCK = SystemChance(), SystemClock()


class Taking(MemoryAdapter):
    """A site that takes every delivery and keeps nothing of it."""

    def __init__(self, number: int, delivered: Delivered) -> None:
        """Be the site of one destination."""
        super().__init__(f"room{number}")
        self._number, self._delivered = number, delivered

    async def deliver(self, delivery: Delivery, record: Record) -> None:
        """Note the delivery by the number of its fact, which is the title of its card."""
        if not isinstance(delivery.action, Post):
            raise TypeError("only posts are put")
        try:
            await self._delivered.deliver(self._number, int(delivery.action.card.title))
        except Refused as refused:
            raise Later(refused.seconds) from refused


async def _on_sqlite(
    database: str, sealer: Sealer, rooms: tuple[str, ...]
) -> tuple[ContentStore, VaultStore]:
    folder = Path(database) / "var"
    content = await open_content(folder, sealer, rooms=rooms, clock=_CLOCK, chance=_CHANCE)
    return content, await open_vault(folder, sealer)


async def _on_postgresql(
    database: str, sealer: Sealer, rooms: tuple[str, ...]
) -> tuple[ContentStore, VaultStore]:
    vault = await _beside(database)
    places = Places(Path(), *(url.replace("postgresql:", "postgresql+asyncpg:") for url in (database, vault)))
    content = await open_content(places, sealer, rooms=rooms, clock=_CLOCK, chance=_CHANCE)
    return content, await open_vault(places, sealer)


async def _beside(database: str) -> str:
    """Make an empty database beside one of the same server; gives its address."""
    name = f"{database.rpartition('/')[2]}_vault"
    connection = await asyncpg.connect(database)
    try:
        for statement in (f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name}"):
            await connection.execute(statement)
    finally:
        await connection.close()
    return f"{database}_vault"


Open = Callable[[str, Sealer, tuple[str, ...]], Awaitable[tuple[ContentStore, VaultStore]]]
OPENERS: Final[Mapping[str, Open]] = {"sqlite": _on_sqlite, "postgresql": _on_postgresql}
"""Opens content and vault in an empty database, by its kind."""


class Curbside:
    """The relay with the destinations as consult rooms; comments on one case are the facts."""

    def __init__(self, database: str, delivered: Delivered) -> None:
        """Remember both; :meth:`open` connects."""
        self._database, self._delivered = database, delivered
        self._kind = "postgresql" if database.startswith("postgresql://") else "sqlite"
        self._working: asyncio.Task[None] | None = None

    @property
    def versions(self) -> Mapping[str, str]:
        """What reaches the database."""
        driver = "asyncpg" if self._kind == "postgresql" else "aiosqlite"
        return {name: version(name) for name in ("SQLAlchemy", driver)}

    async def open(self) -> None:
        """Make the databases and the relay, and post the case."""
        everywhere = range(self._delivered.destinations)
        sites = {f"room{number}": Taking(number, self._delivered) for number in everywhere}
        self._content, self._vault = await OPENERS[self._kind](self._database, _sealer(), tuple(sites))
        wall = Wall(self._vault, self._content, _sealer(), chance=_CHANCE, clock=_CLOCK)
        self._relay = Relay(
            self._content.queue,
            self._content,
            wall,
            sites,
            clock=_CLOCK,
            chance=_CHANCE,
            on_group=_nobody_hears,
            on_prompt=_nobody_is_asked,
            on_refusal=_no_room_refuses,
            steady=_no_clock_jumps,
            away=AWAY,
            metrics=Metrics(tuple(sites)),
        )
        # As a bot that runs: on PostgreSQL it locks what it claims, since others may be at it.
        await self._content.own()
        await self._vault.own()
        async with self._content.work() as work:
            await work.cases.add(_case())

    async def enqueue(self, fact: int) -> None:
        """Keep a comment and put its posts, in one unit of work."""
        now = _CLOCK.now()
        comment = Comment(_CHANCE.id(), _case().id, _AUTHOR, WORDS, now)
        async with self._content.work() as work:
            await work.comments.add(comment)
            card = replace(note(WORDS), title=str(fact))
            await work.outbox.post(comment.subject, card, release_at=now)

    async def start(self) -> None:
        """Run the relay as a task, woken by commits."""
        self._content.outgoing.append(self._relay.wake)
        self._working = asyncio.create_task(self._relay.run())

    async def left(self) -> int:
        """Count what waits or is claimed."""
        depth = await self._content.queue.depth()
        return depth["waiting"] + depth["claimed"]

    async def close(self) -> None:
        """End the relay and close the databases."""
        await self._relay.stop()
        if self._working is not None:
            await self._working
        await self._content.close()
        await self._vault.close()


def _sealer() -> Sealer:
    return AesSealer(MasterKey(bytes(range(32))), _CHANCE)


def _case() -> Case:
    began = datetime(2026, 1, 5, 9, tzinfo=UTC)
    return Case("c" * 32, 1, _AUTHOR, "Fever and rash", WORDS, "What next?", "routine", began, began)


async def _nobody_hears(group: GroupEnded) -> None:
    raise ValueError(f"no group is put, but {group.group} ended")


async def _nobody_is_asked(account: Account, card: Card) -> None:
    raise ValueError(f"no button is put, but {card.notice} went to {account}")


async def _no_room_refuses(room: str) -> Refusal:
    raise ValueError(f"no site refuses, but {room} did")


async def _no_clock_jumps() -> None:
    """A measurement is too short for a clock to be set."""


if __name__ == "__main__":
    run(Curbside)
