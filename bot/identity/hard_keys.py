"""Hard keys in the vault: what only one person can have, and whose it is."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.members import MemberId
from bot.domain.verification import HardKey
from bot.identity.personae import Personae
from bot.ports.sealing import Sealer
from bot.ports.vault import Vault


class HardKeys:
    """Finds a member by a number, a licence or a sign-on, through blind indexes alone."""

    def __init__(self, vault: Vault, sealer: Sealer, personae: Personae) -> None:
        """Take the vault they lie in, and who knows what a later change of name made of an owner."""
        self._vault = vault
        self._sealer = sealer
        self._personae = personae

    async def owner(self, key: HardKey) -> MemberId | None:
        """Say whose it is; None where it is nobody's."""
        index = self.index(key)
        sealed = await self._vault.hard_key(index)
        if sealed is None:
            return None
        return await self._personae.author(MemberId(self._sealer.open(sealed, _place(index)).decode()))

    async def is_held(self, keys: Sequence[HardKey]) -> bool:
        """Say whether one of these belongs to a member already."""
        for key in keys:
            if await self.owner(key) is not None:
                return True
        return False

    def index(self, key: HardKey) -> bytes:
        """Give the blind index of a hard key, each kind under a key of its own."""
        return self._sealer.index(key.kind.value, key.value)

    def seal(self, index: bytes, owner: MemberId) -> bytes:
        """Seal whose it is for its place."""
        return self._sealer.seal(owner.encode(), _place(index))


def _place(index: bytes) -> str:
    return f"hard_keys|sealed|{index.hex()}"
