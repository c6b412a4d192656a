"""What the vault keeps of vouching: slots that are taken, and the one commit in which a vouch counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Counted:
    """What changes when a vouch counts, all or nothing.

    ``slot`` is the try whose code is forgotten, ``month`` are the slots of which the first free one is taken,
    in their order, and ``application`` is the one that it counts for, where still ``was`` lies.
    """

    slot: tuple[bytes, bytes] = field(repr=False)
    month: Mapping[bytes, bytes] = field(repr=False)
    application: tuple[bytes, bytes] = field(repr=False)
    was: bytes = field(repr=False)


class VouchVault(Protocol):
    """Slots of vouching. Every key is a blind index; every value is sealed by the caller.

    Each call is one transaction of its own.
    """

    async def vouch_slot(self, index: bytes) -> bytes | None:
        """Give the sealed value of a slot of vouching, None while it is free."""
        ...

    async def take_vouch_slot(self, index: bytes, sealed: bytes) -> bool:
        """Take a slot; False, and nothing, where it is taken already."""
        ...

    async def keep_vouch_slot(self, index: bytes, sealed: bytes) -> None:
        """Replace the value of a slot that is taken; nothing of the earlier one is left when this returns."""
        ...

    async def count_vouch(self, counted: Counted) -> bool:
        """Count a vouch; False, and nothing, where application or try is another one, or no slot is free."""
        ...

    async def vouch_slots(self) -> Sequence[tuple[bytes, bytes]]:
        """List all (index, sealed) slots that are taken."""
        ...

    async def drop_vouch_slots(self, indexes: Sequence[bytes]) -> None:
        """Free slots."""
        ...
