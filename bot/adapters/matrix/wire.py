"""The wire to the homeserver: JSON and media requests that say plainly what went wrong."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import quote, urlencode

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout

from bot.ports.adapter import Later, Undeliverable

_REQUEST_SECONDS = 30.0
_MEDIA_SECONDS = 120.0
_UNDELIVERABLE = {400: "bad_request", 403: "forbidden", 404: "not_found", 413: "too_large"}


class Unreachable(Exception):
    """No answer came: connection lost, refused or timed out. The request may have been done all the same."""


class Declined(Exception):
    """The homeserver answered with an error; ``code`` is its error code or an empty string."""

    def __init__(self, status: int, answer: Mapping[str, Any], retry_after: float | None = None) -> None:
        """Keep what decides the next step; the homeserver's sentence is left out, it may name people."""
        code = str(answer.get("errcode", ""))
        super().__init__(f"{status} {code}".strip())
        self.status = status
        self.code = code
        self.answer = answer
        self.retry_after = retry_after

    @property
    def logged_out(self) -> bool:
        """The access token is no longer valid."""
        return self.code in ("M_UNKNOWN_TOKEN", "M_MISSING_TOKEN")

    @property
    def passing(self) -> bool:
        """The same request can succeed later: rate limit, server trouble, or an ended login."""
        return self.status == 429 or self.status >= 500 or self.logged_out


class TooLarge(Exception):
    """A download has more bytes than asked for."""


def delivery_error(error: Unreachable | Declined, scope: str = "destination") -> Later | Undeliverable:
    """Translate into what the relay understands; ``scope`` is what a limit on this request holds for.

    That on messages holds for the account, and so for the site; that on invitations for one person or room.
    """
    if isinstance(error, Unreachable):
        return Later(None, unsure=True)
    if error.status == 429:
        return Later(error.retry_after, scope=scope, limited=True)
    if error.passing:
        return Later(None, unsure=error.status >= 500, scope="site" if error.logged_out else "destination")
    return Undeliverable(_UNDELIVERABLE.get(error.status, f"http_{error.status}"))


def path(*parts: str) -> str:
    """Join the parts of a path, each quoted whole."""
    return "/".join(["", *(quote(part, safe="") for part in parts)])


class Wire:
    """Requests in the bot's name. Redirects are never followed, so nothing leaves for another host."""

    def __init__(self, homeserver: str) -> None:
        """Point at a homeserver; nothing is sent yet."""
        self.homeserver = homeserver.rstrip("/")
        self.token = ""
        self._session: ClientSession | None = None

    async def close(self) -> None:
        """Close the connections."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def get(
        self, where: str, query: Mapping[str, str] | None = None, *, version: str = "v3"
    ) -> dict[str, Any]:
        """GET an object below the client API; raises :class:`Declined` and :class:`Unreachable`."""
        asked = f"?{urlencode(query)}" if query else ""
        return _object(await self._json("GET", f"{where}{asked}", None, version))

    async def get_list(self, where: str) -> list[Any]:
        """GET a list below the client API; raises as :meth:`get`."""
        answer = await self._json("GET", where, None)
        return answer if isinstance(answer, list) else []

    async def put(self, where: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """PUT below the client API; raises as :meth:`get`."""
        return _object(await self._json("PUT", where, body))

    async def post(self, where: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """POST below the client API; raises as :meth:`get`."""
        return _object(await self._json("POST", where, body))

    async def upload(self, data: bytes, mime: str) -> str:
        """Store a file without a name and give its ``mxc`` address; raises as :meth:`get`."""
        url = f"{self.homeserver}/_matrix/media/v3/upload"
        async with self._asked("POST", url, data, mime, _MEDIA_SECONDS) as reply:
            return str(_object(await _checked(reply))["content_uri"])

    async def download(self, server: str, media: str, most: int) -> bytes:
        """Fetch a file of at most ``most`` bytes; raises :class:`TooLarge` and as :meth:`get`."""
        url = f"{self.homeserver}/_matrix/client/v1/media/download{path(server, media)}?allow_redirect=false"
        async with self._asked("GET", url, None, "", _MEDIA_SECONDS) as reply:
            if reply.status != 200:
                await _checked(reply)
            return await _read(reply, most)

    async def _json(
        self, method: str, where: str, body: Mapping[str, Any] | None, version: str = "v3"
    ) -> object:
        url = f"{self.homeserver}/_matrix/client/{version}{where}"
        content = None if body is None else json.dumps(body).encode()
        async with self._asked(method, url, content, "application/json", _REQUEST_SECONDS) as reply:
            return await _checked(reply)

    @asynccontextmanager
    async def _asked(
        self, method: str, url: str, content: bytes | None, mime: str, seconds: float
    ) -> AsyncIterator[ClientResponse]:
        if self._session is None:
            self._session = ClientSession()
        headers = {"Content-Type": mime} if content is not None else {}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        timeout = ClientTimeout(total=seconds)
        try:
            async with self._session.request(
                method, url, data=content, headers=headers, timeout=timeout, allow_redirects=False
            ) as reply:
                yield reply
        except (ClientError, TimeoutError, OSError) as error:
            raise Unreachable(type(error).__name__) from error


async def _checked(reply: ClientResponse) -> object:
    answer = _parsed(await reply.read())
    if reply.status != 200:
        told = _object(answer)
        raise Declined(reply.status, told, _retry_after(reply, told))
    return answer


def _parsed(body: bytes) -> object:
    try:
        return json.loads(body)
    except ValueError:
        return None


def _object(answer: object) -> dict[str, Any]:
    return answer if isinstance(answer, dict) else {}


def _retry_after(reply: ClientResponse, answer: Mapping[str, Any]) -> float | None:
    milliseconds = answer.get("retry_after_ms")
    if isinstance(milliseconds, int):
        return milliseconds / 1000
    header = reply.headers.get("Retry-After", "")
    return float(header) if header.isdigit() else None


async def _read(reply: ClientResponse, most: int) -> bytes:
    pieces: list[bytes] = []
    left = most
    async for piece in reply.content.iter_chunked(64 * 1024):
        left -= len(piece)
        if left < 0:
            raise TooLarge
        pieces.append(piece)
    return b"".join(pieces)
