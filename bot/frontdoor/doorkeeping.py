"""Doorkeeping: who may be in a consult room stays; everybody else is put out, or the room is held."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from enum import IntEnum
from typing import Final

import structlog

from bot.chat.cards import Card
from bot.chat.events import Account
from bot.commands.context import House
from bot.domain.pauses import Cause
from bot.frontdoor.pausing import Pausing
from bot.frontdoor.talk import keep_prompt, prompt_of
from bot.identity.wall import Wall
from bot.ports.adapter import Adapter, Delivery, Later, Part, Post, Undeliverable
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


class Doorkeeper:
    """Watches every consult room: by what platforms tell of entering, and by looking at all who are there.

    From the moment in which somebody is known to be there who may not, the room is held: nothing leaves for
    it until they are out. Strangers are accounts, so this stands at the front door.
    """

    def __init__(self, wall: Wall, house: House, adapters: Mapping[str, Adapter], pausing: Pausing) -> None:
        """Take the wall, which knows whose an account is, the adapters by site, and what holds a room."""
        self._wall = wall
        self._house = house
        self._adapters = adapters
        self._pausing = pausing
        self._at_the_door: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._watching: dict[str, asyncio.Task[None]] = {}
        self._tellings: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Look at every room once, then go on watching until :meth:`close`."""
        await self._pausing.look()
        waits = await asyncio.gather(*(self._looked_at(site) for site in self._adapters))
        self._watching = {
            site: asyncio.create_task(self._watch(site, wait))
            for site, wait in zip(self._adapters, waits, strict=True)
        }

    async def close(self, seconds: float = 2.0) -> None:
        """Stop watching; give a look, and what is told after one, up to ``seconds`` to end."""
        await asyncio.gather(*(self._stop(site, seconds) for site in self._watching))
        if self._tellings:
            _, late = await asyncio.wait(self._tellings, timeout=seconds)
            for telling in late:
                telling.cancel()

    async def _stop(self, site: str, seconds: float) -> None:
        """Cancel a watch between two looks, and not in the middle of what a look has to commit."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds), self._at_the_door[site]:
                self._watching[site].cancel()
        self._watching[site].cancel()
        await asyncio.wait([self._watching[site]])

    async def entered(self, site: str, account: Account) -> None:
        """Take note of somebody who came in; a member's coming costs no look at the room."""
        if not await self._may_be_here(account):
            await self.look(site, account)

    async def look(self, site: str, *known: Account) -> float:
        """Put out whoever may not be in a room, and hold it while somebody is; one look at a time.

        ``known`` came in by what the platform told. Gives the seconds until the next look.
        """
        adapter = self._adapters[site]
        async with self._at_the_door[site]:
            outs, wait = await self._looked(adapter, known)
        # After the others were put out too: to open somebody's chat can take a platform its time.
        tellings = [asyncio.create_task(self._tell(adapter, one, out)) for one, out in outs.items()]
        self._tellings.update(tellings)
        for telling in tellings:
            telling.add_done_callback(self._tellings.discard)
            await asyncio.wait([telling])
            telling.result()
        return wait

    async def _looked(
        self, adapter: Adapter, known: Sequence[Account]
    ) -> tuple[Mapping[Account, _Out], float]:
        seen, wait = await self._occupants(adapter)
        here = dict.fromkeys((*(seen or ()), *known))
        strangers = [one for one in here if not await self._may_be_here(one)]
        if strangers:
            return await self._clear(adapter, strangers, sure=seen is not None)
        if seen is not None:
            await self._let_go(adapter.site, Cause.STRANGER)
        return {}, wait

    async def _let_go(self, site: str, cause: Cause) -> None:
        if (site, cause) in {(one.room, one.cause) for one in await self._pausing.look()}:
            await self._pausing.let_go(site, cause)

    async def _clear(
        self, adapter: Adapter, strangers: Sequence[Account], *, sure: bool
    ) -> tuple[Mapping[Account, _Out], float]:
        """Hold the room, put them out, let it go on if that was done; ``sure`` that these are all."""
        held = await self._pausing.hold(adapter.site, Cause.STRANGER)
        outs = {one: await self._put_out(adapter, one) for one in strangers}
        worst = max(outs.values())
        tried = self._house.clock.now() - held.since
        if worst is _Out.STAYS or (worst is _Out.LATER and tried >= PATIENCE):
            await self._pausing.tell_held(adapter.site, Cause.STRANGER)
        if worst <= _Out.GONE and sure:
            await self._pausing.let_go(adapter.site, Cause.STRANGER)
            return outs, EVERY
        return outs, EVERY if worst is _Out.STAYS else SOON

    async def _put_out(self, adapter: Adapter, account: Account) -> _Out:
        try:
            was_here = await adapter.show_out(account)
        except Later:
            return _Out.LATER
        except Undeliverable as never:
            _log.warning("not_put_out", site=adapter.site, code=never.code)
            return _Out.STAYS
        if was_here:
            _log.info("put_out", site=adapter.site)
        return _Out.GONE if was_here else _Out.ABSENT

    async def _tell(self, adapter: Adapter, account: Account, out: _Out) -> None:
        """Tell somebody what came of it, in one sentence that fits a stranger or a suspended member."""
        suspended = await self._wall.accounts.of(account) is not None
        if out is _Out.GONE:
            card = view.shown_out_suspended_card() if suspended else view.shown_out_card()
            await self._tell_once(adapter, account, "shown_out", card)
        elif out is _Out.STAYS:
            card = view.please_leave_suspended_card() if suspended else view.please_leave_card()
            await self._tell_once(adapter, account, "please_leave", card)

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

    async def _may_be_here(self, account: Account) -> bool:
        ours = {adapter.own for adapter in self._adapters.values()}
        if account in ours:
            return True
        return await self._wall.welcome(account) and not await self._wall.is_stopped(account)

    async def _occupants(self, adapter: Adapter) -> tuple[tuple[Account, ...] | None, float]:
        """List who is in a room, and hold one that may not be one any more; with seconds to the next look.

        None instead of a list where nothing could be learned.
        """
        try:
            seen = await adapter.occupants()
        except Later:
            return None, SOON
        except Undeliverable as never:
            _log.warning("room_unfit", site=adapter.site, code=never.code)
            await self._pausing.hold(adapter.site, Cause.UNFIT)
            await self._pausing.tell_held(adapter.site, Cause.UNFIT)
            return None, EVERY
        await self._let_go(adapter.site, Cause.UNFIT)
        return seen, EVERY

    async def _watch(self, site: str, wait: float) -> None:
        while True:
            await self._house.clock.sleep(wait)
            wait = await self._looked_at(site)

    async def _looked_at(self, site: str) -> float:
        try:
            return await self.look(site)
        except Exception as fault:  # noqa: BLE001 - one broken look must not end the watch
            _log.error("look_failed", site=site, exc_info=fault)
            return SOON


async def _keep_nothing(_part: Part) -> None:
    """Nobody answers to, or takes back, what was said to a stranger."""
