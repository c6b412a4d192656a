"""Comparing keys by emoji (SAS), the bot's side: what is answered to each step of the other client."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from nio import Api
from unpaddedbase64 import encode_base64
from vodozemac import Curve25519PublicKey, EstablishedSas, Sas, SasException

METHOD = "m.sas.v1"
_AGREEMENT = "curve25519-hkdf-sha256"
_HASH = "sha256"
# nio's own class is of no use here: it writes the commitment in hex and names the old MAC for the new one.
_MAC = "hkdf-hmac-sha256.v2"


class SasRefused(Exception):
    """The other client's step does not fit; ``code`` is Matrix's word for it."""

    def __init__(self, code: str) -> None:
        """Remember what to tell the other client."""
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Party:
    """One side: its user, its device, and the public keys of device and account by their key ids."""

    user: str
    device: str
    keys: Mapping[str, str]


class Comparison:
    """One verification that the other client started. It lives in memory: a restart means to start again."""

    def __init__(self, ours: Party, transaction: str) -> None:
        """Begin, before the other client has told its way."""
        self._ours = ours
        self._transaction = transaction
        self._sas = Sas()
        self._shared: EstablishedSas | None = None
        self.other = ""
        """The other client's device, once it has told it."""

    def accept(self, start: Mapping[str, Any]) -> dict[str, Any]:
        """Answer its ``start``; raises :class:`SasRefused` for ways that the bot does not know."""
        offered = (
            (METHOD, [start.get("method")]),
            (_AGREEMENT, start.get("key_agreement_protocols", [])),
            (_HASH, start.get("hashes", [])),
            (_MAC, start.get("message_authentication_codes", [])),
        )
        if any(ours not in theirs for ours, theirs in offered):
            raise SasRefused("m.unknown_method")
        promise = self._sas.public_key.to_base64() + Api.to_canonical_json(dict(start))
        return {
            "method": METHOD,
            "key_agreement_protocol": _AGREEMENT,
            "hash": _HASH,
            "message_authentication_code": _MAC,
            "short_authentication_string": ["emoji", "decimal"],
            "commitment": encode_base64(sha256(promise.encode()).digest()),
        }

    def key(self, theirs: Mapping[str, Any]) -> dict[str, Any]:
        """Answer its public key with ours."""
        ours = self._sas.public_key.to_base64()
        try:
            self._shared = self._sas.diffie_hellman(Curve25519PublicKey.from_base64(str(theirs.get("key"))))
        except (SasException, ValueError) as error:
            raise SasRefused("m.invalid_message") from error
        return {"key": ours}

    def mac(self, theirs: Party) -> dict[str, Any]:
        """Vouch for our device and our master key. A bot sees no emoji; the person compares."""
        info = self._info(self._ours, theirs)
        macs = {name: self._mac(key, info + name) for name, key in self._ours.keys.items()}
        return {"mac": macs, "keys": self._mac(_listed(macs), f"{info}KEY_IDS")}

    def check(self, told: Mapping[str, Any], theirs: Party) -> None:
        """Check what the other client vouches for; raises :class:`SasRefused`."""
        macs = told.get("mac")
        if not isinstance(macs, Mapping) or not macs:
            raise SasRefused("m.invalid_message")
        info = self._info(theirs, self._ours)
        known = {name: theirs.keys[name] for name in macs if name in theirs.keys}
        right = all(self._mac(key, info + name) == macs[name] for name, key in known.items())
        if not known or not right or self._mac(_listed(macs), f"{info}KEY_IDS") != told.get("keys"):
            raise SasRefused("m.key_mismatch")

    def _info(self, sender: Party, receiver: Party) -> str:
        names = f"{sender.user}{sender.device}{receiver.user}{receiver.device}"
        return f"MATRIX_KEY_VERIFICATION_MAC{names}{self._transaction}"

    def _mac(self, text: str, info: str) -> str:
        if self._shared is None:
            raise SasRefused("m.unexpected_message")
        return str(self._shared.calculate_mac(text, info))


def _listed(macs: Mapping[str, Any]) -> str:
    return ",".join(sorted(macs))
