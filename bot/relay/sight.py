"""What is seen of deliveries: how many, how they end, how long they take and how late they are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from bot.metrics import UNKNOWN, Metrics
from bot.ports.clock import Clock
from bot.ports.outbox import Claimed
from bot.ports.tracing import Tracer


class Sight:
    """Counts for the relay. Which platform a delivery reached is known once an adapter had it in hand."""

    def __init__(self, metrics: Metrics, tracer: Tracer, clock: Clock) -> None:
        """Take what counts, what traces, and the clock."""
        self._metrics = metrics
        self._tracer = tracer
        self._clock = clock
        self._reached: dict[str, str] = {}

    def step(self, name: str) -> AbstractContextManager[None]:
        """Trace a step."""
        return self._tracer.span(name)

    @contextmanager
    def handing(self, platform: str, delivery: str) -> Iterator[None]:
        """Measure one try at a platform."""
        self._reached[delivery] = platform
        began = self._clock.monotonic()
        try:
            with self._tracer.span("deliver", platform=platform, delivery=delivery):
                yield
        finally:
            seconds = self._clock.monotonic() - began
            self._metrics.took("curbside_delivery_seconds", seconds, platform=platform)

    def ended(self, claimed: Claimed, ending: str) -> None:
        """Count how a try ended; once it is sent also how long after its release that was."""
        platform = self._reached.pop(claimed.id, UNKNOWN)
        to = "room" if claimed.member is None else "home"
        self._metrics.count("curbside_deliveries", to=to, what=claimed.what, ending=ending, platform=platform)
        self._tracer.note(to=to, what=claimed.what, ending=ending, tries=claimed.tries, delivery=claimed.id)
        if ending == "sent" and claimed.released is not None and platform != UNKNOWN:
            late = max(0.0, (self._clock.now() - claimed.released).total_seconds())
            self._metrics.took("curbside_released_seconds", late, platform=platform, to=to)
