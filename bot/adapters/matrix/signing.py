"""The bot's cross-signing keys: three key pairs by which strict clients know the bot's devices as its own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from nio import Api
from unpaddedbase64 import decode_base64, encode_base64

from bot.ports.chance import Chance

_USAGES = ("master", "self_signing", "user_signing")


@dataclass(frozen=True, slots=True)
class SigningKeys:
    """Seeds of the master, self-signing and user-signing keys; ``published`` once the homeserver has them."""

    seeds: Mapping[str, bytes] = field(repr=False)
    published: bool = False

    @classmethod
    def create(cls, chance: Chance) -> SigningKeys:
        """Draw three new seeds."""
        return cls({usage: chance.key() for usage in _USAGES})

    @classmethod
    def read(cls, kept: bytes) -> SigningKeys:
        """Read what :meth:`write` wrote."""
        read = json.loads(kept)
        return cls({usage: decode_base64(read[usage]) for usage in _USAGES}, read["published"])

    def write(self) -> bytes:
        """Write the seeds, to be sealed by whoever keeps them."""
        written = {usage: encode_base64(seed) for usage, seed in self.seeds.items()}
        return json.dumps({**written, "published": self.published}).encode()

    def public(self, usage: str) -> str:
        """Give the public key of one usage, as unpadded base64."""
        return encode_base64(self._private(usage).public_key().public_bytes_raw())

    def upload_body(self, user_id: str) -> dict[str, Any]:
        """Build the upload: the master key, and the two others signed by it."""
        body = {f"{usage}_key": self._key(user_id, usage) for usage in _USAGES}
        for usage in _USAGES[1:]:
            self.sign(user_id, "master", body[f"{usage}_key"])
        return body

    def sign(self, user_id: str, usage: str, signed: dict[str, Any]) -> None:
        """Add this key's signature to a JSON object."""
        signature = encode_base64(self._private(usage).sign(signable(signed)))
        signatures = signed.setdefault("signatures", {}).setdefault(user_id, {})
        signatures[f"ed25519:{self.public(usage)}"] = signature

    def has_signed(self, user_id: str, usage: str, signed: Mapping[str, Any]) -> bool:
        """Say whether a JSON object carries this key's valid signature."""
        name = f"ed25519:{self.public(usage)}"
        given = signed.get("signatures", {}).get(user_id, {}).get(name, "")
        return bool(given == encode_base64(self._private(usage).sign(signable(signed))))

    def _key(self, user_id: str, usage: str) -> dict[str, Any]:
        public = self.public(usage)
        return {"user_id": user_id, "usage": [usage], "keys": {f"ed25519:{public}": public}}

    def _private(self, usage: str) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seeds[usage])


def signable(signed: Mapping[str, Any]) -> bytes:
    """Give the canonical bytes of an object that its signatures are made over."""
    bare = {name: value for name, value in signed.items() if name not in ("signatures", "unsigned")}
    return Api.to_canonical_json(bare).encode()
