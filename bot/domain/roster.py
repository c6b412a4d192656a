"""The roster: what the public registry says of a number, and how it is asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import Protocol

from bot.domain.members import Role


class Kind(IntEnum):
    """What a number was given to; the registry's own codes, 0 where only a deactivation is known."""

    UNKNOWN = 0
    PERSON = 1
    ORGANISATION = 2


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One number (NPI) in the registry, cut down to what verification asks about.

    ``licences`` are keys of :func:`bot.domain.credentials.licence_key`. Of an organisation only its number,
    its kind and its dates are kept.
    """

    npi: str
    kind: Kind
    last_name: str = ""
    first_name: str = ""
    middle_name: str = ""
    name_suffix: str = ""
    other_last_name: str = ""
    other_first_name: str = ""
    credential: str = ""
    other_credential: str = ""
    physician_taxonomy: bool = False
    """Whether any of its taxonomy codes is a physician's."""
    primary_taxonomy: str = ""
    licences: tuple[str, ...] = ()
    deactivated_on: date | None = None
    reactivated_on: date | None = None

    @property
    def deactivated(self) -> bool:
        """Whether the number is switched off: its deactivation is not older than a reactivation."""
        if self.deactivated_on is None:
            return False
        return self.reactivated_on is None or self.reactivated_on <= self.deactivated_on


@dataclass(frozen=True, slots=True)
class ListedRow:
    """Somebody on the hospital's own list; ``number`` is a :func:`bot.domain.credentials.staff_key`."""

    number: str
    first_name: str
    middle_name: str
    last_name: str
    specialty: str
    role: Role
    other_first_name: str = ""
    other_last_name: str = ""


class Roster(Protocol):
    """The registry as it was imported last."""

    async def by_npi(self, npi: str) -> RosterRow | None:
        """Find a number; None for one that is not there, whatever was asked for."""
        ...

    async def by_licence(self, state: str, number: str) -> tuple[RosterRow, ...]:
        """List who holds a licence, in order of their numbers; case, punctuation and leading zeros aside."""
        ...

    async def listed(self, number: str) -> ListedRow | None:
        """Find a staff or licence number on the hospital's own list, however it is written."""
        ...

    async def latest_import(self) -> int:
        """Give the number of the newest finished import, 0 when nothing was imported yet."""
        ...

    async def deactivated_since(self, import_number: int) -> tuple[str, ...]:
        """List the numbers that a later import than this one found deactivated, and that still are."""
        ...
