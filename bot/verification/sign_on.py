"""A hospital's single sign-on: where it is asked for, and what the token that comes back is worth."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote_plus, urlencode

import aiohttp
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from yarl import URL

from bot.ports.clock import Clock

ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""Signatures by a key that the provider alone has; `none` and shared secrets are not among them."""

_PATIENCE: Final = 8.0
_LEEWAY: Final = 60
"""Seconds that the provider's clock may differ."""
_LARGEST: Final = 256 * 1024
_LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")


class ProviderSilent(Exception):
    """The provider could not be asked, or said something that no provider says."""


class TokenRefused(Exception):
    """The provider gave no token, or one that is not worth anything here."""


@dataclass(frozen=True, slots=True)
class Client:
    """What the hospital agreed on for this bot. ``back`` is the address that people are led back to."""

    issuer: str
    client_id: str
    back: str
    secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class SignedOn:
    """Whom the provider let in: identity, so its ``repr`` shows nothing."""

    subject: str = field(repr=False)
    name: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    """Empty unless the provider says that it has verified it."""


class SignOn:
    """One provider, asked by authorization code with a proof key."""

    def __init__(self, client: Client, *, clock: Clock, patience: float = _PATIENCE) -> None:
        """Take what was agreed on; ``patience`` is how many seconds everything together may take."""
        self._client = client
        self._clock = clock
        self._patience = patience

    @property
    def issuer(self) -> str:
        """Whose subjects these are."""
        return self._client.issuer

    async def address(self, state: str, nonce: str, verifier: str) -> str:
        """Give the address at which somebody signs on; raises :class:`ProviderSilent`."""
        async with asyncio.timeout(self._patience), aiohttp.ClientSession() as session:
            about = await self._about(session)
        asked = {
            "response_type": "code",
            "scope": "openid email profile",
            "client_id": self._client.client_id,
            "redirect_uri": self._client.back,
            "state": state,
            "nonce": nonce,
            "code_challenge": _challenge(verifier),
            "code_challenge_method": "S256",
        }
        return str(_address(about, "authorization_endpoint").update_query(asked))

    async def signed_on(self, code: str, nonce: str, verifier: str) -> SignedOn:
        """Change a code for a token and read it; raises :class:`ProviderSilent` or :class:`TokenRefused`."""
        async with asyncio.timeout(self._patience), aiohttp.ClientSession() as session:
            about = await self._about(session)
            token = await self._token(session, _address(about, "token_endpoint"), code, verifier)
            keys = await _document(session, "GET", _address(about, "jwks_uri"))
        return self._read(token, keys, nonce)

    async def _about(self, session: aiohttp.ClientSession) -> Mapping[str, Any]:
        place = f"{self._client.issuer.rstrip('/')}/.well-known/openid-configuration"
        about = await _document(session, "GET", _safe(place))
        if about.get("issuer") != self._client.issuer:
            raise ProviderSilent
        return about

    async def _token(self, session: aiohttp.ClientSession, place: URL, code: str, verifier: str) -> str:
        told = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._client.back,
            "client_id": self._client.client_id,
            "code_verifier": verifier,
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded", **self._credentials()}
        answer = await _document(session, "POST", place, urlencode(told).encode(), headers)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise TokenRefused
        return token

    def _credentials(self) -> dict[str, str]:
        if not self._client.secret:
            return {}
        pair = f"{quote_plus(self._client.client_id)}:{quote_plus(self._client.secret)}"
        return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}

    def _read(self, token: str, keys: Mapping[str, Any], nonce: str) -> SignedOn:
        wanted = jwt.JWTClaimsRegistry(
            now=int(self._clock.now().timestamp()),
            leeway=_LEEWAY,
            iss={"essential": True, "value": self._client.issuer},
            aud={"essential": True, "value": self._client.client_id},
            nonce={"essential": True, "value": nonce},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
        )
        try:
            known = KeySet.import_key_set({"keys": keys["keys"]})
            claims = jwt.decode(token, known, algorithms=list(ALGORITHMS)).claims
            wanted.validate(claims)
        except (JoseError, ValueError, KeyError, TypeError):
            raise TokenRefused from None
        return self._told(claims)

    def _told(self, claims: Mapping[str, Any]) -> SignedOn:
        meant_for = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
        if claims.get("azp", self._client.client_id) != self._client.client_id:
            raise TokenRefused
        if len(meant_for) > 1 and "azp" not in claims:
            raise TokenRefused
        email = claims.get("email", "") if claims.get("email_verified") is True else ""
        return SignedOn(claims["sub"], _text(claims.get("name")), _text(email))


def _challenge(verifier: str) -> str:
    return without_padding(hashlib.sha256(verifier.encode()).digest())


def without_padding(value: bytes) -> str:
    """Write bytes in base64 for addresses, without the signs at the end."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _address(about: Mapping[str, Any], name: str) -> URL:
    return _safe(_text(about.get(name)))


def _safe(written: str) -> URL:
    """Read an address that may be asked: encrypted, or on this machine."""
    try:
        place = URL(written)
    except ValueError:
        raise ProviderSilent from None
    if place.scheme == "https" or (place.scheme == "http" and place.host in _LOOPBACK):
        return place
    raise ProviderSilent


async def _document(
    session: aiohttp.ClientSession,
    method: str,
    place: URL,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> Mapping[str, Any]:
    """Fetch a JSON object; a refusal of the provider (4xx) is a token refused."""
    try:
        async with session.request(
            method, place, data=body, headers=headers, allow_redirects=False
        ) as answer:
            text = await answer.content.read(_LARGEST)
            while not answer.content.at_eof() and len(text) < _LARGEST:
                text += await answer.content.read(_LARGEST - len(text))
            status = answer.status
    except (aiohttp.ClientError, OSError):
        raise ProviderSilent from None
    if method == "POST" and 400 <= status < 500:
        raise TokenRefused
    return _object(text, status)


def _object(text: bytes, status: int) -> Mapping[str, Any]:
    try:
        document = json.loads(text) if status == 200 else None
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise ProviderSilent
    return document
