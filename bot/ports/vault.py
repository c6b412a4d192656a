"""The identity vault as the wall sees it: sealed blobs under blind indexes, without order or time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Protocol

from bot.ports.belonging import BelongingVault
from bot.ports.erasure import Gone
from bot.ports.routing import RoutingVault
from bot.ports.vouch_slots import VouchVault


class Added(StrEnum):
    """What came of adding an account."""

    ADDED = "added"
    ACCOUNT_TAKEN = "account_taken"
    KEY_TAKEN = "key_taken"


class Vault(BelongingVault, RoutingVault, VouchVault, Protocol):
    """Tables of the vault. Every key is a blind index or random; every value is sealed by the caller.

    Each call is one transaction of its own.
    """

    async def account(self, index: bytes) -> bytes | None:
        """Give the sealed row of a chat account."""
        ...

    async def add_account(
        self,
        index: bytes,
        sealed: bytes,
        route: bytes,
        mailbox: bytes,
        keys: Mapping[bytes, bytes],
        given_up: Mapping[bytes, bytes],
    ) -> Added:
        """Keep an account, the mailbox of its member and the hard keys of its person, all or none.

        ``keys`` maps blind indexes to sealed values; one that is there already belongs to somebody else,
        unless it lies there as ``given_up`` has it.
        """
        ...

    async def drop_account(
        self, index: bytes, route: bytes, keys: Sequence[bytes], given_up: Mapping[bytes, bytes]
    ) -> None:
        """Take an account back that was added and never became active; ``given_up`` lies there again."""
        ...

    async def add_hard_keys(self, keys: Mapping[bytes, bytes]) -> None:
        """Keep sealed values under those blind indexes where nothing lies yet."""
        ...

    async def keep_hard_keys(self, keys: Mapping[bytes, bytes]) -> None:
        """Keep sealed values under those blind indexes, replacing older ones."""
        ...

    async def hard_key(self, index: bytes) -> bytes | None:
        """Give the sealed value of something that only one person has."""
        ...

    async def held(self, indexes: Sequence[bytes]) -> frozenset[bytes]:
        """Say which of these indexes are hard keys of somebody; ask for some hundreds at once."""
        ...

    async def hard_keys(self) -> Sequence[tuple[bytes, bytes]]:
        """List all (index, sealed) values of what only one person has."""
        ...

    async def forget(self, gone: Gone) -> None:
        """Forget all of a member at once: nothing of it is left on the disk when this returns."""
        ...

    def bury(self, mark: bytes, posts: str) -> None:
        """Keep the tombstone of somebody who leaves, apart from the database; durable when this returns."""
        ...

    def tombstones(self) -> Mapping[bytes, str]:
        """Give all tombstones, with what becomes of the posts."""
        ...

    async def application(self, index: bytes) -> bytes | None:
        """Give the sealed application of an account."""
        ...

    async def keep_application(self, index: bytes, sealed: bytes, was: bytes | None) -> bool:
        """Keep an application where still ``was`` lies (None: nothing); False, and nothing, otherwise."""
        ...

    async def drop_application(self, index: bytes, route: bytes | None) -> None:
        """Forget an application, and the mailbox of an applicant who does not become a member."""
        ...

    async def applications(self) -> Sequence[tuple[bytes, bytes]]:
        """List all (index, sealed) applications."""
        ...

    async def keep_mailbox(self, route: bytes, sealed: bytes) -> None:
        """Keep the sealed address of a home chat, replacing an older one."""
        ...

    async def replace_account(self, index: bytes, sealed: bytes) -> None:
        """Replace the sealed row of an account."""
        ...

    async def accounts(self) -> Sequence[tuple[bytes, bytes]]:
        """List all (index, sealed) rows, for repair at start-up."""
        ...

    async def mailbox(self, route: bytes) -> bytes | None:
        """Give the sealed address of a member's home chat."""
        ...

    async def persona(self, index: bytes) -> bytes | None:
        """Give a sealed row about personae."""
        ...

    async def keep_personae(
        self,
        rows: Mapping[bytes, bytes],
        *,
        accounts_of: Mapping[bytes, bytes] | None = None,
        mailbox: Mapping[bytes, bytes] | None = None,
        listed: Mapping[bytes, bytes] | None = None,
        dropped: Sequence[bytes] = (),
    ) -> None:
        """Keep rows about personae, replacing older ones.

        With them, all or none: changed rows of accounts, mailboxes and lists of accounts by their routes, and
        the routes of those that are ``dropped``.
        """
        ...

    async def drop_persona(self, index: bytes, rows: Mapping[bytes, bytes]) -> None:
        """Forget a row about a persona, and keep others in the same transaction."""
        ...

    async def keep_home_posting(self, message: bytes, sealed: bytes, subject: bytes, route: bytes) -> None:
        """Keep what a home message is about (``message`` index) and list it under its ``subject`` index.

        Nothing is kept where no mailbox lies under ``route``: whoever was told has left meanwhile.
        """
        ...

    async def drop_home_posting(self, message: bytes) -> None:
        """Forget a home message that is not there any more."""
        ...

    async def home_postings_after(self, message: bytes, most: int) -> Sequence[tuple[bytes, bytes]]:
        """List (index, sealed) of home messages in the order of their indexes, from behind one on."""
        ...

    async def home_posting(self, message: bytes) -> bytes | None:
        """Give what a home message is about."""
        ...

    async def home_postings(self, subject: bytes) -> Sequence[bytes]:
        """List the sealed home postings of a (member, subject) index, in the order they were made."""
        ...

    async def secret(self, name: bytes) -> bytes | None:
        """Give an adapter's sealed secret."""
        ...

    async def keep_secret(self, name: bytes, sealed: bytes) -> None:
        """Keep an adapter's sealed secret."""
        ...

    async def drop_secret(self, name: bytes) -> None:
        """Forget an adapter's secret."""
        ...

    async def append_audit(self, sealed_entry: bytes, mac: bytes, previous: bytes) -> int:
        """Append an entry whose predecessor's mac is ``previous``; gives its number, -1 if it is not last."""
        ...

    async def audit(self) -> Sequence[tuple[int, bytes, bytes]]:
        """List (number, sealed entry, mac) in order."""
        ...
