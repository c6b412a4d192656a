"""Leaving: a member becomes nobody again, all or nothing, over two databases that have no joint commit."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import replace

from bot.chat.events import Account
from bot.domain.former import Posts
from bot.domain.members import MemberId
from bot.identity.accounts import Accounts
from bot.identity.applications import Applications
from bot.identity.audit import Audit
from bot.identity.hard_keys import HardKeys
from bot.identity.home_chats import HomeChats
from bot.identity.records import Enrolment, joined
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

    def __init__(
        self,
        vault: Vault,
        sealer: Sealer,
        accounts: Accounts,
        hard_keys: HardKeys,
        home: HomeChats,
        audit: Audit,
    ) -> None:
        """Take the vault and what opens its rows."""
        self._vault = vault
        self._sealer = sealer
        self._accounts = accounts
        self._applications = Applications(vault, sealer)
        self._hard_keys = hard_keys
        self._home = home
        self._audit = audit
        self._leaving = asyncio.Lock()

    async def leave(self, account: Account, posts: Posts, rooms: Rooms) -> bool:
        """Erase the member behind an account, ``rooms`` on the content side; False where there is none."""
        async with self._leaving:
            found = await self._accounts.of(account)
            if found is None or found.state != "active":
                return False
            rows = [row for row in await self._accounts.all() if row[1].member == found.member]
            for index, enrolment in rows:
                await self._accounts.replace(index, replace(enrolment, state="leaving", posts=posts.value))
            await self._finish(rows, posts, rooms, account)
        return True

    async def repair(self, rooms: Rooms) -> int:
        """Erase whoever was leaving when the process ended, and whoever a restored backup brought back.

        Says how many there were. Call it before anybody acts, and now and then: the disk may have been full.
        """
        async with self._leaving:
            return await self._repair(rooms)

    async def _repair(self, rooms: Rooms) -> int:
        marks, by_member = self._vault.tombstones(), dict[str, Rows]()
        for row in await self._accounts.all():
            by_member.setdefault(row[1].member, []).append(row)
        finished = 0
        for member, rows in by_member.items():
            posts = next((one.posts for _, one in rows if one.state == "leaving"), "")
            posts = posts or marks.get(self._mark(member), "")
            if posts:
                await self._finish(rows, Posts(posts), rooms)
                finished += 1
        return finished

    async def _finish(self, rows: Rows, posts: Posts, rooms: Rooms, account: Account | None = None) -> None:
        """Go the rest of the way; each step may have been done before."""
        member = MemberId(rows[0][1].member)
        mailbox = await self._accounts.mailbox(member)
        accounts = [one for one in dict.fromkeys((account, mailbox)) if one is not None]
        self._vault.bury(self._mark(member), posts.value)
        await rooms(self._departure(rows[0][1], posts, accounts))
        for reference in dict.fromkeys(enrolment.reference for _, enrolment in rows):
            await self._audit.append("left", by="member", reference=reference)
        await self._vault.forget(
            accounts=[index for index, _ in rows],
            applications=[self._applications.index(one) for one in accounts],
            route=self._accounts.route(member),
            hard_keys=await self._hard_keys.of(member),
            postings=await self._home.all_of(member),
        )

    def _departure(self, enrolment: Enrolment, posts: Posts, accounts: Sequence[Account]) -> Departure:
        person = bytes.fromhex(enrolment.person)

        def voter(urn_key: bytes, poll: str) -> str:
            return voter_in(person, urn_key, poll)

        talks = tuple(talk_key(self._sealer, one) for one in accounts)
        return Departure(MemberId(enrolment.member), posts, voter, talks)

    def _mark(self, member: str) -> bytes:
        """Give the tombstone of a membership: who comes back is another member and has none."""
        return self._sealer.index("tombstone", member)


def voter_in(person: bytes, urn_key: bytes, poll: str) -> str:
    """Give the name that a person's ballot has in one urn: nothing outside the urn leads to it."""
    return hmac.new(urn_key, person + poll.encode(), hashlib.sha256).hexdigest()


def talk_key(sealer: Sealer, account: Account) -> str:
    """Give the key of an account's unfinished talk, in hex: a keyed hash that leads back to nobody."""
    return sealer.index("dialog", joined(account.platform, account.realm, account.user)).hex()
