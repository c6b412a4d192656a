"""Pauses: rooms for which nothing leaves until they are resumed; what waits for them keeps its order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Cause(StrEnum):
    """Why a room is paused. Each cause is lifted apart; a room goes on when none is left."""

    STRANGER = "stranger"
    """Somebody is in it who may not be."""
    UNFIT = "unfit"
    """It may not be a consult room any more: public, shared, archived, or the bot is not in it."""
    LOGIN = "login"
    """The platform does not take the bot's login any more."""
    MODERATOR = "moderator"
    """A moderator, or the operator, said so."""


class Flaw(StrEnum):
    """What a look at a room found that is fit no more: the reason of :attr:`Cause.UNFIT`."""

    ABSENT = "absent"
    """The bot is not in it: it was taken out, or the room was deleted."""
    ARCHIVED = "archived"
    """Nobody can write there until it is restored."""
    OPEN = "open"
    """More than the invited can read or enter it: it is public, shared, or open to guests."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Why a room (a site's label) is paused; ``told`` says that moderators were told of it."""

    room: str
    cause: Cause
    since: datetime
    told: bool = False


class Pauses(Protocol):
    """The pauses of all rooms, inside a unit of work."""

    async def put(self, room: str, cause: Cause, now: datetime) -> bool:
        """Pause a room; False, and nothing changes, where it is paused for this cause already."""
        ...

    async def tell(self, room: str, cause: Cause) -> bool:
        """Note that moderators are told with this commit; False where they were, or there is none."""
        ...

    async def lift(self, room: str, cause: Cause) -> Pause | None:
        """Lift a pause and give it; None where there is none. With the last one the room goes on."""
        ...

    async def all(self) -> tuple[Pause, ...]:
        """List all pauses, by room and cause."""
        ...
