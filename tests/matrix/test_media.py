"""T-13 for Matrix: files come through the homeserver alone, whatever an address pretends to be."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from nio.crypto.attachments import encrypt_attachment

from bot.adapters.matrix.media import fetch_file
from bot.adapters.matrix.site import MatrixSite
from bot.adapters.matrix.wire import Wire
from bot.chat.events import FileRef
from bot.ports.adapter import FileUnavailable
from tests.matrix.homeserver import USER

TRICKS = [
    "",
    "mxc://",
    "mxc://hospital.example",
    "mxc://hospital.example/",
    "mxc://other.example/abc",
    "mxc://hospital.example.other.example/abc",
    "mxc://hospital.example@other.example/abc",
    "mxc://127.0.0.1/abc",
    "mxc://[::1]/abc",
    "mxc://169.254.169.254/latest",
    "mxc://hospital.example:8448/abc",
    "mxc://hospital.example/../../_synapse/admin/v1/users",
    "mxc://hospital.example/abc/def",
    "mxc://hospital.example/abc?redirect=http://other.example",
    "mxc://hospital.example/abc#part",
    "mxc://hospital.example/%2e%2e%2fadmin",
    "mxc://hospital.example/abc\\def",
    "mxc://hospital.example/abc\r\nHost: other",
    "MXC://hospital.example/abc",
    " mxc://hospital.example/abc",
    "https://hospital.example/abc",
    "http://127.0.0.1:8008/abc",
    "file:///etc/passwd",
    "//hospital.example/abc",
]


class Media:
    """A homeserver that has one file, and notes what it is asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.body = b"data"
        self.redirect = ""
        app = web.Application()
        app.router.add_route("*", "/{tail:.*}", self._answer)
        self.server = TestServer(app)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.path_qs)
        if self.redirect:
            raise web.HTTPFound(self.redirect)
        return web.Response(body=self.body, content_type="application/octet-stream")


@pytest.fixture
async def media() -> AsyncIterator[Media]:
    made = Media()
    await made.server.start_server()
    yield made
    await made.server.close()


@pytest.fixture
async def wire(media: Media) -> AsyncIterator[Wire]:
    made = Wire(str(media.server.make_url("/")))
    yield made
    await made.close()


@pytest.fixture
def site(wire: Wire, tmp_path: Path) -> MatrixSite:
    return MatrixSite("pretend", wire.homeserver, USER, tmp_path)


GOOD = "mxc://hospital.example/Abc_-123"


@pytest.mark.parametrize("url", TRICKS)
async def test_nothing_else_is_even_asked_for(wire: Wire, site: MatrixSite, media: Media, url: str) -> None:
    with pytest.raises(FileUnavailable):
        await fetch_file(wire, site, FileRef({"url": url}), 100)
    assert media.asked == []


async def test_a_file_of_the_own_server_is_fetched_with_the_login(
    wire: Wire, site: MatrixSite, media: Media
) -> None:
    assert await fetch_file(wire, site, FileRef({"url": GOOD}), 100) == b"data"
    assert media.asked == ["/_matrix/client/v1/media/download/hospital.example/Abc_-123?allow_redirect=false"]


async def test_a_redirect_is_not_followed(wire: Wire, site: MatrixSite, media: Media) -> None:
    media.redirect = "/elsewhere"
    with pytest.raises(FileUnavailable):
        await fetch_file(wire, site, FileRef({"url": GOOD}), 100)
    assert len(media.asked) == 1


@pytest.mark.parametrize("claimed", [0, 3, 1_000_000])
async def test_more_bytes_than_wanted_are_refused_whatever_was_claimed(
    wire: Wire, site: MatrixSite, media: Media, claimed: int
) -> None:
    media.body = b"x" * 300_000
    with pytest.raises(FileUnavailable, match="too large"):
        await fetch_file(wire, site, FileRef({"url": GOOD}, claimed), 100_000)


async def test_an_encrypted_file_is_opened_and_a_damaged_one_is_named(
    wire: Wire, site: MatrixSite, media: Media
) -> None:
    media.body, keys = encrypt_attachment(b"a picture")
    locator = {"url": GOOD, "k": keys["key"]["k"], "iv": keys["iv"], "sha256": keys["hashes"]["sha256"]}
    assert await fetch_file(wire, site, FileRef(locator), 100) == b"a picture"
    media.body = b"\0" + media.body[1:]
    with pytest.raises(FileUnavailable, match="damaged"):
        await fetch_file(wire, site, FileRef(locator), 100)
    with pytest.raises(FileUnavailable, match="damaged"):
        await fetch_file(wire, site, FileRef({**locator, "k": "%%%"}), 100)
