"""Audience: one open page; it watches up to three people and plays them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress

from aiohttp import WSMsgType, web

from bot.demo.stage import CannotAct, Json, Stage, Upload

PANES = ("slack", "matrix", "others")


class Audience:
    """One websocket. What it sends is a whole view at a time, and only where something changed."""

    def __init__(self, stage: Stage, socket: web.WebSocketResponse, take: Callable[[str], Upload]) -> None:
        self._stage = stage
        self._socket = socket
        self._take = take
        self._watched: dict[str, str] = {}
        self._shown: dict[str, str] = {}
        self._changed = asyncio.Event()
        self._acts: set[asyncio.Task[None]] = set()

    async def attend(self) -> None:
        """Stay until the page goes away."""
        await self._send({"type": "about", "about": self._stage.about()})
        async with asyncio.TaskGroup() as tasks:
            listening = [tasks.create_task(self._listen()), tasks.create_task(self._show())]
            await self._hear()
            for task in (*listening, *self._acts):
                task.cancel()

    async def leave(self) -> None:
        """Close the page's connection."""
        await self._socket.close()

    async def _hear(self) -> None:
        async for message in self._socket:
            if message.type is WSMsgType.TEXT:
                self._take_in(json.loads(message.data))

    def _take_in(self, asked: Json) -> None:
        if asked.get("type") == "watch" and asked.get("pane") in PANES:
            self._watch(asked["pane"], asked.get("person"))
        elif asked.get("type") == "act":
            task = asyncio.create_task(self._act(asked))
            self._acts.add(task)
            task.add_done_callback(self._acts.discard)

    def _watch(self, pane: str, person: str | None) -> None:
        self._shown.pop(pane, None)
        if person:
            self._watched[pane] = person
        else:
            self._watched.pop(pane, None)
        self._changed.set()

    async def _act(self, asked: Json) -> None:
        try:
            uploads = [self._take(word) for word in asked.get("uploads", ())]
            result = await self._stage.act(str(asked["person"]), asked["act"], uploads)
        except CannotAct as refusal:
            result = {"ok": False, "error": str(refusal)}
        except KeyError as missing:
            result = {"ok": False, "error": f"The demo does not know {missing}."}
        await self._send({"type": "done", "id": asked.get("id"), "result": result})

    async def _listen(self) -> None:
        async for _ in self._stage.changes():
            self._changed.set()

    async def _show(self) -> None:
        while True:
            await self._changed.wait()
            self._changed.clear()
            for pane, person in tuple(self._watched.items()):
                await self._show_pane(pane, person)

    async def _show_pane(self, pane: str, person: str) -> None:
        text = json.dumps({"type": "view", "pane": pane, "view": self._stage.view(person)})
        if self._shown.get(pane) != text:
            self._shown[pane] = text
            await self._send_text(text)

    async def _send(self, content: Json) -> None:
        await self._send_text(json.dumps(content))

    async def _send_text(self, text: str) -> None:
        # The page may have gone while its answer was being made: then nobody is left to tell.
        with suppress(ConnectionResetError):
            await self._socket.send_str(text)
