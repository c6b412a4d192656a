"""The page's server: serves the bundle, sends what each chosen person sees, takes what the player does."""

from __future__ import annotations

import asyncio
import secrets
import socket
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web

from bot.demo import example, guard
from bot.demo.audience import Audience
from bot.demo.stage import Media, Stage, Upload

PAGE = Path(__file__).parent / "page" / "dist"
MOST_UPLOADS = 24
LARGEST_UPLOAD = 50 * 2**20
"""Bytes; more than Slack's stand-in or Synapse take, so that their own refusals can be seen."""


class PageNotBuilt(Exception):
    """The bundle is missing; the message says which command builds it."""


class NoPortFree(Exception):
    """The wished port is taken; the message says so for the person at the terminal."""


def require_ready(port: int, page: Path = PAGE) -> None:
    """Check what can be checked before anything is started: the bundle and the port.

    Raises :class:`PageNotBuilt` or :class:`NoPortFree`.
    """
    if not (page / "index.html").exists():
        raise PageNotBuilt("The demo's page is not built yet. Run: make install")
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", port))
        except OSError as problem:
            raise NoPortFree(f"Port {port} cannot be used. Choose another one with --port.") from problem


@dataclass(slots=True)
class UploadShelf:
    """Files that the browser sent ahead of the act that uses them; the oldest fall off."""

    _files: OrderedDict[str, Upload] = field(default_factory=OrderedDict)

    def put(self, upload: Upload) -> str:
        """Keep a file and give the word to ask for it by."""
        word = secrets.token_urlsafe(12)
        self._files[word] = upload
        while len(self._files) > MOST_UPLOADS:
            self._files.popitem(last=False)
        return word

    def take(self, word: str) -> Upload:
        """Give a file out once; KeyError when it is not there any more."""
        return self._files.pop(word)


class PageServer:
    """One page on loopback over one stage. ``port`` 0 takes any free one."""

    def __init__(self, stage: Stage, *, port: int = 0, page: Path = PAGE) -> None:
        self._stage = stage
        self._page = page
        self._wished = port
        self._shelf = UploadShelf()
        self._runner: web.AppRunner | None = None
        self._audience: set[Audience] = set()
        self.url = ""

    async def start(self) -> None:
        """Listen; raises :class:`PageNotBuilt` or :class:`NoPortFree`."""
        require_ready(self._wished, self._page)
        self._runner = web.AppRunner(self._app(), access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._wished).start()
        port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{port}/"

    async def stop(self) -> None:
        """Close every open page and stop listening."""
        for audience in tuple(self._audience):
            await audience.leave()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def _app(self) -> web.Application:
        app = web.Application(middlewares=[guard.only_this_page], client_max_size=LARGEST_UPLOAD)
        app.on_response_prepare.append(guard.put_headers)
        app.router.add_get("/", self._index)
        app.router.add_get("/socket", self._socket)
        app.router.add_post("/upload", self._upload)
        app.router.add_get("/media/{person}/{reference:.+}", self._media)
        app.router.add_get("/example/photograph.jpg", self._photograph)
        app.router.add_static("/page", self._page)
        return app

    async def _index(self, request: web.Request) -> web.FileResponse:
        return web.FileResponse(self._page / "index.html")

    async def _photograph(self, request: web.Request) -> web.Response:
        return web.Response(body=await asyncio.to_thread(example.photograph), content_type="image/jpeg")

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(heartbeat=20)
        await socket.prepare(request)
        audience = Audience(self._stage, socket, self._shelf.take)
        self._audience.add(audience)
        try:
            await audience.attend()
        finally:
            self._audience.discard(audience)
        return socket

    async def _upload(self, request: web.Request) -> web.Response:
        name = request.query.get("name", "picture")
        content = await request.read()
        return web.json_response({"upload": self._shelf.put(Upload(name, request.content_type, content))})

    async def _media(self, request: web.Request) -> web.Response:
        try:
            media = await self._stage.media(request.match_info["person"], request.match_info["reference"])
        except KeyError:
            raise web.HTTPNotFound(text="This person has no such picture.") from None
        return _picture(media)


def _picture(media: Media) -> web.Response:
    """Answer with a picture; anything else is a download, never something the page would run."""
    shown = media.mime in {"image/png", "image/jpeg", "image/gif", "image/webp"}
    headers = {} if shown else {"Content-Disposition": "attachment"}
    kind = media.mime if shown else "application/octet-stream"
    return web.Response(body=media.content, content_type=kind, headers=headers)
