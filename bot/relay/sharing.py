"""Sharing: which destinations another bot on the same database has to serve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.identity.wall import Wall
from bot.ports.adapter import Adapter
from bot.ports.destinations import place_of
from bot.ports.outbox import site_and_room


class Sharing:
    """Several bots deliver side by side; where only one may be logged in, the others leave it to that one."""

    def __init__(self, wall: Wall, adapters: Mapping[str, Adapter]) -> None:
        """Take who knows home chats, and the adapters by site."""
        self._wall = wall
        self._adapters = adapters

    async def elsewhere(self, destinations: Sequence[str]) -> frozenset[str]:
        """Name those of the destinations that are at a site which another bot serves."""
        away = {adapter.site for adapter in self._adapters.values() if adapter.health().elsewhere}
        if not away:
            return frozenset()
        sites = {destination: await self._site_of(destination) for destination in destinations}
        return frozenset(destination for destination, site in sites.items() if site in away)

    async def _site_of(self, destination: str) -> str:
        """Name the site of a destination; empty where nobody knows one, which its delivery then tells."""
        name, member = place_of(destination)
        if member is None:
            return site_and_room(name)[0]
        account = await self._wall.mailbox(member)
        serving = (one.site for one in self._adapters.values() if account is not None and one.serves(account))
        return next(serving, "")
