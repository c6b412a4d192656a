"""A limit of a whole site pauses its rooms and home chats at once; others go on, and nothing is claimed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.chat.cards import Card, note
from bot.domain.members import MemberId
from bot.ports.adapter import Later
from tests.stories.world import World, enrol_everybody, open_world

NEWS = note("Something new.")


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with open_world(tmp_path) as opened:
        await enrol_everybody(opened)
        await opened.settle()
        yield opened


async def member_of(world: World, person: str) -> MemberId:
    known = await world.bot.wall.who(world.site_of(person).account(person))
    assert known is not None
    return known.member


async def tell(world: World, person: str, card: Card = NEWS) -> None:
    now = world.clock.now()
    async with world.bot.house.content.work() as work:
        await work.outbox.tell(
            await member_of(world, person), card, quiet=card, key=f"news {now} {person}", release_at=now
        )
    await world.settle()


async def post(world: World) -> None:
    async with world.bot.house.content.work() as work:
        await work.outbox.post("case:1", NEWS, release_at=world.clock.now())
    await world.settle()


async def limit(world: World, seconds: float | None, scope: str) -> None:
    """Let the site with words refuse one delivery to ravi; any further try would meet a fault of its own."""
    world.words.faults.append(Later(seconds, scope=scope, limited=True))
    await tell(world, "ravi")
    assert not world.words.faults


def told(world: World, person: str) -> int:
    return sum(shown.card == NEWS for shown in world.site_of(person).homes[person])


async def test_a_limit_of_the_site_pauses_its_rooms_and_homes_and_no_other_site(world: World) -> None:
    await limit(world, 30, "site")
    world.words.faults.append(AssertionError("asked in spite of the pause"))
    await tell(world, "sana")
    await tell(world, "ada")
    await post(world)
    assert [told(world, person) for person in ("ravi", "sana", "ada")] == [0, 0, 1]
    assert (len(world.forms.room), len(world.words.room)) == (1, 0)
    depth = await world.bot.queue.depth()
    assert (depth["claimed"], depth["waiting"]) == (0, 3)
    world.words.faults.clear()
    await world.wait(29)
    assert told(world, "sana") == 0
    await world.wait(1)
    assert [told(world, person) for person in ("ravi", "sana")] == [1, 1]
    assert len(world.words.room) == 1


async def test_a_limit_of_a_destination_pauses_nothing_else(world: World) -> None:
    await limit(world, 30, "destination")
    await tell(world, "sana")
    assert [told(world, person) for person in ("ravi", "sana")] == [0, 1]
    await world.wait(30)
    assert told(world, "ravi") == 1


async def test_a_site_that_does_not_say_how_long_rests_a_moment(world: World) -> None:
    await limit(world, None, "site")
    await tell(world, "sana")
    assert told(world, "sana") == 0
    await world.wait(60)
    assert [told(world, person) for person in ("ravi", "sana")] == [1, 1]


async def test_what_a_paused_site_holds_up_can_still_be_changed(world: World) -> None:
    await limit(world, 30, "site")
    await post(world)
    async with world.bot.house.content.work() as work:
        await work.outbox.edit("case:1", note("Newer words."), revision=1)
    await world.settle()
    await world.wait(30)
    assert [shown.card for shown in world.words.room] == [note("Newer words.")]
