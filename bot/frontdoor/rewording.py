"""Rewording at the front door: which of a member's messages an edit or a deletion is about."""

from __future__ import annotations

from dataclasses import replace

from bot.chat.events import Event, Kind
from bot.commands.context import Ask, Context, House
from bot.commands.rewording import deleted, edited
from bot.domain.drafts import Sent
from bot.frontdoor.reading import Say, read
from bot.frontdoor.talk import Talk
from bot.frontdoor.visit import Visit
from bot.identity.wall import Wall
from bot.ports.adapter import Reply
from bot.ports.work import MARKED


class Rewording:
    """Knows members' own messages by their marks, which the vault keeps."""

    def __init__(self, wall: Wall, house: House) -> None:
        """Take the wall, behind which the marks are, and the house."""
        self._wall = wall
        self._house = house

    async def mark(self, visit: Visit) -> str:
        """Mark the message that a visit is about; empty where there is none, or nobody whose it could be."""
        event = visit.event
        if not event.message or visit.known is None:
            return ""
        drawn = self._house.chance.id()
        return await self._wall.home.mark(visit.known.member, event.account, event.message, drawn)

    async def reply(self, visit: Visit, context: Context, talk: Talk) -> tuple[Reply | None, Talk]:
        """Do what an edit or a deletion means; raises :class:`Refused`."""
        event = visit.event
        mark = await self._wall.home.subject(event.account, event.message)
        if not mark.startswith(MARKED):
            return None, talk
        if event.kind is Kind.DELETED:
            return await deleted(context, mark), talk
        word, request = _read(visit, mark)
        return await edited(context, word, request), talk


def _read(visit: Visit, mark: str) -> tuple[str, Ask]:
    """Read the words that a message has now, as if they answered what it became."""
    event = visit.event
    wish = read(replace(event, kind=Kind.TEXT), Talk(), mark, visit.adapter.capabilities.prefix)
    if not isinstance(wish, Say):
        return "", Ask()
    return wish.word, replace(wish.ask, about=mark, sent=_sent(visit, event))


def _sent(visit: Visit, event: Event) -> tuple[Sent, ...]:
    return (Sent(visit.received.site, event.remote),) if event.remote else ()
