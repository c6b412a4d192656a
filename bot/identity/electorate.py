"""The electorate in the vault: the names that members' ballots have in one urn, from the keys of persons."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from typing import Final

from bot.domain.members import MemberId
from bot.identity.accounts import Accounts
from bot.identity.leaving import voter_in

_ONE_BY_ONE: Final = 500
"""Up to so many members are looked up by themselves; for more of them all links are opened at once."""


class Electorate:
    """Fills :class:`bot.ports.electorate.Electorate`; it keeps nothing and asks nobody who has voted."""

    def __init__(self, accounts: Accounts) -> None:
        """Take the links of accounts, which hold the keys of persons."""
        self._accounts = accounts

    async def voters(
        self, members: Collection[MemberId], urn_key: bytes, poll: str
    ) -> Mapping[MemberId, str]:
        """Give the name in a poll's urn of those of these members who may act; computed beside the loop."""
        wanted = frozenset(members)
        persons = await self._persons(wanted)

        def named() -> Mapping[MemberId, str]:
            able = persons.keys() & wanted
            return {one: voter_in(bytes.fromhex(persons[one]), urn_key, poll) for one in able}

        return await asyncio.to_thread(named)

    async def _persons(self, members: Collection[MemberId]) -> Mapping[MemberId, str]:
        """Give the persons behind these members, perhaps with others, where one of their accounts may act."""
        if len(members) > _ONE_BY_ONE:
            return await self._accounts.persons()
        links = [link for one in members for _, link in await self._accounts.links_of(one)]
        return {MemberId(link.member): link.person for link in links if link.state == "active"}
