"""The memory adapter: rooms and home chats as lists, and people as a few methods."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count

from bot.chat.cards import Card
from bot.chat.events import Account, Event, FileRef, Kind, Place
from bot.chat.forms import Form
from bot.ports.adapter import (
    GONE,
    SHOWN,
    Capabilities,
    Check,
    Delete,
    Delivery,
    Edit,
    FileUnavailable,
    Health,
    Image,
    Later,
    Part,
    Post,
    Profile,
    Record,
    Replace,
    Reply,
    Room,
    Undeliverable,
    Unused,
)
from bot.ports.intake import Intake

LIKE_SLACK = Capabilities(
    forms=True,
    numbered_buttons=False,
    prefix="/consult ",
    private_home=False,
    uploads="Your upload stays in your own chat until you delete it there.",
)
LIKE_MATRIX = Capabilities(
    forms=False,
    numbered_buttons=True,
    prefix="!consult ",
    private_home=True,
    uploads="I am deleting from this chat what you sent me for it.",
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as people see it; ``thread`` is the remote of its root, or empty."""

    remote: str
    delivery: str
    card: Card
    thread: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """A message of a person in the home chat."""

    remote: str
    text: str
    files: tuple[FileRef, ...] = ()


class MemoryAdapter:
    """One site in memory; ``capabilities`` make it behave like the one platform or the other."""

    platform = "memory"

    def __init__(self, site: str, capabilities: Capabilities = LIKE_SLACK, *, first: int = 1) -> None:
        """Open an empty site whose ids count from ``first``."""
        self.site = site
        self.capabilities = capabilities
        self.room: list[Shown] = []
        self.moderators: list[Shown] = []
        """What stands in the moderators' room."""
        self.homes: dict[str, list[Shown]] = defaultdict(list)
        self.said: dict[str, list[Said]] = defaultdict(list)
        self.shows_pictures = True
        """Whether pictures of answers reach their reader."""
        self.picture_faults: list[Exception] = []
        """Raised one by one, each once the words of an answer stand and before its pictures do."""
        self.answers: dict[str, list[Reply]] = defaultdict(list)
        self.files: dict[str, bytes] = {}
        self.admitted: set[str] = set()
        """Who is in the consult room, the bot left out."""
        self.guests: list[Account] = []
        """Who else is in the room, by whole accounts."""
        self.immovable: set[str] = set()
        """Whom the site does not let the bot put out."""
        self.look_faults: list[Exception] = []
        """Raised one by one, each instead of one look at the room."""
        self.put_out_faults: list[Exception] = []
        """Raised one by one, each instead of putting somebody out."""
        self.moderating: set[str] = set()
        """Who is in the moderators' room, the bot left out."""
        self.profiles: dict[str, Profile | None] = {}
        """What the site says of its people; of others it says that they belong to it, and no more."""
        self.faults: list[Exception] = []
        self.turns: dict[str, asyncio.Event] = {}
        """What the turn of a person's home chat, or of a room, waits for."""
        self.room_faults: list[Exception] = []
        """Raised one by one, each instead of one delivery to a room."""
        self.locked_out = ""
        """What to do about a login that the site does not take any more; empty while it does."""
        self.stood_by = 0
        self._intake: Intake | None = None
        self._numbers = count(first)

    @property
    def own(self) -> Account:
        """The bot's own account."""
        return self.account("curbside")

    def serves(self, account: Account) -> bool:
        """Serve the accounts of this site."""
        return account.platform == self.platform and account.realm == self.site

    async def start(self, intake: Intake, *, proven: bool = False) -> None:
        """Connect; whatever is wrong with the site does not keep it from that."""
        self._intake = intake

    async def stand_by(self) -> None:
        """Note that it was asked for."""
        self.stood_by += 1

    async def stop(self) -> None:
        """Disconnect."""
        self._intake = None

    async def admit(self, account: Account, room: Room = Room.CONSULT) -> None:
        """Let somebody in."""
        self._inside(room).add(account.user)

    async def occupants(self, room: Room = Room.CONSULT) -> tuple[Account, ...]:
        """List who is in a room, the bot first."""
        self._stumble(self.look_faults)
        guests = self.guests if room is Room.CONSULT else ()
        return (self.own, *guests, *(self.account(user) for user in sorted(self._inside(room))))

    async def show_out(self, account: Account, room: Room = Room.CONSULT) -> bool:
        """Put somebody out."""
        self._stumble(self.put_out_faults)
        if room is Room.CONSULT and account in self.guests:
            self.guests.remove(account)
            return True
        if account.user not in self._inside(room):
            return False
        if account.user in self.immovable:
            raise Undeliverable("restricted_action")
        self._inside(room).discard(account.user)
        return True

    def _inside(self, room: Room) -> set[str]:
        return self.admitted if room is Room.CONSULT else self.moderating

    def _stumble(self, faults: list[Exception]) -> None:
        if self._intake is None or self.locked_out:
            raise Later(None)
        if faults:
            raise faults.pop(0)

    async def profile(self, account: Account) -> Profile | None:
        """Say what was planned for this account."""
        return self.profiles.get(account.user, Profile(member=True))

    def health(self) -> Health:
        """Say whether it is started and let in."""
        connected = self._intake is not None and not self.locked_out
        return Health(connected, self.locked_out, refused=bool(self.locked_out))

    async def checks(self) -> tuple[Check, ...]:
        """There is nothing to get wrong."""
        return (Check("memory", "ok"),)

    async def fetch(self, file: FileRef, most: int) -> bytes:
        """Give an attached file."""
        data = self.files[file.locator["name"]]
        if len(data) > most:
            raise FileUnavailable(f"It is larger than {most // 2**20} MB.")
        return data

    async def turn(self, account: Account | None, room: Room = Room.CONSULT) -> Unused:
        """Take everything at once; ``turns`` holds what a place has to wait for."""
        if (gate := self.turns.get(account.user if account else room.value)) is not None:
            await gate.wait()
        return _keep

    async def deliver(self, delivery: Delivery, record: Record) -> None:
        """Do the action; a planned fault is raised first, after the act where it says ``unsure``."""
        if self.locked_out:
            raise Later(None)
        if delivery.account is None and self.room_faults:
            raise self.room_faults.pop(0)
        fault = self.faults.pop(0) if self.faults else None
        if fault is not None and not (isinstance(fault, Later) and fault.unsure):
            raise fault
        made = self._do(delivery)
        if fault is not None:
            raise fault
        for part in made:
            await record(part)

    def _do(self, delivery: Delivery) -> tuple[Part, ...]:
        where = self._where(delivery)
        action = delivery.action
        if isinstance(action, Replace):
            return self._replace(where, delivery, action)
        if isinstance(action, Delete):
            gone = {part.remote for part in action.parts}
            where[:] = [shown for shown in where if shown.remote not in gone]
            self._erase(gone)
            return ()
        if isinstance(action, Edit):
            self._edit(where, action.card, action.parts)
            return ()
        return (self._say(where, delivery, action),)

    def _say(self, where: list[Shown], delivery: Delivery, action: Post | Replace) -> Part:
        for shown in where:
            if shown.delivery == delivery.id:
                return Part("message", shown.remote)
        shown = Shown(f"m{next(self._numbers)}", delivery.id, action.card, action.thread)
        where.append(shown)
        return Part("message", shown.remote)

    def _replace(self, where: list[Shown], delivery: Delivery, action: Replace) -> tuple[Part, ...]:
        """Change it in place where edits leave nothing behind; else say it anew and take back the rest."""
        if not self.capabilities.private_home:
            self._edit(where, action.card, action.parts)
            return ()
        said = self._say(where, delivery, action)
        gone = [part.remote for part in action.parts if part != said]
        where[:] = [shown for shown in where if shown.remote not in gone]
        return (said, *(Part(GONE, remote) for remote in gone))

    def _where(self, delivery: Delivery) -> list[Shown]:
        if delivery.account is not None:
            return self.homes[delivery.account.user]
        return self.room if delivery.room is Room.CONSULT else self.moderators

    def _erase(self, gone: set[str]) -> None:
        """Take back what people said, where the bot may: not where home chats are like Slack's."""
        for said in self.said.values():
            stays = [one for one in said if one.remote not in gone]
            if len(stays) < len(said) and not self.capabilities.private_home:
                raise Undeliverable("cant_delete_message")
            said[:] = stays

    def _edit(self, where: list[Shown], card: Card, parts: Sequence[Part]) -> None:
        changed = {part.remote for part in parts}
        if not any(shown.remote in changed for shown in where):
            raise Undeliverable("message_not_found")
        where[:] = [replace(shown, card=card) if shown.remote in changed else shown for shown in where]

    async def answer(self, event: Event, reply: Reply, images: Mapping[str, Image], record: Record) -> str:
        """Keep the answer; where home chats are private it stands there, or in the moderators' room."""
        user = event.account.user
        self.answers[user].append(reply)
        if reply.pictures and self.picture_faults:
            raise self.picture_faults.pop(0)
        for picture in reply.pictures:
            if self.shows_pictures and picture.media in images:
                await record(Part(SHOWN, picture.media))
        there = {Place.HOME: self.homes[user], Place.MODERATORS: self.moderators}.get(event.place)
        if isinstance(reply, Form) or not self.capabilities.private_home or there is None:
            return ""
        shown = Shown(f"m{next(self._numbers)}", "", reply)
        there.append(shown)
        return shown.remote

    # What people do.

    def account(self, user: str) -> Account:
        """Give the account of one of this site's people."""
        return Account(self.platform, self.site, user)

    def attach(self, data: bytes) -> FileRef:
        """Put a file where :meth:`fetch` finds it."""
        name = f"f{next(self._numbers)}"
        self.files[name] = data
        return FileRef({"name": name}, len(data))

    async def does(
        self,
        user: str,
        kind: Kind,
        text: str = "",
        *,
        place: Place = Place.HOME,
        values: Mapping[str, str] | None = None,
        files: Sequence[FileRef] = (),
        reply_to: str = "",
        event: str = "",
    ) -> None:
        """Hand in one event of a person; ``event`` repeats an id, as a repeated delivery does."""
        if self._intake is None:
            raise ConnectionError("not started")
        done = Event(
            id=event or f"e{next(self._numbers)}",
            kind=kind,
            account=self.account(user),
            place=place,
            text=text,
            values=dict(values or {}),
            files=tuple(files),
            reply_to=reply_to,
        )
        await self._intake.accept([self._spoken(done)])

    async def _afterwards(self, user: str, kind: Kind, message: str, text: str, event: str) -> None:
        """Hand in what became of an own message in the home chat."""
        if self._intake is None:
            raise ConnectionError("not started")
        ident = event or f"e{next(self._numbers)}"
        remote = message if self.capabilities.private_home and kind is Kind.EDITED else ""
        done = Event(ident, kind, self.account(user), Place.HOME, text, remote=remote, message=message)
        await self._intake.accept([done])

    def _spoken(self, done: Event) -> Event:
        """Let words and files of the home chat stand there; the same event again is the same message."""
        if done.place is not Place.HOME or done.kind not in (Kind.TEXT, Kind.COMMAND):
            return done
        said = Said(f"said {done.id}", done.text, done.files)
        if said not in self.said[done.account.user]:
            self.said[done.account.user].append(said)
        remote = said.remote if self.capabilities.private_home else ""
        return replace(done, remote=remote, message=said.remote)

    async def enters(self, user: str, event: str = "") -> None:
        """Come into the consult room, or be brought in."""
        self.admitted.add(user)
        await self.does(user, Kind.ENTERED, place=Place.ROOM, event=event)

    def leaves(self, user: str) -> None:
        """Go out of the consult room."""
        self.admitted.discard(user)

    async def says(self, user: str, text: str, *files: bytes, reply_to: str = "") -> None:
        """Write in the home chat, perhaps with files, perhaps answering a message."""
        attached = [self.attach(data) for data in files]
        await self.does(user, Kind.TEXT, text, files=attached, reply_to=reply_to)

    async def edits(self, user: str, message: str, text: str, event: str = "") -> None:
        """Change an own message in the home chat."""
        said = self.said[user]
        said[:] = [replace(one, text=text) if one.remote == message else one for one in said]
        await self._afterwards(user, Kind.EDITED, message, text, event)

    async def deletes(self, user: str, message: str, event: str = "") -> None:
        """Delete an own message in the home chat."""
        said = self.said[user]
        said[:] = [one for one in said if one.remote != message]
        await self._afterwards(user, Kind.DELETED, message, "", event)

    async def commands(self, user: str, text: str, place: Place = Place.ELSEWHERE) -> None:
        """Type a command with its prefix, or press a button: ``text`` is the command line."""
        await self.does(user, Kind.COMMAND, text, place=place)

    async def submits(self, user: str, values: Mapping[str, str], *files: bytes) -> None:
        """Send back the form that was shown last."""
        form = next(reply for reply in reversed(self.answers[user]) if isinstance(reply, Form))
        attached = [self.attach(data) for data in files]
        await self.does(user, Kind.FORM, form.command, values=values, files=attached)

    async def presses(self, user: str, label: str) -> None:
        """Press a button of the newest card that has it, among answers, home chat and room."""
        await self.commands(user, self._command_of(user, label))

    async def presses_among_moderators(self, user: str, label: str) -> None:
        """Press a button of the newest card in the moderators' room that has it."""
        cards = [shown.card for shown in self.moderators]
        await self.commands(user, _command_in(cards, label), Place.MODERATORS)

    def _command_of(self, user: str, label: str) -> str:
        cards = [shown.card for shown in (*self.room, *self.homes[user])]
        cards += [reply for reply in self.answers[user] if isinstance(reply, Card)]
        return _command_in(cards, label)


def _keep() -> None:
    """Give nothing back: turns are not counted here."""


def _command_in(cards: Sequence[Card], label: str) -> str:
    for card in reversed(cards):
        for button in card.buttons:
            if button.label.startswith(label):
                return button.command
    raise LookupError(f"no button {label}")
