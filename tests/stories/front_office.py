"""A hospital's front office: everything configured as an operator would, with real servers behind it.

A register that was imported from a file, a mail server, a single sign-on and the bot's own web server, all on
loopback; only the chat platforms are in memory.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from multidict import CIMultiDictProxy

from bot.chat.cards import Link, Paragraph
from bot.chat.forms import Form
from bot.config import MatrixSite, Settings, SlackSite
from bot.domain.verification import Stage
from bot.http import Surface, application
from bot.http import serving as serving_http
from bot.metrics import Metrics
from bot.ports.adapter import Profile
from storage.files import private_folder
from storage.roster.roster import open_roster
from storage.roster.source import RosterFile
from tests.roster.desk import NOW, Onlooker
from tests.roster.files import csv_file, person
from tests.stories.applying import NAMED
from tests.stories.clock import StoryClock
from tests.stories.register import NEMO, NORA
from tests.stories.world import World, open_world
from tests.verification import mailroom, provider

DOMAIN = "st-anna.example"
MAIL = f"nemo.vantongeren@{DOMAIN}"
SITES = ("forms", "words")
ELSEWHERE = Profile(member=True, name=NAMED.name, email="nemo@home.example")
GUEST = Profile(member=False, name=NAMED.name)


async def import_register(data_dir: Path) -> None:
    """Import a registry's file of two cardiologists with licences in Massachusetts."""
    private_folder(data_dir)
    rows = [
        person(npi, first, last, code="207RC0000X", licence=f"L{npi[-4:]}", state="MA")
        for npi, first, last in ((NEMO, "NEMO", "VANTONGEREN"), (NORA, "NORA", "QUILLFEATHER"))
    ]
    roster = await open_roster(data_dir)
    try:
        with RosterFile(csv_file(data_dir.parent / "registry.csv", rows)) as file:
            await roster.import_file(file, Onlooker(), again=False, now=NOW)
    finally:
        await roster.close()


@dataclass(frozen=True)
class Page:
    """What a browser shows."""

    status: int
    text: str
    headers: CIMultiDictProxy[str]

    @property
    def digits(self) -> str:
        """The code on the page, as it is shown."""
        return self.text.partition("<strong>")[2].partition("</strong>")[0]


@dataclass
class Office:
    """The world with its mail, its sign-on, and the way for browsers."""

    world: World
    tray: mailroom.Tray
    sso: provider.Provider
    port: int
    seen: list[str] = field(default_factory=list)

    @property
    def code(self) -> str:
        """The code of the last mail."""
        text = str(self.tray.mails[-1].get_content())
        return next(word for word in text.replace(".", " ").split() if word.isdecimal() and len(word) == 8)

    async def browse(self, query: Mapping[str, str], method: str = "GET") -> Page:
        """Open the page that the provider leads back to."""
        async with (
            aiohttp.ClientSession() as session,
            session.request(method, f"http://127.0.0.1:{self.port}/sign-on", params=query) as answer,
        ):
            return Page(answer.status, await answer.text(), answer.headers)

    async def sign_on(self, url: str) -> Page:
        """Follow the link of the chat, sign on at the provider, and come back."""
        state, code = self.sso.sign_on(url)
        return await self.browse({"state": state, "code": code})


@asynccontextmanager
async def open_office(folder: Path, *workplace: str, **more: Any) -> AsyncIterator[Office]:
    """Open everything in ``folder`` with these checks of the workplace; ``more`` is for `[verification]`."""
    tray, clock = mailroom.Tray(), StoryClock()
    await import_register(folder / "var")
    async with AsyncExitStack() as opened:
        mail_port = await opened.enter_async_context(mailroom.serving(tray))
        sso = await opened.enter_async_context(provider.serving(clock))
        asked = Settings(
            data_dir=folder,
            key_file=folder / "master.key",
            slack=(
                SlackSite(name="forms", bot_token="x", app_token="x", channel="C1X", allow_domains=(DOMAIN,)),
            ),
            matrix=(
                MatrixSite(
                    name="words",
                    homeserver="https://m.example",
                    user="@c:m.example",
                    password="x",
                    allow_domains=(DOMAIN,),
                ),
            ),
            verification={"workplace": workplace, **more},
            smtp={"host": mailroom.HERE, "port": mail_port, "sender": f"curbside@{DOMAIN}"},
            oidc={"issuer": sso.issuer, "client_id": provider.CLIENT, "client_secret": provider.SECRET},
            http={"public_url": provider.BACK.removesuffix("/sign-on")},
        )
        world = await opened.enter_async_context(open_world(folder, configured=asked))
        sso.clock = world.clock
        surface = Surface(health=world.bot.health, metrics=Metrics(), sign_on=world.bot.sign_on)
        port = await opened.enter_async_context(serving_http(application(surface), "127.0.0.1", 0))
        yield Office(world, tray, sso, port)


def at(world: World, site: str) -> str:
    """Give the applicant who is at this site."""
    return "nemo" if site == "forms" else "norma"


def answers(world: World, person: str) -> int:
    return len(world.site_of(person).answers[person])


async def say_form(world: World, person: str, **values: str) -> str:
    """Fill in what is asked: in a form, or question by question."""
    if world.site_of(person) is world.forms:
        return await world.submit(person, values)
    for value in values.values():
        await world.say(person, value or "skip")
    return world.answer(person)


def shown(world: World, person: str) -> str:
    """Give the title of the form, or the words of the card, that came last."""
    reply = world.site_of(person).answers[person][-1]
    return reply.title if isinstance(reply, Form) else world.answer(person)


def link(world: World, person: str) -> str:
    lines = [block.line for block in world.card(person).blocks if isinstance(block, Paragraph)]
    (found,) = [piece for line in lines for piece in line if isinstance(piece, Link)]
    return found.url


async def stage(office: Office, person: str) -> Stage | None:
    heard = await office.world.bot.proofing.heard(office.world.site_of(person).account(person))
    return None if heard is None else heard.applicant.stage


async def is_in(world: World, person: str) -> bool:
    return await world.bot.wall.who(world.site_of(person).account(person)) is not None
