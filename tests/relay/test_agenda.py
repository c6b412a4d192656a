"""The agenda never looks later than it was told, and forgets nothing that comes while somebody is served."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.cards import note
from bot.relay.agenda import Agenda
from tests.stories.world import World, enrol_everybody, open_world
from tests.waiting import until

NOW = datetime(2026, 5, 1, 8, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def test_the_earliest_moment_counts_and_a_look_is_given_once() -> None:
    agenda = Agenda()
    agenda.note("room:north", at(30))
    agenda.note("room:north", at(10))
    agenda.note("room:north", at(20))
    agenda.note_all({"room:south": at(5), "home:ada": at(60)})
    assert agenda.next() == at(5)
    assert agenda.due(at(4)) == []
    assert agenda.due(at(30)) == ["room:south", "room:north"]
    assert agenda.due(at(30)) == []
    assert agenda.next() == at(60)
    agenda.note("room:north", at(40))
    assert agenda.due(at(99)) == ["room:north", "home:ada"]
    assert agenda.next() is None


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 20)), max_size=40), st.integers(0, 20))
def test_everything_noted_for_now_or_before_is_given(noted: list[tuple[str, int]], now: int) -> None:
    agenda = Agenda()
    for destination, seconds in noted:
        agenda.note(destination, at(seconds))
    due = {destination for destination, seconds in noted if seconds <= now}
    given_now = agenda.due(at(now))
    assert set(given_now) == due
    assert len(given_now) == len(due)
    later = [seconds for destination, seconds in noted if destination not in due]
    assert agenda.next() == (at(min(later)) if later else None)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """Have a world whose relay runs by itself."""
    async with open_world(tmp_path) as world:
        await enrol_everybody(world)
        await world.settle()
        running = asyncio.create_task(world.bot.relay.run())
        yield world
        await world.bot.relay.stop()
        await running


async def put(world: World, subject: str) -> None:
    async with world.bot.house.content.work() as work:
        await work.outbox.post(subject, note(subject), release_at=world.clock.now())


async def test_what_is_put_while_its_room_is_served_leaves_after_it(world: World) -> None:
    """The commit comes between the last look at the queue and the end of the serving."""
    relay = world.bot.relay
    served, late = relay._goes_on, asyncio.Event()

    async def goes_on(destination: str, after: str = "") -> bool:
        on = await served(destination, after)
        if not on and not late.is_set():
            late.set()
            await put(world, "late")
            await asyncio.sleep(0)
        return on

    relay._goes_on = goes_on  # type: ignore[method-assign]
    await put(world, "early")
    both = ["bot: early", "bot: late"]
    await until(lambda: world.room(world.forms)[-2:] == world.room(world.words)[-2:] == both)


async def test_what_another_process_puts_behind_a_delivery_that_just_ends_leaves_after_it(
    world: World,
) -> None:
    """Nobody names its destination, and its room has a first delivery: the one that is under way."""
    relay = world.bot.relay
    served, late = relay._goes_on, asyncio.Event()

    async def goes_on(destination: str, after: str = "") -> bool:
        on = await served(destination, after)
        if after and not late.is_set():
            late.set()
            content = world.bot._content
            content.outgoing, told = [], content.outgoing
            await put(world, "late")
            content.outgoing = told
            relay.wake()
            await relay._look()
        return on

    relay._goes_on = goes_on  # type: ignore[method-assign]
    await put(world, "early")
    both = ["bot: early", "bot: late"]
    await until(lambda: world.room(world.forms)[-2:] == world.room(world.words)[-2:] == both)


async def test_a_look_that_fails_is_made_again_for_everything(world: World) -> None:
    relay = world.bot.relay
    faults, asked = [RuntimeError("away")], relay._sharing.ours

    async def ours(due: list[str], *, whole: bool) -> object:
        if faults:
            raise faults.pop()
        return await asked(due, whole=whole)

    relay._sharing.ours = ours  # type: ignore[method-assign,assignment]
    await put(world, "said")
    async with asyncio.timeout(10):
        await until(lambda: not faults)
        world.clock.pass_(1)
        await until(lambda: world.room(world.forms)[-1:] == ["bot: said"])
