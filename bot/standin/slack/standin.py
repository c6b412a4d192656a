"""The stand-in as one object: workspaces, people, faults, calls, and the server that ties them together."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Self, TypedDict, TypeVar, Unpack

from aiohttp import web

from .accounts import Account, App, new_app, same_app, slackbot
from .calls import Call, CallLog
from .changes import ChangeBell, ChangeFeed
from .channels import Channel
from .clock import Clock, SystemClock
from .envelopes import Postman
from .faults import Faults
from .gate import Gate
from .http import SignedHttp
from .mint import Mint
from .player.person import Person
from .player.stage import Stage
from .rates import Rates
from .sockets import Sockets
from .team import Team, World
from .web import Front
from .wire import Json

T = TypeVar("T")


class Rare(TypedDict, total=False):
    """What few accounts have; ``home_team`` is the workspace of somebody who came by a shared channel."""

    single_channel_guest: bool
    email_confirmed: bool
    home_team: str


class _NoCourier:
    def post_event(self, team: Team, event: Json) -> None:
        """Before the server is up there is nobody to tell."""


class Workspace:
    """One workspace: its app, people and channels."""

    def __init__(self, stage: Stage) -> None:
        self.team = stage.team
        self.id = stage.team.id
        self.stage = stage
        self._people: dict[str, Person] = {}

    @property
    def app(self) -> App:
        """The app as installed here."""
        return self.team.app

    @property
    def people(self) -> list[Person]:
        """Everybody but the app's bot."""
        return list(self._people.values())

    def add_person(
        self,
        name: str,
        *,
        real_name: str = "",
        display_name: str = "",
        email: str = "",
        guest: bool = False,
        is_bot: bool = False,
        deleted: bool = False,
        admin: bool = False,
        **rare: Unpack[Rare],
    ) -> Person:
        """A new account; missing names and address are derived from ``name``."""
        account = Account(
            self.team.world.mint.id("U"),
            self.id,
            name,
            real_name or name.title(),
            display_name or name,
            email or f"{name}@{self.team.email_domain}",
            is_bot=is_bot,
            guest=guest or rare.get("single_channel_guest", False),
            deleted=deleted,
            admin=admin,
            **rare,
        )
        self.team.accounts[account.id] = account
        person = Person(self.stage, account)
        self._people[account.id] = person
        return person

    def add_channel(
        self,
        name: str,
        *,
        private: bool = True,
        members: Iterable[Person] = (),
        app_is_member: bool = False,
        shared: bool = False,
        archived: bool = False,
        posting_restricted: bool = False,
    ) -> Channel:
        """A new channel with these people in it."""
        ids = [person.id for person in members] + ([self.app.bot_user_id] if app_is_member else [])
        channel = self.team.add_channel(name, "private" if private else "public", ids)
        channel.shared, channel.archived, channel.posting_restricted = shared, archived, posting_restricted
        return channel

    def uninstall(self) -> None:
        """An admin removes the app from the workspace."""
        self.team.uninstall()

    def person(self, user_id_or_name: str) -> Person:
        """A person by id or name; KeyError when unknown."""
        for person in self._people.values():
            if user_id_or_name in (person.id, person.account.name):
                return person
        raise KeyError(user_id_or_name)

    def channel(self, channel_id_or_name: str) -> Channel:
        """A channel by id or name; KeyError when unknown."""
        for channel in self.team.channels.values():
            if channel_id_or_name in (channel.id, channel.name):
                return channel
        raise KeyError(channel_id_or_name)


class SlackStandin:
    """A local Slack; use it as an async context manager."""

    def __init__(
        self,
        *,
        clock: Clock | None = None,
        seed: int = 0,
        port: int = 0,
        rate_limits: bool = True,
        stamp: Callable[[], float] = time.time,
    ) -> None:
        mint = Mint(seed)
        self.bell = ChangeBell()
        self.log = CallLog()
        self.clock: Clock = clock or SystemClock()
        self.world = World(self.clock, mint, self.bell, self.log, _NoCourier())
        self.faults = Faults(mint)
        self.rates = Rates(rate_limits)
        self.sockets = Sockets(self.world)
        self.http = SignedHttp(self.world, stamp)
        self.postman = Postman(self.world, self.faults, self.sockets, self.http)
        self.world.courier = self.postman
        self.gate = Gate(self.world, self.rates)
        self.front = Front(self.world, self.gate, self.faults, self.sockets)
        self.workspaces: list[Workspace] = []
        self._port = port
        self.also_serves: list[Callable[[web.Application], None]] = []
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Listen on 127.0.0.1."""
        application = self.front.application()
        for add_routes in self.also_serves:
            add_routes(application)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self.world.base_url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Stop deliveries and listening."""
        await self.postman.close()
        await self.sockets.close()
        await self.http.close()
        if self._runner is not None:
            await self._runner.cleanup()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    @property
    def api_url(self) -> str:
        """The base address of the Web API."""
        return f"{self.world.base_url}/api/"

    @property
    def calls(self) -> list[Call]:
        """Every call the app made, oldest first."""
        return self.log.calls

    def calls_of(self, method: str) -> list[Call]:
        """The calls of one method."""
        return self.log.of(method)

    def add_workspace(
        self, name: str, *, domain: str = "", manifest: Json | None = None, app_of: Workspace | None = None
    ) -> Workspace:
        """A new workspace with the app installed as ``manifest`` describes it.

        With ``app_of`` it is the app of that workspace, and nobody has installed it here yet.
        """
        mint = self.world.mint
        app = same_app(mint, app_of.app) if app_of else new_app(mint, manifest)
        email_domain = domain or f"{name}.example"
        team = Team(mint.id("T"), name, name, email_domain, self.world, app)
        bot = Account(app.bot_user_id, team.id, app.name.lower(), app.name, app.name, "", is_bot=True)
        bot.bot_id, bot.app_id = app.bot_id, app.app_id
        team.accounts = {each.id: each for each in (bot, slackbot(team.id))}
        self.world.teams[team.id] = team
        workspace = Workspace(Stage(team, self.postman))
        self.workspaces.append(workspace)
        return workspace

    def changes(self) -> ChangeFeed:
        """A live feed of what happens from now on."""
        return self.bell.listen()

    async def until(self, met: Callable[[], object], timeout: float = 5.0) -> None:
        """Return when ``met()`` is true; TimeoutError after ``timeout`` real seconds."""
        await self.bell.until(met, timeout)

    async def found(self, look: Callable[[], T | None], timeout: float = 5.0) -> T:
        """What ``look()`` finds once it finds something; TimeoutError after ``timeout`` real seconds."""
        seen: list[T] = []

        def met() -> bool:
            value = look()
            seen.extend([value] if value is not None else [])
            return bool(seen)

        await self.until(met, timeout)
        return seen[0]
