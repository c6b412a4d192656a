"""Trouble on order: slow, refused, cut or doubled traffic, so many times or at a rate."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from .mint import Mint


@dataclass(frozen=True, slots=True)
class Fault:
    """One piece of trouble for one call: ``kind`` is ratelimit, server_error, drop or delay."""

    kind: str
    after_commit: bool = False
    status: int = 503
    seconds: float = 1.0


@dataclass(frozen=True, slots=True)
class Rate:
    """How likely each kind of trouble is at every call of a method."""

    ratelimit: float = 0.0
    server_error: float = 0.0
    drop: float = 0.0
    drop_after_commit: float = 0.0
    retry_after: float = 1.0

    def chosen(self, point: float) -> Fault | None:
        """The trouble at a point between 0 and 1."""
        kinds = (
            (self.ratelimit, Fault("ratelimit", seconds=self.retry_after)),
            (self.server_error, Fault("server_error")),
            (self.drop, Fault("drop")),
            (self.drop_after_commit, Fault("drop", after_commit=True)),
        )
        for share, fault in kinds:
            if point < share:
                return fault
            point -= share
        return None


@dataclass(slots=True)
class Faults:
    """All trouble on order; method ``*`` means any, ``upload`` and ``download`` are the raw transfers."""

    mint: Mint
    queues: dict[str, deque[Fault]] = field(default_factory=dict)
    rates: dict[str, Rate] = field(default_factory=dict)
    doubled: int = 0
    repeated: deque[int] = field(default_factory=deque)
    acks_to_lose: int = 0
    made: dict[str, int] = field(default_factory=dict)

    def ratelimit(self, method: str, times: int = 1, retry_after: float = 1) -> None:
        """Answer 429 with Retry-After (whole seconds)."""
        self._order(method, Fault("ratelimit", seconds=retry_after), times)

    def server_error(
        self, method: str, times: int = 1, status: int = 503, *, after_commit: bool = False
    ) -> None:
        """Answer 5xx, before doing anything or after having done it."""
        self._order(method, Fault("server_error", after_commit, status), times)

    def drop(self, method: str, times: int = 1, *, after_commit: bool = False) -> None:
        """Cut the connection without an answer, before doing anything or after having done it."""
        self._order(method, Fault("drop", after_commit), times)

    def delay(self, method: str, seconds: float, times: int = 1) -> None:
        """Answer late, by the stand-in's clock; the work is done before the wait."""
        self._order(method, Fault("delay", seconds=seconds), times)

    def at_rate(
        self,
        method: str,
        *,
        ratelimit: float = 0.0,
        server_error: float = 0.0,
        drop: float = 0.0,
        drop_after_commit: float = 0.0,
        retry_after: float = 1.0,
    ) -> None:
        """Trouble by chance, drawn from the stand-in's seed; shares between 0 and 1."""
        self.rates[method] = Rate(ratelimit, server_error, drop, drop_after_commit, retry_after)

    def duplicate_envelopes(self, times: int = 1) -> None:
        """Send the next payloads twice."""
        self.doubled += times

    def repeat_events(self, times: int = 1, again: int = 3) -> None:
        """Redeliver each of the next ``times`` events ``again`` times although acknowledged."""
        self.repeated.extend([again] * times)

    def lose_acks(self, times: int = 1) -> None:
        """Ignore the next acknowledgements of events, commands or interactions."""
        self.acks_to_lose += times

    def clear(self) -> None:
        """No more trouble."""
        self.queues.clear()
        self.rates.clear()
        self.repeated.clear()
        self.doubled = self.acks_to_lose = 0

    def next_for(self, method: str) -> Fault | None:
        """The trouble for this call, if any."""
        for name in (method, "*"):
            if self.queues.get(name):
                return self._count(self.queues[name].popleft())
        rate = self.rates.get(method) or self.rates.get("*")
        fault = rate.chosen(self.mint.chance.random()) if rate else None
        return self._count(fault) if fault else None

    def takes_double(self) -> bool:
        """Whether this payload goes out twice."""
        self.doubled, doubled = max(0, self.doubled - 1), self.doubled > 0
        return doubled

    def repeats(self) -> int:
        """How often this event is redelivered although acknowledged."""
        return self.repeated.popleft() if self.repeated else 0

    def loses_ack(self) -> bool:
        """Whether this acknowledgement is lost."""
        self.acks_to_lose, lost = max(0, self.acks_to_lose - 1), self.acks_to_lose > 0
        return lost

    def _order(self, method: str, fault: Fault, times: int) -> None:
        self.queues.setdefault(method, deque()).extend([fault] * times)

    def _count(self, fault: Fault) -> Fault:
        self.made[fault.kind] = self.made.get(fault.kind, 0) + 1
        return fault
