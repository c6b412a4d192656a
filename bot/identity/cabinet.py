"""A cabinet of sealed secrets for one adapter, kept in the vault."""

from __future__ import annotations

from bot.identity.records import joined
from bot.ports.sealing import Sealer
from bot.ports.vault import Vault


class SealedCabinet:
    """Fills :class:`bot.ports.cabinet.Cabinet`; cabinets with different prefixes do not see each other."""

    def __init__(self, vault: Vault, sealer: Sealer, prefix: str) -> None:
        """Open the cabinet with this prefix."""
        self._vault = vault
        self._sealer = sealer
        self._prefix = prefix

    async def get(self, name: str) -> bytes | None:
        """Open the value, or None where there is none; raises ``SealBroken`` for an altered one."""
        index = self._index(name)
        sealed = await self._vault.secret(index)
        return None if sealed is None else self._sealer.open(sealed, _place(index))

    async def put(self, name: str, value: bytes) -> None:
        """Seal and keep the value, replacing an older one; committed when this returns."""
        index = self._index(name)
        await self._vault.keep_secret(index, self._sealer.seal(value, _place(index)))

    async def drop(self, name: str) -> None:
        """Forget the value; nothing happens where there is none."""
        await self._vault.drop_secret(self._index(name))

    def _index(self, name: str) -> bytes:
        return self._sealer.index("secret", joined(self._prefix, name))


def _place(index: bytes) -> str:
    return f"secrets|sealed|{index.hex()}"
