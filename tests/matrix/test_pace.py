"""A homeserver that limits the bot: everything arrives, hardly anything is refused, answers go first."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.adapters.matrix.pace import Pace
from bot.chat.cards import note
from bot.ports.adapter import Delivery, Later, Post
from tests.matrix.fakes import HastyClock, Parts
from tests.matrix.rig import hospital, missing_synapse, running_synapse


class Measure:
    """What Synapse counts: ten at once, one every five seconds from then on."""

    def __init__(self, clock: HastyClock, burst: int = 10, seconds: float = 5.0) -> None:
        self._clock = clock
        self._burst = burst
        self._seconds = seconds
        self._level = 0.0
        self._at = 0.0
        self.refused = 0
        self.taken: list[str] = []

    async def send(self, name: str, still: Callable[[], None]) -> str:
        await asyncio.sleep(0)
        still()
        now = self._clock.monotonic()
        self._level = max(0.0, self._level - (now - self._at) / self._seconds)
        self._at = now
        if self._level + 1 > self._burst:
            self.refused += 1
            raise Later((self._level + 1 - self._burst) * self._seconds, scope="site", limited=True)
        self._level += 1
        self.taken.append(name)
        return name


class Sending:
    """A pace, and the homeserver whose pace it is."""

    def __init__(self) -> None:
        self.clock = HastyClock()
        self.measure = Measure(self.clock)
        self.told: list[float] = []
        self.pace = Pace(self.clock, self._hear)

    async def _hear(self, interval: float) -> None:
        self.told.append(interval)

    async def deliver(self, name: str) -> None:
        """Deliver as the relay does: a turn first, and once more where it is put back."""
        while True:
            await self.pace.turn()
            try:
                with self.pace.queued():
                    await self.pace.send(lambda still: self.measure.send(name, still))
            except Later:
                continue
            return

    async def answer(self, name: str) -> None:
        await self.pace.send(lambda still: self.measure.send(name, still))


async def test_a_flood_arrives_in_order_and_learns_the_pace_from_two_refusals() -> None:
    sending = Sending()
    for number in range(40):
        await sending.deliver(str(number))
    assert sending.measure.taken == [str(number) for number in range(40)]
    assert sending.measure.refused <= 2
    assert sending.pace.interval == pytest.approx(5.0, abs=0.2)
    assert sending.clock.seconds < 30 * 5.3


async def test_many_home_chats_at_once_are_not_refused_one_by_one() -> None:
    sending = Sending()
    await asyncio.gather(*(sending.deliver(str(number)) for number in range(60)))
    assert sorted(sending.measure.taken, key=int) == [str(number) for number in range(60)]
    assert sending.measure.refused <= 3


async def test_an_answer_goes_before_what_waits() -> None:
    sending = Sending()
    waiting = [asyncio.create_task(sending.deliver(str(number))) for number in range(30)]
    while len(sending.measure.taken) < 15:  # noqa: ASYNC110  (it looks at a count)
        await asyncio.sleep(0)
    before = len(sending.measure.taken)
    await sending.answer("answer")
    assert sending.measure.taken.index("answer") <= before + 1
    await asyncio.gather(*waiting)
    assert len(sending.measure.taken) == 31


async def test_a_pace_is_forgotten_once_nothing_was_refused_for_long() -> None:
    sending = Sending()
    for number in range(12):
        await sending.deliver(str(number))
    assert sending.pace.interval
    sending.clock.seconds += 700
    await sending.deliver("later")
    assert not sending.pace.interval


async def test_a_turn_that_nothing_came_of_is_given_back() -> None:
    sending = Sending()
    for number in range(12):
        await sending.deliver(str(number))
    unused = await sending.pace.turn()
    at = sending.clock.seconds
    unused()
    await sending.pace.turn()
    assert sending.clock.seconds == at


@pytest.mark.matrix_real
async def test_an_untouched_synapse_takes_a_flood_and_the_doctor_says_what_to_type(tmp_path: Path) -> None:
    if reason := missing_synapse():
        pytest.skip(reason)
    with running_synapse(tmp_path / "synapse", limits=True) as homeserver:
        async with hospital(homeserver, tmp_path) as city:
            bot = await city.adapter()
            parts = Parts()
            for number in range(12):
                delivery = Delivery(f"d{number}", None, Post(note(f"Message {number}")))
                while len(parts.all) <= number:
                    await bot.turn(None)
                    with suppress(Later):
                        await bot.deliver(delivery, parts)
            assert len({part.remote for part in parts.all}) == 12
            assert bot._pace._refusals <= 2
            (line,) = [check for check in await bot.checks() if check.name == "matrix rate limit"]
            assert line.state == "warn"
            assert "/override_ratelimit" in line.remedy
            city.clock.now = lambda: datetime.now(UTC) + timedelta(days=8)  # type: ignore[method-assign]
            (line,) = [check for check in await bot.checks() if check.name == "matrix rate limit"]
            assert line.state == "ok"
