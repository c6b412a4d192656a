"""Standing: whether a member may act, and what stops one who may not. Pure; the time is handed in."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol

from bot.domain.members import MemberId

LONGEST_DAYS: Final = 365
"""Days of the longest suspension that has an end."""
WARNED_FOR: Final = timedelta(days=30)
"""From a yearly check that did not pass to the suspension."""
REMINDED_BEFORE: Final = timedelta(days=7)
"""How long before the end of a warning its reader is reminded."""
GRACE: Final = timedelta(days=14)
"""How long the end of a warning waits for a consult that is under way, at most."""


class State(StrEnum):
    """What a standing comes to."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    BANNED = "banned"


class Cause(StrEnum):
    """What stops a member, the gravest first.

    A member has one stop of each cause at most; of those by moderators, one for each name they spoke of.
    """

    BAN = "ban"
    MODERATORS = "moderators"
    NUMBER = "number"
    """The registry has the member's number as deactivated."""
    RECHECK = "recheck"
    """The yearly check did not pass, and the warning is over."""


BY_MODERATORS: Final = (Cause.BAN, Cause.MODERATORS)
BY_CHECKS: Final = (Cause.NUMBER, Cause.RECHECK)


@dataclass(frozen=True, slots=True)
class Stop:
    """One thing that keeps a member from acting, until a moment or, without ``until``, until further notice.

    ``said`` are a moderator's words to the member. ``by`` and ``second`` are the moderators who asked for it,
    ``lifting`` is the one who asked that a ban be lifted; ``appealed`` says that the member asked others to
    look.
    """

    cause: Cause
    said: str = field(default="", repr=False)
    until: datetime | None = None
    by: str = field(default="", repr=False)
    second: str = field(default="", repr=False)
    lifting: str = field(default="", repr=False)
    appealed: bool = False
    name: str = field(default="", repr=False)
    """The name of which moderators spoke: they do not learn under which others the person speaks."""

    @property
    def whole(self) -> bool:
        """Whether it is what it says: a ban needs two moderators, and suspends until the second agrees."""
        return self.cause is not Cause.BAN or bool(self.second)


@dataclass(frozen=True, slots=True)
class Standing:
    """All that stops a member, in the order of its causes; nothing for nearly everybody."""

    stops: tuple[Stop, ...] = ()

    def at(self, now: datetime) -> Standing:
        """Leave out what is over."""
        return Standing(tuple(one for one in self.stops if one.until is None or now < one.until))

    @property
    def state(self) -> State:
        """What it comes to; ask a standing that is :meth:`at` the present moment."""
        if not self.stops:
            return State.ACTIVE
        banned = any(one.cause is Cause.BAN and one.whole for one in self.stops)
        return State.BANNED if banned else State.SUSPENDED

    @property
    def barred(self) -> bool:
        """Whether a ban stands or was asked for: then the person does not come in as somebody new."""
        return self.of(Cause.BAN) is not None

    @property
    def left_behind(self) -> Standing:
        """What stays when the member deletes the account: that whoever moderators have stopped is barred."""
        return Standing((Stop(Cause.BAN),)) if self.of(*BY_MODERATORS) is not None else Standing()

    def of(self, *causes: Cause) -> Stop | None:
        """Find the gravest stop that has one of these causes."""
        return next((one for one in self.stops if one.cause in causes), None)

    def with_(self, stop: Stop) -> Standing:
        """Put a stop in the place of the one that has its cause."""
        return self.without(stop.cause).together(Standing((stop,)))

    def together(self, other: Standing) -> Standing:
        """Put the stops of another standing beside these."""
        stops = (*self.stops, *other.stops)
        return Standing(tuple(sorted(stops, key=lambda one: tuple(Cause).index(one.cause))))

    def under(self, name: str) -> Standing:
        """Leave out what moderators did under other names: of those they must learn nothing by this one.

        What was stopped before names were noted counts under each.
        """
        return Standing(tuple(one for one in self.stops if not _is_of_another(one, name)))

    def besides(self, name: str) -> Standing:
        """Give what :meth:`under` leaves out."""
        return Standing(tuple(one for one in self.stops if _is_of_another(one, name)))

    @property
    def names(self) -> tuple[str, ...]:
        """The names under which moderators stopped somebody; an empty one from before names were noted."""
        return tuple(dict.fromkeys(one.name for one in self.stops if one.cause in BY_MODERATORS))

    @property
    def to_appeal(self) -> Stop | None:
        """The gravest stop by moderators that others were not yet asked to look at."""
        stops = (one for one in self.stops if one.cause in BY_MODERATORS and not one.appealed)
        return next(stops, None)

    def spoken_of(self, name: str) -> Standing:
        """Note under which name moderators gave the stops that they gave now."""
        stops = (
            replace(one, name=one.name or name) if one.cause in BY_MODERATORS else one for one in self.stops
        )
        return Standing(tuple(stops))

    def was_spoken_of(self, name: str) -> bool:
        """Say whether moderators stopped somebody of this name."""
        return self.under(name).of(*BY_MODERATORS) is not None

    def without(self, *causes: Cause) -> Standing:
        """Lift what has one of these causes."""
        return Standing(tuple(one for one in self.stops if one.cause not in causes))


def _is_of_another(stop: Stop, name: str) -> bool:
    return stop.cause in BY_MODERATORS and stop.name not in ("", name)


class Standings(Protocol):
    """The standings of members, where one was ever stopped."""

    async def get(self, member: MemberId) -> Standing:
        """Give a member's standing, with what is over and was not tidied away."""
        ...

    async def put(self, member: MemberId, standing: Standing) -> None:
        """Keep a standing; of one without stops nothing is kept."""
        ...

    async def all(self) -> tuple[tuple[MemberId, Standing], ...]:
        """List everybody who has stops."""
        ...


# What moderators may do.


class Done(StrEnum):
    """What came of a moderator's word about somebody's standing."""

    SUSPENDED = "suspended"
    BAN_ASKED = "ban_asked"
    """The member is suspended; a second moderator has to agree to the ban."""
    BANNED = "banned"
    RESTORED = "restored"
    LIFT_ASKED = "lift_asked"
    """A second moderator has to agree that the ban ends."""
    SAME = "same"
    """Nothing changed: it was so already, or another moderator has to agree."""
    NOT_STOPPED = "not_stopped"
    UNKNOWN = "unknown"
    ONESELF = "oneself"
    WORDLESS = "wordless"
    """Whoever asks for a ban has to say why."""


@dataclass(frozen=True, slots=True)
class Acted:
    """What came of a word, about whom, and until when they are suspended."""

    done: Done
    screen_name: str
    until: datetime | None = None


def suspended(standing: Standing, *, by: str, said: str, until: datetime | None) -> Standing:
    """Suspend a member; an earlier suspension by moderators gives way to this one."""
    return standing.with_(Stop(Cause.MODERATORS, said, until, by))


def banned(standing: Standing, *, by: str, said: str) -> Standing:
    """Ask for a ban, which suspends at once; the second moderator who asks makes it one."""
    ban = standing.of(Cause.BAN)
    if ban is None:
        return standing.with_(Stop(Cause.BAN, said, by=by))
    if ban.whole or ban.by == by:
        return standing
    return standing.with_(replace(ban, second=by))


def restored(standing: Standing, *, by: str) -> Standing:
    """Lift what moderators did. A ban of two moderators is lifted by two as well."""
    ban = standing.of(Cause.BAN)
    if ban is not None and ban.whole and ban.lifting in ("", by):
        return standing.with_(replace(ban, lifting=by))
    return standing.without(*BY_MODERATORS)


def appealed(standing: Standing) -> Standing:
    """Note that the member asked other moderators to look."""
    stops = (replace(one, appealed=True) if one.cause in BY_MODERATORS else one for one in standing.stops)
    return Standing(tuple(stops))


# The yearly check.


def month_of(day: date) -> str:
    """Write a month as it is kept: ``2026-03``."""
    return f"{day:%Y-%m}"


def is_due(checked: str, days: int, today: date) -> bool:
    """Say whether a member who was checked in this month is to be checked again after so many days.

    The month is counted from its end, so that nobody is asked early.
    """
    year, month = map(int, checked.split("-"))
    after = date(year + month // 12, month % 12 + 1, 1)
    return today >= after + timedelta(days=days - 1)


def may_stop(ends: date, today: date, *, in_consult: bool) -> bool:
    """Say whether a warning that ends on this day is over; a consult under way is waited for a while."""
    return today >= ends + (GRACE if in_consult else timedelta())
