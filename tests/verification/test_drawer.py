"""The drawer: one record for an owner, each with its day, and nothing that nobody would tidy away."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.verification.drawer import Drawer
from tests.matrix.fakes import MemoryCabinet
from tests.stories.clock import StoryClock

MINUTE = timedelta(minutes=1)


class Breaking(MemoryCabinet):
    """A cabinet that fails at one of its writes, as when the power goes."""

    def __init__(self, at: int) -> None:
        super().__init__()
        self._left = at

    async def put(self, name: str, value: bytes) -> None:
        self._breaks()
        await super().put(name, value)

    async def drop(self, name: str) -> None:
        self._breaks()
        await super().drop(name)

    def _breaks(self) -> None:
        self._left -= 1
        if self._left == 0:
            raise ConnectionError


async def test_a_record_is_kept_changed_and_dropped() -> None:
    cabinet, clock = MemoryCabinet(), StoryClock()
    drawer = Drawer(cabinet, clock)
    await drawer.put("a", b"1", owner="nemo", until=clock.now() + MINUTE)
    await drawer.change("a", b"2")
    assert await Drawer(cabinet, clock).get("a") == b"2"

    await drawer.drop("a")
    await drawer.drop("a")
    await drawer.change("a", b"3")
    assert cabinet.values == {}


async def test_of_one_owner_the_last_record_stays() -> None:
    cabinet, clock = MemoryCabinet(), StoryClock()
    drawer = Drawer(cabinet, clock)
    for owner, name in (("nemo", "a"), ("nora", "b"), ("nemo", "c")):
        await drawer.put(name, b"1", owner=owner, until=clock.now() + MINUTE)

    assert [await drawer.get(name) for name in "abc"] == [None, b"1", b"1"]


async def test_tidying_takes_what_is_over() -> None:
    cabinet, clock = MemoryCabinet(), StoryClock()
    drawer = Drawer(cabinet, clock)
    await drawer.put("a", b"1", owner="nemo", until=clock.now() + MINUTE)
    await drawer.put("b", b"1", owner="nora", until=clock.now() + 2 * MINUTE)
    clock.pass_(60)
    await drawer.tidy()
    assert [await drawer.get(name) for name in "ab"] == [None, b"1"]

    clock.pass_(60)
    await drawer.tidy()
    assert cabinet.values == {}


@pytest.mark.parametrize("at", range(1, 9))
async def test_a_crash_leaves_nothing_that_would_never_be_tidied(at: int) -> None:
    cabinet, clock = Breaking(at), StoryClock()
    drawer = Drawer(cabinet, clock)
    try:
        for name in "abc":
            await drawer.put(name, b"1", owner="nemo", until=clock.now() + MINUTE)
        await drawer.drop("c")
    except ConnectionError:
        clock.pass_(60)
        await Drawer(cabinet, clock).tidy()
    assert cabinet.values == {}
