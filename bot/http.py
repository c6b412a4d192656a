"""The small web server: is the bot alive, is it ready, its numbers, and the way in for Slack's HTTP mode."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import structlog
from aiohttp import web
from yarl import URL

from bot.domain.installing import Ending
from bot.logs import Scrubber
from bot.metrics import Metrics
from bot.ports.adapter import Health
from bot.ports.installing import Begun, Installing
from bot.views.install_page import install_page
from bot.views.sign_on_page import sign_on_page
from bot.views.web_page import STYLE_HASH

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
MOST_BYTES = 1024 * 1024
"""The longest body that is read; Slack's largest forms stay far below."""

_LONGEST_PARAMETER = 4096
_COOKIE = "curbside-install"
_TEN_MINUTES = 600
_PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; "
    f"frame-ancestors 'none'; style-src '{STYLE_HASH}'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Surface:
    """What the server shows and where it passes requests on.

    ``refresh`` looks up the numbers that are not counted as things happen. ``slack_events`` checks Slack's
    signature by itself; None leaves the address out. ``sign_on`` takes people back from the hospital's
    single sign-on, by state and code, and gives the digits that they have to type in the chat, or nothing
    where it went wrong. ``installing`` takes browsers to Slack's consent page and back.
    """

    health: Callable[[], Mapping[str, Health]]
    metrics: Metrics
    refresh: Callable[[], Awaitable[None]] | None = None
    slack_events: Handler | None = None
    sign_on: Callable[[str, str], Awaitable[str]] | None = None
    installing: Installing | None = None
    scrub: Scrubber = field(default_factory=Scrubber)


class CannotListen(Exception):
    """The address of ``[http]`` cannot be listened on; ``sentence`` tells the operator why."""

    def __init__(self, sentence: str) -> None:
        """Remember the sentence."""
        super().__init__(sentence)
        self.sentence = sentence


def application(surface: Surface) -> web.Application:
    """Build the application: ``/live``, ``/ready``, ``/metrics``, and what else is switched on."""
    app = web.Application(client_max_size=MOST_BYTES, middlewares=[_no_tracebacks])
    app.on_response_prepare.append(_say_little)
    pages = _Pages(surface)
    app.router.add_get("/live", pages.live)
    app.router.add_get("/ready", pages.ready)
    app.router.add_get("/metrics", pages.metrics)
    if surface.slack_events is not None:
        app.router.add_post("/slack/events", surface.slack_events)
    if surface.sign_on is not None:
        # Without HEAD: whoever only looks must not use up what counts once.
        app.router.add_get("/sign-on", _WayBack(surface.sign_on).page, allow_head=False)
    if surface.installing is not None:
        installation = _Installation(surface.installing)
        app.router.add_get("/slack/install", installation.begin, allow_head=False)
        app.router.add_get("/slack/oauth_redirect", installation.end, allow_head=False)
    return app


@asynccontextmanager
async def serving(app: web.Application, host: str, port: int) -> AsyncIterator[int]:
    """Serve the application and give the port it got; raises :class:`CannotListen`."""
    runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=1)
    await runner.setup()
    try:
        await _listen(web.TCPSite(runner, host, port), f"{host}:{port}")
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


async def _listen(site: web.TCPSite, address: str) -> None:
    try:
        await site.start()
    except OSError as error:
        raise CannotListen(f"cannot listen on {address} ({error.strerror or 'no such host'})") from None


@dataclass(frozen=True, slots=True)
class _Pages:
    """The three pages for machines."""

    surface: Surface

    async def live(self, _: web.Request) -> web.Response:
        """Say that the process is up; nothing else is asked."""
        return web.json_response({"live": True})

    async def ready(self, _: web.Request) -> web.Response:
        """Say part by part whether the bot works: 200 when all do, 503 otherwise."""
        parts = self.surface.health()
        whole = _works(parts)
        told = {name: self._told(health) for name, health in parts.items()}
        return web.json_response({"ready": whole, "parts": told}, status=200 if whole else 503)

    def _told(self, health: Health) -> dict[str, object]:
        problem = {"problem": self.surface.scrub(health.problem)} if health.problem else {}
        return {"ok": health.connected, **problem}

    async def metrics(self, _: web.Request) -> web.Response:
        """Show the numbers, those of the outbox and the connections as they are right now."""
        await self._refresh()
        return web.Response(
            body=self.surface.metrics.page(),
            headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"},
        )

    async def _refresh(self) -> None:
        metrics, parts = self.surface.metrics, self.surface.health()
        metrics.set("curbside_ready", _works(parts))
        for site in metrics.sites & parts.keys():
            metrics.set("curbside_connected", parts[site].connected, site=site)
        for part in parts.keys() & set(metrics.parts):
            metrics.set("curbside_part", parts[part].connected, part=part)
        await self._look_up()

    async def _look_up(self) -> None:
        """Look up the rest; while the database is away the other numbers must still be readable."""
        try:
            if self.surface.refresh is not None:
                await self.surface.refresh()
        except Exception as error:  # noqa: BLE001  (storage raises what its driver raises)
            _log.warning("outbox_not_counted", exc_info=error)


@dataclass(frozen=True, slots=True)
class _WayBack:
    """The page for people who come back from the single sign-on."""

    taken_back: Callable[[str, str], Awaitable[str]]

    async def page(self, request: web.Request) -> web.Response:
        """Show the digits to type in the chat, and nothing of the person."""
        state, code = _once(request, "state"), _once(request, "code")
        digits = await self.taken_back(state, code) if state else ""
        return _page(sign_on_page(digits), 200 if digits else 400)


@dataclass(frozen=True, slots=True)
class _Installation:
    """The way of a workspace's admin to Slack's consent page, and back."""

    installing: Installing

    async def begin(self, _: web.Request) -> web.Response:
        """Lead the browser to Slack, with a cookie that it alone has."""
        consent = await self.installing.begin()
        if consent is None:
            return _page(install_page(Ending.BUSY), 429)
        response = web.Response(status=302, headers={**_PAGE_HEADERS, "Location": consent.address})
        response.set_cookie(
            _COOKIE,
            consent.browser,
            max_age=_TEN_MINUTES,
            path=self._path,
            httponly=True,
            secure=self._reached.scheme == "https",
            samesite="Lax",
        )
        return response

    async def end(self, request: web.Request) -> web.Response:
        """Say what came of it. Whatever Slack says in place of a code means that nobody consented."""
        begun = Begun(_once(request, "state"), request.cookies.get(_COOKIE, ""))
        ending = await self.installing.returned(begun, _once(request, "code"))
        response = _page(install_page(ending), 200 if ending is Ending.INSTALLED else 400)
        response.del_cookie(_COOKIE, path=self._path)
        return response

    @property
    def _reached(self) -> URL:
        return URL(self.installing.public_url)

    @property
    def _path(self) -> str:
        return f"{self._reached.path.rstrip('/')}/slack/"


def _page(text: str, status: int) -> web.Response:
    return web.Response(
        text=text, status=status, content_type="text/html", charset="utf-8", headers=_PAGE_HEADERS
    )


def _once(request: web.Request, name: str) -> str:
    """Read a parameter that is there once and of a length that a provider would give it."""
    values = request.query.getall(name, [])
    return values[0] if len(values) == 1 and len(values[0]) <= _LONGEST_PARAMETER else ""


def _works(parts: Mapping[str, Health]) -> bool:
    return bool(parts) and all(health.connected or health.waiting for health in parts.values())


@web.middleware
async def _no_tracebacks(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn a bug into a bare 500: neither the answer nor the log repeats what was sent."""
    try:
        return await handler(request)
    except web.HTTPException:
        raise
    except Exception as error:  # noqa: BLE001  (the last stop before aiohttp would print it)
        _log.error("request_failed", exc_info=error)
        return web.json_response({"error": "internal"}, status=500)


async def _say_little(_: web.Request, response: web.StreamResponse) -> None:
    """Name no versions to strangers, and let nobody keep a copy."""
    response.headers["Server"] = "curbside"
    response.headers["Cache-Control"] = "no-store"
