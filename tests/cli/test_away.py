"""Each part is taken away for real: /ready and doctor say so with the next step, and say when it is back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from bot.adapters.memory import MemoryAdapter
from bot.adapters.memory.adapter import LIKE_MATRIX, LIKE_SLACK
from bot.bootstrap import Bot
from bot.bootstrap.kept import AGAIN, Kept
from bot.cli.checks.running import running
from bot.config import Http, Settings
from bot.http import Surface, application, serving
from bot.identity.keys import create_key_file
from bot.metrics import Metrics
from bot.ports.adapter import Check, Health
from tests.cli.test_parts import settings
from tests.stories.clock import StoryChance, StoryClock
from tests.waiting import until


@dataclass
class Ward:
    """A running bot whose pages are served, and what the two who ask are told."""

    bot: Bot
    clock: StoryClock
    settings: Settings
    port: int

    async def ready(self) -> tuple[int, dict[str, str]]:
        """Give the status of ``/ready``, and the parts that have something to say."""
        async with ClientSession() as session, session.get(f"http://127.0.0.1:{self.port}/ready") as answer:
            parts = (await answer.json())["parts"]
            problems = {name: part["problem"] for name, part in parts.items() if "problem" in part}
            return answer.status, problems

    async def doctor(self) -> list[Check]:
        """Give what doctor says of the running bot."""
        return [check async for check in running(at(self.settings, self.port))]

    async def assert_whole(self) -> None:
        assert await self.ready() == (200, {})
        assert await self.doctor() == [Check("running bot", "ok")]

    async def assert_away(self, part: str, words: str, status: int = 503) -> None:
        told, problems = await self.ready()
        assert (told, list(problems)) == (status, [part])
        assert words in problems[part]
        assert problems[part].endswith(".")
        state = "fail" if status == 503 else "warn"
        assert await self.doctor() == [Check(f"running {part}", state, problems[part])]


def at(told: Settings, port: int) -> Settings:
    return told.model_copy(update={"http": Http(port=port)})


@pytest.fixture
async def ward(tmp_path: Path) -> AsyncIterator[Ward]:
    clock, chance = StoryClock(), StoryChance()
    create_key_file(tmp_path / "master.key", chance)
    sites = MemoryAdapter("forms", LIKE_SLACK), MemoryAdapter("words", LIKE_MATRIX)
    told = settings(tmp_path)
    bot = await Bot.open(told, clock, sites, chance)
    await bot.start()
    surface = Surface(health=bot.health, metrics=Metrics(["forms", "words"], strict=True))
    async with serving(application(surface), "127.0.0.1", 0) as port:
        await until(lambda: bot.watch.rests)  # What is under way may miss what a test takes away.
        yield Ward(bot, clock, told, port)
    await bot.stop()


@pytest.mark.parametrize("name", ["content", "vault", "roster"])
async def test_a_database_whose_file_is_gone(ward: Ward, name: str) -> None:
    file = ward.settings.data_dir / f"{name}.db"
    await ward.assert_whole()

    file.rename(file.with_suffix(".away"))
    await ward.assert_away("database", f"Not in data_dir any more: {name}.db.")

    file.with_suffix(".away").rename(file)
    await ward.assert_whole()


async def test_the_key_file_is_gone(ward: Ward) -> None:
    key = ward.settings.key_file

    key.rename(key.with_suffix(".away"))
    await ward.assert_away("keys", "Put it back from the safe before the next restart.", status=200)

    key.with_suffix(".away").rename(key)
    await ward.assert_whole()


@pytest.mark.parametrize(("free", "status"), [(50 * 1024**2, 503), (500 * 1024**2, 200)])
async def test_the_disk_is_nearly_full(
    ward: Ward, monkeypatch: pytest.MonkeyPatch, free: int, status: int
) -> None:
    with monkeypatch.context() as full:
        full.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=free))
        await ward.assert_away("disk", f"{free // 1024**2} MB are free where data_dir lies", status)

    await ward.assert_whole()


@pytest.mark.parametrize("part", ["relay", "timekeeper"])
async def test_a_part_that_falls_over_begins_again(
    ward: Ward, part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = {"relay": ward.bot._delivering, "timekeeper": ward.bot._keeping_time}[part]
    whole = kept._run
    await kept.cut()
    await ward.assert_away(part, f"The {part} does not run. Restart the bot.")

    monkeypatch.setattr(kept, "_run", broken)
    kept.start()
    await until(lambda: "fell over" in kept.health().problem)
    await ward.assert_away(part, "begins again within 5 s")

    monkeypatch.setattr(kept, "_run", whole)
    ward.clock.pass_(AGAIN)
    await until(lambda: kept.health().connected)
    await ward.assert_whole()


async def broken() -> None:
    raise OSError


async def test_a_look_at_the_clock_that_fails_is_told(ward: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(*_: object) -> None:
        raise OSError

    with monkeypatch.context() as cut:
        cut.setattr(ward.bot.timekeeper, "keep", away)
        ward.bot.timekeeper.wake()
        await until(lambda: ward.bot.timekeeper.ailing)
        await ward.assert_away("timekeeper", "it is tried again within a minute")

    ward.bot.timekeeper.wake()
    await until(lambda: not ward.bot.timekeeper.ailing)
    await ward.assert_whole()


async def test_a_queue_that_cannot_be_read_is_told(ward: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(*_: object) -> None:
        raise OSError

    with monkeypatch.context() as cut:
        cut.setattr(ward.bot.queue, "heads", away)
        ward.bot.relay.wake()
        await until(lambda: ward.bot.relay.ailing)
        await ward.assert_away("relay", "The relay cannot read what waits")

    ward.clock.pass_(1)
    await until(lambda: not ward.bot.relay.ailing)
    await ward.assert_whole()


async def test_a_watch_that_is_dead_and_one_whose_duty_fails(ward: Ward) -> None:
    await ward.bot.watch._do((broken,))
    await ward.assert_away("watch", "Look for watch_failed in the log.", status=200)
    ward.bot.watch._failed.clear()
    await ward.assert_whole()

    for looking in ward.bot.watch._looking:
        await looking.cut()
    await ward.assert_away("watch", "The watch does not run. Restart the bot.")

    ward.bot.watch.start()
    await ward.assert_whole()


async def test_a_site_that_is_away(ward: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    site = ward.bot.adapters[0]

    with monkeypatch.context() as cut:
        cut.setattr(site, "health", lambda: Health(False, "Slack cannot be reached."))
        await ward.assert_away("forms", "Slack cannot be reached.")

    await ward.assert_whole()


async def test_doctor_finds_no_bot_or_something_else(tmp_path: Path) -> None:
    told = settings(tmp_path)
    async with stranger() as port:
        [other] = [check async for check in running(at(told, port))]
    [nobody] = [check async for check in running(at(told, port))]

    assert (other.state, nobody.state) == ("warn", "ok")
    assert "does something else listen?" in other.remedy
    assert nobody.remedy == f"none runs here: nothing listens at 127.0.0.1:{port}"
    assert [check async for check in running(at(told, 0))] == []


@asynccontextmanager
async def stranger() -> AsyncIterator[int]:
    async def hello(_: web.Request) -> web.Response:
        return web.json_response(["hello"])

    app = web.Application()
    app.router.add_get("/ready", hello)
    async with TestServer(app) as server:
        assert server.port is not None
        yield server.port


async def test_what_ended_as_it_was_told_to_is_not_begun_again() -> None:
    begun: list[str] = []

    async def once() -> None:
        begun.append("once")

    kept = Kept("part", once, StoryClock())
    await kept.ended()
    kept.start()
    await kept.ended()

    assert begun == ["once"]
    assert not kept.health().connected
