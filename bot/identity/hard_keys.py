"""Hard keys in the vault: what only one person can have, and whose it is."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bot.chat.events import Account
from bot.domain.members import MemberId
from bot.domain.verification import HardKey, KeyKind
from bot.identity.personae import Personae
from bot.identity.records import joined
from bot.ports.sealing import Sealed, Sealer
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
        return None if sealed is None else await self._personae.author(self._open(index, sealed))

    async def is_held(self, keys: Sequence[HardKey], *, besides: MemberId | None = None) -> bool:
        """Say whether one of these belongs to a member already, another one than ``besides``."""
        for key in keys:
            if await self.owner(key) not in (None, besides):
                return True
        return False

    async def of(self, member: MemberId, keys: Sequence[HardKey]) -> dict[bytes, bytes]:
        """Give the rows, sealed as they lie there, of those keys that are this member's."""
        rows: dict[bytes, bytes] = {}
        for key in keys:
            index = self.index(key)
            sealed = await self._vault.hard_key(index)
            if sealed is not None and await self.owner(key) == member:
                rows[index] = sealed
        return rows

    async def add(self, keys: Sequence[HardKey], member: MemberId) -> None:
        """Keep what a member has shown beside what was shown before; what is another's stays another's."""
        rows = {self.index(key): self.seal(self.index(key), member) for key in keys}
        await self._vault.add_hard_keys(rows)

    def mail(self, address: str) -> str:
        """Give the keyed hash, in hex, of an e-mail address; empty for none."""
        folded = address.strip().casefold()
        return self._sealer.index("mail", folded).hex() if folded else ""

    async def bar(
        self, ids: Collection[MemberId], member: MemberId, accounts: Sequence[Account], mails: Sequence[str]
    ) -> None:
        """Keep what only a barred person has beyond the membership, all of it under one id.

        To that come the accounts, and the keyed hashes of e-mail addresses.
        """
        keys = (*map(account_key, accounts), *(HardKey(KeyKind.MAIL, mail) for mail in mails if mail))
        indexes = (*await self.all_of(ids), *map(self.index, keys))
        await self._vault.keep_hard_keys({index: self.seal(index, member) for index in indexes})

    async def held(self, keys: Sequence[HardKey]) -> tuple[HardKey, ...]:
        """Pick out those that are somebody's; ask about some hundreds at once."""
        by_index = {self.index(key): key for key in keys}
        there = await self._vault.held(tuple(by_index))
        return tuple(key for index, key in by_index.items() if index in there)

    async def all_of(self, ids: Collection[MemberId]) -> tuple[bytes, ...]:
        """List the blind indexes of what belongs to one of these ids; opens every row."""
        rows = await self._vault.hard_keys()
        return tuple(index for index, sealed in rows if self._open(index, sealed) in ids)

    def index(self, key: HardKey) -> bytes:
        """Give the blind index of a hard key, each kind under a key of its own."""
        return self._sealer.index(key.kind.value, key.value)

    def seal(self, index: bytes, owner: MemberId) -> Sealed:
        """Seal whose it is for its place."""
        return self._sealer.seal(owner.encode(), _place(index))

    def _open(self, index: bytes, sealed: bytes) -> MemberId:
        return MemberId(self._sealer.open(sealed, _place(index)).decode())


def account_key(account: Account) -> HardKey:
    """Give the hard key of a chat account."""
    return HardKey(KeyKind.ACCOUNT, joined(account.platform, account.realm, account.user))


def _place(index: bytes) -> str:
    return f"hard_keys|sealed|{index.hex()}"
