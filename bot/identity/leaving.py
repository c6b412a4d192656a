"""Leaving: a member becomes nobody again, all or nothing, over two databases that have no joint commit."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from bot.chat.events import Account
from bot.domain.former import Posts
from bot.domain.members import MemberId
from bot.identity.accounts import Accounts
from bot.identity.applications import Applications
from bot.identity.audit import Audit
from bot.identity.digests import digest_courier
from bot.identity.duplicates import signals_owner
from bot.identity.hard_keys import HardKeys
from bot.identity.home_chats import HomeChats
from bot.identity.link_codes import link_indexes
from bot.identity.personae import Personae
from bot.identity.records import Enrolment, joined
from bot.identity.routing import routing_index
from bot.identity.vouch_slots import VouchSlots
from bot.ports.erasure import Gone
from bot.ports.leaving import Departure, Rooms
from bot.ports.sealing import Sealer
from bot.ports.vault import Vault

Rows = list[tuple[bytes, Enrolment]]
"""All accounts of one member, with their indexes."""


class Leaving:
    """Erases members. What stopped half-way, or came back with an old backup, is erased by :meth:`repair`.

    The order is: the link is marked as leaving, and from then on leads nowhere; the tombstone is written;
    the content side forgets the member in one commit; the vault forgets the rest in one commit.
    """

    def __init__(  # noqa: PLR0913 - every collaborator is handed in
        self,
        vault: Vault,
        sealer: Sealer,
        accounts: Accounts,
        hard_keys: HardKeys,
        home: HomeChats,
        personae: Personae,
        vouch_slots: VouchSlots,
        audit: Audit,
        *,
        is_barred: Callable[[MemberId], Awaitable[bool]],
        turn: asyncio.Lock,
    ) -> None:
        """Take the vault, what opens its rows, and who knows whether moderators have stopped somebody.

        ``turn`` is held while somebody's rows change.
        """
        self._vault = vault
        self._sealer = sealer
        self._accounts = accounts
        self._applications = Applications(vault, sealer)
        self._hard_keys = hard_keys
        self._home = home
        self._personae = personae
        self._vouch_slots = vouch_slots
        self._audit = audit
        self._is_barred = is_barred
        self._turn = turn

    async def leave(self, account: Account, posts: Posts, rooms: Rooms) -> bool:
        """Erase the member behind an account, ``rooms`` on the content side; False where there is none."""
        async with self._turn:
            found = await self._accounts.of(account)
            if found is None or found.state != "active":
                return False
            rows = [row for row in await self._accounts.all() if row[1].member == found.member]
            for index, enrolment in rows:
                await self._accounts.replace(index, replace(enrolment, state="erasing", posts=posts.value))
            await self._finish(rows, posts, rooms, account)
        return True

    async def repair(self, rooms: Rooms) -> int:
        """Erase whoever was leaving when the process ended, and whoever a restored backup brought back.

        Says how many there were. Call it before anybody acts, and now and then: the disk may have been full.
        """
        async with self._turn:
            return await self._repair(rooms)

    async def _repair(self, rooms: Rooms) -> int:
        marks, by_member = self._vault.tombstones(), dict[str, Rows]()
        for row in await self._accounts.all():
            by_member.setdefault(row[1].member, []).append(row)
        finished = 0
        for member, rows in by_member.items():
            posts = next((one.posts for _, one in rows if one.state == "erasing"), "")
            posts = posts or marks.get(self._mark(member), "")
            if posts:
                await self._finish(rows, Posts(posts), rooms)
                finished += 1
        return finished

    async def _finish(self, rows: Rows, posts: Posts, rooms: Rooms, account: Account | None = None) -> None:
        """Go the rest of the way; each step may have been done before."""
        enrolment = rows[0][1]
        member = MemberId(enrolment.member)
        listed = await self._accounts.of_member(member)
        accounts = tuple(one for one in dict.fromkeys((account, *listed)) if one is not None)
        of_accounts = tuple(self._accounts.courier(index) for index, _ in rows)
        couriers = (*of_accounts, digest_courier(self._sealer, enrolment.person))
        ids = (member, *(await self._personae.held(member)).ids)
        self._vault.bury(self._mark(member), posts.value)
        # The member last: whoever is forgotten there was forgotten under every other name before.
        for one in reversed(ids):
            await rooms(self._departure(enrolment, one, posts, accounts, couriers))
        barred = await self._is_barred(member)
        if barred:
            await self._hard_keys.bar(ids, member, accounts, [one.kept.mail for _, one in rows])
        for reference in dict.fromkeys(one.reference for _, one in rows):
            await self._audit.append("left", by="member", reference=reference)
        await self._vault.forget(
            Gone(
                accounts=tuple(index for index, _ in rows),
                applications=tuple(self._applications.index(one) for one in accounts),
                mailboxes=tuple(self._accounts.route(one) for one in (*ids, *couriers)),
                hard_keys=() if barred else await self._hard_keys.all_of(ids),
                home_postings=await self._home.all_of((*ids, *couriers)),
                member_accounts=tuple(self._accounts.listed(one) for one in ids),
                links=await link_indexes(self._vault, self._sealer, accounts),
                personae=await self._personae.indexes_of(member),
                signals=tuple(signals_owner(self._sealer, one) for one in ids),
                vouches=await self._vouch_slots.all_of(bytes.fromhex(enrolment.person)),
                routing=(routing_index(self._sealer, enrolment.person),),
            )
        )

    def _departure(
        self,
        enrolment: Enrolment,
        one: MemberId,
        posts: Posts,
        accounts: Sequence[Account],
        couriers: tuple[MemberId, ...],
    ) -> Departure:
        person = bytes.fromhex(enrolment.person)

        def voter(urn_key: bytes, poll: str) -> str:
            return voter_in(person, urn_key, poll)

        talks = tuple(talk_key(self._sealer, account) for account in accounts)
        return Departure(one, posts, voter, talks, couriers)

    def _mark(self, member: str) -> bytes:
        """Give the tombstone of a membership: who comes back is another member and has none."""
        return self._sealer.index("tombstone", member)


def voter_in(person: bytes, urn_key: bytes, poll: str) -> str:
    """Give the name that a person's ballot has in one urn: nothing outside the urn leads to it."""
    return hmac.new(urn_key, person + poll.encode(), hashlib.sha256).hexdigest()


def talk_key(sealer: Sealer, account: Account) -> str:
    """Give the key of an account's unfinished talk, in hex: a keyed hash that leads back to nobody."""
    return sealer.index("dialog", joined(account.platform, account.realm, account.user)).hex()
