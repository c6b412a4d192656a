"""Slots of vouching: how often somebody vouched this month and typed a code today, and nothing about whom.

A slot is a row under the keyed hash of person, time and number. That there are three of a month and five of a
day is kept by the table's primary key, whatever happens at the same moment. The slot of a try holds the code
that was typed, right or wrong, until it is counted; then the code is forgotten.
"""

from __future__ import annotations

import json
from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Final

from bot.chat.events import Account
from bot.domain.vouches import A_DAY, A_MONTH
from bot.identity.records import joined
from bot.ports.sealing import Sealed, Sealer
from bot.ports.vault import Vault
from bot.ports.vouch_slots import Counted

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


@dataclass(frozen=True, slots=True)
class Typed:
    """A code that somebody typed and that is not counted yet; ``slot`` is the index of its try."""

    slot: bytes
    account: Account = field(repr=False)
    code: str = field(repr=False)
    at: datetime


class VouchSlots:
    """The slots in the vault. ``person`` is the key of a person, the same for all accounts."""

    def __init__(self, vault: Vault, sealer: Sealer) -> None:
        """Take the vault they lie in."""
        self._vault = vault
        self._sealer = sealer

    async def left(self, kind: Slot, person: bytes, today: date) -> int:
        """Say how many are left. They are taken in order, so the first free one tells."""
        indexes = self._indexes(kind, person, today)
        for number, index in enumerate(indexes):
            if await self._vault.vouch_slot(index) is None:
                return len(indexes) - number
        return 0

    async def take(self, kind: Slot, person: bytes, today: date) -> bytes | None:
        """Take the next slot, all in one step; None when none is left. Gives its index."""
        return await self._take(kind, person, today, "")

    async def note(self, person: bytes, account: Account, code: str, now: datetime) -> bool:
        """Use up a try and keep what was typed until it is counted; False when no try is left."""
        note = json.dumps([account.platform, account.realm, account.user, code, now.isoformat()])
        return await self._take(Slot.TRY, person, now.date(), note) is not None

    async def waiting(self) -> tuple[Typed, ...]:
        """List what was typed and is not counted yet, in the order in which it was typed."""
        opened = [self._opened(index, sealed) for index, sealed in await self._vault.vouch_slots()]
        return tuple(sorted((one for one in opened if one is not None), key=lambda one: one.at))

    async def waiting_of(self, person: bytes, today: date) -> int:
        """Count what somebody typed today that is not counted yet."""
        tries = self._indexes(Slot.TRY, person, today)
        rows = [(index, await self._vault.vouch_slot(index)) for index in tries]
        return sum(sealed is not None and self._opened(index, sealed) is not None for index, sealed in rows)

    async def forget(self, typed: Typed) -> None:
        """Forget what was typed; the try stays used up."""
        await self._vault.keep_vouch_slot(typed.slot, self._forgotten(typed))

    async def count(self, typed: Typed, person: bytes, application: tuple[bytes, Sealed], was: bytes) -> bool:
        """Let a vouch count: take a slot of its month, forget what was typed, keep the application with it.

        All or nothing; False where the application is not as it ``was``, or no slot is left.
        """
        day = typed.at.date()
        month = {
            index: self._sealed(index, Slot.VOUCH, day) for index in self._indexes(Slot.VOUCH, person, day)
        }
        forgotten = (typed.slot, self._forgotten(typed))
        return await self._vault.count_vouch(Counted(forgotten, month, application, was))

    async def tidy(self, today: date) -> None:
        """Forget the slots of days and months that are over, but those whose code is not counted yet."""
        over = [
            index
            for index, sealed in await self._vault.vouch_slots()
            if self._last(index, sealed) < today and self._opened(index, sealed) is None
        ]
        if over:
            await self._vault.drop_vouch_slots(over)

    async def all_of(self, person: bytes) -> tuple[bytes, ...]:
        """List the slots that a person has used up and nobody has tidied away yet."""
        return tuple(
            [index for index, sealed in await self._vault.vouch_slots() if self._is_of(person, index, sealed)]
        )

    def _is_of(self, person: bytes, index: bytes, sealed: bytes) -> bool:
        last = self._last(index, sealed)
        return any(index in self._indexes(kind, person, last) for kind in Slot)

    def voucher(self, person: bytes, applicant: str) -> str:
        """Give the keyed hash of who vouched for whom, in hex: it tells who vouched twice, and no more."""
        return self._sealer.index(_PURPOSE, joined("by", person.hex(), applicant)).hex()

    def _forgotten(self, typed: Typed) -> Sealed:
        return self._sealed(typed.slot, Slot.TRY, typed.at.date())

    async def _take(self, kind: Slot, person: bytes, today: date, note: str) -> bytes | None:
        for index in self._indexes(kind, person, today):
            if await self._vault.take_vouch_slot(index, self._sealed(index, kind, today, note)):
                return index
        return None

    def _indexes(self, kind: Slot, person: bytes, today: date) -> list[bytes]:
        period = _last_day(kind, today).isoformat()
        return [
            self._sealer.index(_PURPOSE, joined(kind.value.word, person.hex(), period, str(number)))
            for number in range(1, kind.value.most + 1)
        ]

    def _sealed(self, index: bytes, kind: Slot, today: date, note: str = "") -> Sealed:
        """Seal the day until which a slot counts and, in the next line, what waits to be counted."""
        written = f"{_last_day(kind, today).isoformat()}\n{note}"
        return self._sealer.seal(written.encode("utf-8", "surrogatepass"), _place(index))

    def _open(self, index: bytes, sealed: bytes) -> tuple[str, str]:
        written = self._sealer.open(sealed, _place(index)).decode("utf-8", "surrogatepass")
        last, _, note = written.partition("\n")
        return last, note

    def _last(self, index: bytes, sealed: bytes) -> date:
        return date.fromisoformat(self._open(index, sealed)[0])

    def _opened(self, index: bytes, sealed: bytes) -> Typed | None:
        """Read what waits in a slot; None where nothing does."""
        _, note = self._open(index, sealed)
        if not note:
            return None
        platform, realm, user, code, at = json.loads(note)
        return Typed(index, Account(platform, realm, user), code, datetime.fromisoformat(at))


def _last_day(kind: Slot, today: date) -> date:
    if kind is Slot.TRY:
        return today
    return today.replace(day=monthrange(today.year, today.month)[1])


def _place(index: bytes) -> str:
    return f"vouches|sealed|{index.hex()}"
