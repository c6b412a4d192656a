"""Sealing: what storage needs of the keys without ever seeing one."""

from __future__ import annotations

from typing import Final, Protocol

KEY_ID: Final = slice(1, 5)
"""Where in a sealed value the id of the key stands that it was sealed with."""


class Sealed(bytes):
    """A sealed value. It is noise already, and its ``repr`` does not even show that."""

    def __repr__(self) -> str:
        """Show the size only."""
        return f"Sealed({len(self)} bytes)"

    __str__ = __repr__


class SealBroken(Exception):
    """A sealed value was altered, cut, moved to another place, or sealed under another key."""


class Sealer(Protocol):
    """Authenticated encryption bound to a place, and keyed hashes."""

    @property
    def current(self) -> bytes:
        """The id that values bear which are sealed now."""
        ...

    def seal(self, value: bytes, place: str) -> Sealed:
        """Seal a value, padded to a multiple of 512 bytes, for one place (``table|column|row key``)."""
        ...

    def open(self, sealed: bytes, place: str) -> bytes:
        """Open it again; raises :class:`SealBroken` unless value, place and key are the same."""
        ...

    def index(self, purpose: str, value: str) -> bytes:
        """Give the keyed hash (HMAC-SHA-256) of a value under the purpose's own key."""
        ...

    def under(self, key: bytes) -> Sealer:
        """Give a sealer of its own for one 32-byte key: once that key is gone, nothing opens any more."""
        ...
