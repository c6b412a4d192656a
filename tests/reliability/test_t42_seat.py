"""T-42: two bots on one PostgreSQL share the work; of what only one may do, one has the seat."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bot.adapters.memory import MemoryAdapter
from bot.adapters.memory.adapter import LIKE_MATRIX
from bot.bootstrap.numbers import EVERY
from bot.bootstrap.parts import PAUSED
from bot.metrics import Metrics
from storage import presence
from storage.presence import NotPresent, Presence
from tests import server
from tests.stories import world as world_of
from tests.stories.world import World, enrol_everybody, open_world
from tests.views.test_views import words_of
from tests.waiting import until

pytestmark = pytest.mark.skipif(bool(server.missing_postgres()), reason=server.missing_postgres() or "there")
SEEN = ("room", "moderators", "homes", "said", "answers", "files", "admitted", "moderating")
"""What people see on a site, whichever bot is logged in there."""


@pytest.fixture(autouse=True)
def _on_postgres(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "ON_POSTGRES", True)
    monkeypatch.setattr(presence, "BEAT", 0.1)


def share(one: MemoryAdapter, other: MemoryAdapter) -> None:
    for name in SEEN:
        setattr(other, name, getattr(one, name))


@asynccontextmanager
async def two_bots(folder: Path) -> AsyncIterator[tuple[World, World]]:
    """Two bots on one installation, everybody enrolled; the first one has the seat."""
    async with open_world(folder, undo=0) as first:
        await enrol_everybody(first)
        await first.settle()
        async with open_world(folder, undo=0, life=2) as second:
            share(first.forms, second.forms)
            share(first.words, second.words)
            yield first, second


def presence_of(world: World) -> Presence:
    found = world.bot._content._database.seat
    assert isinstance(found, Presence)
    return found


def standing(world: World, words: str) -> list[int]:
    return [sum(words in words_of(shown.card) for shown in site.room) for site in (world.forms, world.words)]


def answered(world: World, person: str) -> int:
    return len(world.site_of(person).answers[person])


async def cut_off(world: World) -> None:
    """End the connection by which the server knows that a bot lives, as a restart of the server does."""
    mine = presence_of(world)
    async with mine._asking:
        session = mine._session
        assert session is not None
        pid = await session.fetchval("SELECT pg_backend_pid()")
    await asyncio.to_thread(server.run, server.server().ask(f"SELECT pg_terminate_backend({pid})"))
    await until(lambda: presence_of(world)._session is not session)


async def test_what_one_bot_takes_in_the_one_with_the_seat_handles(tmp_path: Path) -> None:
    async with two_bots(tmp_path) as (first, second):
        assert (first.bot._desk.open, second.bot._desk.open) == (True, False)
        before = answered(first, "ada")
        await second.forms.commands("ada", "help")
        await until(lambda: answered(first, "ada") == before + 1)
        assert second.bot.door.crowd.oldest_seconds == 0
        assert {part for part, health in second.bot.health().items() if health.waiting} == {
            "timekeeper",
            "watch",
        }


async def test_what_two_bots_could_deliver_stands_once_in_each_room_and_in_order(tmp_path: Path) -> None:
    async with two_bots(tmp_path) as (first, second):
        await first.command("ben", "case")
        await first.submit("ben", {"story": "It began with a soft lamp.", "question": "What next?"})
        await first.post("ben")
        said = [f"the border is {word}" for word in ("sharp", "pale", "blurred", "raised", "broad", "dark")]
        for world, words in zip((first, second) * 3, said, strict=True):
            await world.forms.commands("cleo", f"comment 101 {words}")
        await until(lambda: all(standing(first, words) == [1, 1] for words in said))
        assert standing(first, "soft lamp") == [1, 1]
        for site in (first.forms, first.words):
            shown = [words_of(one.card) for one in site.room if "the border is" in words_of(one.card)]
            assert len(shown) == len(said)


async def test_a_bot_without_the_seat_says_nothing_of_pauses_but_what_the_database_does(
    tmp_path: Path,
) -> None:
    def told(world: World) -> tuple[bool, bool]:
        counted = b'curbside_paused{site="forms"} 1.0' in world.bot.numbers._metrics.page()
        return counted, world.bot.health()["forms"].problem == PAUSED

    async with two_bots(tmp_path) as (first, second):
        for world in (first, second):
            world.bot.numbers._metrics = Metrics(("forms", "words"))
        for paused in (True, False):
            change = first.bot.pausing.pause if paused else first.bot.pausing.resume
            await change("forms", "somebody")
            for world in (first, second):
                world.clock.pass_(EVERY)
                await world.bot.numbers.refresh()
            assert (told(first), told(second)) == ((paused, paused), (paused, False))
            second.bot.pausing.paused = frozenset({"forms"})  # As it was when this bot had the seat.


async def test_the_seat_moves_on_and_nothing_that_was_taken_in_is_lost(tmp_path: Path) -> None:
    async with two_bots(tmp_path) as (first, second):

        def passing(met: bool) -> bool:  # what is tried again waits by the story's clocks
            for world in (first, second):
                world.clock.pass_(1)
            return met

        await cut_off(first)
        await until(
            lambda: passing(any(one.bot._desk.settled and presence_of(one).held for one in (first, second)))
        )
        seated, other = (second, first) if presence_of(second).held else (first, second)
        before = answered(seated, "ben")
        await until(lambda: passing(presence_of(other).there))
        await other.forms.commands("ben", "rules")
        await seated.forms.commands("ben", "help")
        await until(lambda: passing(answered(seated, "ben") == before + 2))
        assert not await seated.bot.door.inbox.waiting(but=())


async def test_who_does_not_have_the_seat_stands_by_where_only_one_may_be_logged_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(world_of, "LIKE_MATRIX", replace(LIKE_MATRIX, sole=True))
    async with two_bots(tmp_path) as (first, second):
        await until(lambda: second.words.stood_by)
        assert (first.forms.stood_by, first.words.stood_by, second.forms.stood_by) == (0, 0, 0)
        await cut_off(first)

        def passing() -> bool:
            for world in (first, second):
                world.clock.pass_(1)
            seated, other = (first, second) if presence_of(first).held else (second, first)
            return bool(seated.bot._desk.settled and presence_of(other).there and other.words.stood_by)

        await until(passing)


async def test_a_bot_without_an_answer_from_the_server_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presence, "BEAT", 2.0)
    async with two_bots(tmp_path) as (first, _):
        mine = presence_of(first)
        mine._answered = asyncio.get_running_loop().time() - presence.BELIEVED - 1
        with pytest.raises(NotPresent):
            async with first.bot.house.content.work():
                pass
        assert not mine.held
        await until(lambda: mine.there)
        async with first.bot.house.content.work() as work:
            assert await work.pauses.all() == ()


async def test_a_claim_of_a_bot_that_is_gone_is_taken_back_as_tried_and_its_end_counts_no_more(
    tmp_path: Path,
) -> None:
    async with two_bots(tmp_path) as (first, second):
        for world in (first, second):
            await world.bot.relay.stop()
        async with first.bot.house.content.work() as work:
            card = first.forms.homes["ada"][0].card
            await work.outbox.post("case:1", card, release_at=first.clock.now())
        now, mine, others = first.clock.now(), first.bot.queue, second.bot.queue
        claimed = await mine.claim("room:forms", now)
        assert claimed is not None
        assert await others.claim("room:forms", now) is None
        await others.recover(now)
        assert await others.claim("room:forms", now) is None  # whoever has it lives
        number = presence_of(first).number
        await cut_off(first)
        await until(lambda: presence_of(first).number != number)
        await others.recover(now)
        again = await others.claim("room:forms", now)
        assert again is not None
        assert (again.id, again.tried, again.owner) == (claimed.id, True, presence_of(second).number)
        await mine.sent(claimed)
        await mine.again(claimed, now, unsure=True)
        assert (await others.depth())["claimed"] == 1
        await others.sent(again)
        assert (await others.depth())["claimed"] == 0
