"""Pausing: rooms for which nothing leaves, by a moderator's word or while somebody must not be there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import structlog

from bot.chat.cards import Card
from bot.domain.members import Role
from bot.domain.pauses import Cause, Flaw, Pause
from bot.identity.audit import Audit
from bot.ports.chance import Chance
from bot.ports.clock import Clock
from bot.ports.work import Content, Work
from bot.views import rooms as view

_log = structlog.get_logger(__name__)
WORDS = ("rooms", "pause", "resume")
"""What a moderator says after ``mod``."""
_HELD: Final[Mapping[Cause, Callable[[str], Card]]] = {
    Cause.STRANGER: view.held_card,
    Cause.LOGIN: view.locked_out_card,
}
_MODERATORS_HELD: Final[Mapping[Cause, Callable[[], Card]]] = {
    Cause.STRANGER: view.moderators_held_card,
    Cause.UNFIT: view.moderators_unfit_card,
    Cause.LOGIN: view.moderators_locked_out_card,
}


class Pausing:
    """Pauses and resumes rooms. A pause is a row: it outlives restarts, and the queue asks for it."""

    def __init__(
        self,
        content: Content,
        audit: Audit,
        sites: Sequence[str],
        *,
        clock: Clock,
        chance: Chance,
        moderators: str = "",
    ) -> None:
        """Take where pauses lie, where moderators' acts are noted, and the labels of all sites.

        ``moderators`` names the moderators' room, empty where there is none: it is held where somebody is in
        it who may not be, and nobody pauses it by a word.
        """
        self.sites = tuple(sites)
        self.rooms = (*self.sites, *filter(None, (moderators,)))
        """All rooms, as the outbox names them."""
        self._moderators = moderators
        self.paused: frozenset[str] = frozenset()
        """Rooms that were paused when this process last looked."""
        self.flaws: dict[str, Flaw] = {}
        """What this process found wrong with rooms that are fit no more."""
        self._content = content
        self._audit = audit
        self._clock = clock
        self._chance = chance

    async def look(self) -> tuple[Pause, ...]:
        """List all pauses as they are now."""
        async with self._content.work() as work:
            return await self._seen(work)

    async def pause(self, site: str, by: str) -> bool:
        """Pause a room because somebody says so; False where somebody did before."""
        async with self._content.work() as work:
            fresh = await work.pauses.put(site, Cause.MODERATOR, self._clock.now())
            await self._seen(work)
        if fresh:
            await self._audit.append("room_paused", by=by, reference=site)
        return fresh

    async def resume(self, site: str, by: str) -> bool:
        """Lift what :meth:`pause` did; False where it did nothing. Somebody's presence still holds."""
        async with self._content.work() as work:
            lifted = await work.pauses.lift(site, Cause.MODERATOR)
            await self._seen(work)
        if lifted is not None:
            await self._audit.append("room_resumed", by=by, reference=site)
        return lifted is not None

    async def hold(self, room: str, cause: Cause, flaw: Flaw | None = None) -> Pause:
        """Pause a room for what was found in it; gives the pause, perhaps an older one."""
        if flaw is not None:
            self.flaws[room] = flaw
        async with self._content.work() as work:
            if await work.pauses.put(room, cause, self._clock.now()):
                _log.warning("room_held", room=room, what=cause.value)
            held = await self._seen(work)
        return next(one for one in held if (one.room, one.cause) == (room, cause))

    async def tell_held(self, room: str, cause: Cause, *, anew: bool = False) -> None:
        """Tell moderators that a room is held and that the bot cannot mend it: once, or again if ``anew``."""
        async with self._content.work() as work:
            if await work.pauses.tell(room, cause) or anew:
                _log.error("room_not_cleared", room=room, what=cause.value)
                await self._tell(work, self._held_card(room, cause))

    async def let_go(self, room: str, cause: Cause) -> None:
        """Lift what :meth:`hold` did; moderators hear of it if they heard of the hold."""
        async with self._content.work() as work:
            lifted = await work.pauses.lift(room, cause)
            if cause is Cause.UNFIT:
                self.flaws.pop(room, None)
            if lifted is not None:
                _log.info("room_goes_on", room=room, what=cause.value)
            if lifted is not None and lifted.told:
                mine = room == self._moderators
                await self._tell(work, view.moderators_went_on_card() if mine else view.went_on_card(room))
            await self._seen(work)

    def _held_card(self, room: str, cause: Cause) -> Card:
        if room == self._moderators:
            return _MODERATORS_HELD[cause]()
        if cause is Cause.UNFIT:
            return view.unfit_card(room, self.flaws.get(room))
        return _HELD[cause](room)

    async def reply(self, word: str, site: str, by: str) -> Card:
        """Do what a moderator asks with one of :data:`WORDS`."""
        if word == "rooms":
            return view.rooms_card(self._by_site(await self.look()), self.flaws)
        named = self.named(site)
        if named is None:
            return view.which_room_card(word, self.sites)
        if word == "pause":
            return view.paused_card(named, already=not await self.pause(named, by))
        lifted = await self.resume(named, by)
        held = self._by_site(await self.look())[named]
        return view.resumed_card(named, was_paused=lifted, held=held, flaw=self.flaws.get(named))

    @property
    def moderators_held(self) -> bool:
        """Whether somebody may be reading along in the moderators' room."""
        return self._moderators in self.paused

    def named(self, site: str) -> str | None:
        """Find a site by its label, in capitals or not; the only one needs no name."""
        if not site and len(self.sites) == 1:
            return self.sites[0]
        return next((one for one in self.sites if one.casefold() == site.casefold()), None)

    def _by_site(self, pauses: Sequence[Pause]) -> dict[str, list[Cause]]:
        return {site: [one.cause for one in pauses if one.room == site] for site in self.sites}

    async def _seen(self, work: Work) -> tuple[Pause, ...]:
        pauses = await work.pauses.all()
        self.paused = frozenset(one.room for one in pauses)
        return pauses

    async def _tell(self, work: Work, card: Card) -> None:
        key = f"room:{self._chance.id()}"
        await work.outbox.notify_moderators(card, quiet=view.news_quiet_card(), key=key)
        if not any(one.role is Role.MODERATOR for one in await work.members.everybody()):
            _log.error("no_moderator_to_tell")
