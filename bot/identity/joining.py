"""Joining: an account becomes a member, all or nothing, over two databases that have no joint commit."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from bot.chat.events import Account
from bot.domain.members import Member, MemberId, Members, Role
from bot.domain.screen_names import skeleton
from bot.domain.verification import HardKey
from bot.identity.accounts import Accounts
from bot.identity.audit import Audit
from bot.identity.hard_keys import HardKeys
from bot.identity.names import NamesExhausted, ScreenNames
from bot.identity.records import Enrolment, Kept, joined
from bot.ports.chance import Chance
from bot.ports.clock import Clock
from bot.ports.outbox import JOINING, MODERATING, Outbox
from bot.ports.vault import Added, Vault
from bot.ports.work import Content
from bot.views.home import let_in_card, welcome_card
from bot.views.moderators import moderating_card, moderating_quiet_card

MOST_CHARACTERS: Final = 120
_MOST_WRITTEN: Final = 1500
"""Bytes of name and specialty as written: with the rest they fit the fixed size of an account's row."""
_DRAWS: Final = 500


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
    kept: Kept = field(default_factory=Kept)
    instead_of: MemberId | None = None
    """The banned member to whom keys belong, where moderators let the person in again: they go over."""


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


class Joining:
    """Makes members: of verified applicants, and of accounts that an operator enrols."""

    def __init__(
        self,
        vault: Vault,
        content: Content,
        accounts: Accounts,
        hard_keys: HardKeys,
        audit: Audit,
        *,
        names: ScreenNames,
        clock: Clock,
        chance: Chance,
    ) -> None:
        """Take both databases, what opens the vault's rows, and where names come from."""
        self._vault = vault
        self._content = content
        self._accounts = accounts
        self._hard_keys = hard_keys
        self._audit = audit
        self._names = names
        self._clock = clock
        self._chance = chance
        self._enrolling = asyncio.Lock()

    async def admit(self, account: Account, admission: Admission) -> Admitted:
        """Make a member of a verified applicant, under the screen name that the applicant chose.

        All or nothing: where the name was taken meanwhile, or the number is somebody else's, nothing stays.
        """
        index = self._accounts.index(account)
        fresh = replace(
            self._fresh(admission.real_name, admission.specialty, admission.role, admission.by),
            member=admission.member,
            chosen=admission.screen_name,
            kept=admission.kept,
        )
        keys = [self._hard_keys.index(key) for key in admission.keys]
        fresh, given_up = await self._instead_of(admission, fresh)
        async with self._enrolling:
            added = await self._begin(index, account, fresh, keys, given_up)
            if added is Added.KEY_TAKEN:
                return Admitted.KEY_TAKEN
            if added is Added.ACCOUNT_TAKEN:
                return Admitted.ALREADY
            try:
                await self._finish(index, fresh, insist=True)
            except NameTaken:
                await self._vault.drop_account(
                    index, self._accounts.route(MemberId(fresh.member)), keys, given_up
                )
                return Admitted.NAME_TAKEN
        return Admitted.IN

    async def enrol(
        self, account: Account, real_name: str, specialty: str, role: Role, *, by: str
    ) -> Enrolled:
        """Make a member of an account under a generated screen name.

        An account that has one keeps it: the answer is the same reference and nothing changes. ``by`` is
        who did it, for the audit chain. Raises :class:`EnrolmentRefused`.
        """
        _require_fitting(real_name, specialty)
        index = self._accounts.index(account)
        async with self._enrolling:
            already = await self._accounts.at(index)
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
            for index, enrolment in await self._accounts.all():
                if enrolment.state == "pending":
                    await self._finish(index, enrolment)
                    finished += 1
        return finished

    async def free_names(self, count: int) -> tuple[str, ...]:
        """Draw screen names that are free right now and differ to the eye; raises ``NamesExhausted``."""
        free: dict[str, str] = {}
        async with self._content.look() as work:
            for _ in range(_DRAWS):
                name = self._names.generate()
                if await work.members.is_free(name):
                    free.setdefault(skeleton(name), name)
                if len(free) == count:
                    return tuple(free.values())
        raise NamesExhausted("too few screen names are free")

    async def _instead_of(
        self, admission: Admission, fresh: Enrolment
    ) -> tuple[Enrolment, Mapping[bytes, bytes]]:
        """Let keys of a banned member go over, and the key for ballots too, so that nobody votes twice."""
        former = admission.instead_of
        if former is None:
            return fresh, {}
        given_up = await self._hard_keys.of(former, admission.keys)
        links = await self._accounts.links_of(former)
        return replace(fresh, person=links[0][1].person if links else fresh.person), given_up

    async def _begin(
        self,
        index: bytes,
        account: Account,
        fresh: Enrolment,
        keys: Sequence[bytes] = (),
        given_up: Mapping[bytes, bytes] = MappingProxyType({}),
    ) -> Added:
        """Keep the link as pending, unless another process or person was first."""
        route = self._accounts.route(MemberId(fresh.member))
        mailbox = self._accounts.seal_mailbox(route, account)
        held = {key: self._hard_keys.seal(key, MemberId(fresh.member)) for key in keys}
        sealed = self._accounts.seal(index, fresh)
        return await self._vault.add_account(index, sealed, route, mailbox, held, given_up)

    async def _finish(self, index: bytes, enrolment: Enrolment, *, insist: bool = False) -> None:
        """Take a pending link the rest of the way; each step may have been done before.

        ``insist`` raises :class:`NameTaken` where the chosen name is gone; otherwise another one is drawn.
        """
        if enrolment.state != "pending":
            return
        async with self._content.work() as work:
            if await work.members.get(MemberId(enrolment.member)) is None:
                member = await self._name(enrolment, work.members, insist=insist)
                await self._welcome(work.outbox, member)
        await self._audit.append("enrolled", by=enrolment.by, reference=enrolment.reference)
        await self._accounts.replace(index, replace(enrolment, state="active", chosen=""))

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
        if member.role is Role.MODERATOR:
            await self._hand_over(outbox, member.id)

    async def _hand_over(self, outbox: Outbox, moderator: MemberId) -> None:
        """Tell a moderator what there is to do, and let them into the moderators' room."""
        await outbox.tell(
            moderator,
            moderating_card(),
            quiet=moderating_quiet_card(),
            key=f"{MODERATING}:{moderator}",
            release_at=self._clock.now(),
            subject=MODERATING,
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
        found = await self._accounts.at(index)
        if found is None:
            raise LookupError("an account that was taken is gone again")
        return found


def _require_fitting(real_name: str, specialty: str) -> None:
    for what, text in (("name", real_name), ("specialty", specialty)):
        if not text.strip() or len(text) > MOST_CHARACTERS:
            raise EnrolmentRefused(f"A {what} of 1 to {MOST_CHARACTERS} characters is needed.")
    if len(joined(real_name, specialty)) > _MOST_WRITTEN:
        raise EnrolmentRefused("Name and specialty together are too long for the vault; shorten one of them.")
