"""Hard keys in the vault: what only one person can have, and whose it is."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.members import MemberId
from bot.domain.verification import HardKey
from bot.ports.sealing import Sealed, Sealer
from bot.ports.vault import Vault


class HardKeys:
    """Finds a member by a number, a licence or a sign-on, through blind indexes alone."""

    def __init__(self, vault: Vault, sealer: Sealer) -> None:
        """Take the vault they lie in."""
        self._vault = vault
        self._sealer = sealer

    async def owner(self, key: HardKey) -> MemberId | None:
        """Say whose it is; None where it is nobody's."""
        index = self.index(key)
        sealed = await self._vault.hard_key(index)
        return None if sealed is None else self._open(index, sealed)

    async def is_held(self, keys: Sequence[HardKey]) -> bool:
        """Say whether one of these belongs to a member already."""
        for key in keys:
            if await self.owner(key) is not None:
                return True
        return False

    async def of(self, member: MemberId) -> tuple[bytes, ...]:
        """List the blind indexes of what is a member's; opens every row, since only the seal says whose."""
        rows = await self._vault.hard_keys()
        return tuple(index for index, sealed in rows if self._open(index, sealed) == member)

    def index(self, key: HardKey) -> bytes:
        """Give the blind index of a hard key, each kind under a key of its own."""
        return self._sealer.index(key.kind.value, key.value)

    def seal(self, index: bytes, owner: MemberId) -> Sealed:
        """Seal whose it is for its place."""
        return self._sealer.seal(owner.encode(), _place(index))

    def _open(self, index: bytes, sealed: bytes) -> MemberId:
        return MemberId(self._sealer.open(sealed, _place(index)).decode())


def _place(index: bytes) -> str:
    return f"hard_keys|sealed|{index.hex()}"
