"""The Slack adapter: one workspace with one consult room, behind the port that the house knows."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import structlog
from aiohttp import web

from bot.adapters.slack.acknowledged import Acknowledged
from bot.adapters.slack.answers import Answers
from bot.adapters.slack.app import Reception
from bot.adapters.slack.doctor import Doctor
from bot.adapters.slack.errors import LOCKED_OUT, Declined, Unreachable
from bot.adapters.slack.files import Files
from bot.adapters.slack.http_mode import Door, Signature, handle_for
from bot.adapters.slack.moderators_room import ModeratorsRoom
from bot.adapters.slack.outbound import Deliveries
from bot.adapters.slack.people import People
from bot.adapters.slack.pictures import Pictures
from bot.adapters.slack.rooms import Homes, Room
from bot.adapters.slack.site import COMMAND, PLATFORM, UPLOADS, SlackSite
from bot.adapters.slack.socket_mode import SocketMode
from bot.adapters.slack.wire import Wire
from bot.chat.events import Account, Event, FileRef
from bot.ports.adapter import (
    Capabilities,
    Check,
    ConfigurationRefused,
    Delivery,
    Health,
    Image,
    Later,
    Profile,
    Record,
    Reply,
    Undeliverable,
)
from bot.ports.adapter import Room as Which
from bot.ports.clock import Clock
from bot.ports.intake import Intake

_log = structlog.get_logger(__name__)
_STOPPED = "stopped"
_SHORTEST_PAUSE = 0.5  # seconds
_LONGEST_PAUSE = 30.0


class SlackAdapter:
    """One workspace. Implements :class:`bot.ports.adapter.Adapter`."""

    def __init__(self, site: SlackSite, clock: Clock) -> None:
        self._site = site
        self._clock = clock
        self._wire = Wire(site)
        self._homes = Homes(self._wire)
        self._people = People(self._wire)
        self._room = Room(site, self._wire, self._homes, self._people)
        self._moderators = ModeratorsRoom(site, self._wire, self._homes, self._people)
        self._files = Files(site, self._wire)
        acknowledged = Acknowledged()
        pictures = Pictures(site, self._wire)
        self._reception = Reception(site, acknowledged)
        self._deliveries = Deliveries(self._wire, self._room, self._moderators, self._homes, pictures, clock)
        self._answers = Answers(site, self._wire, self._homes, pictures, acknowledged, clock)
        self._doctor = Doctor(site, self._wire, self._room, self._moderators)
        self._socket = SocketMode(site, self._wire, self._reception, clock)
        self._starting: asyncio.Task[None] | None = None
        self._problem = "not started yet"
        self._busy = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self.door = Door(Signature(site.signing_secret, clock), self._reception, lambda: self._homes.team)

    @property
    def site(self) -> str:
        """The operator's label of the workspace."""
        return self._site.name

    @property
    def platform(self) -> str:
        """``slack``."""
        return PLATFORM

    @property
    def capabilities(self) -> Capabilities:
        """Forms are modals; a workspace's admin can export the home chat."""
        return Capabilities(
            forms=True,
            numbered_buttons=False,
            prefix=f"{COMMAND} ",
            private_home=False,
            uploads=UPLOADS,
        )

    @property
    def own(self) -> Account | None:
        """The app's bot user; None before the start."""
        user = self._reception.bot_user
        return Account(PLATFORM, self._homes.team, user) if user else None

    def serves(self, account: Account) -> bool:
        """Say whether this is an account of this workspace; of none before the start."""
        return account.platform == PLATFORM and bool(account.realm) and account.realm == self._homes.team

    async def start(self, intake: Intake) -> None:
        """Check tokens and channel, then connect.

        Returns at the first trouble on the way to Slack, and goes on trying behind the scenes: until then
        :meth:`health` says why, and deliveries come ``Later``. Raises ``ConfigurationRefused``.
        """
        self._site.refuse_wrong()
        trouble = asyncio.Event()
        self._starting = asyncio.create_task(self._connect(intake, trouble))
        self._starting.add_done_callback(lambda task: task.cancelled() or task.exception())
        troubled = asyncio.create_task(trouble.wait())
        await asyncio.wait((self._starting, troubled), return_when=asyncio.FIRST_COMPLETED)
        troubled.cancel()
        if self._starting.done():
            await self._starting

    async def stop(self) -> None:
        """Take in nothing more, acknowledge what was committed, finish sends in flight, disconnect."""
        self._problem = _STOPPED
        if self._starting is not None:
            self._starting.cancel()
            await asyncio.gather(self._starting, return_exceptions=True)
        await self._socket.stop()
        self._reception.close()
        await self._idle.wait()
        await self._wire.close()

    async def deliver(self, delivery: Delivery, record: Record) -> None:
        """Do the action and record each part it makes; raises ``Later`` or ``Undeliverable``."""
        if self._problem:  # nothing goes into a room that was not looked at
            raise Later(None)
        try:
            with self._at_work():
                await self._deliveries.deliver(delivery, record)
        except Undeliverable as never:
            self._note(never)
            raise

    async def answer(
        self,
        event: Event,
        reply: Reply,
        images: Mapping[str, Image],
        record: Record,
    ) -> str:
        """Answer privately, at most once; raises ``Later`` or ``Undeliverable``.

        A card's pictures are uploaded and recorded, so that they can be deleted when they served.
        """
        if self._problem == _STOPPED:
            raise Later(None)
        with self._at_work():
            return await self._answers.answer(event, reply, images, record)

    async def fetch(self, file: FileRef, most: int) -> bytes:
        """Fetch an attached file of at most ``most`` bytes; raises ``FileUnavailable``."""
        return await self._files.fetch(file, most)

    async def admit(self, account: Account, room: Which = Which.CONSULT) -> None:
        """Invite an account into a room and open its home chat; raises what :meth:`deliver` raises."""
        if self._problem:
            raise Later(None)
        with self._at_work():
            await self._which(room).admit(account)

    async def occupants(self, room: Which = Which.CONSULT) -> tuple[Account, ...]:
        """List who is in a channel, with one call for every 200; raises ``Later`` or ``Undeliverable``."""
        if self._problem:
            raise Later(None)
        try:
            with self._at_work():
                return await self._which(room).occupants()
        except Undeliverable as never:
            self._note(never)
            if self._problem:  # it is the token, and not the room
                raise Later(None) from None
            raise

    async def show_out(self, account: Account, room: Which = Which.CONSULT) -> bool:
        """Remove an account from a channel; raises what :meth:`deliver` raises."""
        if self._problem:
            raise Later(None)
        with self._at_work():
            return await self._which(room).show_out(account.user)

    async def profile(self, account: Account) -> Profile | None:
        """Say what the workspace knows of an account; None for one that is gone. Raises ``Later``."""
        if self._problem:
            raise Later(None)
        if not self.serves(account):
            return Profile(member=False)
        with self._at_work():
            return await self._people.profile(account.user, self._homes.team)

    def health(self) -> Health:
        """Say whether the workspace can be heard right now."""
        if self._problem or self._site.mode == "http":
            return Health(not self._problem, self._problem)
        return Health(self._socket.connected, self._socket.problem)

    async def checks(self) -> tuple[Check, ...]:
        """Try tokens, scopes and the channel, for ``curbside doctor``."""
        try:
            return await self._doctor.checks()
        finally:
            if self._problem:  # not running: leave nothing open behind
                await self._wire.close()

    async def handle_http(self, request: web.Request) -> web.StreamResponse:
        """Take a signed request of Slack's, for a single workspace; several share :func:`handle_for`."""
        return await handle_for([self])(request)

    def _which(self, room: Which) -> Room | ModeratorsRoom:
        return self._room if room is Which.CONSULT else self._moderators

    def _note(self, never: Undeliverable) -> None:
        """Keep what comes next until somebody mends a token that Slack does not take any more."""
        if never.code in LOCKED_OUT:
            self._problem = f"Slack answers {never.code}; make a new token and start again."

    @contextmanager
    def _at_work(self) -> Iterator[None]:
        self._busy += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._busy -= 1
            if not self._busy:
                self._idle.set()

    async def _connect(self, intake: Intake, trouble: asyncio.Event) -> None:
        """Learn who we are, refuse a room that is none, open the line; with growing pauses between tries."""
        pause = _SHORTEST_PAUSE
        while True:
            try:
                await self._introduce(intake)
                return
            except ConfigurationRefused as refusal:
                self._problem = refusal.sentence
                raise
            except Later as later:
                self._problem = "Slack cannot be reached."
                _log.warning("slack_unreachable")
                trouble.set()
                await self._clock.sleep(later.seconds or pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def _introduce(self, intake: Intake) -> None:
        try:
            await self._learn()
            await self._room.refuse_unfit()
            await self._moderators.refuse_unfit()
            self._reception.open(intake)
            if self._site.mode == "socket":
                await self._socket.start()
            self._problem = ""
        except Declined as declined:
            if not declined.passing:
                raise _refused(declined, self.site) from None
            raise Later(declined.retry_after) from None
        except Unreachable:
            raise Later(None) from None

    async def _learn(self) -> None:
        known = await self._wire.ask("auth.test")
        self._homes.team = str(known.get("team_id", ""))
        self._reception.bot_user = str(known.get("user_id", ""))
        self._reception.bot_id = str(known.get("bot_id", ""))


def _refused(declined: Declined, site: str) -> ConfigurationRefused:
    key, remedy = "slack.bot_token", "make a new token, or reinstall the app"
    if declined.method == "apps.connections.open":
        key, remedy = "slack.api_url", "check the address"
    elif declined.method.startswith("conversations.") and not declined.about_token:
        key, remedy = "slack.channel", "check the id, and invite the app"
    return ConfigurationRefused(key, f"Slack answers {declined.code}; {remedy} (site {site})")
