"""Sealing: AES-256-GCM with a data key per value, bound to the place where the value lies."""

from __future__ import annotations

import hashlib
import hmac
from typing import Final, NoReturn, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.identity.keys import KEY_BYTES, KEY_ID_BYTES, MasterKey
from bot.ports.chance import Chance
from bot.ports.sealing import KEY_ID, SealBroken, Sealed

BUCKET: Final = 512
"""Plaintext is padded to a multiple of this many bytes, its 4-byte length included."""

_FORMAT: Final = b"\x01"
_NONCE: Final = 12
_TAG: Final = 16
_WRAPPED: Final = KEY_BYTES + _TAG
_LENGTH: Final = 4
# format | key id | nonce of the wrap | wrapped data key | nonce of the value | sealed value
_HEAD: Final = 1 + KEY_ID_BYTES
_BODY: Final = _HEAD + _NONCE + _WRAPPED + _NONCE
_SHORTEST: Final = _BODY + BUCKET + _TAG


class Keys(Protocol):
    """The keys that a sealer works with: a keyring, or a master key by itself."""

    @property
    def current(self) -> bytes:
        """The 4-byte id of the key-encryption key that seals."""
        ...

    def kek(self, key_id: bytes) -> bytes | None:
        """Give the 32-byte key-encryption key of an id; None for an unknown one."""
        ...

    def index_key(self, purpose: str) -> bytes:
        """Give the 32-byte index key of a purpose."""
        ...


class AesSealer:
    """Fills :class:`bot.ports.sealing.Sealer`: seals with the current key, opens with each that is known."""

    __slots__ = ("_chance", "_index_keys", "_keys", "_wraps")

    def __init__(self, keys: Keys, chance: Chance) -> None:
        """Work with these keys, each picked up when it is first asked for."""
        self._keys = keys
        self._chance = chance
        self._wraps: dict[bytes, AESGCM] = {}
        self._index_keys: dict[str, bytes] = {}

    def __repr__(self) -> str:
        """Show nothing."""
        return "AesSealer()"

    def __reduce__(self) -> NoReturn:
        """Refuse to be pickled or copied."""
        raise TypeError("a sealer is not copied")

    @property
    def current(self) -> bytes:
        """The id that values bear which are sealed now."""
        return self._keys.current

    def seal(self, value: bytes, place: str) -> Sealed:
        """Seal a value for one place under a data key of its own."""
        data_key, nonces = self._chance.key(), self._chance.key()
        wrap_nonce, nonce = nonces[:_NONCE], nonces[_NONCE : 2 * _NONCE]
        key_id = self._keys.current
        bound = _bound(key_id, place)
        wrapped = self._wrap(key_id).encrypt(wrap_nonce, data_key, b"key|" + bound)
        sealed = AESGCM(data_key).encrypt(nonce, _pad(value), b"value|" + bound)
        return Sealed(b"".join((_FORMAT, key_id, wrap_nonce, wrapped, nonce, sealed)))

    def open(self, sealed: bytes, place: str) -> bytes:
        """Open what :meth:`seal` made for the same place; raises :class:`SealBroken` for anything else."""
        if len(sealed) < _SHORTEST or sealed[:1] != _FORMAT:
            raise SealBroken("the value is no sealed one")
        key_id = key_id_of(sealed)
        wrap = self._wrap(key_id)
        wrap_nonce, wrapped = sealed[_HEAD : _HEAD + _NONCE], sealed[_HEAD + _NONCE : _BODY - _NONCE]
        bound = _bound(key_id, place)
        try:
            data_key = wrap.decrypt(wrap_nonce, wrapped, b"key|" + bound)
            padded = AESGCM(data_key).decrypt(
                sealed[_BODY - _NONCE : _BODY], sealed[_BODY:], b"value|" + bound
            )
        except InvalidTag:
            raise SealBroken("the sealed value was altered or moved") from None
        return _unpad(padded)

    def index(self, purpose: str, value: str) -> bytes:
        """Give HMAC-SHA-256 of a value under the purpose's own key (32 bytes)."""
        key = self._index_keys.get(purpose)
        if key is None:
            key = self._index_keys[purpose] = self._keys.index_key(purpose)
        return hmac.new(key, value.encode("utf-8", "surrogatepass"), hashlib.sha256).digest()

    def under(self, key: bytes) -> AesSealer:
        """Give a sealer for one key of its own; raises ``KeyRefused`` unless it is 32 bytes."""
        return AesSealer(MasterKey(key), self._chance)

    def _wrap(self, key_id: bytes) -> AESGCM:
        wrap = self._wraps.get(key_id)
        if wrap is None:
            kek = self._keys.kek(key_id)
            if kek is None:
                raise SealBroken("the value was not sealed with this key")
            wrap = self._wraps[key_id] = AESGCM(kek)
        return wrap


def key_id_of(sealed: bytes) -> bytes:
    """Read which key-encryption key a value says that it was sealed with."""
    return sealed[KEY_ID]


def _bound(key_id: bytes, place: str) -> bytes:
    return _FORMAT + key_id + b"|" + place.encode("utf-8", "surrogatepass")


def _pad(value: bytes) -> bytes:
    framed = len(value).to_bytes(_LENGTH, "big") + value
    return framed + bytes(-len(framed) % BUCKET)


def _unpad(padded: bytes) -> bytes:
    length = int.from_bytes(padded[:_LENGTH], "big")
    return padded[_LENGTH : _LENGTH + length]
