"""The Matrix adapter: one homeserver, one login, one consult room, and a home chat for everybody served."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace

import structlog

from bot.adapters.matrix.arrivals import Arrivals
from bot.adapters.matrix.consult_room import ConsultRoom
from bot.adapters.matrix.crosssigning import sign_own_device
from bot.adapters.matrix.doctor import examine
from bot.adapters.matrix.homes import Homes
from bot.adapters.matrix.inbound import HARMLESS
from bot.adapters.matrix.limits import Limits
from bot.adapters.matrix.login import NotTaken
from bot.adapters.matrix.media import fetch_file
from bot.adapters.matrix.moderators_room import ModeratorsRoom
from bot.adapters.matrix.pace import Pace
from bot.adapters.matrix.patience import Patience
from bot.adapters.matrix.profiles import profile_of
from bot.adapters.matrix.reception import Reception
from bot.adapters.matrix.render import notice_content, to_contents
from bot.adapters.matrix.room_keys import catch_up
from bot.adapters.matrix.sending import Sender
from bot.adapters.matrix.session import Session
from bot.adapters.matrix.site import PLATFORM, MatrixSite, account_of, server_of
from bot.adapters.matrix.standby import Standby
from bot.adapters.matrix.streaming import Stream
from bot.adapters.matrix.wire import Declined, Unreachable, delivery_error
from bot.adapters.matrix.wording import ELSEWHERE, PREFIX, UPLOADS
from bot.chat.cards import Card
from bot.chat.events import Account, Event, FileRef, Place
from bot.ports.adapter import (
    Capabilities,
    Check,
    ConfigurationRefused,
    Delete,
    Delivery,
    Edit,
    Health,
    Image,
    Later,
    Post,
    Profile,
    Record,
    Replace,
    Reply,
    Room,
    Undeliverable,
    Unused,
)
from bot.ports.cabinet import Cabinet
from bot.ports.chance import Chance
from bot.ports.clock import Clock
from bot.ports.intake import Intake

_log = structlog.get_logger(__name__)
_LAST_SENDS_SECONDS = 10.0
_REFUSES = "The homeserver refuses the bot ({})."
_REFUSED = 100
"""Failures that a refusal counts as: too many wrong passwords in a short time lock an account."""


class MatrixAdapter:
    """One Matrix homeserver as the house sees it."""

    def __init__(self, site: MatrixSite, cabinet: Cabinet, clock: Clock, chance: Chance) -> None:
        """Take the site and what is handed in; nothing is sent before :meth:`start`."""
        self._site = site
        self._clock = clock
        self._session = Session(site, cabinet, chance)
        self._patience = Patience(site.name, clock, chance)
        arrivals = Arrivals()
        self._room = ConsultRoom(self._session)
        self._moderators = ModeratorsRoom(self._session)
        self._homes = Homes(self._session, arrivals, lambda: (self._room.id, self._moderators.id))
        self._limits = Limits(self._session, clock)
        self._pace = Pace(clock, self._limits.note)
        self._sender = Sender(self._session, arrivals, self._pace, clock)
        self._reception = Reception(
            self._session, self._homes, self._room, self._moderators, self._sender, self._patience, clock
        )
        self._stream = Stream(self._session, clock, arrivals, self._patience.pause, self._reception.receive)
        self._standby = Standby(self._session, clock, self._patience.pause)
        self._running: asyncio.Task[None] | None = None
        self._in_flight: set[asyncio.Task[object]] = set()
        self._connected = False
        self._proven = False
        self._locked = False
        """Whether the homeserver did not let the bot in."""
        self._doubted: set[Room] = set()
        """Rooms that were not fit when the bot connected: nothing goes there before a look finds them fit."""
        self._problem = ""

    @property
    def site(self) -> str:
        """The operator's label of the site."""
        return self._site.name

    @property
    def platform(self) -> str:
        """``matrix``."""
        return PLATFORM

    @property
    def capabilities(self) -> Capabilities:
        """No forms; choices are numbers and words; the home chat is encrypted unless switched off."""
        return Capabilities(
            forms=False,
            numbered_buttons=True,
            prefix=PREFIX,
            private_home=self._site.encryption,
            sole=True,
            uploads=UPLOADS,
        )

    @property
    def room(self) -> str:
        """The id of the consult room; empty until it is known."""
        return self._room.id

    @property
    def own(self) -> Account:
        """The bot's own account."""
        return account_of(self._site.user)

    def serves(self, account: Account) -> bool:
        """Say whether this account is on one of the servers that the site serves."""
        return account.platform == PLATFORM and account.realm in self._site.servers

    async def start(self, intake: Intake, *, proven: bool = False) -> None:
        """Connect and begin to hand in events; raises ``ConfigurationRefused``.

        A homeserver that is down does not keep the bot from starting: it is tried again in the background,
        and so is one that was ``proven`` and does not let the bot in any more.
        """
        await self._standby.end()
        self._pace.leaving = False
        self._proven = proven
        token = await self._reception.attend(intake)
        try:
            await self._connect(token)
        except (Declined, Unreachable, ConfigurationRefused) as error:
            refusal = _refusal(error)
            if refusal is not None and not (proven and isinstance(refusal, NotTaken)):
                await self.stop()
                raise refusal from error
            self._running = asyncio.create_task(self._connect_later(token, error))
        else:
            self._running = asyncio.create_task(self._stream.run())

    async def stand_by(self) -> None:
        """Have a device that clients know and send their keys to, before it is needed.

        Without encryption there is nothing to have. Trouble is told by :meth:`health`, and tried again.
        """
        if self._running is None and self._site.encryption:
            await self._standby.begin()

    async def stop(self) -> None:
        """Stop taking in, begin no delivery, give sends in flight ten seconds, disconnect."""
        await self._standby.end()
        self._pace.leaving = True
        running, self._running = self._running, None
        if running is not None:
            running.cancel()
            await asyncio.wait((running,))
        if self._in_flight:
            await asyncio.wait(self._in_flight, timeout=_LAST_SENDS_SECONDS)
        self._connected = False
        self._reception.close()
        await self._session.close()

    async def turn(self, account: Account | None, room: Room = Room.CONSULT) -> Unused:
        """Wait for the pace that the homeserver has taught the bot; one for all places."""
        return await self._pace.turn()

    async def deliver(self, delivery: Delivery, record: Record) -> None:
        """Do the action; raises ``Later`` and ``Undeliverable``."""
        async with self._sending():
            with self._pace.queued():
                await self._deliver(delivery, record)

    async def _deliver(self, delivery: Delivery, record: Record) -> None:
        action = delivery.action
        if isinstance(action, Delete):
            return await self._sender.delete(delivery, action)
        home = delivery.account is not None
        room_id = await self._home(delivery.account) if delivery.account else self._room_of(delivery)
        if isinstance(action, Replace):
            return await self._sender.replace(room_id, delivery, action, record, home=home)
        if isinstance(action, Edit):
            return await self._sender.edit(room_id, delivery, action, record, home=home)
        return await self._sender.post(room_id, delivery, action, record, home=home)

    async def answer(self, event: Event, reply: Reply, images: Mapping[str, Image], record: Record) -> str:
        """Answer in the home chat, or where harmless words were asked for; raises as :meth:`deliver`.

        The pictures follow the words as encrypted messages of their own; no file has to be deleted later.
        """
        if not isinstance(reply, Card):
            raise Undeliverable("form")
        said = Delivery(self._session.chance.id(), event.account, Post(reply), images=images)
        async with self._sending():
            if event.place is Place.ELSEWHERE and await self._answered_on_the_ward(event, reply):
                return ""
            if event.place is Place.MODERATORS:
                said = replace(said, account=None, room=Room.MODERATORS)
                await self._sender.answer(self._moderators.id, said, reply, record)
                return ""
            home = await self._home(event.account)
            return await self._sender.answer(home, said, reply, record)

    async def fetch(self, file: FileRef, most: int) -> bytes:
        """Fetch and decrypt an attached file; raises ``FileUnavailable``."""
        return await fetch_file(self._session.wire, self._site, file, most)

    async def admit(self, account: Account, room: Room = Room.CONSULT) -> None:
        """Invite an enrolled account to a room and open its home; raises as :meth:`deliver`."""
        async with self._sending():
            await self._home(account)
            await self._which(room).invite(account.user)

    async def occupants(self, room: Room = Room.CONSULT) -> tuple[Account, ...]:
        """List who is in a room or invited, by what syncs told; raises as :meth:`deliver`."""
        if not self._connected or self._stream.refused:
            raise Later(None)
        users = self._which(room).occupants()
        self._doubted.discard(room)
        return tuple(account_of(user) for user in users)

    async def show_out(self, account: Account, room: Room = Room.CONSULT) -> bool:
        """Put an account out of a room; raises as :meth:`deliver`."""
        async with self._sending():
            return await self._which(room).show_out(account.user)

    async def profile(self, account: Account) -> Profile | None:
        """Say what the homeserver knows of an account; None for one that is gone. Raises ``Later``."""
        async with self._sending():
            if not self.serves(account) or server_of(account.user) != account.realm:
                return Profile(member=False)
            return await profile_of(self._session.wire, account.user)

    def health(self) -> Health:
        """Say whether syncs come in; a bot that does not serve the site leaves it to the one that does."""
        if self._running is None:
            return Health(connected=False, problem=self._standby.problem, waiting=True, elsewhere=True)
        problem = self._problem or self._stream.problem
        whole, refused = self._connected and not problem, self._locked or self._stream.refused
        return Health(whole, problem, refused=refused, heard_seconds=self._stream.heard_seconds)

    async def checks(self) -> tuple[Check, ...]:
        """Try everything that an operator can get wrong, without disturbing a bot that runs."""
        try:
            return await examine(self._session, self._room, self._moderators, self._limits)
        finally:
            if self._running is None:
                await self._session.close()

    async def _connect(self, token: str) -> None:
        await self._session.open()
        if self._site.encryption:
            await sign_own_device(self._session)
        await self._look_at(Room.CONSULT, self._room.ensure)
        await self._look_at(Room.MODERATORS, lambda: self._moderators.ensure(self._room.id))
        await self._homes.load()
        if self._site.encryption:
            await catch_up(self._session)
        self._stream.begin(token)
        await self._stream.once()
        self._connected = True
        self._problem, self._locked = "", False

    async def _look_at(self, room: Room, ensure: Callable[[], Awaitable[None]]) -> None:
        """Refuse a room that is none. One that was fit once is doubted until it is found fit again."""
        self._doubted.discard(room)
        try:
            await ensure()
        except (ConfigurationRefused, Declined) as found:
            if not self._proven or (isinstance(found, Declined) and (found.passing or found.logged_out)):
                raise
            self._doubted.add(room)

    async def _connect_later(self, token: str, error: Exception) -> None:
        failures = 0
        while not self._connected:
            failures += 1
            refused = self._note(error)
            _log.warning("matrix_not_connected", site=self.site, count=failures)
            await self._clock.sleep(self._patience.pause(max(failures, _REFUSED) if refused else failures))
            try:
                await self._session.close()
                await self._connect(token)
            except (Declined, Unreachable, ConfigurationRefused) as again:
                error = again
        await self._stream.run()

    def _note(self, error: Exception) -> bool:
        """Remember why the bot is not connected; True where it is refused, by the homeserver or here."""
        refusal = _refusal(error)
        problem = "The homeserver does not answer." if refusal is None else refusal.sentence
        if refusal is not None and problem != self._problem:
            _log.error("matrix_refused", site=self.site, what=refusal.key)
        self._problem, self._locked = problem, isinstance(refusal, NotTaken)
        return refusal is not None

    def _which(self, room: Room) -> ConsultRoom | ModeratorsRoom:
        return self._room if room is Room.CONSULT else self._moderators

    def _room_of(self, delivery: Delivery) -> str:
        if delivery.room in self._doubted:
            raise Later(None)
        if delivery.room is Room.CONSULT:
            return self._room.id
        if not self._moderators.id:
            raise Undeliverable("no_moderators_room")
        return self._moderators.id

    async def _home(self, account: Account) -> str:
        return await self._homes.open(account.user)

    async def _answered_on_the_ward(self, event: Event, card: Card) -> bool:
        """Answer harmless words where they were asked; of others say only that they are answered at home."""
        harmless = event.text.split(" ")[0].lower() in HARMLESS
        contents = to_contents(card, home=False) if harmless else [notice_content(ELSEWHERE)]
        for content in contents:
            await self._sender.send(event.handle["room"], content, self._session.chance.id(), open_room=True)
        return harmless

    @asynccontextmanager
    async def _sending(self) -> AsyncIterator[None]:
        """Count a send in flight, and translate what the homeserver says."""
        if not self._connected or self._stream.refused:
            raise Later(None)
        task = asyncio.current_task()
        if task is not None:
            self._in_flight.add(task)
        try:
            yield
            self._stream.nudge()
        except (Declined, Unreachable) as error:
            raise delivery_error(error) from error
        finally:
            if task is not None:
                self._in_flight.discard(task)


def _refusal(error: Exception) -> ConfigurationRefused | None:
    """Say what keeps the bot from being connected until somebody mends it; None for what passes."""
    if isinstance(error, ConfigurationRefused):
        return error
    if isinstance(error, Declined) and not error.passing:
        return NotTaken("homeserver", _REFUSES.format(error))
    return None
