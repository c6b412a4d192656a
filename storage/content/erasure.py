"""What a transaction leaves to be done once it is committed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Erasure:
    """Says that something was erased, so that the write-ahead log must be cut after the commit."""

    owed: bool = False
