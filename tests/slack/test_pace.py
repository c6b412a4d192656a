"""The bot keeps Slack's pace: all arrives in order, the newest words stand, Slack hardly ever refuses."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from pathlib import Path

import pytest

from bot.adapters.slack import Secret, SlackAdapter, SlackSite, manifest
from bot.chat.cards import Card, Paragraph
from bot.standin.slack import Channel, SlackStandin
from tests.slack.conftest import Inbox
from tests.stories.clock import StoryClock
from tests.stories.world import World, open_world


class StandinClock:
    """The stand-in's view of the story's clock."""

    def __init__(self, story: StoryClock) -> None:
        self._story = story

    def now(self) -> float:
        return self._story.now().timestamp()

    async def sleep(self, seconds: float) -> None:
        await self._story.sleep(seconds)


class BotClock(StoryClock):
    """A story's clock that counts who waits on it for a moment."""

    def __init__(self, story: StoryClock) -> None:
        self._story = story
        self.waiting = 0

    def now(self) -> datetime:
        return self._story.now()

    def monotonic(self) -> float:
        return self._story.monotonic()

    async def sleep(self, seconds: float) -> None:
        self.waiting += seconds < 5
        try:
            await self._story.sleep(seconds)
        finally:
            self.waiting -= seconds < 5


class Town:
    """A world whose site with forms is a Slack workspace with its documented limits."""

    def __init__(self, world: World, slack: SlackStandin) -> None:
        self.world = world
        self.slack = slack
        self.workspace = slack.add_workspace("st-anna", manifest=manifest())
        self.eva = self.workspace.add_person("eva")
        self.room: Channel = self.workspace.add_channel("consult", members=[self.eva], app_is_member=True)
        app = self.workspace.app
        site = SlackSite(
            "forms",
            Secret(app.bot_token),
            self.room.id,
            app_token=Secret(app.app_token),
            api_url=slack.api_url,
        )
        self.clock = BotClock(world.clock)
        self.adapter = SlackAdapter(site, self.clock)
        self.relay = world.bot.relay
        sites = self.relay._adapters
        assert isinstance(sites, dict)
        sites["forms"] = self.adapter

    async def post(self, posts: int) -> None:
        async with self.world.bot.house.content.work() as work:
            for number in range(posts):
                await work.outbox.post(f"poll:{number}", card(number, 0), release_at=self.world.clock.now())
        self.relay.wake()

    async def count(self, posts: int, votes: int) -> None:
        async with self.world.bot.house.content.work() as work:
            for number in range(posts):
                await work.outbox.edit(f"poll:{number}", card(number, votes), revision=votes)
        self.relay.wake()

    async def until(self, met: Callable[[], bool]) -> None:
        async with asyncio.timeout(100):
            while not met():  # noqa: ASYNC110  (it looks at three programs' states)
                await asyncio.sleep(0.001)

    async def passes(self, seconds: float) -> None:
        """Let time pass, and at each step everybody do what they can before they have to wait."""
        for _ in range(int(seconds * 4)):
            await self.until(lambda: self.clock.waiting > 0)
            self.world.clock.pass_(0.25)
            await asyncio.sleep(0.001)

    async def until_empty(self) -> None:
        async with asyncio.timeout(200):
            while any((await self.world.bot.queue.depth()).values()):
                self.world.clock.pass_(0.25 if self.clock.waiting else 0)
                await asyncio.sleep(0.002)

    def standing(self) -> list[str]:
        said = [each for each in self.eva.channel(self.room) if each.get("bot_id")]
        return [str(each["blocks"]) for each in said]

    def refused(self) -> int:
        return sum(call.error == "ratelimited" for call in self.slack.calls)


def card(number: int, votes: int) -> Card:
    return Card("A poll", f"Poll {number}", None, (Paragraph((f"poll {number} has {votes} votes",)),))


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with (
        open_world(tmp_path) as world,
        SlackStandin(clock=StandinClock(world.clock), seed=11) as slack,
    ):
        made = Town(world, slack)
        await made.adapter.start(Inbox())
        yield made
        await made.relay.stop()
        await made.adapter.stop()


@pytest.mark.parametrize("posts", [20, pytest.param(100, marks=[pytest.mark.soak, pytest.mark.timeout(300)])])
async def test_posts_with_three_updates_each_draw_two_refusals_in_a_hundred(town: Town, posts: int) -> None:
    await town.post(posts)
    await town.until(lambda: len(town.world.words.room) == posts)
    assert len(town.standing()) <= 3  # No time has passed: the other room has all, Slack's goes at its pace.
    for votes in (1, 2, 3):
        await town.count(posts, votes)
        await town.passes(posts / 5)
    await town.until_empty()
    wanted = [f"poll {number} has 3 votes" for number in range(posts)]
    assert [words in stood for words, stood in zip(wanted, town.standing(), strict=True)] == [True] * posts
    assert town.refused() <= posts // 50
    assert len(town.slack.calls_of("chat.update")) < 2 * posts
