"""The pace: how often the bot calls a workspace, so that Slack hardly ever has to refuse.

Slack takes about one message a second in a channel, several hundred a minute in a workspace, and so many
calls a minute of each other method. What a person waits for (answers, forms) is counted and never waits.
"""

from __future__ import annotations

import asyncio
from typing import Final

from bot.ports.adapter import Later, Unused
from bot.ports.clock import Clock

POSTS_PER_MINUTE: Final = 60
"""What Slack takes in one channel."""
POST = "chat.postMessage"
_BY_CHANNEL: Final = frozenset({POST, "chat.postEphemeral"})
_POST_BURST: Final = 3.0
_HOMES_PER_MINUTE: Final = 120.0
"""Deliveries to home chats, all of them together; the rooms have their own pace beside it."""
_HOMES_BURST: Final = 10.0
# A little under what Slack's tier 3 takes (50 and more a minute).
_METHODS: Final = frozenset(
    {"chat.delete", "chat.update", "conversations.history", "conversations.open", "conversations.replies"}
)
_METHOD_PER_MINUTE: Final = 45.0
_METHOD_BURST: Final = 5.0
_ROOM_SECONDS, _HOME_SECONDS = 10.0, 2.0
"""How long a delivery under way waits before it is put back; rooms longer, lest homes crowd them out."""
_WIDE_SECONDS = 10.0
_LEAST_SECONDS = 0.001
_UNTOLD_SECONDS = 10.0
_MOST_BUCKETS = 1_000


class Bucket:
    """Holds up to ``burst`` and gains ``per_second``; below nothing after calls that did not wait."""

    def __init__(self, burst: float, per_second: float, now: float) -> None:
        self._burst = burst
        self.per_second = per_second
        self._level = burst
        self._at = now

    def wait(self, now: float) -> float:
        """Say in how many seconds there is one to take."""
        self._fill(now)
        return max(0.0, (1.0 - self._level) / self.per_second)

    def take(self, now: float) -> None:
        """Take one, whether there is one or not."""
        self._fill(now)
        self._level -= 1.0

    def give_back(self) -> None:
        """Undo one :meth:`take`."""
        self._level = min(self._burst, self._level + 1.0)

    def rest(self, now: float, seconds: float) -> None:
        """Have nothing to take for so long."""
        self._fill(now)
        self._level = min(self._level, 1.0 - seconds * self.per_second)

    def full(self, now: float) -> bool:
        """Say whether it is as good as new."""
        self._fill(now)
        return self._level >= self._burst

    def _fill(self, now: float) -> None:
        gained = max(0.0, now - self._at) * self.per_second
        self._level, self._at = min(self._burst, self._level + gained), now


class Line:
    """Those who wait for one bucket, first come first served."""

    def __init__(self, bucket: Bucket, clock: Clock) -> None:
        self.bucket = bucket
        self._clock = clock
        self._lock = asyncio.Lock()
        self._length = 0

    def wait(self) -> float:
        """Say how long somebody waits who comes now."""
        return self.bucket.wait(self._clock.monotonic()) + self._length / self.bucket.per_second

    async def stand(self) -> None:
        """Return when there is one to take, which the caller does before it awaits anything."""
        self._length += 1
        try:
            async with self._lock:
                while (seconds := self.bucket.wait(self._clock.monotonic())) > 0:
                    # Never less than a clock can tell, or it would be asked for ever.
                    await self._clock.sleep(max(seconds, _LEAST_SECONDS))
        finally:
            self._length -= 1


class Pace:
    """The pace in one workspace."""

    def __init__(self, clock: Clock, posts_per_minute: int = POSTS_PER_MINUTE) -> None:
        """Keep to so many posts a minute in each channel, and to everything else in proportion."""
        self._clock = clock
        self._factor = posts_per_minute / POSTS_PER_MINUTE
        self._lines: dict[str, Line] = {}
        self._homes = Line(self._bucket(_HOMES_BURST, _HOMES_PER_MINUTE), clock)
        self._limited: tuple[str, float] = ("", -_WIDE_SECONDS)

    async def room(self, channel: str) -> Unused:
        """Wait until something may be posted in a room's channel; only what is posted counts."""
        await self._line(POST, channel).stand()
        return _keep

    async def home(self) -> Unused:
        """Wait until something may go to one more home chat."""
        await self._homes.stand()
        self._homes.bucket.take(self._clock.monotonic())
        return self._homes.bucket.give_back

    async def before(self, method: str, channel: str, *, home: bool) -> None:
        """Wait until one more call keeps the pace; raises ``Later`` where that takes long."""
        line = self._line(method, channel)
        seconds = line.wait()
        if seconds > (_HOME_SECONDS if home else _ROOM_SECONDS):
            raise Later(seconds)
        await line.stand()

    def made(self, method: str, channel: str) -> None:
        """Count a call that is being made, by whomever."""
        if method == POST or method in _METHODS:
            self._line(method, channel).bucket.take(self._clock.monotonic())

    def limited(self, method: str, channel: str, seconds: float | None) -> bool:
        """Rest after a refusal; say whether it holds for the whole workspace.

        Slack does not tell its limits for posts apart: two channels refused at about once are the workspace.
        """
        now, rest = self._clock.monotonic(), _UNTOLD_SECONDS if seconds is None else seconds
        self._line(method, channel).bucket.rest(now, rest)
        if method not in _BY_CHANNEL:
            return True
        (other, at), self._limited = self._limited, (channel, now)
        return bool(other) and other != channel and now - at < _WIDE_SECONDS

    def _line(self, method: str, channel: str) -> Line:
        key = channel if method in _BY_CHANNEL else method
        if key not in self._lines:
            self._forget_idle()
            self._lines[key] = Line(self._fresh(method), self._clock)
        return self._lines[key]

    def _fresh(self, method: str) -> Bucket:
        if method in _BY_CHANNEL:
            return self._bucket(_POST_BURST, float(POSTS_PER_MINUTE))
        return self._bucket(_METHOD_BURST, _METHOD_PER_MINUTE)

    def _bucket(self, burst: float, per_minute: float) -> Bucket:
        return Bucket(burst, per_minute * self._factor / 60, self._clock.monotonic())

    def _forget_idle(self) -> None:
        """Drop the lines of channels where nothing happened for long, once there are many."""
        if len(self._lines) < _MOST_BUCKETS:
            return
        now = self._clock.monotonic()
        self._lines = {key: line for key, line in self._lines.items() if not line.bucket.full(now)}


def _keep() -> None:
    """Give nothing back: only calls are counted."""
