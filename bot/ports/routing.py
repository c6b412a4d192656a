"""Routing, as the identity side answers it: who could be paged, and when somebody can be."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Protocol

from bot.domain.members import MemberId
from bot.domain.routing import Availability, Candidate

Change = Callable[[Availability], Availability]


class Routing(Protocol):
    """What commands may ask about pages. No site, zone, hour or rate comes through here as it is kept."""

    async def candidates(
        self, author: MemberId, among: Mapping[MemberId, str], but: Collection[MemberId]
    ) -> tuple[Candidate, ...]:
        """Give those ``among`` these members (with specialty) who could be paged for an author's case.

        Left out is everybody who has one of the ids in ``but``, by whatever names, and an author who asks
        under the own screen name. One who asks under another is listed like everybody: who is left out of
        the pages of a small specialty could be guessed otherwise. The relay keeps that page back.
        """
        ...

    async def paged(self, members: Collection[MemberId]) -> None:
        """Count a page of today for each of these members."""
        ...

    async def settled(self, author: MemberId, answered: Mapping[MemberId, bool]) -> None:
        """Count for each of these members but the case's author whether a page of theirs was answered."""
        ...

    async def declined(self, member: MemberId, fields: Collection[str]) -> None:
        """Note that these specialties are not a member's."""
        ...

    async def availability(self, member: MemberId) -> Availability:
        """Say when a member can be paged."""
        ...

    async def change(self, member: MemberId, change: Change) -> Availability:
        """Change when a member can be paged; gives what holds from now on."""
        ...


class NoRouting:
    """Routing where there is no identity side: nobody can be paged."""

    async def candidates(
        self, author: MemberId, among: Mapping[MemberId, str], but: Collection[MemberId]
    ) -> tuple[Candidate, ...]:
        """Give nobody."""
        del author, among, but
        return ()

    async def paged(self, members: Collection[MemberId]) -> None:
        """Count nothing."""

    async def settled(self, author: MemberId, answered: Mapping[MemberId, bool]) -> None:
        """Count nothing."""

    async def declined(self, member: MemberId, fields: Collection[str]) -> None:
        """Note nothing."""

    async def availability(self, member: MemberId) -> Availability:
        """Say that nothing is known."""
        del member
        return Availability()

    async def change(self, member: MemberId, change: Change) -> Availability:
        """Change nothing that is kept."""
        del member
        return change(Availability())


class RoutingVault(Protocol):
    """The vault's table of who can be paged when: sealed rows under blind indexes."""

    async def routing(self, index: bytes) -> bytes | None:
        """Give the sealed row of a person."""
        ...

    async def routings(self) -> Sequence[tuple[bytes, bytes]]:
        """List all (index, sealed) rows."""
        ...

    async def addresses_of(
        self, listed: Collection[bytes], routes: Collection[bytes]
    ) -> tuple[Mapping[bytes, bytes], Mapping[bytes, bytes]]:
        """Give the sealed lists of accounts, and the sealed mailboxes, that lie under these indexes."""
        ...

    async def keep_routings(self, rows: Mapping[bytes, bytes]) -> None:
        """Keep sealed rows, replacing older ones, in one transaction."""
        ...
