"""The electorate, as the identity side answers: under which name members' ballots lie in one urn."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol

from bot.domain.members import MemberId


class Electorate(Protocol):
    """What commands may ask about those who can vote. No person's key comes through here."""

    async def voters(
        self, members: Collection[MemberId], urn_key: bytes, poll: str
    ) -> Mapping[MemberId, str]:
        """Give the name in a poll's urn of those among these members who may act; computed beside the loop.

        Who is gone, leaving or not yet in has none. Nothing says who has voted.
        """
        ...


class NoElectorate:
    """The electorate where there is no identity side: it knows nobody."""

    async def voters(
        self, members: Collection[MemberId], urn_key: bytes, poll: str
    ) -> Mapping[MemberId, str]:
        """Give nobody."""
        del members, urn_key, poll
        return {}
