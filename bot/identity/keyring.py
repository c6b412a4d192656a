"""The keyring: the keys that seal and index, themselves sealed under the master key and kept in the vault."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, NoReturn, Protocol

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from bot.chat.shapes import TABLE, TEXT, PayloadRefused, pack, record, unpack
from bot.identity.keys import KEY_BYTES, KEY_ID_BYTES, KeyRefused, MasterKey
from bot.identity.sealing import AesSealer, key_id_of
from bot.ports.chance import Chance
from bot.ports.sealing import SealBroken, Sealed

STANDING: Final = 1
"""The row of the keyring under the master key that is in use."""
INCOMING: Final = 2
"""The row of the same keyring under the next master key, there only while a rotation is under way."""

PURPOSES: Final = (
    "acct",
    "application",
    "audit",
    "credential",
    "dialog",
    "inbox",
    "licence",
    "npi",
    "route",
    "secret",
    "subject",
)
"""Index keys that every ring holds; one for another purpose comes from the ring's further key."""

_PLACE: Final = "keyring|sealed"
_CANARY_PLACE: Final = "vault|canary"


class RingRows(Protocol):
    """Where sealed keyrings lie: at most one standing and one incoming."""

    async def rows(self) -> Mapping[int, bytes]:
        """Give the sealed keyrings by their row."""
        ...

    async def replace(self, was: Mapping[int, bytes], now: Mapping[int, bytes]) -> bool:
        """Put ``now`` in the place of ``was`` in one commit; False, and nothing, if other rows lie there."""
        ...

    async def canary(self) -> bytes | None:
        """Give the vault's sealed canary; None where nothing was ever sealed."""
        ...

    async def in_use(self) -> bool:
        """Say whether a bot runs on this data folder."""
        ...


@dataclass(frozen=True, slots=True)
class _Written:
    """A ring as it is written inside its seal: everything in hex."""

    current: str
    keks: dict[str, str] = field(repr=False)
    index: dict[str, str] = field(repr=False)
    further: str = field(repr=False)
    former: str = ""

    def __reduce__(self) -> NoReturn:
        """Refuse to be pickled or copied."""
        raise TypeError("a keyring is not copied")


_WRITTEN: Final = record(_Written, current=TEXT, keks=TABLE, index=TABLE, further=TEXT, former=TEXT)


class Keyring:
    """Key-encryption keys by their 4-byte ids, one of them current, and index keys by purpose.

    ``former`` is the id of the master key that the last rotation retired, empty before the first.
    """

    __slots__ = ("_written", "current", "former")

    def __init__(self, written: _Written) -> None:
        """Take the keys; :meth:`random`, :meth:`derived` and :func:`open_keyring` call this."""
        self._written = written
        self.current = bytes.fromhex(written.current)
        self.former = bytes.fromhex(written.former)

    @classmethod
    def random(cls, chance: Chance) -> Keyring:
        """Draw every key."""
        return cls._made(chance.key()[:KEY_ID_BYTES], chance.key(), lambda _: chance.key(), chance)

    @classmethod
    def derived(cls, master: MasterKey, chance: Chance) -> Keyring:
        """Take the keys that an installation without a keyring has from its master key, so that all opens."""
        kek = master.kek(master.current)
        if kek is None:
            raise LookupError("a master key has no key-encryption key of its own")
        return cls._made(master.current, kek, master.index_key, chance)

    @classmethod
    def _made(cls, current: bytes, kek: bytes, index_key: Callable[[str], bytes], chance: Chance) -> Keyring:
        index = {purpose: index_key(purpose).hex() for purpose in PURPOSES}
        return cls(_Written(current.hex(), {current.hex(): kek.hex()}, index, chance.key().hex()))

    def __repr__(self) -> str:
        """Show nothing."""
        return "Keyring()"

    def __reduce__(self) -> NoReturn:
        """Refuse to be pickled or copied."""
        raise TypeError("a keyring is not copied")

    def kek(self, key_id: bytes) -> bytes | None:
        """Give the key-encryption key of this id; None for one that is not on the ring."""
        kek = self._written.keks.get(key_id.hex())
        return None if kek is None else bytes.fromhex(kek)

    def index_key(self, purpose: str) -> bytes:
        """Give the 32-byte index key of a purpose."""
        key = self._written.index.get(purpose)
        if key is not None:
            return bytes.fromhex(key)
        info = b"curbside/1/index/" + purpose.encode()
        return HKDFExpand(SHA256(), KEY_BYTES, info).derive(bytes.fromhex(self._written.further))

    @property
    def ids(self) -> frozenset[bytes]:
        """The ids of all key-encryption keys."""
        return frozenset(map(bytes.fromhex, self._written.keks))

    def without(self, ids: frozenset[bytes]) -> Keyring:
        """Give the ring without these key-encryption keys; the current one always stays."""
        written = self._written
        gone = {key_id.hex() for key_id in ids} - {written.current}
        keks = {key_id: kek for key_id, kek in written.keks.items() if key_id not in gone}
        return Keyring(_Written(written.current, keks, written.index, written.further, written.former))

    def rotated(self, former: MasterKey, chance: Chance) -> Keyring:
        """Give a ring with a fresh current key-encryption key; older ones still open, index keys stay."""
        fresh = chance.key()[:KEY_ID_BYTES].hex()
        while fresh in self._written.keks:
            fresh = chance.key()[:KEY_ID_BYTES].hex()
        keks = {**self._written.keks, fresh: chance.key().hex()}
        id_of_former = ring_sealer(former, chance).current.hex()
        return Keyring(_Written(fresh, keks, self._written.index, self._written.further, former=id_of_former))

    def sealed(self, master: MasterKey, chance: Chance) -> Sealed:
        """Seal the ring under a master key."""
        return ring_sealer(master, chance).seal(pack("keyring", _WRITTEN, self._written), _PLACE)


class LiveKeys:
    """A ring for a bot that runs on: for a key that it does not hold, it looks into the vault once more.

    A rotation beside the running bot adds a key, and what other processes seal with it must open here.
    """

    __slots__ = ("_again", "_ring")

    def __init__(self, ring: Keyring, again: Callable[[], Keyring | None]) -> None:
        """Start with a ring; ``again`` reads the present one, None where it cannot be read."""
        self._ring = ring
        self._again = again

    def __repr__(self) -> str:
        """Show nothing."""
        return "LiveKeys()"

    def __reduce__(self) -> NoReturn:
        """Refuse to be pickled or copied."""
        raise TypeError("keys are not copied")

    @property
    def current(self) -> bytes:
        """The id of the key-encryption key that seals."""
        return self._ring.current

    @property
    def ids(self) -> frozenset[bytes]:
        """The ids of all key-encryption keys."""
        return self._ring.ids

    def refresh(self) -> None:
        """Read the ring anew; where that cannot be done, the known one stays."""
        self._ring = self._again() or self._ring

    def kek(self, key_id: bytes) -> bytes | None:
        """Give the key-encryption key of this id; None for one that is on no ring."""
        kek = self._ring.kek(key_id)
        if kek is None:
            self.refresh()
            kek = self._ring.kek(key_id)
        return kek

    def index_key(self, purpose: str) -> bytes:
        """Give the 32-byte index key of a purpose."""
        return self._ring.index_key(purpose)


def ring_sealer(master: MasterKey, chance: Chance) -> AesSealer:
    """Give the sealer of keyrings: its keys serve nothing else."""
    return AesSealer(MasterKey(master.derive("keyring")), chance)


def fits(master: MasterKey, sealed: bytes | None, chance: Chance) -> bool:
    """Say whether a keyring was sealed under this master key, by the id that it bears."""
    return sealed is not None and key_id_of(sealed) == ring_sealer(master, chance).current


def unsealed(master: MasterKey, sealed: bytes, chance: Chance) -> Keyring:
    """Open a keyring that fits; raises :class:`KeyRefused` for an altered one."""
    try:
        return Keyring(
            unpack("keyring", _WRITTEN, ring_sealer(master, chance).open(sealed, _PLACE), _Written)
        )
    except (SealBroken, PayloadRefused):
        raise KeyRefused(
            "The keyring in the vault was altered or damaged; put a backup of the data folder back."
        ) from None


def unsealed_any(master: MasterKey, rows: Mapping[int, bytes], chance: Chance) -> Keyring:
    """Open whichever row this master key fits; raises :class:`KeyRefused` where it fits none."""
    for sealed in rows.values():
        if fits(master, sealed, chance):
            return unsealed(master, sealed, chance)
    raise not_the_key()


def not_the_key() -> KeyRefused:
    """Make the refusal of a key that opens no keyring here."""
    return KeyRefused("This is not the key of this data folder; put the right key file back.")


async def open_keyring(rows: RingRows, master: MasterKey, chance: Chance) -> Keyring:
    """Open the keyring, or begin one; finishes a rotation whose new key this is, unless a bot runs.

    A bot that runs may hold the former key still, and looks for its row when it meets what others sealed.
    Raises :class:`KeyRefused` for a key that is not this data folder's.
    """
    found = await rows.rows()
    while not found:
        await rows.replace({}, {STANDING: await _first(rows, master, chance)})
        found = await rows.rows()
    ring = unsealed_any(master, found, chance)
    if fits(master, found.get(INCOMING), chance) and not await rows.in_use():
        await settle(rows, found)
    return ring


async def settle(rows: RingRows, found: Mapping[int, bytes]) -> bool:
    """Let the incoming keyring stand alone, in one commit: the former master key opens nothing any more."""
    return await rows.replace(found, {STANDING: found[INCOMING]})


async def _first(rows: RingRows, master: MasterKey, chance: Chance) -> bytes:
    """Seal the first ring; where something was sealed before there were rings, its keys are taken over."""
    canary = await rows.canary()
    if canary is None:
        return Keyring.random(chance).sealed(master, chance)
    try:
        AesSealer(master, chance).open(canary, _CANARY_PLACE)
    except SealBroken:
        raise not_the_key() from None
    return Keyring.derived(master, chance).sealed(master, chance)
