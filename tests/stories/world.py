"""Two hospitals in memory with a real bot between them: one that shows forms, one that asks in turn."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from shutil import copytree, ignore_patterns

from pydantic import SecretStr

from bot.adapters.memory import MemoryAdapter
from bot.adapters.memory.adapter import LIKE_MATRIX, LIKE_SLACK
from bot.anonymizer import Anonymizer
from bot.bootstrap import Bot
from bot.bootstrap.tracing import Tracing
from bot.chat.cards import Card
from bot.chat.events import Account, Place
from bot.chat.forms import Form
from bot.commands.housekeeping import tidy
from bot.config.sections import Database, Moderators
from bot.config.settings import Settings
from bot.domain.credentials import NameBars
from bot.domain.members import Role
from bot.identity.keys import create_key_file
from bot.ports.adapter import Later, Profile
from bot.ports.verification import Check
from bot.verification.roster import RosterCheck
from bot.verification.staff_list import StaffListCheck
from bot.verification.vouch import Vouch
from bot.verification.workspace import Workspace
from tests import server
from tests.storage.templates import lay_out
from tests.stories.clock import StoryChance, StoryClock
from tests.stories.darkroom import Darkroom
from tests.stories.register import Register, invented_register
from tests.views.test_views import words_of

UNDO = 60
ON = ("Continue", "Looks clean")
PEOPLE = {
    "forms": ("ada", "ben", "cleo", "dara"),
    "words": ("ravi", "sana", "tove", "udo"),
}
APPLICANTS = ("norma",)
"""Strangers who are on the site without forms; all others are on the one with forms."""


class Workplace:
    """What the sites say of their people; ``names_locked`` are the sites where the hospital locks names."""

    def __init__(self, *sites: MemoryAdapter) -> None:
        self._sites = {site.site: site for site in sites}
        self.names_locked = {"forms", "words"}

    async def profile(self, site: str, account: Account) -> Profile | None:
        return await self._sites[site].profile(account)

    def check(self) -> Workspace:
        return Workspace(self.profile, {}, self.names_locked)


@dataclass
class World:
    """The bot, its two sites, and what people there see."""

    bot: Bot
    clock: StoryClock
    chance: StoryChance
    forms: MemoryAdapter
    words: MemoryAdapter
    darkroom: Darkroom
    workspace: Workplace
    register: Register

    def site_of(self, person: str) -> MemoryAdapter:
        return self.words if person in (*PEOPLE["words"], *APPLICANTS) else self.forms

    async def settle(self) -> None:
        await self.bot.door.settle()
        await self.bot.watch.settle()
        await self.bot.timekeeper.keep(_raised)
        await self.bot.relay.drain()

    async def wait(self, seconds: float) -> None:
        self.clock.pass_(seconds)
        await self.settle()

    async def pass_a_day(self) -> None:
        """Let 25 hours pass, and the bot tidy up."""
        self.clock.pass_(25 * 3600)
        await tidy(self.bot.house)
        await self.settle()

    async def say(self, person: str, text: str, *files: bytes, reply_to: str = "") -> str:
        """Write in the home chat; gives the answer in words."""
        await self.site_of(person).says(person, text, *files, reply_to=reply_to)
        await self.settle()
        return self.answer(person)

    async def command(self, person: str, text: str) -> str:
        await self.site_of(person).commands(person, text)
        await self.settle()
        return self.answer(person)

    async def submit(self, person: str, values: Mapping[str, str], *files: bytes) -> str:
        await self.site_of(person).submits(person, values, *files)
        await self.settle()
        return self.answer(person)

    async def press(self, person: str, label: str) -> str:
        await self.site_of(person).presses(person, label)
        await self.settle()
        return self.answer(person)

    async def look_through(self, person: str) -> str:
        """Look at every step of a draft's preview until *Post* is offered; gives the last answer."""
        while any(button.label in ON for button in self.card(person).buttons):
            label = next(button.label for button in self.card(person).buttons if button.label in ON)
            await self.press(person, label)
        return self.answer(person)

    async def post(self, person: str) -> str:
        await self.look_through(person)
        return await self.press(person, "Post")

    def answer(self, person: str) -> str:
        reply = self.site_of(person).answers[person][-1]
        return f"[form] {reply.title}" if isinstance(reply, Form) else words_of(reply)

    def card(self, person: str) -> Card:
        reply = self.site_of(person).answers[person][-1]
        assert isinstance(reply, Card)
        return reply

    async def press_among(self, person: str, label: str) -> str:
        """Press a button in the moderators' room."""
        await self.site_of(person).presses_among_moderators(person, label)
        await self.settle()
        return self.answer(person)

    async def type_among(self, person: str, text: str) -> str:
        """Type a command, with its prefix, in the moderators' room."""
        await self.site_of(person).commands(person, text, Place.MODERATORS)
        await self.settle()
        return self.answer(person)

    def room(self, adapter: MemoryAdapter) -> list[str]:
        return [
            f"{shown.card.speaker.name if shown.card.speaker else 'bot'}: {words_of(shown.card)}"
            for shown in adapter.room
        ]

    def home(self, person: str) -> list[str]:
        return [words_of(shown.card) for shown in self.site_of(person).homes[person]]

    async def name_of(self, person: str) -> str:
        known = await self.bot.wall.who(self.site_of(person).account(person))
        assert known is not None
        async with self.bot.house.content.work() as work:
            member = await work.members.get(known.member)
        assert member is not None
        return member.screen_name


def _raised(fault: Exception) -> None:
    raise fault


def database_in(data_dir: Path) -> Database:
    lies = server.places(data_dir)
    return Database(url=SecretStr(lies.content_url or "sqlite"), vault_url=SecretStr(lies.vault_url))


def _settings(
    folder: Path,
    key_file: Path,
    waits: tuple[int, tuple[float, float]],
    moderators: str,
    configured: Settings | None,
) -> Settings:
    settings = Settings.model_construct(
        data_dir=folder / "var",
        database=database_in(folder / "var"),
        key_file=key_file,
        slack=(),
        matrix=(),
        relay=Settings.model_fields["relay"].default.model_copy(
            update={"undo_seconds": float(waits[0]), "delay_seconds": waits[1]}
        ),
        privacy=Settings.model_fields["privacy"].default,
        opinions=Settings.model_fields["opinions"].default,
        moderators=Moderators(site=moderators, room=moderators and "their room"),
    )
    if configured is None:
        return settings
    sections = ("slack", "matrix", "verification", "smtp", "oidc", "http")
    return settings.model_copy(update={name: getattr(configured, name) for name in sections})


@dataclass(frozen=True, slots=True)
class Beginning:
    """Where a world was when it stopped: its files, what stood on its sites, its clock and its chance."""

    files: Path
    sites: Mapping[str, Mapping[str, object]]
    clock: StoryClock
    chance: StoryChance

    @classmethod
    def of(cls, world: World, files: Path) -> Beginning:
        """Keep a world that has stopped."""
        sites = {site.site: deepcopy(vars(site)) for site in (world.forms, world.words)}
        return cls(files, sites, world.clock, world.chance)

    def lay_out(self, folder: Path, *sites: MemoryAdapter) -> tuple[StoryClock, StoryChance]:
        """Put it into a folder and onto empty sites."""
        copytree(self.files, folder, dirs_exist_ok=True, ignore=ignore_patterns("*.bell"))
        server.copy(self.files / "var", folder / "var")
        for site in sites:
            vars(site).update(deepcopy(self.sites[site.site]))
        return StoryClock(self.clock.now()), deepcopy(self.chance)


@asynccontextmanager
async def open_world(
    folder: Path,
    *,
    undo: int = UNDO,
    life: int = 1,
    ways: Sequence[Check] = (),
    inside: Sequence[str] = (),
    blind: bool = False,
    vouching: bool = False,
    configured: Settings | None = None,
    moderators: str = "",
    beginning: Beginning | None = None,
    start: datetime | None = None,
    delay: tuple[float, float] = (0.0, 0.0),
    tracing: Tracing | None = None,
) -> AsyncIterator[World]:
    """Open a world in ``folder``; opening it again, with another ``life``, is a restart.

    ``inside`` are in the consult room of the site with forms when the bot starts; ``blind`` keeps the bot
    from seeing who is. ``configured`` gives sections of an operator's file: checks are then made from them,
    and the register is the one in ``folder``. ``moderators`` is the site that has the moderators' room.
    ``beginning`` is where another world stopped; ``start`` is the time at which it opens,
    ``delay`` the shortest and longest random delay of postings, in seconds; ``tracing`` is who traces.
    """
    clock, chance = StoryClock(start) if start else StoryClock(), StoryChance(seed=life)
    forms = MemoryAdapter("forms", LIKE_SLACK, first=1000 * life)
    words = MemoryAdapter("words", LIKE_MATRIX, first=1000 * life)
    if beginning is not None:
        clock, chance = beginning.lay_out(folder, forms, words)
    key_file = folder / "master.key"
    if not key_file.exists():
        create_key_file(key_file, chance)
    forms.admitted.update(inside)
    forms.look_faults += [Later(None)] * 1000 if blind else []
    settings = _settings(folder, key_file, (undo, delay), moderators, configured)
    await asyncio.to_thread(lay_out, settings.data_dir)
    darkroom = Darkroom()
    workplace, register = Workplace(forms, words), invented_register()
    bot = await Bot.open(
        settings,
        clock,
        (forms, words),
        chance,
        anonymizer=Anonymizer(pictures=darkroom),
        checks=None
        if configured is not None
        else (
            workplace.check(),
            *ways,
            *((Vouch(clock=clock, chance=chance),) if vouching else ()),
            RosterCheck(register, NameBars()),
            StaffListCheck(register, NameBars()),
        ),
        tracing=tracing,
    )
    await bot.start()
    try:
        yield World(bot, clock, chance, forms, words, darkroom, workplace, register)
    finally:
        await bot.stop()


async def enrol_everybody(world: World) -> None:
    for people in PEOPLE.values():
        for person in people:
            account = world.site_of(person).account(person)
            await world.bot.wall.joining.enrol(
                account, f"{person.capitalize()} Planted", "Internal medicine", Role.PHYSICIAN, by="test"
            )


def bytes_below(folder: Path) -> bytes:
    """Read all files below a folder as they lie on the disk, and its databases where a server has them."""
    files = b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())
    return files + server.rows_of(folder) + server.rows_of(folder / "var")
