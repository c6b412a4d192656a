"""The real bot, put together: its parts for /ready, its numbers for /metrics, nothing left open."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.adapters.memory import MemoryAdapter
from bot.adapters.memory.adapter import LIKE_MATRIX, LIKE_SLACK
from bot.bootstrap import Bot
from bot.bootstrap.numbers import EVERY
from bot.chat.events import Kind
from bot.config import MatrixSite, Relay, Settings, SlackSite
from bot.domain.members import Role
from bot.domain.pauses import Cause
from bot.identity.keys import create_key_file
from bot.metrics import LABELS, Metrics
from bot.ports.adapter import ConfigurationRefused, Health, Later, Undeliverable
from bot.ports.intake import Intake
from bot.ports.outbox import What
from tests.stories.clock import StoryChance, StoryClock

NOWHERE = MatrixSite(name="city", homeserver="http://127.0.0.1:9", user="@c:city.example", password="x")


def settings(folder: Path, *sites: MatrixSite | SlackSite) -> Settings:
    return Settings(
        data_dir=folder / "var",
        key_file=folder / "master.key",
        slack=tuple(site for site in sites if isinstance(site, SlackSite)),
        matrix=tuple(site for site in sites if isinstance(site, MatrixSite)) or (NOWHERE,),
        relay=Relay(undo_seconds=0, delay_seconds=(0, 0)),
    )


@dataclass
class Whole:
    """The bot between two sites in memory, and what it counted."""

    bot: Bot
    forms: MemoryAdapter
    words: MemoryAdapter
    metrics: Metrics
    clock: StoryClock

    async def settle(self) -> None:
        await self.bot.door.settle()
        await self.bot.relay.drain()

    def numbers(self, beginning: str) -> dict[str, float]:
        lines = [line for line in self.metrics.page().decode().splitlines() if line.startswith(beginning)]
        return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines}


@pytest.fixture
async def whole(tmp_path: Path) -> AsyncIterator[Whole]:
    clock, chance = StoryClock(), StoryChance()
    create_key_file(tmp_path / "master.key", chance)
    forms, words = MemoryAdapter("forms", LIKE_SLACK), MemoryAdapter("words", LIKE_MATRIX)
    metrics = Metrics(["forms", "words"], strict=True)
    bot = await Bot.open(settings(tmp_path), clock, (forms, words), chance, metrics)
    await bot.start()
    yield Whole(bot, forms, words, metrics, clock)
    await bot.stop()


async def enrol(whole: Whole, person: str) -> None:
    account = whole.words.account(person)
    await whole.bot.wall.joining.enrol(account, "Ravi Planted", "Cardiology", Role.PHYSICIAN, by="test")


def test_the_lists_of_labels_are_those_of_the_house() -> None:
    assert LABELS["kind"] == tuple(Kind)
    assert LABELS["what"] == tuple(What)


async def test_every_part_is_named_and_well(whole: Whole) -> None:
    parts = whole.bot.health()

    assert list(parts) == [*LABELS["part"], "forms", "words"]
    assert all(part.connected and not part.problem for part in parts.values())


async def test_a_database_that_takes_no_commit_is_not_ready_until_it_does(whole: Whole) -> None:
    vault = whole.bot._vault._database
    with pytest.raises(DBAPIError):
        await vault.share(lambda connection: connection.execute(text("UPDATE nothing SET a = 1")))

    silent = whole.bot.health()["database"]
    assert silent.problem == "No answer from: vault. Look at the disk and at who may write to data_dir."
    assert not silent.connected

    await vault.share(lambda connection: connection.execute(text("UPDATE canary SET number = number")))
    assert whole.bot.health()["database"].connected


async def test_events_and_what_came_of_them_are_counted(whole: Whole) -> None:
    await enrol(whole, "ravi")
    await whole.words.commands("ravi", "help")
    await whole.words.commands("ravi", "show 77")
    await whole.words.does("ravi", Kind.NATIVE)
    await whole.settle()

    assert whole.numbers("curbside_events_total") == {
        'curbside_events_total{kind="command",platform="memory"}': 2,
        'curbside_events_total{kind="native",platform="memory"}': 1,
    }
    assert whole.numbers("curbside_refusals_total") == {'curbside_refusals_total{platform="memory"}': 1}
    assert whole.numbers("curbside_handling_seconds_count") == {
        'curbside_handling_seconds_count{platform="memory"}': 3
    }
    assert whole.numbers("curbside_faults_total") == {}


async def test_a_fault_of_ours_is_counted(whole: Whole, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.frontdoor.door.read", lambda *_: 1 / 0)

    await whole.words.commands("ravi", "help")
    await whole.settle()

    assert whole.numbers("curbside_faults_total") == {'curbside_faults_total{platform="memory"}': 1}


async def test_deliveries_are_counted_by_how_they_end(whole: Whole) -> None:
    whole.words.faults = [Later(0), Undeliverable("gone")]

    await enrol(whole, "ravi")
    await whole.settle()
    await enrol(whole, "sana")
    await whole.settle()

    told = 'curbside_deliveries_total{ending="%s",platform="memory",to="home",what="post"}'
    assert whole.numbers("curbside_deliveries_total") == {
        told % "later": 1,
        told % "quarantined": 1,
        told % "sent": 1,
    }
    assert whole.numbers("curbside_delivery_seconds_count") == {
        'curbside_delivery_seconds_count{platform="memory"}': 3
    }
    assert whole.numbers("curbside_released_seconds_count") == {
        'curbside_released_seconds_count{platform="memory",to="home"}': 1
    }


async def test_how_late_a_delivery_is_counts_from_its_release(whole: Whole) -> None:
    whole.words.faults = [Later(40)]
    await enrol(whole, "ravi")
    await whole.settle()
    whole.clock.pass_(40)
    await whole.settle()

    late = 'curbside_released_seconds_bucket{le="%s",platform="memory",to="home"}'
    counts = whole.numbers("curbside_released_seconds_bucket")
    assert (counts[late % "30.0"], counts[late % "60.0"]) == (0, 1)


async def test_what_waits_is_looked_up_when_it_is_read_and_not_too_often(whole: Whole) -> None:
    whole.words.faults = [Later(300)]
    await enrol(whole, "ravi")
    await whole.settle()
    whole.clock.pass_(90)

    await whole.bot.numbers.refresh()
    waiting = 'curbside_outbox_waiting{platform="unknown",to="home"}'
    oldest = 'curbside_outbox_oldest_seconds{platform="unknown",to="home"}'
    assert whole.numbers("curbside_outbox_waiting") == {
        'curbside_outbox_waiting{platform="memory",to="room"}': 0,
        waiting: 1,
    }
    assert whole.numbers(oldest) == {oldest: 90}

    whole.clock.pass_(210)
    await whole.settle()
    whole.bot.numbers._counted_at = whole.clock.monotonic()
    await whole.bot.numbers.refresh()
    assert whole.numbers(waiting) == {waiting: 1}

    whole.clock.pass_(EVERY)
    await whole.bot.numbers.refresh()
    assert whole.numbers(waiting) == {waiting: 0}
    assert whole.numbers(oldest) == {oldest: 0}
    assert whole.numbers("curbside_disk_free_bytes")["curbside_disk_free_bytes"] > 0


async def test_a_paused_room_is_a_number_also_where_another_process_paused_it(whole: Whole) -> None:
    await whole.bot.numbers.refresh()
    assert set(whole.numbers("curbside_paused").values()) == {0}

    async with whole.bot.house.content.work() as work:
        await work.pauses.put("words", Cause.MODERATOR, whole.clock.now())
    whole.clock.pass_(EVERY)
    await whole.bot.numbers.refresh()
    assert whole.numbers("curbside_paused") == {
        'curbside_paused{site="forms"}': 0,
        'curbside_paused{site="words"}': 1,
    }


async def test_the_inbox_tells_how_much_is_in_hand_and_since_when(whole: Whole) -> None:
    whole.bot.door._open.clear()
    await whole.words.commands("ravi", "help")
    await whole.words.commands("sana", "help")
    whole.clock.pass_(7)

    await whole.bot.numbers.refresh()
    assert whole.numbers("curbside_inbox") == {
        "curbside_inbox_waiting": 2,
        "curbside_inbox_oldest_seconds": 7,
    }

    whole.bot.door.open()
    await whole.settle()
    await whole.bot.numbers.refresh()
    assert set(whole.numbers("curbside_inbox").values()) == {0}


async def test_writers_of_every_database_are_timed(whole: Whole) -> None:
    await enrol(whole, "ravi")

    for name in ("curbside_write_wait_seconds_count", "curbside_write_seconds_count"):
        counts = whole.numbers(name)
        assert counts[f'{name}{{database="content"}}'] > 0
        assert counts[f'{name}{{database="vault"}}'] > 0


async def test_how_the_sites_are_heard_is_read_off_them(
    whole: Whole, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whole.words, "health", lambda: Health(True, heard_seconds=12.0))
    monkeypatch.setattr(whole.forms, "health", lambda: Health(True, renewals=2))
    await whole.bot.numbers.refresh()
    monkeypatch.setattr(whole.forms, "health", lambda: Health(True, renewals=3))
    await whole.bot.numbers.refresh()

    assert whole.numbers("curbside_sync_age_seconds") == {'curbside_sync_age_seconds{site="words"}': 12}
    assert whole.numbers("curbside_reconnects_total") == {
        'curbside_reconnects_total{site="forms"}': 3,
        'curbside_reconnects_total{site="words"}': 0,
    }


class Refusing(MemoryAdapter):
    """A site that refuses its settings."""

    async def start(self, intake: Intake, *, proven: bool = False) -> None:
        raise ConfigurationRefused("channel", "The app is not in this channel.")


class Connecting(MemoryAdapter):
    """A site whose connection never comes to stand; it notes when that is given up, and when it is closed."""

    def __init__(self, site: str, noted: list[str]) -> None:
        super().__init__(site)
        self.noted = noted

    async def start(self, intake: Intake, *, proven: bool = False) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            self.noted.append("given up")

    async def stop(self) -> None:
        self.noted.append("closed")


async def test_a_site_that_refuses_is_named_and_the_others_are_given_up_first(tmp_path: Path) -> None:
    chance, noted = StoryChance(), list[str]()
    create_key_file(tmp_path / "master.key", chance)
    sites = (Connecting("lake", noted), Refusing("city"))
    bot = await Bot.open(settings(tmp_path), StoryClock(), sites, chance)

    with pytest.raises(ConfigurationRefused) as caught:
        await bot.start()
    await bot.stop()

    assert str(caught.value) == "[[memory]] city channel: The app is not in this channel."
    assert noted == ["given up", "closed"]


async def test_a_bot_that_was_only_opened_leaves_nothing_open(tmp_path: Path) -> None:
    """Checks of real adapters open connections; an unclosed one would be a warning, hence an error here."""
    create_key_file(tmp_path / "master.key", StoryChance())
    away = web.Application()
    async with TestServer(away) as server:
        address = str(server.make_url("/"))
        slack = SlackSite(name="anna", bot_token="x", app_token="x", api_url=address, channel="C1X")
        matrix = MatrixSite(name="city", homeserver=address, user="@c:city.example", password="x")
        bot = await Bot.open(settings(tmp_path, slack, matrix))
        failed = [any(check.state == "fail" for check in await one.checks()) for one in bot.adapters]
        await bot.stop()

    del bot
    gc.collect()
    assert failed == [True, True]
