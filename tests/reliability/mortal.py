"""A bot in memory that can drop dead: nothing goes on, nothing is closed, the chats stay as they are."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from bot.adapters.memory import MemoryAdapter
from bot.adapters.memory.adapter import LIKE_MATRIX, LIKE_SLACK
from bot.anonymizer import Anonymizer
from bot.bootstrap import Bot
from bot.config.settings import Settings
from bot.identity.keys import create_key_file
from storage.database import Database
from storage.sqlite import SqliteDatabase
from tests.reliability.boundaries import BOUNDARIES, ending_at
from tests.stories.clock import StoryChance, StoryClock
from tests.stories.darkroom import Darkroom
from tests.stories.register import Register
from tests.stories.world import Workplace, World, database_in, enrol_everybody


class PowerCut(BaseException):
    """The end of a process, as far as a test can have one inside its own."""


class Fate:
    """Whether the bot's process is still there."""

    def __init__(self) -> None:
        self.dead = False

    def strike(self) -> None:
        """End the process here."""
        self.dead = True
        raise PowerCut

    def check(self) -> None:
        """Let nothing happen in a process that is no more."""
        if self.dead:
            raise PowerCut


class House:
    """A folder, two chats and a clock, in which one bot lives after the other."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = StoryClock()
        self.forms = MemoryAdapter("forms", LIKE_SLACK, first=1000)
        self.words = MemoryAdapter("words", LIKE_MATRIX, first=2000)
        self._lives = 0
        create_key_file(folder / "master.key", StoryChance())

    async def open(self) -> World:
        """Begin a life."""
        self._lives += 1
        settings = Settings.model_construct(
            data_dir=self.folder / "var",
            database=database_in(self.folder / "var"),
            key_file=self.folder / "master.key",
            slack=(),
            matrix=(),
            relay=Settings.model_fields["relay"].default.model_copy(
                update={"undo_seconds": 0.0, "delay_seconds": (0.0, 0.0)}
            ),
            privacy=Settings.model_fields["privacy"].default,
        )
        chance = StoryChance(seed=self._lives)
        darkroom = Darkroom()
        anonymizer = Anonymizer(pictures=darkroom)
        workplace = Workplace(self.forms, self.words)
        sites, checks = (self.forms, self.words), (workplace.check(),)
        bot = await Bot.open(settings, self.clock, sites, chance, anonymizer=anonymizer, checks=checks)
        await bot.start()
        return World(bot, self.clock, chance, self.forms, self.words, darkroom, workplace, Register())

    @asynccontextmanager
    async def life(self) -> AsyncIterator[World]:
        """Have a life that ends in good order."""
        world = await self.open()
        try:
            yield world
        finally:
            await world.bot.stop()

    @asynccontextmanager
    async def last_hours(self, boundary: str, *, time: int = 1) -> AsyncIterator[World]:
        """Have a life that ends when the boundary is crossed for the ``time``-th time, wherever that is."""
        fate = Fate()
        asyncio.get_running_loop().set_exception_handler(forget_the_dead)
        world = await self.open()
        with _mortal(fate), ending_at(BOUNDARIES[boundary], fate.strike, time=time):
            try:
                yield world
            except PowerCut:
                pass
            finally:
                await _drop(world.bot)
        assert fate.dead, f"{boundary} was never crossed"


@asynccontextmanager
async def settled_house(folder: Path) -> AsyncIterator[House]:
    """Have a house where everybody is enrolled and welcomed, and a case stands in both rooms."""
    house = House(folder)
    async with house.life() as world:
        await enrol_everybody(world)
        await world.command("ada", "case")
        await world.submit("ada", {"story": "58-year-old man with a plaque.", "question": "Biopsy?"})
        await world.post("ada")
        await world.wait(1)
    yield house


@contextmanager
def _mortal(fate: Fate) -> Iterator[None]:
    """Make every database and every chat of this process ask first whether the process is still there."""
    steps: list[tuple[type, str]] = [
        (Database, "transaction"),
        (Database, "reading"),
        (Database, "ask"),
        (Database, "share"),
        (MemoryAdapter, "deliver"),
        (MemoryAdapter, "answer"),
    ]
    originals = [(owner, name, getattr(owner, name)) for owner, name in steps]
    for owner, name, original in originals:
        setattr(owner, name, _asking(original, fate))
    try:
        yield
    finally:
        for owner, name, original in originals:
            setattr(owner, name, original)


def _asking(original: Callable[..., Any], fate: Fate) -> Callable[..., Any]:
    def asking(*given: Any, **named: Any) -> Any:
        fate.check()
        return original(*given, **named)

    return asking


async def _drop(bot: Bot) -> None:
    """Give back what a dead process would not hold any more: its tasks, its files, its locks."""
    stores = (bot._content, bot._vault, bot._roster)
    for store in stores:
        await _finish_transactions(store._database)
    tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for store in stores:
        await store._database.abandon()
        await store._database.release()
    await bot._anonymizer.close()


async def _finish_transactions(database: Database) -> None:
    """Let what SQLite is doing right now come to its end, so that no connection is torn out of a thread."""
    async with asyncio.timeout(10), database._turn:
        while isinstance(database, SqliteDatabase) and database.read_by:  # noqa: ASYNC110
            await asyncio.sleep(0.001)


def forget_the_dead(loop: asyncio.AbstractEventLoop, told: dict[str, Any]) -> None:
    """Say nothing of tasks that ended with the power."""
    if not isinstance(told.get("exception"), PowerCut):
        loop.default_exception_handler(told)
