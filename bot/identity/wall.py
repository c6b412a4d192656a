"""The wall: the only place where an account and a member meet."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from bot.chat.events import Account
from bot.domain.members import Member, MemberId, Members, Role
from bot.domain.screen_names import skeleton
from bot.domain.verification import HardKey
from bot.identity.audit import Audit
from bot.identity.cabinet import SealedCabinet
from bot.identity.names import NamesExhausted, ScreenNames, bundled_names
from bot.identity.records import (
    Enrolment,
    HomePosting,
    account_from_bytes,
    account_to_bytes,
    enrolment_from_bytes,
    enrolment_to_bytes,
    joined,
    posting_from_bytes,
    posting_to_bytes,
)
from bot.ports.adapter import Part
from bot.ports.chance import Chance
from bot.ports.clock import Clock
from bot.ports.outbox import JOINING, Outbox
from bot.ports.sealing import SealBroken, Sealer
from bot.ports.vault import Added, Vault
from bot.ports.work import Content
from bot.views.home import let_in_card, welcome_card

MOST_CHARACTERS: Final = 120
_MOST_WRITTEN: Final = 1500
"""Bytes of name and specialty as written: with the rest they fit the fixed size of an account's row."""
_DRAWS: Final = 500
_HOME_PLACE: Final = "home_postings|sealed"


@dataclass(frozen=True, slots=True)
class Known:
    """Who an account is: the member, and the person's key for ballots, which outlives a change of name."""

    member: MemberId
    person: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Enrolled:
    """The operator's reference of an enrolment; ``already`` when the account had one before."""

    reference: str
    already: bool


@dataclass(frozen=True, slots=True)
class Admission:
    """A verified applicant on the way in; ``member`` is the id that was drawn for the application."""

    member: MemberId
    screen_name: str
    real_name: str = field(repr=False)
    specialty: str
    role: Role
    keys: tuple[HardKey, ...]
    by: str


class Admitted(StrEnum):
    """What came of admitting somebody."""

    IN = "in"
    ALREADY = "already"
    NAME_TAKEN = "name_taken"
    KEY_TAKEN = "key_taken"


class NameTaken(Exception):
    """The screen name that was chosen belongs to somebody else, or looks like somebody's."""


class EnrolmentRefused(Exception):
    """Somebody cannot be enrolled like this; ``sentence`` tells the operator why."""

    def __init__(self, sentence: str) -> None:
        """Remember the sentence; it names no account."""
        super().__init__(sentence)
        self.sentence = sentence


class Wall:
    """Turns accounts into members at the front door, and members into accounts at the relay."""

    def __init__(
        self,
        vault: Vault,
        content: Content,
        sealer: Sealer,
        *,
        chance: Chance,
        clock: Clock,
        names: ScreenNames | None = None,
    ) -> None:
        """Stand between the vault and the content database; ``names`` are the bundled ones by default."""
        self._vault = vault
        self._content = content
        self._sealer = sealer
        self._chance = chance
        self._names = names or bundled_names(chance)
        self._clock = clock
        self._enrolling = asyncio.Lock()
        self.audit = Audit(vault, sealer, clock)

    async def who(self, account: Account) -> Known | None:
        """Find the member behind an account; None for strangers and half-enrolled accounts."""
        found = await self._enrolment(self._account_index(account))
        if found is None or found.state != "active":
            return None
        return Known(MemberId(found.member), bytes.fromhex(found.person))

    async def mailbox(self, member: MemberId) -> Account | None:
        """Find the account whose home chat reaches a member. Use it for one delivery and forget it."""
        route = self.route(member)
        sealed = await self._vault.mailbox(route)
        return (
            None if sealed is None else account_from_bytes(self._sealer.open(sealed, _mailbox_place(route)))
        )

    async def admit(self, account: Account, admission: Admission) -> Admitted:
        """Make a member of a verified applicant, under the screen name that the applicant chose.

        All or nothing: where the name was taken meanwhile, or the number is somebody else's, nothing stays.
        """
        index = self._account_index(account)
        fresh = replace(
            self._fresh(admission.real_name, admission.specialty, admission.role, admission.by),
            member=admission.member,
            chosen=admission.screen_name,
        )
        keys = [self.key_index(key) for key in admission.keys]
        async with self._enrolling:
            added = await self._begin(index, account, fresh, keys)
            if added is Added.KEY_TAKEN:
                return Admitted.KEY_TAKEN
            if added is Added.ACCOUNT_TAKEN:
                return Admitted.ALREADY
            try:
                await self._finish(index, fresh, insist=True)
            except NameTaken:
                await self._vault.drop_account(index, self.route(MemberId(fresh.member)), keys)
                return Admitted.NAME_TAKEN
        return Admitted.IN

    async def free_names(self, count: int) -> tuple[str, ...]:
        """Draw screen names that are free right now and differ to the eye; raises ``NamesExhausted``."""
        free: dict[str, str] = {}
        async with self._content.work() as work:
            for _ in range(_DRAWS):
                name = self._names.generate()
                if await work.members.is_free(name):
                    free.setdefault(skeleton(name), name)
                if len(free) == count:
                    return tuple(free.values())
        raise NamesExhausted("too few screen names are free")

    async def keep_mailbox(self, member: MemberId, account: Account) -> None:
        """Let somebody who is no member yet be told by the id that they will have."""
        route = self.route(member)
        await self._vault.keep_mailbox(
            route, self._sealer.seal(account_to_bytes(account), _mailbox_place(route))
        )

    async def is_held(self, keys: Sequence[HardKey]) -> bool:
        """Say whether one of these belongs to a member already."""
        for key in keys:
            if await self._vault.hard_key(self.key_index(key)) is not None:
                return True
        return False

    def key_index(self, key: HardKey) -> bytes:
        """Give the blind index of a hard key, each kind under a key of its own."""
        return self._sealer.index(key.kind.value, key.value)

    async def enrol(
        self, account: Account, real_name: str, specialty: str, role: Role, *, by: str
    ) -> Enrolled:
        """Make a member of an account under a generated screen name.

        An account that has one keeps it: the answer is the same reference and nothing changes. ``by`` is
        who did it, for the audit chain. Raises :class:`EnrolmentRefused`.
        """
        _require_fitting(real_name, specialty)
        index = self._account_index(account)
        async with self._enrolling:
            already = await self._enrolment(index)
            if already is None:
                fresh = self._fresh(real_name.strip(), specialty.strip(), role, by)
                if await self._begin(index, account, fresh) is Added.ADDED:
                    await self._finish(index, fresh)
                    return Enrolled(fresh.reference, already=False)
                already = await self._existing(index)
            await self._finish(index, already)
            return Enrolled(already.reference, already=True)

    async def repair(self) -> int:
        """Finish enrolments that stopped half-way; say how many there were. Call it before anybody acts."""
        finished = 0
        async with self._enrolling:
            for index, sealed in await self._vault.accounts():
                enrolment = self._open(index, sealed)
                if enrolment.state != "active":
                    await self._finish(index, enrolment)
                    finished += 1
        return finished

    async def keep_home_part(self, member: MemberId, account: Account, subject: str, part: Part) -> None:
        """Keep what a message in a home chat is about, so that a reply to it finds its way."""
        message, listed = self._message(account, part.remote), self._listed(member, subject)
        posting = HomePosting(message.hex(), listed.hex(), subject, part.kind, part.remote)
        sealed = self._sealer.seal(posting_to_bytes(posting), _HOME_PLACE)
        await self._vault.keep_home_posting(message, sealed, listed)

    async def home_parts(self, member: MemberId, subject: str) -> tuple[Part, ...]:
        """List what stands in a member's home chat under a subject, in the order in which it was made."""
        listed = self._listed(member, subject)
        postings = [self._open_posting(sealed) for sealed in await self._vault.home_postings(listed)]
        if any(posting.listed != listed.hex() for posting in postings):
            raise SealBroken("a home posting lies under another subject than its own")
        return tuple(Part(posting.kind, posting.remote) for posting in postings)

    async def home_subject(self, account: Account, remote: str) -> str:
        """Find what a message in an account's home chat is about; empty when it is none of ours."""
        message = self._message(account, remote)
        sealed = await self._vault.home_posting(message)
        if sealed is None:
            return ""
        posting = self._open_posting(sealed)
        if posting.message != message.hex():
            raise SealBroken("a home posting lies under another message than its own")
        return posting.subject

    def voter(self, person: bytes, urn_key: bytes, poll_id: str) -> str:
        """Give the name that a person's ballot has in one urn: nothing outside the urn leads to it."""
        return hmac.new(urn_key, person + poll_id.encode(), hashlib.sha256).hexdigest()

    def talk_key(self, account: Account) -> str:
        """Give the key of an account's unfinished talk, in hex: a keyed hash that leads back to nobody."""
        return self._sealer.index("dialog", joined(account.platform, account.realm, account.user)).hex()

    def cabinet(self, prefix: str) -> SealedCabinet:
        """Give an adapter a cabinet of its own, named by the platform and its site."""
        return SealedCabinet(self._vault, self._sealer, prefix)

    async def _begin(
        self, index: bytes, account: Account, fresh: Enrolment, keys: Sequence[bytes] = ()
    ) -> Added:
        """Keep the link as pending, unless another process or person was first."""
        route = self.route(MemberId(fresh.member))
        sealed = self._sealer.seal(enrolment_to_bytes(fresh), _account_place(index))
        mailbox = self._sealer.seal(account_to_bytes(account), _mailbox_place(route))
        owner = fresh.member.encode()
        held = {key: self._sealer.seal(owner, f"hard_keys|sealed|{key.hex()}") for key in keys}
        return await self._vault.add_account(index, sealed, route, mailbox, held)

    async def _finish(self, index: bytes, enrolment: Enrolment, *, insist: bool = False) -> None:
        """Take a pending link the rest of the way; each step may have been done before.

        ``insist`` raises :class:`NameTaken` where the chosen name is gone; otherwise another one is drawn.
        """
        if enrolment.state == "active":
            return
        async with self._content.work() as work:
            if await work.members.get(MemberId(enrolment.member)) is None:
                member = await self._name(enrolment, work.members, insist=insist)
                await self._welcome(work.outbox, member)
        await self.audit.append("enrolled", by=enrolment.by, reference=enrolment.reference)
        active = enrolment_to_bytes(replace(enrolment, state="active", chosen=""))
        await self._vault.replace_account(index, self._sealer.seal(active, _account_place(index)))

    async def _name(self, enrolment: Enrolment, members: Members, *, insist: bool) -> Member:
        if enrolment.chosen:
            member = enrolment.as_member(enrolment.chosen)
            if await members.add(member):
                return member
            if insist:
                raise NameTaken
        for _ in range(_DRAWS):
            member = enrolment.as_member(self._names.generate())
            if await members.add(member):
                return member
        raise NamesExhausted("every screen name that was drawn is taken")

    async def _welcome(self, outbox: Outbox, member: Member) -> None:
        """Tell the new member, and let them into the consult room, as durably as any other delivery."""
        await outbox.tell(
            member.id,
            welcome_card(member),
            quiet=let_in_card(),
            key=f"{JOINING}:{member.id}",
            release_at=self._clock.now(),
            subject=JOINING,
        )

    def _fresh(self, real_name: str, specialty: str, role: Role, by: str) -> Enrolment:
        return Enrolment(
            state="pending",
            member=self._chance.id(),
            person=self._chance.key().hex(),
            reference=f"E-{self._chance.id()[:10].upper()}",
            real_name=real_name,
            specialty=specialty,
            role=role.value,
            by=by,
        )

    async def _existing(self, index: bytes) -> Enrolment:
        found = await self._enrolment(index)
        if found is None:
            raise LookupError("an account that was taken is gone again")
        return found

    async def _enrolment(self, index: bytes) -> Enrolment | None:
        sealed = await self._vault.account(index)
        return None if sealed is None else self._open(index, sealed)

    def _open(self, index: bytes, sealed: bytes) -> Enrolment:
        return enrolment_from_bytes(self._sealer.open(sealed, _account_place(index)))

    def _open_posting(self, sealed: bytes) -> HomePosting:
        return posting_from_bytes(self._sealer.open(sealed, _HOME_PLACE))

    def _account_index(self, account: Account) -> bytes:
        return self._sealer.index("acct", joined(account.platform, account.realm, account.user))

    def route(self, member: MemberId) -> bytes:
        """Give the blind index of a member's mailbox."""
        return self._sealer.index("route", joined("mailbox", member))

    def _message(self, account: Account, remote: str) -> bytes:
        parts = ("message", account.platform, account.realm, account.user, remote)
        return self._sealer.index("route", joined(*parts))

    def _listed(self, member: MemberId, subject: str) -> bytes:
        return self._sealer.index("route", joined("subject", member, subject))


def _account_place(index: bytes) -> str:
    return f"accounts|sealed|{index.hex()}"


def _mailbox_place(route: bytes) -> str:
    return f"mailboxes|sealed|{route.hex()}"


def _require_fitting(real_name: str, specialty: str) -> None:
    for what, text in (("name", real_name), ("specialty", specialty)):
        if not text.strip() or len(text) > MOST_CHARACTERS:
            raise EnrolmentRefused(f"A {what} of 1 to {MOST_CHARACTERS} characters is needed.")
    if len(joined(real_name, specialty)) > _MOST_WRITTEN:
        raise EnrolmentRefused("Name and specialty together are too long for the vault; shorten one of them.")
