"""Files that people attached: fetched from Slack's own hosts only, and never more than asked for."""

from __future__ import annotations

import socket
from contextlib import suppress
from ipaddress import ip_address

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout, DummyCookieJar, TCPConnector
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from yarl import URL

from bot.adapters.slack.errors import Declined, Unreachable
from bot.adapters.slack.ids import Malformed, file_id
from bot.adapters.slack.site import SlackSite
from bot.adapters.slack.wire import Wire
from bot.chat.events import FileRef
from bot.ports.adapter import FileUnavailable

_SECONDS = 60
_REDIRECTS = 3
_CHUNK = 64 * 1024
_GONE = "I could not fetch this file from Slack. Please attach it again."
_PAGES = (b"<!doctype html", b"<html", b"<head")


class PublicResolver(AbstractResolver):
    """Names to addresses, leaving out what is not public: a name may be made to point inside."""

    def __init__(self, inner: AbstractResolver | None = None) -> None:
        self._inner = inner or ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Resolve; raises ``OSError`` where nothing public is left."""
        found = await self._inner.resolve(host, port, family)
        public = [each for each in found if is_public(each["host"])]
        if not public:
            raise OSError("no public address")
        return public

    async def close(self) -> None:
        """Close the resolver beneath."""
        await self._inner.close()


def is_public(address: str) -> bool:
    """Say whether an IP address lies in the open internet; mapped and tunnelled addresses are looked into."""
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if ip.version == 6:
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


class Files:
    """Fetches attachments of one workspace."""

    def __init__(self, site: SlackSite, wire: Wire, resolver: AbstractResolver | None = None) -> None:
        self._site = site
        self._wire = wire
        self._resolver = resolver

    async def fetch(self, file: FileRef, most: int) -> bytes:
        """Fetch a file of at most ``most`` bytes; raises ``FileUnavailable``, worded for its owner."""
        if file.size > most:
            raise _too_large(most)
        url = await self._address(file)
        try:
            async with self._opened() as session:
                return await self._download(session, url, most)
        except (ClientError, TimeoutError, OSError, ValueError):
            raise FileUnavailable(_GONE) from None

    async def _address(self, file: FileRef) -> URL:
        written = file.locator.get("url", "") or await self._looked_up(file)
        try:
            return URL(written)
        except ValueError:
            raise FileUnavailable(_GONE) from None

    async def _looked_up(self, file: FileRef) -> str:
        with suppress(Declined, Unreachable, Malformed):
            known = await self._wire.ask("files.info", file=file_id(file.locator.get("id", "")))
            found = known.get("file") or {}
            return str(found.get("url_private_download") or found.get("url_private") or "")
        raise FileUnavailable(_GONE)

    def _opened(self) -> ClientSession:
        """Open connections that resolve names by our rule (numeric hosts never reach a resolver)."""
        resolver = None if self._site.local else PublicResolver(self._resolver)
        return ClientSession(
            connector=TCPConnector(resolver=resolver),
            cookie_jar=DummyCookieJar(),
            timeout=ClientTimeout(total=_SECONDS),
            auto_decompress=False,
        )

    async def _download(self, session: ClientSession, url: URL, most: int) -> bytes:
        for _ in range(_REDIRECTS + 1):
            if not self._site.holds_file(url):
                break
            async with session.get(
                url, headers=self._headers(), allow_redirects=False, proxy=self._wire.client.proxy
            ) as answer:
                if answer.status == 200:
                    return await _read(answer, most)
                if answer.status not in (301, 302, 303, 307, 308):
                    break
                url = url.join(URL(answer.headers.get("Location", "")))
        raise FileUnavailable(_GONE)

    def _headers(self) -> dict[str, str]:
        token = self._wire.client.token or ""
        return {"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"}


async def _read(answer: ClientResponse, most: int) -> bytes:
    if answer.content_type == "text/html" or answer.headers.get("Content-Encoding", "identity") != "identity":
        raise FileUnavailable(_GONE)
    if (answer.content_length or 0) > most:
        raise _too_large(most)
    data = bytearray()
    async for chunk in answer.content.iter_chunked(_CHUNK):
        data += chunk
        if len(data) > most:
            raise _too_large(most)
    # Slack answers 200 and its login page where a token may not read the file.
    if bytes(data[:512]).lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_PAGES):
        raise FileUnavailable(_GONE)
    return bytes(data)


def _too_large(most: int) -> FileUnavailable:
    return FileUnavailable(
        f"This file is larger than {most // (1024 * 1024)} MB. Please attach a smaller copy."
    )
