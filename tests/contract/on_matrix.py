"""The contract on Matrix: a real homeserver with end-to-end encryption on, and people at their clients."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from bot.adapters.matrix.adapter import MatrixAdapter
from bot.adapters.matrix.wire import path
from bot.chat.events import Account, Event
from bot.ports.adapter import Part
from bot.standin.people import Message, Person, PersonFailed
from bot.standin.synapse import Synapse
from tests.contract.rig import SECONDS, Inbox, Seen
from tests.matrix.fakes import RealChance, RealClock
from tests.matrix.rig import Hospital

_HIDDEN = "\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u200b\u200e\u200f"
_TAGS = {"p", "h4", "br", "em", "strong", "code", "blockquote", "ul", "ol", "li"}
_LIVE = ("@room", "://", "matrix.to", "<@")


class MatrixRig:
    """A person who is in the consult room and one who is not."""

    adapter: MatrixAdapter
    mods: str = ""
    ada: Person
    account: Account
    stranger: Account

    def __init__(self, hospital: Hospital) -> None:
        self.hospital = hospital
        self.inbox = Inbox()
        self._entering: Any = None

    async def start(self) -> None:
        """Sign in, meet the bot, and be let into the room."""
        await self._begin()
        self.ada, self.account = await self.hospital.person()
        _, self.stranger = await asyncio.to_thread(self.hospital.account)
        await self.adapter.admit(self.account)
        await self.ada.until(lambda: len(self.ada.client.rooms) > 1)

    async def room(self) -> list[Seen]:
        return [await self._seen(message) for message in self._of_bot(self.adapter.room)]

    async def home(self) -> list[Seen]:
        return [await self._seen(message) for message in self._of_bot(self._home)]

    async def said(self) -> list[Seen]:
        mine = self.ada.read(self._home, sender=self.ada.user)
        return [Seen(f"{message.room} {message.id}", message.body) for message in mine]

    async def shown(self) -> list[str]:
        return [message.body for message in self._of_bot(self._home)]

    async def files(self) -> int:
        return 0  # media are encrypted, and their keys go with the message

    async def picture(self) -> str:
        mark = f"mxc://{self.account.realm}/picture"
        await self.ada.client.set_avatar(mark)
        return mark

    async def in_room(self, account: Account) -> bool:
        room = self.adapter._session.client.rooms[self.adapter.room]
        return account.user in room.users

    async def enter(self, account: Account) -> None:
        room = self.adapter.room
        if self._entering is None:
            self._entering = await self.hospital.at_client(account)
        invited = {"user_id": account.user}
        await self.adapter._session.wire.post(path("rooms", room, "invite"), invited)
        await self._entering.until(lambda: room in self._entering.client.rooms)

    async def forbid(self) -> bool:
        return False  # In a room of its own the bot stands above everybody.

    async def until(self, met: Callable[[], Awaitable[object]]) -> None:
        async with asyncio.timeout(SECONDS):
            while True:
                # Taken up before looking, so that nothing is missed that comes while one looks.
                news = (self.ada._news, self.adapter._stream._arrivals._news)
                if await met():
                    return
                await _either(*news)

    async def command(self, text: str) -> None:
        await self.ada.say(self._home, f"!consult {text}")

    async def write(self, text: str) -> None:
        await self.ada.say(self._home, text)

    async def edit(self, message: str, text: str) -> None:
        await self.ada.edit(self._home, message.split(" ")[1], text)

    async def delete(self, message: str) -> None:
        await self.ada.client.room_redact(self._home, message.split(" ")[1])

    async def answer(self, message: Part, text: str) -> None:
        await self.ada.say(self._home, text, reply_to=message.remote.split(" ")[1])

    async def attach(self, text: str, data: bytes) -> None:
        await self.ada.show(self._home, data, caption=text)

    async def type_in_room(self, text: str) -> bool:
        try:
            await self.ada.say(self.adapter.room, text)
        except PersonFailed:
            return False
        return True

    async def open_moderators_room(self) -> None:
        """As an operator does: a private, encrypted room, the bot invited and given power."""
        self.mods = await self.ada.open_private(self.hospital.site.user)
        self.hospital.site = replace(self.hospital.site, moderators=self.mods)
        await self.restart()
        await self.ada.until(lambda: self.hospital.site.user in self.ada.client.rooms[self.mods].users)

    async def moderators(self) -> list[Seen]:
        return [await self._seen(message) for message in self._of_bot(self.mods)]

    async def in_moderators_room(self, account: Account) -> bool:
        return account.user in self.adapter._session.client.rooms[self.mods].users

    async def command_among_moderators(self, text: str) -> None:
        await self.ada.say(self.mods, f"!consult {text}")

    async def chat_among_moderators(self, text: str) -> None:
        await self.ada.say(self.mods, text)

    async def acknowledged(self, event: Event) -> bool:
        """The token that the next sync is asked with lies behind the event."""
        return self.adapter._stream.token == self.inbox.tokens.get(self.adapter._reception.stream, "") and (
            event in self.inbox.events
        )

    async def inert(self) -> list[str]:
        return [problem for one in self._of_bot(self.adapter.room) for problem in _problems(one.content)]

    async def restart(self) -> None:
        await self.adapter.stop()
        await self._begin()

    async def close(self) -> None:
        await self.adapter.stop()
        await self.hospital.close()

    async def _begin(self) -> None:
        self.adapter = MatrixAdapter(self.hospital.site, self.hospital.cabinet, RealClock(), RealChance())
        await self.adapter.start(self.inbox)

    @property
    def _home(self) -> str:
        others = (self.adapter.room, self.mods)
        return next(room for room in self.ada.client.rooms if room not in others)

    def _of_bot(self, room: str) -> list[Message]:
        return self.ada.read(room, sender=self.hospital.site.user)

    async def _seen(self, message: Message) -> Seen:
        is_picture = message.content.get("msgtype") == "m.image"
        pictures = ((message.body, await self.ada.picture(message)),) if is_picture else ()
        return Seen(
            place=f"{message.room} {message.id}",
            words=message.body,
            speaker=message.speaker,
            thread=f"{message.room} {message.thread}" if message.thread else "",
            pictures=pictures,
        )


async def _either(*news: asyncio.Event) -> None:
    """Wait until the person's client or the bot's heard something."""
    waits = [asyncio.ensure_future(one.wait()) for one in news]
    await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for wait in waits:
        wait.cancel()


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name for name, _ in attrs} - {"data-mx-profile-fallback"}
        if tag not in _TAGS or named:
            self.found.append(f"<{tag} {sorted(named)}>")


def _problems(content: Any) -> Iterator[str]:
    """Find what a client would not show as the words that were written."""
    if content.get("m.mentions") != {}:
        yield "mentions"
    parser = _Tags()
    parser.feed(content.get("formatted_body", ""))
    yield from parser.found
    for text in (content["body"], content.get("formatted_body", "")):
        yield from (f"{live} in {text!r}" for live in _LIVE if live in text)
        if any(sign in text for sign in _HIDDEN):
            yield f"hidden signs in {text!r}"


async def matrix_rig(synapse: Synapse, folder: Path) -> MatrixRig:
    """Start the adapter and the people on a homeserver that runs."""
    rig = MatrixRig(await asyncio.to_thread(Hospital, synapse, folder))
    await rig.start()
    return rig
