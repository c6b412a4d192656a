"""Addresses: encrypted everywhere, except on the machine itself."""

from __future__ import annotations

import ipaddress
from urllib.parse import SplitResult, urlsplit

_PLAIN = {"http", "ws"}
_ENCRYPTED = {"https", "wss"}


def is_loopback(host: str) -> bool:
    """Say whether a host name or literal address means this machine (no look-up is made)."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def checked(address: str) -> str:
    """Give the address back without blanks around it; raises ``ValueError`` with a sentence for the operator.

    Accepted are ``https`` and ``wss`` anywhere, ``http`` and ``ws`` on loopback hosts only. The sentences
    never repeat the address, which may hold a password by mistake.
    """
    address = address.strip()
    parts = _split(address)
    if parts.scheme not in _PLAIN | _ENCRYPTED or not parts.hostname:
        raise ValueError("must be a whole address that begins with https://")
    if parts.username or parts.password:
        raise ValueError("must not hold a user name or password; these have keys of their own")
    if parts.query or parts.fragment:
        raise ValueError("must be an address without ? and #")
    if parts.scheme in _PLAIN and not is_loopback(parts.hostname):
        encrypted = "https" if parts.scheme == "http" else "wss"
        raise ValueError(
            f"must begin with {encrypted}://; plain {parts.scheme}:// is for loopback hosts only"
        )
    return address


def _split(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError as reason:
        raise ValueError("is not an address") from reason
    return parts
