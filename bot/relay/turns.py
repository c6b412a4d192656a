"""Turns: when a destination may have its next delivery, and what a drawn limit means for the others."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager

import structlog

from bot.chat.events import Account
from bot.identity.wall import Wall
from bot.metrics import Metrics
from bot.ports.adapter import Adapter, Later, Room, Unused
from bot.ports.clock import Clock
from bot.ports.destinations import place_of
from bot.ports.outbox import site_and_room

_log = structlog.get_logger(__name__)

UNTOLD_PAUSE = 5.0
"""How long a site rests that does not say how long, in seconds."""


class Turns:
    """Keeps waiting destinations from being claimed: what waits can still be changed or taken back.

    Each destination waits for itself, so that none holds up another one.
    """

    def __init__(self, adapters: Mapping[str, Adapter], wall: Wall, clock: Clock, metrics: Metrics) -> None:
        """Know the sites, and whose home chat is where."""
        self._adapters = adapters
        self._wall = wall
        self._clock = clock
        self._metrics = metrics
        self._paused: dict[str, float] = {}
        self._waiting: set[asyncio.Task[object]] = set()
        self._rests = asyncio.Event()
        self.resting: set[str] = set()
        """Destinations that wait out the pause of their site."""

    async def next(self, destination: str) -> Unused:
        """Wait for the destination's turn; what this gives takes it back where nothing is to be delivered."""
        task = asyncio.current_task()
        if task is not None:
            self._waiting.add(task)
        try:
            return await self._next(destination)
        except Exception as fault:  # noqa: BLE001 - the delivery meets the same fault, and is put back for it
            _log.warning("turn_unknown", exc_info=fault)
            return _keep
        finally:
            if task is not None:
                self._waiting.discard(task)

    async def until_moved(self, tasks: Collection[asyncio.Task[None]]) -> None:
        """Return when one of these ends, or a destination begins to rest."""
        self._rests.clear()
        resting = asyncio.ensure_future(self._rests.wait())
        await asyncio.wait((*tasks, resting), return_when=asyncio.FIRST_COMPLETED)
        resting.cancel()

    def close(self) -> None:
        """Give up everything that waits; nothing of it is claimed."""
        for task in self._waiting:
            task.cancel()

    @contextmanager
    def heeding(self, adapter: Adapter) -> Iterator[None]:
        """Take note of a limit that is drawn on the way: one of the whole site pauses all of it."""
        try:
            yield
        except Later as later:
            if later.limited:
                self._metrics.count("curbside_limited", platform=adapter.platform, scope=later.scope)
            if later.scope == "site":
                self._pause(adapter.site, later.seconds if later.seconds is not None else UNTOLD_PAUSE)
            raise

    def _pause(self, site: str, seconds: float) -> None:
        until = self._clock.monotonic() + seconds
        if until > self._paused.get(site, 0.0):
            self._paused[site] = until
            _log.info("site_limited", site=site, seconds=round(seconds, 1))

    async def _next(self, destination: str) -> Unused:
        adapter, account, room = await self._place(destination)
        if adapter is None:
            return _keep
        while (seconds := self._paused.get(adapter.site, 0.0) - self._clock.monotonic()) > 0:
            await self._rest(destination, seconds)
        return await adapter.turn(account, room)

    async def _rest(self, destination: str, seconds: float) -> None:
        self.resting.add(destination)
        self._rests.set()
        try:
            await self._clock.sleep(seconds)
        finally:
            self.resting.discard(destination)

    async def _place(self, destination: str) -> tuple[Adapter | None, Account | None, Room]:
        """Say which adapter serves a destination; None where that comes out only once it is delivered."""
        name, member = place_of(destination)
        if member is None:
            site, room = site_and_room(name)
            return self._adapters.get(site), None, room
        account = await self._wall.mailbox(member)
        if account is None:
            return None, None, Room.CONSULT
        serving = (one for one in self._adapters.values() if one.serves(account))
        return next(serving, None), account, Room.CONSULT


def _keep() -> None:
    """Give nothing back: no turn was taken."""
