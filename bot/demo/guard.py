"""Guard: the page is for the browser on this machine only, and runs nothing that it did not bring along."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' blob:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def refusal(request: web.Request) -> str:
    """Say why a request does not come from this page, or give nothing.

    The Host must be loopback (another name that resolves here is a rebinding attack); an Origin, where the
    browser sends one, must be this page; and what changes something must carry one.
    """
    if urlsplit(f"//{request.host}").hostname not in _LOOPBACK:
        return "This page answers on loopback only."
    origin = request.headers.get("Origin")
    if origin is not None:
        return "" if urlsplit(origin).netloc == request.host else "Another page asked for this."
    if request.headers.get("Sec-Fetch-Site", "none") not in {"none", "same-origin"}:
        return "Another page asked for this."
    return "No origin was given." if _changes_something(request) else ""


def _changes_something(request: web.Request) -> bool:
    return request.method not in {"GET", "HEAD"} or "Upgrade" in request.headers


@web.middleware
async def only_this_page(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse other origins and put the security headers on every answer."""
    if reason := refusal(request):
        return web.Response(status=403, text=reason, headers=HEADERS)
    return await handler(request)


async def put_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Add the security headers before an answer goes out, errors included."""
    response.headers.update(HEADERS)
