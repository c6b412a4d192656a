"""How often the app may call: one post a second per channel, some hundred a minute in all, and tiers."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from .wire import SlackError

POST_BURST = 5
POSTS_PER_SECOND = 1.0
TEAM_BURST = 100
TEAM_POSTS_PER_SECOND = 5.0
WINDOW = 60.0


class TooFast(SlackError):
    """The call came too soon; ``wait`` is whole seconds, for the Retry-After header."""

    def __init__(self, wait: int) -> None:
        super().__init__("ratelimited")
        self.wait = wait


@dataclass(slots=True)
class Bucket:
    """Allows ``burst`` at once and ``per_second`` from then on."""

    burst: float
    per_second: float
    level: float
    filled_at: float

    def take(self, now: float) -> None:
        """Take one; TooFast when empty."""
        self.level = min(self.burst, self.level + (now - self.filled_at) * self.per_second)
        self.filled_at = now
        if self.level < 1 - 1e-6:
            raise TooFast(max(1, math.ceil((1 - self.level) / self.per_second)))
        self.level -= 1


@dataclass(slots=True)
class Rates:
    """All buckets; ``on`` switches the limits."""

    on: bool = True
    buckets: dict[tuple[str, str], Bucket] = field(default_factory=dict)

    def take_post(self, team: str, channel: str, now: float) -> None:
        """Count one chat.postMessage to a channel, and in its workspace."""
        self._take((team, "posts"), TEAM_BURST, TEAM_POSTS_PER_SECOND, now)
        self._take((team, f"post:{channel}"), POST_BURST, POSTS_PER_SECOND, now)

    def take_method(self, team: str, method: str, per_minute: int, now: float) -> None:
        """Count one call of a method with a tier."""
        if per_minute:
            self._take((team, method), per_minute, per_minute / WINDOW, now)

    def _take(self, key: tuple[str, str], burst: float, per_second: float, now: float) -> None:
        if self.on:
            self.buckets.setdefault(key, Bucket(burst, per_second, burst, now)).take(now)
