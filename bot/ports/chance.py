"""Randomness, handed in: ids, keys and delays."""

from __future__ import annotations

from typing import Protocol


class Chance(Protocol):
    """A secure source of randomness; a test's one is seeded."""

    def id(self) -> str:
        """Give a random 128-bit id in hex."""
        ...

    def key(self) -> bytes:
        """Give 32 random bytes."""
        ...

    def between(self, low: float, high: float) -> float:
        """Give a number drawn evenly from ``low`` to ``high``."""
        ...
