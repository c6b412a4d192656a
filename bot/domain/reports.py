"""Reports: readers say that something must not stand; enough of them, or one that names a danger, hide it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from bot.domain.hiding import Why
from bot.domain.members import MemberId

ENOUGH: Final = 3
"""So many different members' reports hide something until a moderator has looked."""
TRUSTED_A_DAY: Final = 5
"""So many reports of one member a day can hide at once; of further ones moderators are only told."""
DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Report:
    """One member's report of one posting: kept so that nobody counts twice, shown to nobody."""

    subject: str
    member: MemberId
    why: Why
    at: datetime
    settled: bool = False
    """Whether a moderator has decided about it."""


def hides(reports: Sequence[Report], latest: Report, today: int) -> bool:
    """Say whether a posting is hidden because of its reports, until a moderator has looked.

    ``reports`` are those of the posting that no moderator has decided about, ``latest`` among them; ``today``
    counts what its member reported within a day, this one included.
    """
    if len({one.member for one in reports}) >= ENOUGH:
        return True
    return latest.why is Why.IDENTIFIES and today <= TRUSTED_A_DAY


class Reports(Protocol):
    """Reports by the subject of the posting that they are about."""

    async def add(self, report: Report) -> None:
        """Keep a report; of one member about one posting there is only one."""
        ...

    async def by(self, subject: str, *members: MemberId) -> bool:
        """Say whether a member (by one or several ids) has reported a posting."""
        ...

    async def open_of(self, subject: str) -> tuple[Report, ...]:
        """List the reports of a posting that no moderator has decided about."""
        ...

    async def waiting(self) -> tuple[Report, ...]:
        """List all reports that no moderator has decided about, the oldest posting first."""
        ...

    async def count_since(self, since: datetime, *members: MemberId) -> int:
        """Count what a member (by one or several ids) has reported since."""
        ...

    async def settle(self, subject: str) -> int:
        """Note that a moderator has decided about a posting; says how many reports that settles."""
        ...
