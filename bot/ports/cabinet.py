"""Where adapters keep their own secrets (device ids, tokens, signing keys): sealed, on the vault's side."""

from __future__ import annotations

from typing import Protocol


class Cabinet(Protocol):
    """Small sealed values by name."""

    async def get(self, name: str) -> bytes | None:
        """Open the value, or None where there is none."""
        ...

    async def put(self, name: str, value: bytes) -> None:
        """Seal and keep the value, replacing an older one; committed when this returns."""
        ...

    async def drop(self, name: str) -> None:
        """Forget the value; nothing happens where there is none."""
        ...
