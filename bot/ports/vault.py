"""The identity vault as the wall sees it: sealed blobs under blind indexes, without order or time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class Vault(Protocol):
    """Tables of the vault. Every key is a blind index or random; every value is sealed by the caller.

    Each call is one transaction of its own.
    """

    async def account(self, index: bytes) -> bytes | None:
        """Give the sealed row of a chat account."""
        ...

    async def add_account(self, index: bytes, sealed: bytes, route: bytes, mailbox: bytes) -> bool:
        """Keep an account and the mailbox of its member together; False when the account is taken."""
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

    async def keep_home_posting(self, message: bytes, sealed: bytes, subject: bytes) -> None:
        """Keep what a home message is about (``message`` index) and list it under its ``subject`` index."""
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
