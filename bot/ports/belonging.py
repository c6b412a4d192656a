"""What the vault keeps of people with several accounts: which belong together, codes, and likenesses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of the accounts of one member, all or nothing; None removes what is there.

    ``keys`` are hard keys that the member has from now on, as far as nobody has them yet. ``fresh`` is the
    blind index of an account that must not be there yet, or empty.
    """

    accounts: Mapping[bytes, bytes | None] = field(repr=False)
    mailboxes: Mapping[bytes, bytes | None] = field(default_factory=dict, repr=False)
    listed: Mapping[bytes, bytes | None] = field(default_factory=dict, repr=False)
    keys: Mapping[bytes, bytes] = field(default_factory=dict, repr=False)
    fresh: bytes = field(default=b"", repr=False)


class BelongingVault(Protocol):
    """Tables of the vault. Every key is a blind index; every value is sealed by the caller.

    Each call is one transaction of its own.
    """

    async def change_accounts(self, change: Change) -> bool:
        """Do a change; False, and nothing, where the fresh account is there already."""
        ...

    async def member_accounts(self, route: bytes) -> bytes | None:
        """Give the sealed list of a member's accounts; None for one who has a single account."""
        ...

    async def link(self, index: bytes) -> bytes | None:
        """Give the sealed value of a code, or of what an account did with codes."""
        ...

    async def keep_links(self, values: Mapping[bytes, bytes | None]) -> None:
        """Keep sealed values, replacing older ones; None removes one."""
        ...

    async def links(self) -> Sequence[tuple[bytes, bytes]]:
        """List all (index, sealed) values."""
        ...

    async def keep_signals(self, owner: bytes, signals: Sequence[bytes]) -> None:
        """Keep the signals of somebody, in place of the earlier ones; none forgets them."""
        ...

    async def signals(self, signals: Sequence[bytes], but: bytes) -> Mapping[bytes, int]:
        """Give those of these signals that others than ``but`` have too, with how many they are."""
        ...
