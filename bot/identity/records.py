"""What the vault's sealed rows say: whose account it is, where a home chat is, what a message is about."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Final

from bot.chat.events import Account
from bot.chat.shapes import TEXT, TRUTH, Shape, each, one_of, pack, record, unpack
from bot.domain.members import Member, MemberId, Role
from bot.ports.sealing import Sealer

_SIZE: Final = 2000
"""Every row is written at this many bytes at least, so that its length says nothing about whose it is."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept for the yearly check: what was shown, in which month it passed last, and a warning.

    ``number`` is empty for whoever was enrolled by hand. ``waived`` is the reason of a finding in spite of
    which moderators let somebody in: it is not held against them again. ``mail`` is the keyed hash of the
    e-mail address that was shown. ``warning`` is the day, in ISO form, on which a warning ends, or empty.
    """

    number: str = field(default="", repr=False)
    licence: str = field(default="", repr=False)
    waived: str = ""
    mail: str = field(default="", repr=False)
    checked: str = ""
    warning: str = ""
    reminded: bool = False


@dataclass(frozen=True, slots=True)
class Enrolment:
    """The link between an account and a member. ``state`` is ``active`` once all of it is done.

    ``pending`` is a member that the content side does not know yet; ``linking`` and ``moving`` are accounts
    that come to a member who is there, ``leaving`` is one that is taken off, and ``erasing`` is the whole
    member from the word that erases it on; ``posts`` is then what becomes of the posts.
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
    step: str = ""
    """A random id of the coming or going that is under way, so that it is told once."""
    kept: Kept = field(default_factory=Kept)
    posts: str = ""

    def __repr__(self) -> str:
        """Show the state only."""
        return f"Enrolment({self.state})"

    def as_member(self, screen_name: str) -> Member:
        """Give what rooms may know of it."""
        return Member(MemberId(self.member), screen_name, Role(self.role), self.specialty)


@dataclass(frozen=True, slots=True)
class OneMember:
    """The accounts of one member, in the order in which they came."""

    accounts: tuple[Account, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class HomePosting:
    """A part of a direct message, with the indexes that it is kept under."""

    message: str
    listed: str
    subject: str = field(repr=False)
    kind: str = field(repr=False)
    remote: str = field(repr=False)


_KEPT: Final = record(
    Kept,
    number=TEXT,
    licence=TEXT,
    waived=TEXT,
    mail=TEXT,
    checked=TEXT,
    warning=TEXT,
    reminded=TRUTH,
)
_ENROLMENT: Final = record(
    Enrolment,
    state=one_of("pending", "active", "linking", "moving", "leaving", "erasing"),
    member=TEXT,
    person=TEXT,
    reference=TEXT,
    real_name=TEXT,
    specialty=TEXT,
    role=one_of(*(role.value for role in Role)),
    by=TEXT,
    chosen=TEXT,
    step=TEXT,
    kept=_KEPT,
    posts=TEXT,
)
ACCOUNT: Final = record(Account, platform=TEXT, realm=TEXT, user=TEXT)
_ONE_MEMBER: Final = record(OneMember, accounts=each(ACCOUNT))
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


def accounts_to_bytes(accounts: tuple[Account, ...]) -> bytes:
    """Write the accounts of one member."""
    return sized("one_member", _ONE_MEMBER, OneMember(accounts))


def accounts_from_bytes(payload: bytes) -> tuple[Account, ...]:
    """Read the accounts of one member; raises ``PayloadRefused``."""
    return unpack("one_member", _ONE_MEMBER, payload, OneMember).accounts


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
