"""Watch: duties are done in turn; a broken one neither stops the others nor itself for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from structlog.testing import capture_logs

from bot.bootstrap.watch import Watch
from tests.stories.clock import StoryClock


class Duties:
    """Writes down what was done, and wakes whoever waits for it."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self._changed = asyncio.Condition()

    def named(self, name: str, fault: Exception | None = None) -> Callable[[], Awaitable[None]]:
        async def duty() -> None:
            async with self._changed:
                self.done.append(name)
                self._changed.notify_all()
            if fault is not None:
                raise fault

        return duty

    async def reach(self, number: int) -> list[str]:
        async with self._changed:
            await self._changed.wait_for(lambda: len(self.done) >= number)
        return sorted(self.done)


async def test_a_broken_duty_is_tried_again_and_stops_nobody() -> None:
    clock, duties = StoryClock(), Duties()
    broken, other = duties.named("broken", OSError()), duties.named("other")
    watch = Watch(clock, ((60.0, broken), (60.0, other), (3600.0, duties.named("rare"))))
    with capture_logs() as logged:
        watch.start()
        assert await duties.reach(3) == ["broken", "other", "rare"]
        await asyncio.sleep(0)
        clock.pass_(60)
        assert await duties.reach(5) == ["broken", "broken", "other", "other", "rare"]
        await watch.stop()
        clock.pass_(7200)
        await watch.look()
    assert len(duties.done) == 8
    assert [line["event"] for line in logged] == ["watch_failed"] * 3
