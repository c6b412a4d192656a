"""The pulse of a database: whether it answered who wrote last and who read last, and how fast."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Literal

from sqlalchemy.exc import DBAPIError, IntegrityError

Use = Literal["reading", "writing"]
Span = Literal["waiting", "writing"]
Told = Callable[[Span, float], None]
"""Hears how many seconds a writer waited for its turn, and how many its transaction took with its commit."""


class Pulse:
    """Nothing is polled: each use of the database says how it went, and a refusal counts until one goes well.

    A row that its own rules refuse, and a caller who gives up a unit of work, are answers like any other.
    """

    def __init__(self) -> None:
        """Believe in the database until it fails; tell nobody how long things take."""
        self._failing: set[Use] = set()
        self._now: Callable[[], float] | None = None
        self._told: Told | None = None

    @property
    def answering(self) -> bool:
        """Whether the last reading and the last writing went well."""
        return not self._failing

    def time(self, now: Callable[[], float], told: Told) -> None:
        """Tell from now on how long writers wait and write; ``now`` gives seconds that never go back."""
        self._now, self._told = now, told

    def now(self) -> float:
        """Give the seconds of :meth:`time`; nothing where nobody is told of times."""
        return self._now() if self._now else 0.0

    def wrote(self, began: float) -> None:
        """Tell of a transaction, or of several that shared their commit, since it began."""
        self._tell("writing", began)

    @asynccontextmanager
    async def turn(self, lock: asyncio.Lock) -> AsyncIterator[None]:
        """Hold the writer's lock, and tell how long it took to get it."""
        began = self.now()
        async with lock:
            self._tell("waiting", began)
            yield

    @asynccontextmanager
    async def felt(self, use: Use, *, tells: bool = False) -> AsyncIterator[None]:
        """Watch one use, and tell how long it took if that is wanted; what it raises is raised on."""
        began = self.now()
        try:
            yield
        except (DBAPIError, ConnectionError) as error:
            if not isinstance(error, IntegrityError):
                self._failing.add(use)
            raise
        else:
            self._failing.discard(use)
            if tells:
                self._tell("writing", began)

    def _tell(self, span: Span, began: float) -> None:
        if self._now is not None and self._told is not None:
            self._told(span, self._now() - began)
