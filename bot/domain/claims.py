"""Honoraria: claim tokens of those who took part in a poll that pays, and a ledger that knows no member."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol

from bot.domain.members import MemberId

SHOWN_FOR: Final = timedelta(days=90)
"""For how long a member can read a token of theirs again."""
HELD: Final = "honoraria"
"""What the dialog is about that holds a member's tokens."""
_SIGNS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""D. Crockford's Base 32: no I, L, O and U."""
_MEANT: Final = str.maketrans("ILO", "110")
_RANDOM_SIGNS: Final = 15
"""Random signs of a token, five bits each: 75 bits. One more sign checks them."""
_GROUP: Final = 4
_MODULUS: Final = 0b100101
"""x^5 + x^2 + 1, primitive over GF(2): no two of the first 31 powers of x are the same."""


class Slip(ValueError):
    """What was typed is no token: a sign is wrong, or two changed places, or it is not 16 signs long."""


def make_token(key: bytes) -> str:
    """Make a token of 75 of the random bits of ``key``, for people to read and type: 4 groups of 4 signs."""
    bits = int.from_bytes(key)
    values = [bits >> 5 * place & 31 for place in range(_RANDOM_SIGNS)]
    signs = "".join(_SIGNS[value] for value in (*values, _check(values)))
    return "-".join(signs[start : start + _GROUP] for start in range(0, len(signs), _GROUP))


def read_token(text: str) -> str:
    """Read a token as it was typed, with or without hyphens; raises :class:`Slip`."""
    typed = "".join(text.replace("-", " ").split()).upper().translate(_MEANT)
    values = [_SIGNS.find(sign) for sign in typed]
    if len(values) != _RANDOM_SIGNS + 1 or -1 in values or _check(values[:-1]) != values[-1]:
        raise Slip(text)
    return "-".join(typed[start : start + _GROUP] for start in range(0, len(typed), _GROUP))


def _check(values: Sequence[int]) -> int:
    """Give the sign that makes the sum of all signs, each times its own power of x in GF(32), zero.

    Since these powers are all different, one wrong sign, or two that changed places, never sum up to zero.
    """
    check = 0
    for value in values:
        check = _times_x(check ^ value)
    return check


def _times_x(value: int) -> int:
    doubled = value << 1
    return doubled ^ _MODULUS if doubled & 0b100000 else doubled


def digest_of(poll: int, token: str) -> str:
    """Give what the ledger keeps of a token; with 75 random bits it needs no salt to stay unguessable."""
    return hashlib.sha256(f"claim|{poll}|{token}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Honorarium:
    """A token as its member may read it until ``until``; ``payer`` and ``payment`` are the poll's words."""

    number: int
    token: str = field(repr=False)
    payer: str
    payment: str
    until: datetime


class Claimed(StrEnum):
    """What came of redeeming a token."""

    NOW = "paid_now"
    EARLIER = "paid_earlier"
    UNKNOWN = "unknown"
    SLIP = "slip"


@dataclass(frozen=True, slots=True)
class Redemption:
    """What came of it, and the day on which the token was redeemed, where it was."""

    claimed: Claimed
    on: date | None = None


@dataclass(frozen=True, slots=True)
class ClaimCounts:
    """How many tokens of a poll were minted, and how many of these were redeemed."""

    minted: int
    redeemed: int


class Claims(Protocol):
    """The ledger, by poll and digest; and, sealed under a keyed hash, what members can still read."""

    async def mint(self, poll: int, digests: Sequence[str]) -> None:
        """Keep the digests of new tokens of a poll; nothing tells in which order they were given."""
        ...

    async def redeem(self, poll: int, digest: str, on: date) -> Redemption:
        """Note that a token was redeemed; of two that try at once, one hears that it was paid earlier."""
        ...

    async def is_redeemed(self, poll: int, digest: str) -> bool:
        """Say whether a token was redeemed."""
        ...

    async def counts(self, poll: int) -> ClaimCounts:
        """Count the tokens of a poll."""
        ...

    async def give(self, new: Mapping[MemberId, Honorarium], now: datetime) -> None:
        """Add a token to what each of these members can still read."""
        ...

    async def held(self, member: MemberId) -> tuple[Honorarium, ...]:
        """Give the tokens that a member can still read, in the order in which they came."""
        ...

    async def hold(self, member: MemberId, held: Sequence[Honorarium]) -> None:
        """Keep these tokens for a member to read, and no others, until the last one's time is over."""
        ...
