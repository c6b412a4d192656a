"""Slots of vouching: how often somebody vouched this month and typed a code today, and nothing about whom.

A slot is a row under the keyed hash of person, time and number. That there are three of a month and five of a
day is kept by the table's primary key, whatever happens at the same moment.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Final

from bot.domain.vouches import A_DAY, A_MONTH
from bot.identity.records import joined
from bot.ports.sealing import Sealer
from bot.ports.vault import Vault

_PURPOSE: Final = "vouch"


@dataclass(frozen=True, slots=True)
class _Kind:
    """What is counted: how many there are of a period."""

    word: str
    most: int


class Slot(Enum):
    """What somebody can use up."""

    VOUCH = _Kind("month", A_MONTH)
    TRY = _Kind("day", A_DAY)


class VouchSlots:
    """The slots in the vault. ``person`` is the key of a person, the same for all accounts."""

    def __init__(self, vault: Vault, sealer: Sealer) -> None:
        """Take the vault they lie in."""
        self._vault = vault
        self._sealer = sealer

    async def are_used_up(self, kind: Slot, person: bytes, today: date) -> bool:
        """Say whether none is left: they are taken in order, so the last one tells."""
        last = self._index(kind, person, today, kind.value.most)
        return await self._vault.vouch_slot(last) is not None

    async def take(self, kind: Slot, person: bytes, today: date) -> bytes | None:
        """Take the next slot, all in one step; None when none is left. The index serves to give it back."""
        sealed_until = _last_day(kind, today).isoformat().encode()
        for number in range(1, kind.value.most + 1):
            index = self._index(kind, person, today, number)
            if await self._vault.take_vouch_slot(index, self._sealer.seal(sealed_until, _place(index))):
                return index
        return None

    async def give_back(self, index: bytes) -> None:
        """Free a slot that came to nothing."""
        await self._vault.drop_vouch_slots((index,))

    async def tidy(self, today: date) -> None:
        """Forget the slots of days and months that are over."""
        over = [
            index
            for index, sealed in await self._vault.vouch_slots()
            if date.fromisoformat(self._sealer.open(sealed, _place(index)).decode()) < today
        ]
        if over:
            await self._vault.drop_vouch_slots(over)

    async def all_of(self, person: bytes) -> tuple[bytes, ...]:
        """List the slots that a person has used up and nobody has tidied away yet."""
        return tuple(
            [index for index, sealed in await self._vault.vouch_slots() if self._is_of(person, index, sealed)]
        )

    def _is_of(self, person: bytes, index: bytes, sealed: bytes) -> bool:
        last = date.fromisoformat(self._sealer.open(sealed, _place(index)).decode())
        return any(
            index == self._index(kind, person, last, number)
            for kind in Slot
            for number in range(1, kind.value.most + 1)
        )

    def voucher(self, person: bytes, applicant: str) -> str:
        """Give the keyed hash of who vouched for whom, in hex: it tells who vouched twice, and no more."""
        return self._sealer.index(_PURPOSE, joined("by", person.hex(), applicant)).hex()

    def _index(self, kind: Slot, person: bytes, today: date, number: int) -> bytes:
        period = _last_day(kind, today).isoformat()
        return self._sealer.index(_PURPOSE, joined(kind.value.word, person.hex(), period, str(number)))


def _last_day(kind: Slot, today: date) -> date:
    if kind is Slot.TRY:
        return today
    return today.replace(day=monthrange(today.year, today.month)[1])


def _place(index: bytes) -> str:
    return f"vouches|sealed|{index.hex()}"
