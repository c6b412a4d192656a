"""One sitting: how much of everything is measured, and a house of its own for every part."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.queues.postgres import Server
from benchmarks.relaying import bots
from benchmarks.relaying.bots import World
from benchmarks.relaying.house import House, make_house

PEOPLE: Final = 64
"""Physicians who speak."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is measured; each of these is an option of the command."""

    flood: int = 1000
    """Messages of a flood."""
    rounds: int = 2
    acks: int = 200
    """Commands, and buttons, whose acknowledgements are timed."""
    waiting: int = 100_000
    """Rows in the queue at a start."""
    fan: int = 300_000
    """Members who are told at once."""
    long: int = 10_000
    """Messages in a row, for memory."""
    members: int = 300_000
    opinions: int = 1_000_000
    """What a grown house has."""
    pictures: int = 3
    """Pictures that are posted one after the other during a flood."""
    rate: float = 100.0
    seconds: float = 8.0
    """The even pace at which all are compared, in messages a second, and for how long."""
    calm: float = 5.0
    calm_seconds: float = 20.0
    """A pace that is surely kept up with."""
    settle: float = 5.0
    """Seconds of rest after each start."""


@dataclass(frozen=True, slots=True)
class Sitting:
    """Sizes, and the server where Curbside is measured on PostgreSQL."""

    sizes: Sizes
    server: Server | None = None

    @property
    def name(self) -> str:
        """Name what is measured."""
        return "Curbside, SQLite" if self.server is None else "Curbside, PostgreSQL"

    @asynccontextmanager
    async def house(self, *, sites: int = 1, guests: int = 0) -> AsyncIterator[tuple[World, House]]:
        """Give both platforms, and a new house that is gone afterwards."""
        server_cpu = None if self.server is None else self.server.cpu_seconds
        with tempfile.TemporaryDirectory() as folder:
            async with bots.stubs(server_cpu) as world:
                house = await make_house(
                    Path(folder),
                    world.base,
                    people=PEOPLE,
                    guests=guests,
                    sites=sites,
                    addresses=self._addresses(),
                )
                yield world, house

    def _addresses(self) -> tuple[str, ...]:
        if self.server is None:
            return ()
        made = (self.server.database(name) for name in ("content", "vault"))
        return tuple(url.replace("postgresql:", "postgresql+asyncpg:") for url in made)
