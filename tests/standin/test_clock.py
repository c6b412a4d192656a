"""The clock turned by hand."""

from __future__ import annotations

import asyncio

import pytest

from bot.standin.slack import ManualClock
from bot.standin.slack.clock import within


async def test_sleepers_wake_in_order_and_see_their_own_time() -> None:
    clock = ManualClock(start=100.0)
    woken: list[tuple[str, float]] = []

    async def sleeper(name: str, seconds: float) -> None:
        await clock.sleep(seconds)
        woken.append((name, clock.now()))

    tasks = [asyncio.create_task(sleeper(name, seconds)) for name, seconds in (("b", 2), ("a", 1), ("c", 5))]
    await asyncio.sleep(0)
    await clock.advance(3)
    assert woken == [("a", 101.0), ("b", 102.0)]
    await clock.advance(2)
    assert woken[2:] == [("c", 105.0)]
    await asyncio.gather(*tasks)


async def test_a_sleeper_may_sleep_again_on_the_way() -> None:
    clock = ManualClock(start=0.0)
    woken: list[float] = []

    async def thrice() -> None:
        for _ in range(3):
            await clock.sleep(1)
            woken.append(clock.now())

    task = asyncio.create_task(thrice())
    await clock.advance(10)
    await task
    assert woken == [1.0, 2.0, 3.0]
    assert clock.now() == 10.0


async def test_within_gives_the_result_or_gives_up() -> None:
    clock = ManualClock()
    quick: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    quick.set_result(1)
    assert await within(clock, 3, quick) == 1
    never: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    waiting = asyncio.create_task(within(clock, 3, never))
    await clock.advance(3)
    with pytest.raises(TimeoutError):
        await waiting
