"""In hand: each event is taken in hand once, one person's in their order, different people's side by side."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import partial
from typing import Final

import structlog

from bot.chat.events import Account
from bot.frontdoor.beginning import Beginning
from bot.frontdoor.crowd import Crowd
from bot.ports.clock import Clock
from bot.ports.inbox import Inbox, Received

_log = structlog.get_logger(__name__)
AGAIN: Final = 5.0
"""Seconds after which the inbox is looked at again where nobody knows what of it was committed."""


class InHand(ABC):
    """What of the inbox is in hand. Of several bots on one database only the one with the seat takes any."""

    def __init__(self, inbox: Inbox, clock: Clock) -> None:
        """Take the inbox; nothing is in hand before :meth:`resume`."""
        self.inbox = inbox
        self.crowd = Crowd(clock)
        self._clock = clock
        self._looking: asyncio.Task[None] | None = None
        self._owed = False
        self._last: dict[Account, asyncio.Task[None]] = {}
        self._in_hand: dict[int, asyncio.Task[None]] = {}
        self._open = asyncio.Event()
        self.beginning = Beginning()
        self._seated = False
        self._closed = False

    @abstractmethod
    async def _handle(self, received: Received) -> None:
        """Handle one event."""

    async def resume(self) -> None:
        """Handle events from now on, in the seat of all bots; what waits comes first.

        Nothing is handled before :meth:`open`.
        """
        self._seated = True
        await self.look()

    async def look(self) -> None:
        """Line up what waits in the inbox and is not in hand: another bot accepted it, or had it before."""
        if self._seated:
            self.take(await self.inbox.waiting(but=tuple(self._in_hand)))

    def open(self) -> None:
        """Begin to handle: every site was tried, so that answers can reach people."""
        self._open.set()

    def take(self, received: Sequence[Received]) -> None:
        """Begin to handle events: one person's in their order, different people's side by side.

        Where another bot has the seat, it is told of them with their commit.
        """
        for one in received if self._seated and not self._closed else ():
            if one.row not in self._in_hand:
                account = one.event.account
                task = asyncio.create_task(self._handle_after(self._last.get(account), one))
                self._last[account] = self._in_hand[one.row] = task
                self.crowd.came(one.row, task)
                task.add_done_callback(partial(self._leave, account, one.row))

    def _leave(self, account: Account, row: int, done: asyncio.Task[None]) -> None:
        del self._in_hand[row]
        if self._last.get(account) is done:
            del self._last[account]
        if not done.cancelled() and (fault := done.exception()) is not None:
            _log.error("not_handled", row=row, exc_info=fault)
            self.look_soon(AGAIN)

    def look_soon(self, seconds: float = 0.0) -> None:
        """Look beside everything else, after some seconds, and again where the database gives no answer."""
        self._owed = True
        if self._seated and (self._looking is None or self._looking.done()):
            self._looking = asyncio.create_task(self._look_while_owed(seconds))

    async def _look_while_owed(self, seconds: float) -> None:
        while self._owed and self._seated and not self._closed:
            await self._clock.sleep(seconds)
            self._owed = False
            try:
                await self.look()
            except Exception as fault:  # noqa: BLE001 - whatever it is, what waits must be looked at
                _log.error("inbox_unavailable", error=type(fault).__name__)
                self._owed, seconds = True, AGAIN

    async def leave_to_others(self) -> None:
        """Drop all that is in hand, in the middle of whatever it is: another bot may have the seat by now."""
        self._seated = False
        self._open.clear()
        dropped = tuple(self._in_hand.values())
        for task in dropped:
            task.cancel()
        await asyncio.gather(*dropped, return_exceptions=True)

    async def close(self, seconds: float = 10.0) -> None:
        """Begin nothing more; give what is being handled up to ``seconds`` to end."""
        self._closed = True
        self._open.set()
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.wait([self._looking])
        if self._last:
            await asyncio.wait(list(self._last.values()), timeout=seconds)

    async def settle(self) -> None:
        """Wait until everything taken so far is handled."""
        while self._last:
            await asyncio.wait(list(self._last.values()))

    async def _handle_after(self, before: asyncio.Task[None] | None, received: Received) -> None:
        if before is not None:
            await asyncio.wait([before])
        await self._open.wait()
        async with self.beginning.one():
            if not self._closed:
                await self._handle(received)
