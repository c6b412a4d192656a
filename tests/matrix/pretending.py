"""A bot at the pretend homeserver."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from bot.adapters.matrix.adapter import MatrixAdapter
from bot.adapters.matrix.site import MatrixSite, account_of
from bot.chat.cards import note
from bot.ports.adapter import Delivery, Post
from tests.matrix.fakes import HastyClock, MemoryCabinet, MemoryIntake, SeededChance
from tests.matrix.homeserver import ANN, ROOM, USER, PretendHomeserver


class Rig:
    """A bot at a pretend homeserver, with a clock that does not wait."""

    def __init__(self, server: PretendHomeserver, url: str, folder: Path) -> None:
        self.server = server
        self.clock = HastyClock()
        self.cabinet = MemoryCabinet()
        self.intake = MemoryIntake()
        self.site = MatrixSite(
            name="pretend",
            homeserver=url,
            user=USER,
            store=folder,
            password="secret",
            room=ROOM,
            encryption=False,
        )
        self.bots: list[MatrixAdapter] = []

    async def bot(self, *, proven: bool = False) -> MatrixAdapter:
        bot = MatrixAdapter(self.site, self.cabinet, self.clock, SeededChance())
        self.bots.append(bot)
        await bot.start(self.intake, proven=proven)
        return bot

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait until something holds; the pretend homeserver's side of things is watched step by step."""
        async with asyncio.timeout(10):
            while not condition():
                await self.server.next_request(0.05)

    def say(self, number: int) -> Delivery:
        return Delivery(f"d{number}", account_of(ANN), Post(note("Hello.")))
