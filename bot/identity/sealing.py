"""Sealing: AES-256-GCM with a data key per value, bound to the place where the value lies."""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.identity.keys import KEY_BYTES, MasterKey
from bot.ports.chance import Chance
from bot.ports.sealing import SealBroken

BUCKET: Final = 512
"""Plaintext is padded to a multiple of this many bytes, its 4-byte length included."""

_FORMAT: Final = b"\x01"
_KEY_ID: Final = 4
_NONCE: Final = 12
_TAG: Final = 16
_WRAPPED: Final = KEY_BYTES + _TAG
_LENGTH: Final = 4
# format | key id | nonce of the wrap | wrapped data key | nonce of the value | sealed value
_HEAD: Final = 1 + _KEY_ID
_BODY: Final = _HEAD + _NONCE + _WRAPPED + _NONCE
_SHORTEST: Final = _BODY + BUCKET + _TAG


class AesSealer:
    """Fills :class:`bot.ports.sealing.Sealer` with the keys that come from one master key."""

    __slots__ = ("_chance", "_index_keys", "_key_id", "_master", "_wrap")

    def __init__(self, master: MasterKey, chance: Chance) -> None:
        """Derive the key-encryption key; index keys follow when they are first asked for."""
        self._master = master
        self._chance = chance
        self._wrap = AESGCM(master.derive("kek"))
        self._key_id = master.derive("kek-id")[:_KEY_ID]
        self._index_keys: dict[str, bytes] = {}

    def __repr__(self) -> str:
        """Show nothing."""
        return "AesSealer()"

    def seal(self, value: bytes, place: str) -> bytes:
        """Seal a value for one place under a data key of its own."""
        data_key, nonces = self._chance.key(), self._chance.key()
        wrap_nonce, nonce = nonces[:_NONCE], nonces[_NONCE : 2 * _NONCE]
        bound = self._bound(place)
        wrapped = self._wrap.encrypt(wrap_nonce, data_key, b"key|" + bound)
        sealed = AESGCM(data_key).encrypt(nonce, _pad(value), b"value|" + bound)
        return b"".join((_FORMAT, self._key_id, wrap_nonce, wrapped, nonce, sealed))

    def open(self, sealed: bytes, place: str) -> bytes:
        """Open what :meth:`seal` made for the same place; raises :class:`SealBroken` for anything else."""
        if len(sealed) < _SHORTEST or sealed[:_HEAD] != _FORMAT + self._key_id:
            raise SealBroken("the value was not sealed with this key")
        wrap_nonce, wrapped = sealed[_HEAD : _HEAD + _NONCE], sealed[_HEAD + _NONCE : _BODY - _NONCE]
        bound = self._bound(place)
        try:
            data_key = self._wrap.decrypt(wrap_nonce, wrapped, b"key|" + bound)
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
            key = self._index_keys[purpose] = self._master.derive(f"index/{purpose}")
        return hmac.new(key, value.encode("utf-8", "surrogatepass"), hashlib.sha256).digest()

    def under(self, key: bytes) -> AesSealer:
        """Give a sealer for one key of its own; raises ``KeyRefused`` unless it is 32 bytes."""
        return AesSealer(MasterKey(key), self._chance)

    def _bound(self, place: str) -> bytes:
        return _FORMAT + self._key_id + b"|" + place.encode("utf-8", "surrogatepass")


def _pad(value: bytes) -> bytes:
    framed = len(value).to_bytes(_LENGTH, "big") + value
    return framed + bytes(-len(framed) % BUCKET)


def _unpad(padded: bytes) -> bytes:
    length = int.from_bytes(padded[:_LENGTH], "big")
    return padded[_LENGTH : _LENGTH + length]
