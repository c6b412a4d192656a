"""The pulse of a database: whether it answered who wrote last and who read last, and how fast."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AbstractContextManager
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

    def turn(self, lock: asyncio.Lock) -> AbstractAsyncContextManager[None]:
        """Hold the writer's lock, and tell how long it took to get it."""
        return _Turn(self, lock)

    def felt(self, use: Use) -> AbstractContextManager[None]:
        """Watch one use; what it raises is raised on."""
        return _Felt(self, use)

    def waited(self, began: float) -> None:
        """Tell of a writer who got the turn that it waited for since it ``began``."""
        self._tell("waiting", began)

    def fared(self, use: Use, error: BaseException | None) -> None:
        """Keep how a use went, which ended in an error or in none."""
        if error is None:
            self._failing.discard(use)
        elif isinstance(error, DBAPIError | ConnectionError) and not isinstance(error, IntegrityError):
            self._failing.add(use)

    def _tell(self, span: Span, began: float) -> None:
        if self._now is not None and self._told is not None:
            self._told(span, self._now() - began)


class _Turn:
    """Entered a dozen times for each message, so a class: a generator costs five times as much."""

    __slots__ = ("_lock", "_pulse")

    def __init__(self, pulse: Pulse, lock: asyncio.Lock) -> None:
        self._pulse = pulse
        self._lock = lock

    async def __aenter__(self) -> None:
        began = self._pulse.now()
        await self._lock.acquire()
        self._pulse.waited(began)

    async def __aexit__(self, *_: object) -> None:
        self._lock.release()


class _Felt:
    """As :class:`_Turn`."""

    __slots__ = ("_pulse", "_use")

    def __init__(self, pulse: Pulse, use: Use) -> None:
        self._pulse = pulse
        self._use: Use = use

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        self._pulse.fared(self._use, error)
