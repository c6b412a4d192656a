"""Sharing: which destinations another bot on the same database has to serve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from bot.identity.wall import Wall
from bot.ports.adapter import Adapter
from bot.ports.destinations import place_of
from bot.ports.outbox import site_and_room

AT_ONCE: Final = 256
"""Of how many home chats one look asks where they are; the next look asks of the next ones."""


class Sharing:
    """Several bots deliver side by side; where only one may be logged in, the others leave it to that one."""

    def __init__(self, wall: Wall, adapters: Mapping[str, Adapter]) -> None:
        """Take who knows home chats, and the adapters by site."""
        self._wall = wall
        self._adapters = adapters
        self._away: frozenset[str] = frozenset()
        self._homes: set[str] = set()
        self.unasked: Sequence[str] = ()
        """Home chats of the last look of which nobody was asked yet; the next look has to ask."""

    async def ours(self, due: Sequence[str], *, whole: bool) -> Sequence[str]:
        """Give those that this bot may serve now; ``whole`` says that ``due`` are all that are.

        Which home chats are another bot's is remembered for as long as something is due there. Who moves
        meanwhile is served by the bot that serves every site.
        """
        self._see_who_is_away()
        self.unasked = ()
        if not self._away:
            return due
        if whole:
            self._homes.intersection_update(due)
        rooms = {one: site for one in due if (site := _site_of_room(one))}
        unknown = [one for one in due if one not in rooms and one not in self._homes]
        asked, self.unasked = unknown[:AT_ONCE], unknown[AT_ONCE:]
        self._homes.update([one for one in asked if await self._site_of_home(one) in self._away])
        here = [one for one, site in rooms.items() if site not in self._away]
        return [*here, *(one for one in asked if one not in self._homes)]

    def _see_who_is_away(self) -> None:
        away = frozenset(one.site for one in self._adapters.values() if one.health().elsewhere)
        if away != self._away:
            self._away = away
            self._homes.clear()

    async def _site_of_home(self, destination: str) -> str:
        """Name the site of a home chat; empty where nobody knows one, which its delivery then tells."""
        _, member = place_of(destination)
        account = None if member is None else await self._wall.mailbox(member)
        serving = (one.site for one in self._adapters.values() if account is not None and one.serves(account))
        return next(serving, "")


def _site_of_room(destination: str) -> str:
    """Name the site of a room; empty for a home chat."""
    name, member = place_of(destination)
    return site_and_room(name)[0] if member is None else ""
