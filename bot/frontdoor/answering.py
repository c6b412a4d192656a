"""Answering: private replies to the person who acted, at most once, with nothing left lying about."""

from __future__ import annotations

from dataclasses import replace

import structlog

from bot.chat.cards import Card
from bot.chat.events import Account, Event, Place
from bot.commands.context import House
from bot.commands.draft_pictures import mark_shown
from bot.commands.finding import case_about
from bot.commands.pictures import PictureGone, load_images
from bot.commands.rewording_tags import became
from bot.frontdoor.pausing import Pausing
from bot.frontdoor.visit import Visit
from bot.identity.own_names import NameGone
from bot.identity.wall import Wall
from bot.ports.adapter import SHOWN, Delete, Delivery, Later, Part, Reply, Undeliverable
from bot.ports.work import TAGGED

_log = structlog.get_logger(__name__)


class Answering:
    """Shows replies and remembers what they are about, so that answers to them are understood."""

    def __init__(self, house: House, wall: Wall, pausing: Pausing) -> None:
        """Take the house, the wall, and what knows which rooms are held."""
        self.house = house
        self.wall = wall
        self._pausing = pausing
        self._uploaded: dict[Account, list[Part]] = {}

    async def answer(self, visit: Visit, reply: Reply | None) -> bool:
        """Answer privately, at most once; False where it failed, wholly or in part. Nothing is repeated."""
        if reply is None:
            return True
        uploaded: list[Part] = []
        shown: list[str] = []

        async def record(part: Part) -> None:
            if part.kind == SHOWN:
                shown.append(part.remote)
            else:
                uploaded.append(part)

        try:
            images = await load_images(self.house.content, reply.pictures)
        except PictureGone:
            # Its time was over between the reading and now: what is left to say is said.
            reply, images = replace(reply, pictures=()), {}
        try:
            reply = await self._named(visit, reply)
            remote = await visit.adapter.answer(self._apart(visit.event), reply, images, record)
        except (Later, Undeliverable, NameGone) as failure:
            _log.warning("answer_failed", site=visit.received.site, error=type(failure).__name__)
            return False
        await self._clear_away(visit, uploaded)
        about = reply.about if isinstance(reply, Card) else ""
        if shown and about:
            await mark_shown(self.house, about, shown)
        if remote and about and visit.known is not None:
            part = Part("message", remote)
            await self.wall.home.keep_part(visit.known.member, visit.event.account, about, part)
        return True

    async def case_number(self, about: str) -> int | None:
        """Give the number of the case that a message belongs to, by what it is about; else None."""
        if not about:
            return None
        case = await case_about(self.house.content.glance(), about)
        return case.number if case else None

    def _apart(self, event: Event) -> Event:
        """Let an answer go home that would stand in the moderators' room while that is held."""
        held = event.place is Place.MODERATORS and self._pausing.moderators_held
        return replace(event, place=Place.HOME) if held else event

    async def about(self, visit: Visit) -> str:
        """Give the subject of the message that a visit answers; of a member's own one, what it became."""
        event = visit.event
        if not event.reply_to:
            return ""
        if event.place is Place.ROOM:
            postings = self.house.content.glance().postings
            return await postings.subject_of(visit.received.site, event.reply_to)
        subject = (await self.wall.home.subject(event.account, event.reply_to)).partition("#")[0]
        if not subject.startswith(TAGGED):
            return subject
        return await became(self.house.content.glance(), subject)

    async def _named(self, visit: Visit, reply: Reply) -> Reply:
        """Write in the names of those who chose to be named: here and not earlier."""
        reader = visit.known.real_name if visit.known is not None else ""
        return await self.wall.own_names.filled(reply, reader) if isinstance(reply, Card) else reply

    async def _clear_away(self, visit: Visit, uploaded: list[Part]) -> None:
        """Delete the files that an earlier answer showed to this person; remember those of this one."""
        account = visit.event.account
        earlier = self._uploaded.pop(account, [])
        if uploaded:
            self._uploaded[account] = uploaded
        if not earlier:
            return
        removal = Delivery(self.house.chance.id(), account, Delete(tuple(earlier)))
        try:
            await visit.adapter.deliver(removal, _forget)
        except (Later, Undeliverable) as failure:
            _log.warning("preview_not_cleared", site=visit.received.site, error=type(failure).__name__)


async def _forget(part: Part) -> None:
    """A deletion makes no part that anybody needs."""
