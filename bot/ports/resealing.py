"""Sealed rows of a database, as whoever cares for the keys sees them: counted by key, and sealed again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class SealedRows(Protocol):
    """All sealed values of one database."""

    async def use(self) -> Mapping[bytes, int]:
        """Count values by the id of the key that they are sealed with."""
        ...

    async def reseal(self) -> int:
        """Seal again what lies under another key than the current one; gives how many values it were."""
        ...
