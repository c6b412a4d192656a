"""A whole bot with the adapters of its configuration, on a hasty clock, and what its operator reads of it."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiohttp import ClientSession

from bot.bootstrap import Bot
from bot.chat.events import Account
from bot.cli.checks.parts import parts
from bot.cli.checks.running import running as asked
from bot.config import Settings, load
from bot.domain.members import Role
from bot.domain.pauses import Cause
from bot.http import Surface, application, serving
from bot.metrics import Metrics
from bot.ports.adapter import Check


class HastyClock:
    """Goes twenty times as fast as others, so that nobody has to wait for a second try."""

    FASTER = 20

    def __init__(self) -> None:
        self._begun, self._start = time.monotonic(), datetime.now(UTC)

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        return (time.monotonic() - self._begun) * self.FASTER

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self.FASTER)


@dataclass
class Whole:
    """A bot that runs, with its pages for machines."""

    bot: Bot
    settings: Settings

    async def ready(self) -> tuple[int, dict[str, Any]]:
        """Give the status of `/ready`, and what it says of each site."""
        async with ClientSession() as session, session.get(self._address("ready")) as answer:
            parts = (await answer.json())["parts"]
        return answer.status, {site.name: parts[site.name] for site in self.settings.sites}

    async def problem(self, site: str) -> str:
        return str((await self.ready())[1][site].get("problem", ""))

    async def number(self, metric: str, site: str) -> float:
        """Read a number of a site from `/metrics`."""
        async with ClientSession() as session, session.get(self._address("metrics")) as answer:
            page = await answer.text()
        found = re.search(rf'^{metric}{{site="{site}"}} (\S+)$', page, re.MULTILINE)
        assert found, page
        return float(found[1])

    async def doctor(self) -> dict[str, Check]:
        """Let `curbside doctor` look at databases, sites and the bot that runs; what is well is left out."""
        found = [check async for check in parts(self.settings, self._beside)]
        found += [check async for check in asked(self.settings)]
        return {check.name: check for check in found if check.state != "ok"}

    async def _beside(self, settings: Settings, metrics: Metrics | None = None) -> Bot:
        return await Bot.open(settings, metrics=metrics)

    async def paused(self) -> list[tuple[str, Cause, bool]]:
        return [(one.room, one.cause, one.told) for one in await self.bot.backlog.paused()]

    async def is_paused(self, site: str, cause: Cause) -> bool:
        return (site, cause, True) in await self.paused()

    async def goes_on(self) -> bool:
        return not await self.paused()

    async def waiting(self) -> dict[str, int]:
        """Count what waits for each room; home chats are one place, without a name."""
        return {one.room: one.deliveries for one in await self.bot.backlog.waiting()}

    async def nothing_waits(self) -> bool:
        return not await self.waiting()

    async def set_apart(self) -> list[str]:
        return [one.code for one in await self.bot.backlog.quarantined()]

    def _address(self, page: str) -> str:
        return f"http://127.0.0.1:{self.settings.http.port}/{page}"


@asynccontextmanager
async def running(
    config: Path, members: Mapping[Account, Role] | None = None, *, clock: HastyClock | None = None
) -> AsyncIterator[Whole]:
    """Run the bot of a configuration, which names a free port; ``members`` are made before it starts.

    Another life on the same databases needs the same ``clock``: a new one begins at the machine's time.
    """
    settings = load(config, {})
    metrics = Metrics([site.name for site in settings.sites], strict=True)
    bot = await Bot.open(settings, clock or HastyClock(), metrics=metrics)
    surface = Surface(
        bot.health,
        metrics,
        bot.numbers.refresh,
        slack_events=bot.slack_events,
        installing=bot.installing,
    )
    try:
        async with serving(application(surface), "127.0.0.1", settings.http.port):
            for account, role in (members or {}).items():
                await bot.wall.joining.enrol(account, "Nemo Planted", "Dermatology", role, by="test")
            await bot.start()
            yield Whole(bot, settings)
    finally:
        await bot.stop()
