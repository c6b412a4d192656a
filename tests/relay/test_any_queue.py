"""The relay works on whatever fills its port: here a queue in memory, with no outbox of ours behind it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.chat.cards import Card, note
from bot.chat.events import Account
from bot.metrics import Metrics
from bot.ports.adapter import Later, Undeliverable
from bot.ports.outbox import Ending, GroupEnded, Queue, Refusal, What
from bot.relay.relay import Relay
from tests.relay.memory_queue import MemoryQueue
from tests.relay.test_erasing import member_of
from tests.stories.world import World, enrol_everybody, open_world
from tests.waiting import until


@dataclass
class Shop:
    """A world whose relay has another queue, and what it reported."""

    world: World
    queue: MemoryQueue
    relay: Relay
    groups: list[GroupEnded] = field(default_factory=list)

    def post(self, *said: str, to: str = "forms") -> None:
        for words in said:
            self.queue.put(to, What.POST, words, note(words), self.world.clock.now())


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    groups: list[GroupEnded] = []

    async def on_group(group: GroupEnded) -> None:
        groups.append(group)

    async def on_prompt(account: Account, card: Card) -> None:
        raise AssertionError(f"no button was put for {account}: {card}")

    async def on_refusal(_room: str) -> Refusal:
        return Refusal.OF_WORDS

    async def steady() -> None:
        """The clock of a story never jumps by itself."""

    async with open_world(tmp_path) as world:
        await enrol_everybody(world)
        await world.settle()
        queue = MemoryQueue()
        as_a_port: Queue = queue
        relay = Relay(
            as_a_port,
            world.bot.house.content,
            world.bot.wall,
            {site.site: site for site in (world.forms, world.words)},
            clock=world.clock,
            chance=world.chance,
            on_group=on_group,
            on_prompt=on_prompt,
            on_refusal=on_refusal,
            steady=steady,
            away=(),
            metrics=Metrics(strict=True),
        )
        yield Shop(world, queue, relay, groups)


async def test_rows_leave_in_order_and_nothing_overtakes_one_that_was_put_off(shop: Shop) -> None:
    shop.world.forms.faults.append(Later(30.0))
    shop.post("one", "two", "three")
    shop.post("elsewhere", to="words")
    await shop.relay.drain()
    assert shop.world.room(shop.world.forms) == []
    assert shop.world.room(shop.world.words) == ["bot: elsewhere"]
    shop.world.clock.pass_(30)
    await shop.relay.drain()
    assert shop.world.room(shop.world.forms) == ["bot: one", "bot: two", "bot: three"]
    assert await shop.queue.depth() == {"waiting": 0, "claimed": 0, "quarantined": 0}


async def test_what_cannot_be_delivered_is_set_apart_and_the_rest_goes_on(shop: Shop) -> None:
    shop.world.forms.faults.append(Undeliverable("gone"))
    shop.post("one", "two")
    await shop.relay.drain()
    assert shop.queue.apart == {"one": "gone"}
    assert [key.split(":", 2)[2] for key in shop.queue.noticed] == ["room:gone"]
    assert shop.world.room(shop.world.forms) == ["bot: two"]


async def test_what_a_dead_process_had_claimed_is_tried_again(shop: Shop) -> None:
    await shop.relay.drain()
    shop.post("one")
    assert await shop.queue.claim("room:forms", shop.world.clock.now())
    await shop.relay.drain()
    assert shop.world.room(shop.world.forms) == []
    shop.relay.look_for_left_over()
    await shop.relay.drain()
    assert shop.world.room(shop.world.forms) == ["bot: one"]


async def test_parts_are_given_back_to_what_changes_them_and_a_group_is_reported_once(shop: Shop) -> None:
    shop.post("case")
    shop.queue.put("forms", What.EDIT, "case", note("changed"), shop.world.clock.now())
    await shop.relay.drain()
    assert shop.world.room(shop.world.forms) == ["bot: changed"]
    shop.queue.put("forms", What.DELETE, "case", None, shop.world.clock.now(), group="case")
    await shop.relay.drain()
    assert shop.world.room(shop.world.forms) == []
    assert shop.groups == [GroupEnded("case", {"forms": Ending.SENT})]


async def test_members_are_told_at_home(shop: Shop) -> None:
    ravi = await member_of(shop.world, "ravi")
    shop.queue.put(ravi, What.POST, "news", note("news for you"), shop.world.clock.now(), at_home=True)
    await shop.relay.drain()
    assert shop.world.home("ravi")[-1] == "news for you"


async def test_ends_of_groups_are_asked_for_only_where_there_may_be_one(shop: Shop) -> None:
    asked = 0
    unreported = shop.queue.unreported

    async def counted() -> tuple[GroupEnded, ...]:
        nonlocal asked
        asked += 1
        return await unreported()

    shop.queue.unreported = counted  # type: ignore[method-assign]
    relay, clock, here = shop.relay, shop.world.clock, "room:forms"
    running = asyncio.create_task(relay.run())
    await until(lambda: asked == 1)
    for words in ("one", "two"):
        shop.post(words)
        relay.wake({here: clock.now()})
        await until(lambda words=words: shop.world.room(shop.world.forms)[-1:] == [f"bot: {words}"])  # type: ignore[misc]
    await until(lambda: not relay._under_way)
    assert asked == 1
    shop.queue.put("forms", What.DELETE, "two", None, clock.now(), group="two")
    relay.wake({here: clock.now()})
    await until(lambda: shop.groups == [GroupEnded("two", {"forms": Ending.SENT})])
    assert asked == 2
    relay.wake()
    await until(lambda: asked == 3)
    await relay.stop()
    await running
