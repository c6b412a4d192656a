"""Files of the Slack stub: one that a person attached, and those that the bot uploads."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web


class Files:
    """Attached files are fetched; a file that the bot uploads counts once it says that it is complete."""

    def __init__(self) -> None:
        """Hold nothing."""
        self.fetched = 0
        self._base = ""
        self._attached: dict[str, bytes] = {}
        self._uploads: dict[str, bytes] = {}
        self._completed: asyncio.Queue[bytes] = asyncio.Queue()

    def routes(self, base: str) -> list[web.RouteDef]:
        """Give the routes, for a server at the address ``base``."""
        self._base = base
        return [web.get("/files/{file}", self._fetch), web.post("/upload/{file}", self._upload)]

    def attach(self, content: bytes) -> str:
        """Hold a JPEG picture that somebody attaches; gives its id."""
        file = f"F0ATTACHED{len(self._attached)}"
        self._attached[file] = content
        return file

    def described(self, file: str) -> Mapping[str, Any]:
        """Give the object that payloads have for an attached file."""
        link = {"url_private_download": f"{self._base}/files/{file}", "mimetype": "image/jpeg"}
        return {"id": file, "name": f"{file}.jpg", "size": len(self._attached[file]), **link}

    async def uploaded(self) -> bytes:
        """Wait for the next complete upload."""
        return await self._completed.get()

    def answer(self, method: str, given: Mapping[str, str]) -> dict[str, Any]:
        """Answer a method of files."""
        if method == "files.getUploadURLExternal":
            file = f"F0UPLOADED{len(self._uploads)}"
            self._uploads[file] = b""
            return {"upload_url": f"{self._base}/upload/{file}", "file_id": file}
        if method == "files.completeUploadExternal":
            for one in json.loads(given["files"]):
                self._completed.put_nowait(self._uploads[one["id"]])
        return {}

    async def _fetch(self, request: web.Request) -> web.Response:
        self.fetched += 1
        return web.Response(body=self._attached[request.match_info["file"]], content_type="image/jpeg")

    async def _upload(self, request: web.Request) -> web.Response:
        self._uploads[request.match_info["file"]] = await request.read()
        return web.Response(text="OK")
