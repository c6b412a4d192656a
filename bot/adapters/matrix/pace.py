"""The pace: how often the bot sends on a homeserver that limits it, learned from the refusals themselves.

An untouched Synapse takes ten messages at once and one every five seconds from then on. Nobody can ask it for
its limits, so the bot sends freely until the first refusal. What a person waits for (answers) goes first.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from contextvars import ContextVar
from functools import partial
from typing import Final, TypeVar

from bot.ports.adapter import Later, Unused
from bot.ports.clock import Clock

_LEAST_SECONDS: Final = 0.001
"""A clock may not tell less, and what waits for it would ask for ever."""
_UNTOLD_SECONDS: Final = 5.0
_LONGEST_SECONDS: Final = 60.0
_FORGOTTEN_SECONDS: Final = 600.0
"""After so long without a refusal the bot tries to send freely again: the limit may have been lifted."""
_MARGIN: Final = 0.05
"""Seconds that two clocks may differ in what they call the end of a wait."""
_USUAL_BURST: Final = 10
_TRIES: Final = 4
_queued: ContextVar[bool] = ContextVar("queued", default=False)

Sent = TypeVar("Sent")
OnLimit = Callable[[float], Awaitable[None]]


class Refused(Later):
    """There is too much of it for now; nothing was sent."""

    def __init__(self, later: Later) -> None:
        """Say the same as the refusal did."""
        super().__init__(later.seconds, unsure=later.unsure, scope=later.scope, limited=later.limited)


class Pace:
    """The pace of the bot's account on one homeserver."""

    def __init__(self, clock: Clock, on_limit: OnLimit) -> None:
        """Know no limit yet; ``on_limit`` hears of each refusal, with the seconds between two messages."""
        self._clock = clock
        self._on_limit = on_limit
        self._line = asyncio.Lock()
        self._entrance = asyncio.Lock()
        self._changed = asyncio.Event()
        self.interval = 0.0
        """Seconds between two messages; 0 while no limit is known."""
        self._learned_at = 0.0
        self._closed_until = 0.0
        self._next = 0.0
        self._next_entry = 0.0
        self._last_sent: float | None = None
        self._first_waiting = 0
        self._refusals = 0
        self._probing = asyncio.Lock()
        self._begun = 0
        self._through = 0
        self.leaving = False
        """Whether another device may be sending the same by now: what is queued begins no more."""

    @contextmanager
    def queued(self) -> Iterator[None]:
        """Let what is sent inside wait for its turn, and for all that goes first."""
        token = _queued.set(True)
        try:
            yield
        finally:
            _queued.reset(token)

    async def turn(self) -> Unused:
        """Wait until one more delivery may begin; those who wait begin one after the other."""
        async with self._entrance:
            await self._until_free(lambda: self._next_entry)
            earlier, self._next_entry = self._next_entry, self._now() + self.interval

        def unused() -> None:
            self._next_entry = earlier

        return unused

    async def send(self, once: Callable[[Callable[[], None]], Awaitable[Sent]]) -> Sent:
        """Send one message with ``once``, which calls what it is given right before the request.

        Raises what that raises. What is not queued goes first; where it is refused it waits as told and goes
        again.
        """
        if _queued.get():
            async with self._line:
                await self._until_free(lambda: self._next)
                self._next = self._now() + self.interval
            return await self._try(once)
        self._first_waiting += 1
        try:
            return await self._send_first(once)
        finally:
            self._first_waiting -= 1
            self._changed.set()

    async def _send_first(self, once: Callable[[Callable[[], None]], Awaitable[Sent]]) -> Sent:
        for _ in range(_TRIES - 1):
            await self._until_open()
            with suppress(Refused):
                return await self._try(once)
        await self._until_open()
        return await self._try(once)

    async def _until_open(self) -> None:
        while (seconds := self._closed_until - self._now()) > 0:
            await self._clock.sleep(max(seconds, _LEAST_SECONDS))
        self._next = max(self._next, self._now()) + self.interval

    async def _try(self, once: Callable[[Callable[[], None]], Awaitable[Sent]]) -> Sent:
        still = partial(self._still, self._refusals)
        try:
            async with self._alone():
                done = await once(still)
        except Later as later:
            if later.limited:
                await self._limited(later.seconds)
                raise Refused(later) from later
            raise
        self._sent()
        return done

    def _still(self, refusals: int) -> None:
        """Raise where others were refused since: a request would only be one refusal more.

        And for what is queued, where it is another device's by now.
        """
        if self.leaving and _queued.get():
            raise Later(None)
        if self._refusals > refusals:
            raise Refused(Later(max(self._closed_until - self._now(), _MARGIN), scope="site"))

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[None]:
        """Send one at a time where the limit of an untouched homeserver would begin, to be refused once."""
        self._begun += 1
        if self._begun <= _USUAL_BURST - 1 or self._through > _USUAL_BURST + 1:
            yield
            return
        async with self._probing:
            yield

    def _sent(self) -> None:
        self._through += 1
        self._last_sent = self._now()
        if self.interval and self._last_sent - self._learned_at > _FORGOTTEN_SECONDS:
            self.interval, self._through = 0.0, 0

    async def _limited(self, seconds: float | None) -> None:
        """Learn from a refusal that says how long to wait.

        The homeserver's measure is full then, so that the way from the last message to the end of the wait is
        what it takes to run down by one.
        """
        now, wait = self._now(), _UNTOLD_SECONDS if seconds is None else seconds
        since = 0.0 if self._last_sent is None else now - self._last_sent
        gap = wait + (since if since < _LONGEST_SECONDS else 0.0)
        self.interval = max(self.interval, min(gap, _LONGEST_SECONDS) + _MARGIN)
        self._learned_at = now
        self._refusals += 1
        self._closed_until = max(self._closed_until, now + wait + _MARGIN)
        self._next = max(self._next, self._closed_until)
        self._next_entry = max(self._next_entry, self._closed_until)
        await self._on_limit(self.interval)

    async def _until_free(self, at: Callable[[], float]) -> None:
        while True:
            if self._first_waiting and self.interval:
                self._changed.clear()
                await self._changed.wait()
            elif (seconds := at() - self._now()) > 0:
                await self._clock.sleep(max(seconds, _LEAST_SECONDS))
            else:
                return

    def _now(self) -> float:
        return self._clock.monotonic()
