"""Greeting: what is answered though nobody asked: a first hello, an entering, words in the wrong place."""

from __future__ import annotations

from bot.chat.cards import Card
from bot.chat.events import Kind
from bot.commands.context import House
from bot.frontdoor.doorkeeping import Doorkeeper
from bot.frontdoor.visit import Visit
from bot.views import home


class Greeting:
    """Answers events that are no request."""

    def __init__(self, house: House, doorkeeper: Doorkeeper) -> None:
        """Take the house, and who looks at those that come in."""
        self._house = house
        self._doorkeeper = doorkeeper

    async def reply(self, visit: Visit) -> Card | None:
        """Answer a native message, an unreadable one, a first hello; let who enters be looked at."""
        event = visit.event
        if event.kind is Kind.NATIVE:
            return home.native_card()
        if event.kind is Kind.UNREADABLE:
            return home.unreadable_card(event.values.get("why", ""))
        if event.kind is Kind.HELLO:
            return await self._hello(visit)
        if event.kind is Kind.ENTERED:
            await self._doorkeeper.entered(visit.received.site, event.account)
        return None

    async def _hello(self, visit: Visit) -> Card | None:
        async with self._house.content.work() as work:
            if await work.dialogs.get(f"hello:{visit.key}"):
                return None
            await work.dialogs.put(f"hello:{visit.key}", b"1")
        return home.hello_card() if visit.known is None else None
