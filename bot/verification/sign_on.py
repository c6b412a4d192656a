"""A hospital's single sign-on: where it is asked for, and what the token that comes back is worth."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, quote_plus, urlencode

import aiohttp
from joserfc.errors import JoseError
from yarl import URL

from bot.ports.clock import Clock

if TYPE_CHECKING:
    from joserfc.jwk import KeySet

ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""Signatures by a key that the provider alone has; `none` and shared secrets are not among them."""

_PATIENCE: Final = 8.0
_LEEWAY: Final = 60
"""Seconds that the provider's clock may differ."""
_LARGEST: Final = 256 * 1024
_LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")
_KINDS: Final = ("RSA", "EC")
_LONGEST_SUBJECT: Final = 255
_LONGEST_NAME: Final = 120
_IN_BEARER: Final = "-._~+/="
_UNREADABLE: Final = (JoseError, ValueError, KeyError, TypeError, AttributeError, RecursionError)
"""What reading keys or tokens that somebody made up may raise."""


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
        async with asyncio.timeout(self._patience), _session() as session:
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
        return str(self._address(about, "authorization_endpoint").update_query(asked))

    async def try_out(self) -> None:
        """Ask for everything that a sign-on will need, but for a token; raises :class:`ProviderSilent`."""
        async with asyncio.timeout(self._patience), _session() as session:
            about = await self._about(session)
            for name in ("authorization_endpoint", "token_endpoint"):
                self._address(about, name)
            keys = await _document(session, "GET", self._address(about, "jwks_uri"))
        try:
            _key_set(keys)
        except _UNREADABLE:
            raise ProviderSilent from None

    async def signed_on(self, code: str, nonce: str, verifier: str) -> SignedOn:
        """Change a code for a token and read it; raises :class:`ProviderSilent` or :class:`TokenRefused`."""
        async with asyncio.timeout(self._patience), _session() as session:
            about = await self._about(session)
            answer = await self._token(session, about, code, verifier)
            keys = await _document(session, "GET", self._address(about, "jwks_uri"))
            claims = self._read(_text(answer.get("id_token")), keys, nonce)
            whole = "email" in claims and _name(claims)
            more = {} if whole else await self._more(session, about, answer, claims)
        address = _verified(claims if "email" in claims else more)
        return SignedOn(claims["sub"], (_name(claims) or _name(more))[:_LONGEST_NAME], address)

    async def _about(self, session: aiohttp.ClientSession) -> Mapping[str, Any]:
        place = f"{self._client.issuer.rstrip('/')}/.well-known/openid-configuration"
        about = await _document(session, "GET", self._safe(place))
        if about.get("issuer") != self._client.issuer:
            raise ProviderSilent
        return about

    async def _token(
        self, session: aiohttp.ClientSession, about: Mapping[str, Any], code: str, verifier: str
    ) -> Mapping[str, Any]:
        told = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._client.back,
            "client_id": self._client.client_id,
            "code_verifier": verifier,
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if self._client.secret and _takes_basic(about):
            headers["Authorization"] = self._credentials()
        elif self._client.secret:
            told["client_secret"] = self._client.secret
        place = self._address(about, "token_endpoint")
        return await _document(session, "POST", place, urlencode(told).encode(), headers)

    def _credentials(self) -> str:
        pair = f"{quote_plus(self._client.client_id)}:{quote_plus(self._client.secret)}"
        return f"Basic {base64.b64encode(pair.encode()).decode()}"

    async def _more(
        self,
        session: aiohttp.ClientSession,
        about: Mapping[str, Any],
        answer: Mapping[str, Any],
        claims: Mapping[str, Any],
    ) -> Mapping[str, Any]:
        """Ask for name and address apart: by the standard a provider need not put them into its token."""
        access = _text(answer.get("access_token"))
        if not access or "userinfo_endpoint" not in about:
            return {}
        headers = {"Authorization": f"Bearer {quote(access, safe=_IN_BEARER)}"}
        place = self._address(about, "userinfo_endpoint")
        more = await _document(session, "GET", place, headers=headers)
        if more.get("sub") != claims["sub"]:
            raise TokenRefused
        return more

    def _read(self, token: str, keys: Mapping[str, Any], nonce: str) -> Mapping[str, Any]:
        from joserfc import jwt  # noqa: PLC0415 - only a sign-on pays for loading it

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
            claims = jwt.decode(token, _key_set(keys), algorithms=list(ALGORITHMS)).claims
            wanted.validate(claims)
        except _UNREADABLE:
            raise TokenRefused from None
        self._require_ours(claims)
        return claims

    def _require_ours(self, claims: Mapping[str, Any]) -> None:
        """Refuse a token that was made for several and does not say that we are the one who asked."""
        subject, meant_for = claims["sub"], claims["aud"]
        several = isinstance(meant_for, list) and len(meant_for) > 1
        asked_by = claims.get("azp", "" if several else self._client.client_id)
        if asked_by != self._client.client_id:
            raise TokenRefused
        if not isinstance(subject, str) or not 0 < len(subject) <= _LONGEST_SUBJECT:
            raise TokenRefused

    def _address(self, about: Mapping[str, Any], name: str) -> URL:
        return self._safe(_text(about.get(name)))

    def _safe(self, written: str) -> URL:
        """Read an address that may be asked: encrypted, or plain where the provider is on this machine."""
        try:
            place, issuer = URL(written), URL(self._client.issuer)
        except ValueError:
            raise ProviderSilent from None
        here = issuer.scheme == "http" and place.host in _LOOPBACK and issuer.host in _LOOPBACK
        if place.user or place.password or not place.host:
            raise ProviderSilent
        if place.scheme == "https" or (place.scheme == "http" and here):
            return place
        raise ProviderSilent


def _session() -> aiohttp.ClientSession:
    """Take answers as they are on the wire: what is small there must not grow large here."""
    return aiohttp.ClientSession(auto_decompress=False, headers={"Accept-Encoding": "identity"})


def _key_set(keys: Mapping[str, Any]) -> KeySet:
    """Read the keys that can have signed a token; a provider may show others, for other uses, beside them."""
    from joserfc.jwk import KeySet  # noqa: PLC0415 - as above

    signing = [key for key in keys["keys"] if key.get("kty") in _KINDS and key.get("use", "sig") == "sig"]
    return KeySet.import_key_set({"keys": signing})


def _takes_basic(about: Mapping[str, Any]) -> bool:
    """Say whether the secret may go where the standard puts it, unless the provider wants it in the form."""
    known = about.get("token_endpoint_auth_methods_supported")
    return not isinstance(known, list) or "client_secret_basic" in known or "client_secret_post" not in known


def _verified(claims: Mapping[str, Any]) -> str:
    """Give the address that the same source says it has verified, or nothing."""
    return _text(claims.get("email")) if claims.get("email_verified") is True else ""


def _name(claims: Mapping[str, Any]) -> str:
    parts = [_text(claims.get(part)).strip() for part in ("given_name", "family_name")]
    return " ".join(parts) if all(parts) else _text(claims.get("name")).strip()


def _challenge(verifier: str) -> str:
    return without_padding(hashlib.sha256(verifier.encode()).digest())


def without_padding(value: bytes) -> str:
    """Write bytes in base64 for addresses, without the signs at the end."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


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
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise ProviderSilent
    return document
