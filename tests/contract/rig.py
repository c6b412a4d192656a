"""What the contract asks of every platform: its adapter, and the same acts and looks of people on each."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Protocol, TypeVar

from PIL import Image as Drawing

from bot.chat.cards import Card
from bot.chat.events import Account, Event, Kind
from bot.ports.adapter import Adapter, Delivery, Image, Part
from bot.ports.intake import Checkpoint

T = TypeVar("T")
SECONDS = 20.0
"""How long anything may take to be seen, on a machine that has much else to do."""


class Inbox:
    """A durable inbox, as far as an adapter can tell.

    It takes its time while ``gate`` is closed, and fails once when an event's text is ``refused``.
    """

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.offered: list[Event] = []
        self.refused = "-"
        self.gate = asyncio.Event()
        self.gate.set()
        self.tokens: dict[str, str] = {}
        self._news = asyncio.Event()

    async def accept(self, events: Sequence[Event], checkpoint: Checkpoint | None = None) -> None:
        """Keep the new events with the checkpoint, or fail where that was asked for."""
        self.offered += events
        self._tell()
        if events:
            await self.gate.wait()
        if self.refused in [event.text for event in events]:
            self.refused = "-"
            raise OSError("the disk is full")
        known = {event.id for event in self.events}
        self.events += [event for event in events if event.id not in known]
        if checkpoint is not None:
            self.tokens[checkpoint.stream] = checkpoint.token
        self._tell()

    async def checkpoint(self, stream: str) -> str:
        """Give the token last kept."""
        return self.tokens.get(stream, "")

    async def until(self, look: Callable[[], T | None]) -> T:
        """Give what ``look`` finds once it finds something; it is asked whenever an adapter came."""
        async with asyncio.timeout(SECONDS):
            while (found := look()) is None:
                news = self._news
                await news.wait()
        return found

    async def event(self, text: str, kind: Kind | None = None) -> Event:
        """Give the first event with these words."""
        return await self.until(lambda: _first(self.events, text, kind))

    async def offer(self, text: str) -> Event:
        """Give the first event with these words as soon as it is offered, kept or not."""
        return await self.until(lambda: _first(self.offered, text, None))

    def _tell(self) -> None:
        self._news.set()
        self._news = asyncio.Event()


def _first(events: Sequence[Event], text: str, kind: Kind | None) -> Event | None:
    return next((one for one in events if one.text == text and kind in (None, one.kind)), None)


@dataclass(frozen=True, slots=True)
class Seen:
    """A message as a person sees it.

    ``words`` is everything there is to read, ``speaker`` the name over it, ``thread`` the place of the
    message whose thread it stands in, ``pictures`` its pictures as (text alternative, bytes).
    """

    place: str
    words: str
    speaker: str = ""
    thread: str = ""
    pictures: tuple[tuple[str, bytes], ...] = ()


@dataclass
class Kept:
    """Parts that a delivery recorded; fails at the ``broken``-th one, as a crash would."""

    parts: list[Part] = field(default_factory=list)
    broken: int = 0

    async def __call__(self, part: Part) -> None:
        if len(self.parts) + 1 == self.broken:
            raise ConnectionError("the power went")
        self.parts.append(part)


class Rig(Protocol):
    """One platform with two people: ``account`` is in the consult room, ``stranger`` is not yet."""

    @property
    def adapter(self) -> Adapter: ...

    @property
    def inbox(self) -> Inbox: ...

    @property
    def account(self) -> Account: ...

    @property
    def stranger(self) -> Account: ...

    async def room(self) -> list[Seen]:
        """What stands in the consult room, oldest first, threads included."""
        ...

    async def home(self) -> list[Seen]:
        """What the bot said in the person's home chat, oldest first."""
        ...

    async def said(self) -> list[Seen]:
        """What the person still sees of the own words in the home chat, oldest first."""
        ...

    async def shown(self) -> list[str]:
        """What the person was shown as answers, in whatever form the platform has for them."""
        ...

    async def files(self) -> int:
        """How many uploads of the bot are still there."""
        ...

    async def picture(self) -> str:
        """Give the person's account a picture of its own; gives the platform's mark of it."""
        ...

    async def in_room(self, account: Account) -> bool:
        """Whether somebody is in the consult room, or invited."""
        ...

    async def enter(self, account: Account) -> None:
        """Let somebody come into the consult room without the adapter's doing."""
        ...

    async def forbid(self) -> bool:
        """Keep the bot from putting anybody out; False where nobody can keep it from that."""
        ...

    async def until(self, met: Callable[[], Awaitable[object]]) -> None:
        """Wait until a look at the platform says so."""
        ...

    async def command(self, text: str) -> None:
        """Type a command in the home chat, with the platform's prefix."""
        ...

    async def write(self, text: str) -> None:
        """Write in the home chat."""
        ...

    async def edit(self, message: str, text: str) -> None:
        """Change an own message of the home chat, by its reference."""
        ...

    async def delete(self, message: str) -> None:
        """Delete an own message of the home chat."""
        ...

    async def answer(self, message: Part, text: str) -> None:
        """Answer a message of the home chat."""
        ...

    async def attach(self, text: str, data: bytes) -> None:
        """Send a picture with words to the home chat."""
        ...

    async def type_in_room(self, text: str) -> bool:
        """Type in the consult room; False where the platform does not let a person."""
        ...

    async def open_moderators_room(self) -> None:
        """Make a moderators' room with the person in it, and start the adapter anew with it."""
        ...

    async def moderators(self) -> list[Seen]:
        """What the bot said in the moderators' room, oldest first."""
        ...

    async def in_moderators_room(self, account: Account) -> bool:
        """Whether somebody is in the moderators' room, or invited."""
        ...

    async def command_among_moderators(self, text: str) -> None:
        """Type a command in the moderators' room, with the platform's prefix."""
        ...

    async def chat_among_moderators(self, text: str) -> None:
        """Say something in the moderators' room that is no command."""
        ...

    async def acknowledged(self, event: Event) -> bool:
        """Whether the platform was told that this is taken care of."""
        ...

    async def inert(self) -> list[str]:
        """What in the consult room would act as more than words: pings, links, markup, hidden signs."""
        ...

    async def restart(self) -> None:
        """Stop the adapter and start another one on what it kept."""
        ...

    async def close(self) -> None:
        """Stop everything."""
        ...


def drawing(seed: int = 1, size: tuple[int, int] = (48, 32)) -> Image:
    """Draw a small picture that is like no other."""
    chance = Random(seed)  # noqa: S311 (the same picture in every run)
    picture = Drawing.frombytes("RGB", size, chance.randbytes(3 * size[0] * size[1]))
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    return Image(stream.getvalue(), "image/png")


def images_of(card: Card) -> Mapping[str, Image]:
    """Draw every picture of a card."""
    return {picture.media: drawing(number) for number, picture in enumerate(card.pictures, start=1)}


async def deliver(rig: Rig, delivery: Delivery) -> list[Part]:
    """Deliver, and give the parts that were recorded."""
    kept = Kept()
    await rig.adapter.deliver(delivery, kept)
    return kept.parts


async def eventually(rig: Rig, look: Callable[[], Awaitable[T]], met: Callable[[T], object]) -> T:
    """Look until what is seen is as it should be, and give it."""
    seen: list[T] = []

    async def there() -> bool:
        seen.append(await look())
        return bool(met(seen[-1]))

    await rig.until(there)
    return seen[-1]
