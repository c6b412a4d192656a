"""Routing: whom a case pages, in which order, and when it pages more. Pure rules; no clock, no rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final, Protocol

from bot.domain.digest_times import Subscription
from bot.domain.members import MemberId
from bot.domain.wanted import everybody_near, neighbours

URGENT: Final = frozenset({"today", "hour"})
"""Urgencies that go through the quiet hours of those who said so."""
ON_DUTY_ONLY: Final = frozenset({"hour"})
"""Urgencies that page only those who are on duty."""

LADDER: Final = (0.0, 1 / 4, 1 / 2)
"""When a case pages, as parts of the time that it waits: at its release, and while nobody has answered."""
FEWEST: Final = 3
"""Physicians whom a rung asks at least, as many as a group answer needs: where its own circle has fewer who
may be paged, those around it are asked in the same rung."""
WIDEST: Final = 6
"""The rung after which there is nobody wider to ask; above the ladder the author's word climbs."""


@dataclass(frozen=True, slots=True)
class Caps:
    """How many are paged for each specialty at a time, and how often a day one person is."""

    for_each: int = 8
    a_day: int = 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """A physician who could be paged, as far as the rule has to know. Lives in memory only.

    ``elsewhere`` says that none of their sites is one of the author's. ``quiet`` are quiet hours right now,
    ``through`` that urgent cases may break them. ``rate`` is the share of pages that they answered, ``today``
    how often they were paged today, ``declined`` how often they said that this specialty is not theirs.
    """

    member: MemberId
    specialty: str
    elsewhere: bool = True
    on_duty: bool = False
    quiet: bool = False
    through: bool = False
    muted: bool = False
    paged_on: date | None = None
    today: int = 0
    rate: float = 0.5
    declined: int = 0

    def may_be_paged(self, urgency: str, a_day: int) -> bool:
        """Say whether a page is welcome now: duty goes before quiet hours, and silence before duty."""
        if self.muted or self.today >= a_day:
            return False
        if self.on_duty:
            return True
        if urgency in ON_DUTY_ONLY:
            return False
        return not self.quiet or (self.through and urgency in URGENT)

    @property
    def place(self) -> tuple[int, bool, bool, bool, date, float, str]:
        """Where they stand in the order: the smaller the earlier. Pages are compared by days, not minutes."""
        return (
            self.declined,
            not self.on_duty,
            self.quiet,
            not self.elsewhere,
            self.paged_on or date.min,
            -self.rate,
            self.member,
        )


@dataclass(frozen=True, slots=True)
class Page:
    """A request to one physician, for one specialty, to look at a case."""

    member: MemberId
    specialty: str


def choose(
    candidates: Iterable[Candidate], fields: Sequence[str], urgency: str, caps: Caps
) -> tuple[Page, ...]:
    """Choose whom to page: for each of the specialties the first few of those who may be paged."""
    able = [one for one in candidates if one.may_be_paged(urgency, caps.a_day)]
    first = sorted(able, key=lambda one: one.place)
    return tuple(
        Page(one.member, field)
        for field in dict.fromkeys(fields)
        for one in [one for one in first if one.specialty == field][: caps.for_each]
    )


def choose_enough(
    candidates: Collection[Candidate], circles: Sequence[Sequence[str]], urgency: str, caps: Caps
) -> tuple[Page, ...]:
    """Choose from the first of some circles, and only where these are few fill up from those around it."""
    first, *around = circles
    pages = choose(candidates, first, urgency, caps)
    for fields in around:
        missing = min(FEWEST, caps.for_each) - len(pages)
        if missing <= 0:
            break
        asked = {page.member for page in pages}
        left = [one for one in candidates if one.member not in asked and one.specialty in fields]
        able = [one for one in left if one.may_be_paged(urgency, caps.a_day)]
        first_of = sorted(able, key=lambda one: one.place)[:missing]
        pages += tuple(Page(one.member, one.specialty) for one in first_of)
    return pages


def climb_at(rung: int, released_at: datetime, window: timedelta) -> datetime | None:
    """Say when a case pages next by the clock, from its release on; None above the ladder."""
    return released_at + window * LADDER[rung] if rung < len(LADDER) else None


def circle(rung: int, wanted: Sequence[str]) -> tuple[str, ...]:
    """List the specialties that a rung pages: those wanted, more of them, neighbours, then all around."""
    if rung < len(LADDER) - 1:
        return tuple(wanted)
    return neighbours(wanted) if rung < len(LADDER) else everybody_near(wanted)


def circles(rung: int, wanted: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """List the circle of a rung, and those around it that it may fill up from, the nearest first."""
    return circle(rung, wanted), neighbours(wanted), everybody_near(wanted)


def wider(rung: int, wanted: Sequence[str]) -> int:
    """Give the rung that *Ask wider* climbs: neighbours first, then all around."""
    return max(rung, len(LADDER) - 1 if wanted else len(LADDER))


@dataclass(frozen=True, slots=True)
class Availability:
    """When a physician can be paged, as they said it. ``quiet`` are hours in ``zone``: from, to."""

    zone: str = ""
    quiet: tuple[int, int] | None = None
    through: bool = False
    duty_until: datetime | None = None
    mute_until: datetime | None = None
    digest: Subscription = field(default_factory=Subscription)

    def on_duty(self, now: datetime) -> bool:
        """Say whether they are on duty."""
        return self.duty_until is not None and now < self.duty_until

    def muted(self, now: datetime) -> bool:
        """Say whether they want no pages for now."""
        return self.mute_until is not None and now < self.mute_until


def is_quiet(hours: tuple[int, int] | None, clock: time) -> bool:
    """Say whether a time of day lies within quiet hours, which may go past midnight."""
    if hours is None:
        return False
    start, end = hours
    return start <= clock.hour < end if start < end else clock.hour >= start or clock.hour < end


class Pages(Protocol):
    """Who was paged for which case, until the case has ended."""

    async def note(self, case: str, pages: Collection[Page]) -> None:
        """Keep pages; one who was paged for the case, or declined it, before stays as it was."""
        ...

    async def of_case(self, case: str) -> Mapping[MemberId, str]:
        """Give everybody who was paged for a case, with the specialty; it is empty for who declined."""
        ...

    async def decline(self, case: str, member: MemberId) -> None:
        """Note that a case is not a member's field, whether they were paged for it or not."""
        ...

    async def forget(self, case: str) -> None:
        """Forget the pages of a case that has ended."""
        ...


class Followers(Protocol):
    """Who wants to hear of a case that is not their own."""

    async def add(self, case: str, member: MemberId) -> None:
        """Let a member hear of it."""
        ...

    async def remove(self, case: str, members: Collection[MemberId]) -> None:
        """Let a member, by any of the member's ids, hear of it no more."""
        ...

    async def of_case(self, case: str) -> tuple[MemberId, ...]:
        """List who follows a case."""
        ...

    async def of_member(self, member: MemberId) -> tuple[str, ...]:
        """List the cases that a member follows."""
        ...
