"""What the vault's sealed rows say: whose account it is, where a home chat is, what a message is about."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Final

from bot.chat.events import Account
from bot.chat.shapes import TEXT, Shape, one_of, pack, record, unpack
from bot.domain.members import Member, MemberId, Role
from bot.ports.sealing import Sealer

_SIZE: Final = 2000
"""Every row is written at this many bytes at least, so that its length says nothing about whose it is."""


@dataclass(frozen=True, slots=True)
class Enrolment:
    """The link between an account and a member.

    ``state`` is ``pending`` until the content side knows it, and ``leaving`` from the word that erases it;
    ``posts`` is then what becomes of the posts.
    """

    state: str
    member: str
    person: str
    reference: str
    real_name: str
    specialty: str
    role: str
    by: str
    chosen: str = ""
    """The screen name that was chosen, until the content side has it."""
    posts: str = ""

    def __repr__(self) -> str:
        """Show the state only."""
        return f"Enrolment({self.state})"

    def as_member(self, screen_name: str) -> Member:
        """Give what rooms may know of it."""
        return Member(MemberId(self.member), screen_name, Role(self.role), self.specialty)


@dataclass(frozen=True, slots=True)
class HomePosting:
    """A part of a direct message, with the indexes that it is kept under."""

    message: str
    listed: str
    subject: str = field(repr=False)
    kind: str = field(repr=False)
    remote: str = field(repr=False)


_ENROLMENT: Final = record(
    Enrolment,
    state=one_of("pending", "active", "leaving"),
    member=TEXT,
    person=TEXT,
    reference=TEXT,
    real_name=TEXT,
    specialty=TEXT,
    role=one_of(*(role.value for role in Role)),
    by=TEXT,
    chosen=TEXT,
    posts=TEXT,
)
ACCOUNT: Final = record(Account, platform=TEXT, realm=TEXT, user=TEXT)
_POSTING: Final = record(HomePosting, message=TEXT, listed=TEXT, subject=TEXT, kind=TEXT, remote=TEXT)


def enrolment_to_bytes(enrolment: Enrolment) -> bytes:
    """Write a link."""
    return sized("enrolment", _ENROLMENT, enrolment)


def enrolment_from_bytes(payload: bytes) -> Enrolment:
    """Read a link; raises ``PayloadRefused``."""
    return unpack("enrolment", _ENROLMENT, payload, Enrolment)


def account_to_bytes(account: Account) -> bytes:
    """Write the address of a home chat."""
    return sized("account", ACCOUNT, account)


def account_from_bytes(payload: bytes) -> Account:
    """Read the address of a home chat; raises ``PayloadRefused``."""
    return unpack("account", ACCOUNT, payload, Account)


def posting_to_bytes(posting: HomePosting) -> bytes:
    """Write a home posting."""
    return sized("posting", _POSTING, posting)


def posting_from_bytes(payload: bytes) -> HomePosting:
    """Read a home posting; raises ``PayloadRefused``."""
    return unpack("posting", _POSTING, payload, HomePosting)


def route_of(sealer: Sealer, member: MemberId) -> bytes:
    """Give the blind index of a member's mailbox."""
    return sealer.index("route", joined("mailbox", member))


def joined(*parts: str) -> str:
    """Write several strings as one, so that no two sets of them look alike."""
    return json.dumps(parts)


def sized(name: str, shape: Shape, value: object, size: int = _SIZE) -> bytes:
    """Write a value at ``size`` bytes at least."""
    # JSON may be followed by blanks, so they fill the row up.
    return pack(name, shape, value).ljust(size)
