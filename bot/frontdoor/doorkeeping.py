"""Doorkeeping: who may be in a room of ours stays; everybody else is put out, or the room is held."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum
from typing import Final

import structlog

from bot.chat.cards import Card
from bot.chat.events import Account
from bot.commands.context import House
from bot.domain.pauses import Cause, Flaw
from bot.frontdoor.pausing import Pausing
from bot.frontdoor.talk import keep_prompt, prompt_of
from bot.identity.wall import Wall
from bot.ports.adapter import Adapter, Delivery, Later, Part, Post, Room, Undeliverable, Unfit
from bot.ports.outbox import Refusal, site_and_room
from bot.views import rooms as view

_log = structlog.get_logger(__name__)

EVERY: Final = 30.0
"""Seconds between two looks at a room where all is well, or where only people can help."""
SOON: Final = 5.0
"""Seconds to the next look where a platform was in passing trouble."""
PATIENCE: Final = timedelta(seconds=20)
"""How long passing trouble may keep somebody in before moderators are told."""
_TOLD_FOR: Final = timedelta(days=1)


class _Out(IntEnum):
    """What came of putting somebody out, from good to bad."""

    ABSENT = 0
    GONE = 1
    LATER = 2
    STAYS = 3


@dataclass(frozen=True, slots=True)
class _Watched:
    """One room of one site; ``name`` is what the outbox and the pauses call it."""

    name: str
    adapter: Adapter
    room: Room


class Doorkeeper:
    """Watches every room: by what platforms tell of entering, and by looking at all who are there.

    From the moment in which somebody is known to be there who may not, the room is held: nothing leaves for
    it until they are out. Strangers are accounts, so this stands at the front door.
    """

    def __init__(self, wall: Wall, house: House, adapters: Mapping[str, Adapter], pausing: Pausing) -> None:
        """Take the wall, which knows whose an account is, the adapters by site, and what holds a room."""
        self._wall = wall
        self._house = house
        self._adapters = adapters
        self._pausing = pausing
        self._rooms = {name: _watched(name, adapters) for name in pausing.rooms}
        self._at_the_door: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._watching: dict[str, asyncio.Task[None]] = {}
        self._tellings: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Look at every room once, then go on watching until :meth:`close`."""
        await self._pausing.look()
        waits = await asyncio.gather(*(self._looked_at(name) for name in self._rooms))
        self._watching = {
            name: asyncio.create_task(self._watch(name, wait))
            for name, wait in zip(self._rooms, waits, strict=True)
        }

    async def close(self, seconds: float = 2.0) -> None:
        """Stop watching; give a look, and what is told after one, up to ``seconds`` to end."""
        await asyncio.gather(*(self._stop(name, seconds) for name in self._watching))
        if self._tellings:
            _, late = await asyncio.wait(self._tellings, timeout=seconds)
            for telling in late:
                telling.cancel()

    async def _stop(self, name: str, seconds: float) -> None:
        """Cancel a watch between two looks, and not in the middle of what a look has to commit."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds), self._at_the_door[name]:
                self._watching[name].cancel()
        self._watching[name].cancel()
        await asyncio.wait([self._watching[name]])

    async def entered(self, site: str, account: Account) -> None:
        """Take note of somebody who came into a consult room; a member's coming costs no look at it."""
        if not await self._may_be_in(Room.CONSULT, account):
            await self.look(site, account)

    async def doubt(self, name: str) -> Refusal:
        """Look at a room that refused something, to tell whether it is the room or what was said."""
        if name not in self._rooms:
            return Refusal.OF_WORDS
        wait = await self._looked_at(name)
        if name in self._pausing.paused:
            return Refusal.OF_ROOM
        return Refusal.UNKNOWN if wait == SOON else Refusal.OF_WORDS

    async def look(self, name: str, *known: Account) -> float:
        """Put out whoever may not be in a room, and hold it while somebody is; one look at a time.

        ``known`` came in by what the platform told. Gives the seconds until the next look.
        """
        at = self._rooms[name]
        async with self._at_the_door[name]:
            outs, wait = await self._looked(at, known)
        # After the others were put out too: to open somebody's chat can take a platform its time.
        tellings = [asyncio.create_task(self._tell(at, one, out)) for one, out in outs.items()]
        self._tellings.update(tellings)
        for telling in tellings:
            telling.add_done_callback(self._tellings.discard)
            await asyncio.wait([telling])
            telling.result()
        return wait

    async def _looked(self, at: _Watched, known: Sequence[Account]) -> tuple[Mapping[Account, _Out], float]:
        seen, wait = await self._occupants(at)
        here = dict.fromkeys((*(seen or ()), *known))
        strangers = [one for one in here if not await self._may_be_in(at.room, one)]
        if strangers:
            return await self._clear(at, strangers, sure=seen is not None)
        if seen is not None:
            await self._let_go(at.name, Cause.STRANGER)
        return {}, wait

    async def _let_go(self, name: str, cause: Cause) -> None:
        if (name, cause) in {(one.room, one.cause) for one in await self._pausing.look()}:
            await self._pausing.let_go(name, cause)

    async def _clear(
        self, at: _Watched, strangers: Sequence[Account], *, sure: bool
    ) -> tuple[Mapping[Account, _Out], float]:
        """Hold the room, put them out, let it go on if that was done; ``sure`` that these are all."""
        held = await self._pausing.hold(at.name, Cause.STRANGER)
        outs = {one: await self._put_out(at, one) for one in strangers}
        worst = max(outs.values())
        tried = self._house.clock.now() - held.since
        if worst is _Out.STAYS or (worst is _Out.LATER and tried >= PATIENCE):
            await self._pausing.tell_held(at.name, Cause.STRANGER)
        if worst <= _Out.GONE and sure:
            await self._pausing.let_go(at.name, Cause.STRANGER)
            return outs, EVERY
        return outs, EVERY if worst is _Out.STAYS else SOON

    async def _put_out(self, at: _Watched, account: Account) -> _Out:
        try:
            was_here = await at.adapter.show_out(account, at.room)
        except Later:
            return _Out.LATER
        except Undeliverable as never:
            _log.warning("not_put_out", room=at.name, code=never.code)
            return _Out.STAYS
        if was_here:
            _log.info("put_out", room=at.name)
        return _Out.GONE if was_here else _Out.ABSENT

    async def _tell(self, at: _Watched, account: Account, out: _Out) -> None:
        """Tell somebody what came of it, in one sentence that fits a stranger or a suspended member."""
        suspended = await self._wall.accounts.of(account) is not None
        if at.room is Room.MODERATORS:
            gone, stays = view.shown_out_of_moderators_card(), view.please_leave_moderators_card()
        else:
            gone = view.shown_out_card(suspended=suspended)
            stays = view.please_leave_card(suspended=suspended)
        if out is _Out.GONE:
            await self._tell_once(at.adapter, account, f"shown_out:{at.room}", gone)
        elif out is _Out.STAYS:
            await self._tell_once(at.adapter, account, f"please_leave:{at.room}", stays)

    async def _tell_once(self, adapter: Adapter, account: Account, what: str, card: Card) -> None:
        """Tell somebody privately, at most once a day, and never again after a failure."""
        if not adapter.serves(account):
            return
        talk, now = self._wall.talk_key(account), self._house.clock.now()
        async with self._house.content.work() as work:
            if await work.dialogs.get(f"{what}:{talk}"):
                return
            await work.dialogs.put(f"{what}:{talk}", b"1", now + _TOLD_FOR)
            if card.buttons and adapter.capabilities.numbered_buttons:
                await keep_prompt(work.dialogs, talk, prompt_of(card.buttons), now)
        try:
            await adapter.deliver(Delivery(self._house.chance.id(), account, Post(card)), _keep_nothing)
        except (Later, Undeliverable) as failure:
            _log.warning("put_out_untold", site=adapter.site, error=type(failure).__name__)

    async def _may_be_in(self, room: Room, account: Account) -> bool:
        ours = {adapter.own for adapter in self._adapters.values()}
        if account in ours:
            return True
        if not await self._wall.welcome(account) or await self._wall.is_stopped(account):
            return False
        return room is Room.CONSULT or await self._wall.is_moderator(account)

    async def _occupants(self, at: _Watched) -> tuple[tuple[Account, ...] | None, float]:
        """List who is in a room, and hold one that may not be one any more; with seconds to the next look.

        None instead of a list where nothing could be learned.
        """
        try:
            seen = await at.adapter.occupants(at.room)
        except Later:
            if not at.adapter.health().refused:
                return None, SOON
            await self._hold(at.name, Cause.LOGIN)
            return None, EVERY
        except Undeliverable as never:
            _log.warning("room_unfit", room=at.name, code=never.code)
            await self._hold(at.name, Cause.UNFIT, never.flaw if isinstance(never, Unfit) else None)
            await self._let_go(at.name, Cause.LOGIN)
            return None, EVERY
        await self._let_go(at.name, Cause.UNFIT)
        await self._let_go(at.name, Cause.LOGIN)
        return seen, EVERY

    async def _hold(self, name: str, cause: Cause, flaw: Flaw | None = None) -> None:
        """Hold a room that only people can mend, and tell moderators; again where something else is wrong."""
        before = self._pausing.flaws.get(name)
        await self._pausing.hold(name, cause, flaw)
        anew = flaw is not None and before not in (None, flaw)
        await self._pausing.tell_held(name, cause, anew=anew)

    async def _watch(self, name: str, wait: float) -> None:
        while True:
            await self._house.clock.sleep(wait)
            wait = await self._looked_at(name)

    async def _looked_at(self, name: str) -> float:
        try:
            return await self.look(name)
        except Exception as fault:  # noqa: BLE001 - one broken look must not end the watch
            _log.error("look_failed", room=name, exc_info=fault)
            return SOON


def _watched(name: str, adapters: Mapping[str, Adapter]) -> _Watched:
    site, room = site_and_room(name)
    return _Watched(name, adapters[site], room)


async def _keep_nothing(_part: Part) -> None:
    """Nobody answers to, or takes back, what was said to a stranger."""
