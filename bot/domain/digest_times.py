"""When a digest is due: how often somebody wants one, and in which of their mornings it comes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

LOOK_BACK: Final = timedelta(days=7)
"""From how long ago on the first digest of somebody tells."""


class Rhythm(StrEnum):
    """How often somebody wants a digest."""

    OFF = "off"
    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True)
class Subscription:
    """What somebody said about digests, and what came of it.

    ``looked_at`` is when it was last looked whether there was something to tell, or when the wish was said;
    ``since`` is from when on the next digest tells, ``told_from`` from when on the newest one told.
    """

    rhythm: Rhythm = Rhythm.OFF
    looked_at: datetime | None = None
    since: datetime | None = None
    told_from: datetime | None = None

    def wished(self, rhythm: Rhythm, now: datetime) -> Subscription:
        """Want another rhythm; the first digest comes in the next morning, and looks a week back at most."""
        if rhythm is self.rhythm:
            return self
        a_week_ago = now - LOOK_BACK
        return Subscription(rhythm, now, max(self.since or a_week_ago, a_week_ago), self.told_from)

    def believed(self, now: datetime) -> Subscription:
        """Bring a look that lies ahead back to now: the clock was wrong then, or is now.

        Otherwise a clock that once stood years ahead would keep every digest away for as long.
        """
        if self.looked_at is None or self.looked_at <= now:
            return self
        return replace(self, looked_at=now, since=min(self.since or now, now))

    def is_due(self, now: datetime, hour: int) -> bool:
        """Say whether a morning has come since the last look; ``now`` is in the reader's time zone."""
        if self.rhythm is Rhythm.OFF or self.looked_at is None:
            return False
        return self.looked_at < morning(self.rhythm, now, hour)

    def looked(self, now: datetime, *, told: bool) -> Subscription:
        """Note a look, and whether there was something to tell."""
        return replace(self, looked_at=now, since=now, told_from=self.since if told else self.told_from)


def morning(rhythm: Rhythm, now: datetime, hour: int) -> datetime:
    """Give the newest morning of a rhythm that is not ahead, by the clock on the reader's wall."""
    at = now.replace(hour=hour, minute=0, second=0, microsecond=0)
    if at > now:
        at -= timedelta(days=1)
    return at - timedelta(days=at.weekday()) if rhythm is Rhythm.WEEKLY else at
