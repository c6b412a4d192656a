"""T-44: one room takes nothing for an hour: the other is as quick as ever, what waited leaves in order."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.adapters.memory import MemoryAdapter
from bot.chat.cards import note
from bot.ports.adapter import Delivery, Later, Record
from bot.relay.relay import LONGEST_PAUSE
from tests.stories.world import World, open_world

HOUR = 3600
STEP = 30
EVERY = 180
TRIES = HOUR / (LONGEST_PAUSE / 2) + 7
"""The most tries in an hour: seven while pauses still grow, then none sooner than half the longest."""


@dataclass
class Away:
    """A site whose room does not answer until ``until``; counts the knocks in vain."""

    world: World
    site: MemoryAdapter
    until: float
    knocks: int = 0

    def __post_init__(self) -> None:
        self._deliver = self.site.deliver
        self.site.deliver = self.deliver  # type: ignore[method-assign]

    async def deliver(self, delivery: Delivery, record: Record) -> None:
        if delivery.account is None and self.world.clock.monotonic() < self.until:
            self.knocks += 1
            raise Later(None)
        await self._deliver(delivery, record)


@dataclass
class Times:
    """When each message was to leave, and when it stood in the room that is well, in seconds."""

    due: dict[str, float] = field(default_factory=dict)
    stood: dict[str, float] = field(default_factory=dict)

    def look(self, world: World) -> None:
        for shown in world.words.room:
            self.stood.setdefault(shown.card.notice, world.clock.monotonic())

    @property
    def p95(self) -> float:
        waits = sorted(self.stood[notice] - due for notice, due in self.due.items())
        return waits[int(len(waits) * 0.95)]


async def an_hour(folder: Path, away: float) -> tuple[Times, Away, World]:
    """Post something for both rooms every three minutes, while one is away so long."""
    async with open_world(folder) as world:
        times, ill = Times(), Away(world, world.forms, world.clock.monotonic() + away)
        for second in range(0, HOUR + 3 * STEP, STEP):
            if second % EVERY == 0 and second < HOUR:
                notice = f"number {second}"
                times.due[notice] = world.clock.monotonic()
                async with world.bot.house.content.work() as work:
                    await work.outbox.post(notice, note(notice), release_at=world.clock.now())
            await world.bot.relay.drain()
            times.look(world)
            world.clock.pass_(STEP)
        world.clock.pass_(LONGEST_PAUSE)
        await world.bot.relay.drain()
        return times, ill, world


@pytest.fixture
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return tmp_path_factory.mktemp("calm"), tmp_path_factory.mktemp("away")


async def test_t44_an_hour_away_slows_nobody_else_and_drains_in_order(folders: tuple[Path, Path]) -> None:
    calm, _, _ = await an_hour(folders[0], 0)
    times, ill, world = await an_hour(folders[1], HOUR)

    assert times.p95 <= calm.p95 * 1.2
    assert list(times.stood) == list(times.due)
    assert [shown.card.notice for shown in world.forms.room] == list(times.due)
    assert HOUR / LONGEST_PAUSE <= ill.knocks <= TRIES
