"""Vouching: two colleagues say that an applicant works where they work. The rules; pure."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

NAME: Final = "vouch"
"""The check's fixed word."""
NEEDED: Final = 2
"""Colleagues who have to vouch for one applicant."""
A_MONTH: Final = 3
"""Times that one physician may vouch in a calendar month."""
A_DAY: Final = 5
"""Codes that one physician may type in a day, right or wrong."""
LIVES: Final = timedelta(days=7)
"""How long a code counts: colleagues on other shifts have to be met."""
DIGITS: Final = 9

_DRAWN: Final = DIGITS - 1
_BASE: Final = 10


@dataclass(frozen=True, slots=True)
class Asked:
    """A code that counts until ``until``, and keyed hashes of those who vouched on it.

    It lies sealed in the application, as the reference of the check; nothing else leads from a code to an
    applicant.
    """

    code: str = field(repr=False)
    until: str
    by: tuple[str, ...] = field(default=(), repr=False)

    @property
    def done(self) -> bool:
        """Whether enough colleagues have vouched."""
        return len(self.by) >= NEEDED

    def over(self, now: datetime) -> bool:
        """Say whether the code counts no more."""
        return now >= datetime.fromisoformat(self.until)

    def vouched(self, voucher: str) -> Asked:
        """Count somebody who vouched."""
        return replace(self, by=(*self.by, voucher))

    def written(self) -> str:
        """Write it as a check's reference."""
        return json.dumps(asdict(self), sort_keys=True)


def ask(drawn: bytes, now: datetime) -> Asked:
    """Begin with a code made of random bytes."""
    digits = f"{int.from_bytes(drawn) % _BASE**_DRAWN:0{_DRAWN}d}"
    return Asked(digits + _check_digit(digits), (now + LIVES).isoformat())


def read(ref: str) -> Asked:
    """Read what :meth:`Asked.written` wrote."""
    values = json.loads(ref)
    return Asked(values["code"], values["until"], tuple(values["by"]))


def can_exist(code: str) -> bool:
    """Say whether these digits can be a code at all; anybody can work that out, so it tells nothing."""
    right = len(code) == DIGITS and code.isascii() and code.isdecimal()
    return right and _check_digit(code[:-1]) == code[-1]


def spaced(code: str) -> str:
    """Write a code as people read it out: in threes."""
    return " ".join(code[start : start + 3] for start in range(0, len(code), 3))


def _check_digit(digits: str) -> str:
    """Give the digit by which a slip is noticed (ISO 7064, MOD 11,10): any wrong digit, nearly any swap."""
    product = _BASE
    for digit in digits:
        product = ((int(digit) + product) % _BASE or _BASE) * 2 % (_BASE + 1)
    return str((_BASE + 1 - product) % _BASE)
