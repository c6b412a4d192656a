"""What happened, told to whoever listens: the demo page's live feed and a test's way to wait."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import asdict, dataclass

from .wire import Json


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that happened; empty fields do not apply.

    Kinds: channel, message, message_changed, message_deleted, ephemeral, reaction, members, person, file,
    file_deleted, modal, filled, home, trouble, socket, call, and repeat_… for a repeated event not taken.
    """

    kind: str
    team: str = ""
    channel: str = ""
    person: str = ""
    ts: str = ""

    def wire(self) -> Json:
        """The change as JSON, without empty fields."""
        return {key: value for key, value in asdict(self).items() if value}


class ChangeFeed:
    """An endless async iterator over changes from the moment it was made; close it when done."""

    def __init__(self, bell: ChangeBell) -> None:
        self._bell = bell
        self._waiting: asyncio.Queue[Change] = asyncio.Queue()

    def put(self, change: Change) -> None:
        """Queue one change for the listener."""
        self._waiting.put_nowait(change)

    def close(self) -> None:
        """Stop listening."""
        self._bell.feeds.discard(self)

    def __aiter__(self) -> ChangeFeed:
        return self

    async def __anext__(self) -> Change:
        return await self._waiting.get()


class ChangeBell:
    """Tells every feed about every change."""

    def __init__(self) -> None:
        self.feeds: set[ChangeFeed] = set()

    def ring(self, kind: str, team: str = "", channel: str = "", person: str = "", ts: str = "") -> None:
        """Tell all feeds that something happened."""
        change = Change(kind, team, channel, person, ts)
        for feed in tuple(self.feeds):
            feed.put(change)

    def listen(self) -> ChangeFeed:
        """A new feed; it misses nothing from now on."""
        feed = ChangeFeed(self)
        self.feeds.add(feed)
        return feed

    async def until(self, met: Callable[[], object], timeout: float = 5.0) -> None:
        """Return when ``met()`` is true, asked at each change; TimeoutError after ``timeout`` s."""
        feed = self.listen()
        try:
            async with asyncio.timeout(timeout):
                while not met():
                    await anext(feed)
        finally:
            feed.close()
