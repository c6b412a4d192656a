"""Stripe Identity on loopback, as far as its documentation tells: sessions, and what it wants of a call."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from aiohttp import web

from bot.verification.stripe_identity import VERSION, Access, StripeIdentity
from tests.matrix.fakes import MemoryCabinet
from tests.stories.clock import StoryChance, StoryClock
from tests.verification.code_desk import keyed

SECRET: Final = "an invented key of a hospital"
PAGE: Final = "https://verify.stripe.example/start/"
FORM: Final = {
    "type": "document",
    "options[document][require_live_capture]": "true",
    "options[document][require_matching_selfie]": "true",
}

SESSION: Final[dict[str, Any]] = {
    "id": "vs_000000000000000000000000",
    "object": "identity.verification_session",
    "status": "verified",
    "livemode": True,
    "verified_outputs": {"first_name": "NEMO", "last_name": "VANTONGEREN"},
}
"""A session at its good end, with what is read of it."""


@dataclass
class Stripe:
    """Its sessions by their ids, and by the keys they were made under; ``says`` replaces an answer."""

    url: str = ""
    live: bool = True
    sessions: dict[str, dict[str, Any]] = field(default_factory=dict)
    by_key: dict[str, str] = field(default_factory=dict)
    says: Any = None
    loses_answers: bool = False
    released: asyncio.Event = field(default_factory=asyncio.Event)
    calls: list[str] = field(default_factory=list)

    @property
    def last(self) -> dict[str, Any]:
        return self.sessions[list(self.sessions)[-1]]

    def verify(self, first: str = "NEMO", last: str = "VANTONGEREN") -> None:
        """Do what the applicant and Stripe do on the page."""
        outputs = {"first_name": first, "last_name": last, "address": None, "id_number_type": None}
        self.last.update(status="verified", url=None, verified_outputs=outputs, last_error=None)

    def reject(self, code: str) -> None:
        self.last.update(status="requires_input", last_error={"code": code, "reason": "Because."})

    async def create(self, request: web.Request) -> web.Response:
        self._require(request)
        key = request.headers["Idempotency-Key"]
        assert 16 <= len(key) <= 255
        assert request.content_type == "application/x-www-form-urlencoded"
        assert dict(await request.post()) == FORM
        if key not in self.by_key and self.says is None:
            number = f"vs_{len(self.sessions):024d}"
            self.by_key[key] = number
            self.sessions[number] = {
                "id": number,
                "object": "identity.verification_session",
                "client_secret": f"{number}_secret",
                "created": 1772355600,
                "last_error": None,
                "last_verification_report": None,
                "livemode": self.live,
                "metadata": {},
                "options": {"document": {"require_live_capture": True, "require_matching_selfie": True}},
                "redaction": None,
                "status": "requires_input",
                "type": "document",
                "url": f"{PAGE}{number}-0",
            }
        return await self._answered(self.sessions.get(self.by_key.get(key, "")))

    async def retrieve(self, request: web.Request) -> web.Response:
        self._require(request)
        session = self.sessions.get(request.match_info["id"])
        if session is None:
            return web.json_response({"error": {"code": "resource_missing"}}, status=404)
        expanded = request.query.getall("expand[]", []) == ["verified_outputs"]
        if session["url"]:
            session["url"] = f"{session['url'][:-1]}{len(self.calls) % 10}"
        shown = {name: value for name, value in session.items() if expanded or name != "verified_outputs"}
        return await self._answered(shown)

    def _require(self, request: web.Request) -> None:
        self.calls.append(request.method)
        if request.headers.get("Authorization") != f"Bearer {SECRET}":
            raise web.HTTPUnauthorized
        assert request.headers["Stripe-Version"] == VERSION

    async def _answered(self, session: dict[str, Any] | None) -> web.Response:
        if self.loses_answers:
            await self.released.wait()
        if isinstance(self.says, int):
            return web.json_response({"error": {"type": "api_error"}}, status=self.says)
        if isinstance(self.says, bytes):
            return web.Response(body=self.says, content_type="application/json")
        return web.json_response(session if self.says is None else self.says)


@dataclass
class Office:
    """A check that asks this Stripe; `check` is made anew each time, as by a restart."""

    stripe: Stripe
    secret: str = SECRET
    cabinet: MemoryCabinet = field(default_factory=MemoryCabinet)
    clock: StoryClock = field(default_factory=StoryClock)
    chance: StoryChance = field(default_factory=StoryChance)

    def check(self, patience: float = 8.0) -> StripeIdentity:
        access = Access(self.stripe.url, self.secret)
        return StripeIdentity(
            access,
            self.cabinet,
            index=keyed,
            clock=self.clock,
            chance=self.chance,
            patience=patience,
        )


@asynccontextmanager
async def serving() -> AsyncIterator[Stripe]:
    """Serve it until the end of the block."""
    stripe = Stripe()
    app = web.Application()
    app.router.add_post("/v1/identity/verification_sessions", stripe.create)
    app.router.add_get("/v1/identity/verification_sessions/{id}", stripe.retrieve)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    stripe.url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    try:
        yield stripe
    finally:
        stripe.released.set()
        await runner.cleanup()
