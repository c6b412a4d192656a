"""A hospital's single sign-on on loopback: signs real tokens, keeps the proof key, and can be made to lie."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from aiohttp import web
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from tests.stories.clock import StoryClock

CLIENT, SECRET, BACK = "curbside", "an invented secret:%", "https://bot.st-anna.example/sign-on"
ACCESS = "an/invented+access~token=="
NEMO = {
    "sub": "248289761001",
    "name": "Nemo Vantongeren",
    "email": "nemo@st-anna.example",
    "email_verified": True,
}
KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
OTHER_KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})


@dataclass
class Provider:
    """What it knows of sign-ons. `says` goes over the claims of a token; None leaves one out."""

    clock: StoryClock
    issuer: str = ""
    says: dict[str, Any] = field(default_factory=dict)
    about: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=lambda: {"alg": "RS256", "kid": "one"})
    key: RSAKey | OctKey = field(default_factory=lambda: KEY)
    answers: Mapping[str, int] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    apart: dict[str, Any] = field(default_factory=dict)
    """What it tells of Nemo when it is asked apart from the token."""
    raw: Mapping[str, bytes] = field(default_factory=dict)
    """Answers by page that it gives in place of its own."""
    packed: bool = False
    secret_in_form: bool = False
    holds: asyncio.Event | None = None
    """Set to let it wait with its token until somebody says so; ``asked`` tells that it waits."""
    asked: asyncio.Event = field(default_factory=asyncio.Event)

    def sign_on(self, url: str) -> tuple[str, str]:
        """Do what a person does at the sign-on's page: gives the state and the code of the way back."""
        parts = urlsplit(url)
        assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{self.issuer}/authorize"
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert (asked["client_id"], asked["redirect_uri"]) == (CLIENT, BACK)
        assert "openid" in asked["scope"].split()
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return asked["state"], code

    async def discover(self, _request: web.Request) -> web.Response:
        pages = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        if self.apart:
            pages["userinfo_endpoint"] = "userinfo"
        known = {name: f"{self.issuer}/{page}" for name, page in pages.items()}
        about = {"issuer": self.issuer, **known, **self.about}
        return self._answer("about", about)

    async def keys(self, _request: web.Request) -> web.Response:
        return self._answer("keys", {"keys": [KEY.as_dict(private=False)]})

    async def userinfo(self, request: web.Request) -> web.Response:
        assert request.headers["Authorization"] == f"Bearer {ACCESS}"
        return self._answer("userinfo", {name: told for name, told in self.apart.items() if told is not None})

    def _answer(self, page: str, told: Any) -> web.Response:
        status = self.answers.get(page, 200)
        headers = {"Location": f"{self.issuer}/.well-known/openid-configuration"} if status == 302 else {}
        if page not in self.raw:
            return web.json_response(told, status=status, headers=headers)
        packing = {"Content-Encoding": "gzip"} if self.packed else {}
        return web.Response(body=self.raw[page], status=status, headers={**headers, **packing})

    async def token(self, request: web.Request) -> web.Response:
        if self.holds is not None:
            holds, self.holds = self.holds, None
            self.asked.set()
            await holds.wait()
        told = await request.post()
        asked = self.codes.pop(str(told["code"]), None)
        if asked is None or not self._is_proved(request, told, asked):
            return web.json_response({"error": "invalid_grant"}, status=400)
        now = int(self.clock.now().timestamp())
        claims = {
            **NEMO,
            "iss": self.issuer,
            "aud": CLIENT,
            "nonce": asked["nonce"],
            "iat": now,
            "exp": now + 300,
            **self.says,
        }
        given = {name: value for name, value in claims.items() if value is not None}
        token = jwt.encode(self.header, given, self.key, algorithms=[self.header["alg"]])
        return self._answer("token", {"id_token": token, "access_token": ACCESS, "token_type": "Bearer"})

    def _is_proved(self, request: web.Request, told: Mapping[str, Any], asked: Mapping[str, str]) -> bool:
        hashed = hashlib.sha256(str(told["code_verifier"]).encode()).digest()
        pair = base64.b64encode(b"curbside:an+invented+secret%3A%25").decode()
        in_head = request.headers.get("Authorization") == f"Basic {pair}" and "client_secret" not in told
        in_form = "Authorization" not in request.headers and told.get("client_secret") == SECRET
        return (
            base64.urlsafe_b64encode(hashed).rstrip(b"=").decode() == asked["code_challenge"]
            and told["redirect_uri"] == BACK
            and (in_form if self.secret_in_form else in_head)
        )


@asynccontextmanager
async def serving(clock: StoryClock) -> AsyncIterator[Provider]:
    """Serve a provider until the end of the block."""
    provider = Provider(clock)
    app = web.Application()
    app.router.add_get("/.well-known/openid-configuration", provider.discover)
    app.router.add_get("/keys", provider.keys)
    app.router.add_get("/userinfo", provider.userinfo)
    app.router.add_post("/token", provider.token)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    provider.issuer = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield provider
    finally:
        await runner.cleanup()
