"""The contract on the memory adapter, with the capabilities of a platform that has forms."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from bot.adapters.memory import MemoryAdapter, Shown
from bot.chat.events import Account, Event, Kind, Place
from bot.chat.forms import Form
from bot.ports.adapter import Delivery, Image, Part, Profile, Record, Reply
from tests.contract.rig import Inbox, Seen
from tests.views.test_views import words_of


class KeepingMemory(MemoryAdapter):
    """Keeps the bytes of pictures too, so that somebody can look at them."""

    pictures: dict[str, Image]

    async def deliver(self, delivery: Delivery, record: Record) -> None:
        self.pictures = {**getattr(self, "pictures", {}), **delivery.images}
        await super().deliver(delivery, record)


class MemoryRig:
    """Two people at one site in memory."""

    def __init__(self) -> None:
        self.adapter = KeepingMemory("forms")
        self.inbox = Inbox()
        self.account = self.adapter.account("ada")
        self.stranger = self.adapter.account("ben")
        self.adapter.admitted.add("ada")
        self._acknowledged: set[str] = set()
        self._number = 0

    async def room(self) -> list[Seen]:
        return [self._seen(shown) for shown in self.adapter.room]

    async def home(self) -> list[Seen]:
        return [self._seen(shown) for shown in self.adapter.homes["ada"]]

    async def said(self) -> list[Seen]:
        return [Seen(said.remote, said.text) for said in self.adapter.said["ada"]]

    async def shown(self) -> list[str]:
        answers = self.adapter.answers["ada"]
        return [_words(one) for one in answers]

    async def files(self) -> int:
        return 0

    async def picture(self) -> str:
        self.adapter.profiles["ada"] = Profile(member=True, picture="some upload")
        return "some upload"

    async def in_room(self, account: Account) -> bool:
        return account.user in self.adapter.admitted

    async def enter(self, account: Account) -> None:
        await self.adapter.enters(account.user)

    async def forbid(self) -> bool:
        self.adapter.immovable |= self.adapter.admitted
        return True

    async def until(self, met: Callable[[], Awaitable[object]]) -> None:
        assert await met()

    async def command(self, text: str) -> None:
        await self._do(Kind.COMMAND, text)

    async def write(self, text: str) -> None:
        await self._do(Kind.TEXT, text)

    async def edit(self, message: str, text: str) -> None:
        await self.adapter.edits("ada", message, text)

    async def delete(self, message: str) -> None:
        await self.adapter.deletes("ada", message)

    async def answer(self, message: Part, text: str) -> None:
        await self._do(Kind.TEXT, text, reply_to=message.remote)

    async def attach(self, text: str, data: bytes) -> None:
        await self.adapter.says("ada", text, data)

    async def type_in_room(self, text: str) -> bool:
        await self.adapter.does("ada", Kind.NATIVE, place=Place.ROOM)
        return True

    async def open_moderators_room(self) -> None:
        """There is one already."""

    async def moderators(self) -> list[Seen]:
        return [self._seen(shown) for shown in self.adapter.moderators]

    async def in_moderators_room(self, account: Account) -> bool:
        return account.user in self.adapter.moderating

    async def command_among_moderators(self, text: str) -> None:
        await self.adapter.does("ada", Kind.COMMAND, text, place=Place.MODERATORS)

    async def chat_among_moderators(self, text: str) -> None:
        """In memory nobody hears what is no command."""

    async def acknowledged(self, event: Event) -> bool:
        return event.id in self._acknowledged

    async def inert(self) -> list[str]:
        return []

    async def restart(self) -> None:
        await self.adapter.stop()
        await self.adapter.start(self.inbox)

    async def close(self) -> None:
        await self.adapter.stop()

    async def _do(self, kind: Kind, text: str, reply_to: str = "") -> None:
        """Hand it in until it is taken, as a platform does that repeats what was not acknowledged."""
        self._number += 1
        name = f"act {self._number}"
        while name not in self._acknowledged:
            try:
                await self.adapter.does("ada", kind, text, reply_to=reply_to, event=name)
            except OSError:
                continue
            self._acknowledged.add(name)

    def _seen(self, shown: Shown) -> Seen:
        card = shown.card
        pictures = tuple((one.alt, self.adapter.pictures[one.media].data) for one in card.pictures)
        speaker = card.speaker.name if card.speaker else ""
        return Seen(shown.remote, words_of(card), speaker, shown.thread, pictures)


def _words(reply: Reply) -> str:
    if isinstance(reply, Form):
        return reply.title
    return "\n".join([words_of(reply), *(picture.alt for picture in reply.pictures)])


async def memory_rig(_folder: Path) -> MemoryRig:
    """Start it."""
    rig = MemoryRig()
    await rig.adapter.start(rig.inbox)
    return rig
