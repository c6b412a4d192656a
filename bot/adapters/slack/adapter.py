"""The Slack adapter: one workspace with one consult room, behind the port that the house knows."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator, Mapping
from contextlib import contextmanager, suppress

import structlog
from aiohttp import web

from bot.adapters.slack.acknowledged import Acknowledged
from bot.adapters.slack.answers import Answers
from bot.adapters.slack.app import Reception
from bot.adapters.slack.doctor import Doctor
from bot.adapters.slack.errors import REMOVED, Declined, Unreachable
from bot.adapters.slack.files import Files
from bot.adapters.slack.http_mode import Door, Signature, handle_for
from bot.adapters.slack.moderators_room import ModeratorsRoom
from bot.adapters.slack.outbound import Deliveries
from bot.adapters.slack.pace import Pace
from bot.adapters.slack.people import People
from bot.adapters.slack.pictures import Pictures
from bot.adapters.slack.rooms import Homes, Room
from bot.adapters.slack.site import COMMAND, PLATFORM, UPLOADS, SlackSite
from bot.adapters.slack.socket_mode import SocketMode
from bot.adapters.slack.token import Token
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
    Unused,
)
from bot.ports.adapter import Room as Which
from bot.ports.clock import Clock
from bot.ports.installing import BotToken, Installation
from bot.ports.intake import Intake

_log = structlog.get_logger(__name__)
_STOPPED = "stopped"
_OTHER_TEAM = "The token is that of another workspace than team names; correct one of them."
_SHORTEST_PAUSE = 0.5  # seconds
_LONGEST_PAUSE = 30.0


class SlackAdapter:
    """One workspace. Implements :class:`bot.ports.adapter.Adapter`.

    A workspace that installs the app by itself may not have done so: then this waits, until
    :meth:`installed` is called, and waits again when the app was removed.
    """

    def __init__(self, site: SlackSite, clock: Clock, installation: Installation | None = None) -> None:
        self._site = site
        self._clock = clock
        self._pace = Pace(clock, site.posts_per_minute)
        self._wire = Wire(site, self._pace, self._locked_out)
        self._token = Token(site, self._wire, installation)
        self._homes = Homes(self._wire, site.team)
        self._people = People(self._wire)
        self._room = Room(site, self._wire, self._homes, self._people)
        self._moderators = ModeratorsRoom(site, self._wire, self._homes, self._people)
        self._files = Files(site, self._wire)
        acknowledged = Acknowledged()
        self._knocked = asyncio.Event()
        pictures = Pictures(site, self._wire)
        self._reception = Reception(
            site, acknowledged, removed=self._look_at_token, knocked=self._knocked.set
        )
        self._deliveries = Deliveries(
            self._wire, self._pace, self._room, self._moderators, self._homes, pictures, clock
        )
        self._answers = Answers(site, self._wire, self._homes, pictures, acknowledged, clock)
        self._doctor = Doctor(site, self._wire, self._token, self._room, self._moderators)
        self._socket = SocketMode(site, self._wire, self._reception, clock)
        self._starting: asyncio.Task[None] | None = None
        self._intake: Intake | None = None
        self._aside: set[asyncio.Task[None]] = set()
        self._problem = "not started yet"
        self._proven = False
        self._waits = False
        self._locked = False
        self._busy = 0
        self._idle = asyncio.Event()
        self._idle.set()
        signature = Signature(site.signing_secret, clock)
        self.door = Door(signature, self._reception, lambda: self._homes.team, shared=site.installs_itself)

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
        return Capabilities(True, False, f"{COMMAND} ", private_home=False, uploads=UPLOADS)

    @property
    def own(self) -> Account | None:
        """The app's bot user; None before the start."""
        user = self._reception.bot_user
        return Account(PLATFORM, self._homes.team, user) if user else None

    def serves(self, account: Account) -> bool:
        """Say whether this is an account of this workspace; of none before the start."""
        return account.platform == PLATFORM and bool(account.realm) and account.realm == self._homes.team

    async def start(self, intake: Intake, *, proven: bool = False) -> None:
        """Check tokens and channel, then connect.

        Returns at the first trouble on the way to Slack, and goes on trying behind the scenes: until then
        :meth:`health` says why, and deliveries come ``Later``. Raises ``ConfigurationRefused``.
        """
        self._site.refuse_wrong()
        self._intake, self._proven = intake, proven
        if await self._token.load():
            await self._begin(intake)
        else:
            self._wait_for_installation()

    async def installed(self) -> None:
        """Take the token that an installation has just brought, and connect with it behind the scenes."""
        if self._intake is None or self._problem == _STOPPED or not await self._token.load():
            return
        await self._halt()
        self._problem, self._waits = "The app is just being installed.", True
        self._starting = asyncio.create_task(self._connect(self._intake, asyncio.Event()))

    async def _begin(self, intake: Intake) -> None:
        trouble = asyncio.Event()
        self._starting = asyncio.create_task(self._connect(intake, trouble))
        self._starting.add_done_callback(lambda task: task.cancelled() or task.exception())
        troubled = asyncio.create_task(trouble.wait())
        await asyncio.wait((self._starting, troubled), return_when=asyncio.FIRST_COMPLETED)
        troubled.cancel()
        if self._starting.done():
            await self._starting

    async def stand_by(self) -> None:
        """Do nothing: every bot takes in from Slack."""

    async def stop(self) -> None:
        """Take in nothing more, acknowledge what was committed, finish sends in flight, disconnect."""
        self._problem, self._waits = _STOPPED, False
        await self._halt()
        await asyncio.gather(*self._aside, return_exceptions=True)
        await self._socket.stop()
        self._reception.close()
        await self._idle.wait()
        await self._wire.close()

    async def turn(self, account: Account | None, room: Which = Which.CONSULT) -> Unused:
        """Wait until a delivery to this place keeps Slack's pace."""
        if account is not None:
            return await self._pace.home()
        return await self._pace.room(self._which(room).channel)

    async def deliver(self, delivery: Delivery, record: Record) -> None:
        """Do the action and record each part it makes; raises ``Later`` or ``Undeliverable``."""
        if self._problem:  # nothing goes into a room that was not looked at
            raise Later(None)
        try:
            with self._at_work():
                await self._deliveries.deliver(delivery, record)
        except Undeliverable:
            if self._problem:  # it is the token, and not what was said: another one may come
                raise Later(None) from None
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
        except Undeliverable:
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
            return Health(not self._problem, self._problem, waiting=self._waits, refused=self._locked)
        return Health(self._socket.connected, self._socket.problem, renewals=self._socket.renewals)

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

    def _locked_out(self, code: str) -> None:
        """Keep what comes next until somebody mends a token that Slack does not take any more."""
        if self._intake is None or self._problem == _STOPPED:
            return
        was_well, was_locked, self._locked = not self._problem, self._locked, True
        self._problem, self._waits = self._token.remedy(code), self._site.installs_itself
        if code in REMOVED and self._site.installs_itself:
            self._do_aside(self._forget(self._token.brought))
        elif not self._site.installs_itself and self._proven:
            if not was_locked:
                _log.error("slack_locked_out", site=self._site.name, code=code)
            if was_well:
                self._starting = asyncio.create_task(self._knock(self._intake))

    def _look_at_token(self) -> None:
        """Ask Slack whether the token still works: what is told of a removal may be about an earlier one."""
        if self._intake is not None and self._token.is_there:
            self._do_aside(self._ask_about_token())

    async def _ask_about_token(self) -> None:
        # A refusal is heard by the wire; without an answer the next call hears it.
        with suppress(Declined, Unreachable):
            await self._wire.ask("auth.test")

    async def _forget(self, dead: BotToken | None) -> None:
        """The app was removed: erase its token, and wait until it is installed again."""
        try:
            await self._token.forget(dead)
        except Exception as fault:  # noqa: BLE001 - storage raises what its driver raises; the next start tries again
            _log.error("slack_token_not_erased", exc_info=fault)
            return
        if not self._token.is_there:
            _log.warning("slack_app_removed", site=self._site.name)
            self._reception.close()
            self._wait_for_installation()
            self._knocked.set()

    def _wait_for_installation(self) -> None:
        if self._problem != _STOPPED:
            self._problem, self._waits = self._token.missing, True

    def _do_aside(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._aside.add(task)
        task.add_done_callback(self._aside.discard)

    async def _halt(self) -> None:
        """Give up connecting."""
        if self._starting is not None:
            self._starting.cancel()
            await asyncio.gather(self._starting, return_exceptions=True)

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
        while self._token.is_there:
            try:
                await self._introduce(intake)
                return
            except ConfigurationRefused as refusal:
                self._problem, self._waits = refusal.sentence, self._site.installs_itself
                if not (self._waits or self._proven):
                    raise
                trouble.set()
                await self._rest()
            except Later as later:
                self._problem = "Slack cannot be reached."
                _log.warning("slack_unreachable")
                trouble.set()
                await self._clock.sleep(later.seconds or pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def _knock(self, intake: Intake) -> None:
        """Try the token of the file again now and then: an app that was switched off may be let in again."""
        while self._locked:
            await self._clock.sleep(_LONGEST_PAUSE)
            try:
                await self._introduce(intake)
            except ConfigurationRefused as refusal:
                self._problem = refusal.sentence if refusal.key != "slack.bot_token" else self._problem
            except Later:
                _log.warning("slack_unreachable")

    async def _rest(self) -> None:
        """Wait a while, but not once Slack tells that the app was brought into a channel."""
        self._knocked.clear()
        waits = {
            asyncio.create_task(self._clock.sleep(_LONGEST_PAUSE)),
            asyncio.create_task(self._knocked.wait()),
        }
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in waits:
                one.cancel()

    async def _introduce(self, intake: Intake) -> None:
        try:
            await self._learn()
            await self._look_at_rooms()
            self._reception.open(intake)
            if self._site.mode == "socket" and not self._socket.started:
                await self._socket.start(patiently=self._proven)
            self._problem, self._waits, self._locked, self._proven = "", False, False, True
        except Declined as declined:
            if not declined.passing:
                raise self._token.refused(declined) from None
            raise Later(declined.retry_after) from None
        except Unreachable:
            raise Later(None) from None

    async def _look_at_rooms(self) -> None:
        """Refuse rooms that are none. Those that were fit once are held by whoever keeps the doors."""
        try:
            await self._room.refuse_unfit()
            await self._moderators.refuse_unfit()
        except (ConfigurationRefused, Declined) as found:
            if not self._proven or (isinstance(found, Declined) and not found.about_channel):
                raise

    async def _learn(self) -> None:
        known = await self._wire.ask("auth.test")
        team = str(known.get("team_id", ""))
        if self._site.team not in ("", team):
            raise ConfigurationRefused("slack.team", f"{_OTHER_TEAM} (site {self.site})")
        self._homes.team = team
        self._reception.bot_user = str(known.get("user_id", ""))
        self._reception.bot_id = str(known.get("bot_id", ""))
