"""A Slack that answers at once: Socket Mode and the few methods that the bots call. It limits nobody."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from aiohttp import WSMsgType, web

from benchmarks.relaying.slack_files import Files

TEAM: Final = "T0BENCH"
CHANNEL: Final = "C0BENCH"
BOT: Final = "U0BOT"


class SlackStub:
    """One workspace. ``sent`` and ``acked`` are times by envelope, on the clock of this process."""

    def __init__(self) -> None:
        """Wait for a bot to connect."""
        self.counts: Counter[str] = Counter()
        self.sent: dict[str, float] = {}
        self.acked: dict[str, float] = {}
        self.connected = asyncio.Event()
        self.files = Files()
        self._socket: web.WebSocketResponse | None = None
        self._waiting: dict[str, asyncio.Future[None]] = {}
        self._shown: dict[str, asyncio.Future[Mapping[str, Any]]] = {}
        self._base = ""
        self._envelopes = 0
        self._stamps = 0

    def routes(self, base: str) -> list[web.RouteDef]:
        """Give the routes, for a server at the address ``base``."""
        self._base = base
        return [
            *self.files.routes(base),
            web.post("/api/{method}", self._call),
            web.get("/api/{method}", self._call),
            web.post("/respond/{trigger}", self._respond),
            web.get("/socket", self._listen),
        ]

    async def say(self, user: str, text: str) -> str:
        """Let somebody write into the channel; gives the envelope."""
        stamp = self._stamp()
        inner = {
            "type": "message",
            "channel": CHANNEL,
            "channel_type": "group",
            "user": user,
            "text": text,
            "ts": stamp,
            "event_ts": stamp,
        }
        payload = {
            "type": "event_callback",
            "team_id": TEAM,
            "api_app_id": "A0BENCH",
            "event_id": f"Ev{stamp}",
            "event_time": int(time.time()),
            "authorizations": [{"team_id": TEAM, "user_id": BOT, "is_bot": True}],
            "event": inner,
        }
        return await self._send("events_api", payload)

    async def command(self, user: str, text: str) -> str:
        """Let somebody type a slash command; gives the envelope."""
        trigger = self._stamp()
        payload = {
            "command": "/consult",
            "text": text,
            "team_id": TEAM,
            "channel_id": CHANNEL,
            "channel_name": "privategroup",
            "user_id": user,
            "user_name": user.lower(),
            "trigger_id": trigger,
            "response_url": f"{self._base}/respond/{trigger}",
            "api_app_id": "A0BENCH",
        }
        return await self._send("slash_commands", payload)

    async def click(self, user: str, value: str) -> str:
        """Let somebody press a button in the channel; gives the envelope."""
        trigger = self._stamp()
        payload = {
            "type": "block_actions",
            "team": {"id": TEAM},
            "user": {"id": user, "team_id": TEAM},
            "channel": {"id": CHANNEL},
            "message": {"ts": trigger},
            "trigger_id": trigger,
            "response_url": f"{self._base}/respond/{trigger}",
            "actions": [{"type": "button", "action_id": "a", "block_id": "b", "value": value}],
            "api_app_id": "A0BENCH",
        }
        return await self._send("interactive", payload)

    async def submit_case(self, user: str, file: str) -> str:
        """Let somebody send the form for a case, with a picture; gives the modal that it was sent from."""
        words = {"story": "A rash on both legs since the weekend, no fever.", "question": "What is it?"}
        answers: dict[str, Any] = {name: {"type": "plain_text_input", "value": words[name]} for name in words}
        answers["urgency"] = {"type": "static_select", "selected_option": {"value": "routine"}}
        answers["pictures"] = {"type": "file_input", "files": [self.files.described(file)]}
        modal = f"V{self._stamp().replace('.', '')}"
        state = {"values": {name: {"answer": answer} for name, answer in answers.items()}}
        view = {**_view(modal, "case"), "state": state}
        await self._send("interactive", {"type": "view_submission", **self._person(user), "view": view})
        return modal

    async def press(self, user: str, modal: str, value: str) -> str:
        """Let somebody press a button in a modal; gives the envelope."""
        actions = [{"type": "button", "action_id": "a", "block_id": "b", "value": value}]
        payload = {"type": "block_actions", **self._person(user), "view": _view(modal), "actions": actions}
        return await self._send("interactive", payload)

    async def shown(self, modal: str) -> Mapping[str, str]:
        """Wait until the bot changes a modal; gives the values of its buttons by what they say."""
        view = await self._shown.setdefault(modal, asyncio.get_running_loop().create_future())
        elements = [each for block in view["blocks"] for each in block.get("elements", ())]
        return {one["text"]["text"]: one["value"] for one in elements if one.get("type") == "button"}

    def _person(self, user: str) -> dict[str, Any]:
        whose = {"team": {"id": TEAM}, "user": {"id": user, "team_id": TEAM}}
        return {**whose, "trigger_id": self._stamp(), "api_app_id": "A0BENCH"}

    async def acknowledged(self, envelope: str) -> float:
        """Wait for an acknowledgement; gives the seconds that it took."""
        if envelope not in self.acked:
            waiting = self._waiting.setdefault(envelope, asyncio.get_running_loop().create_future())
            await asyncio.wait_for(asyncio.shield(waiting), 60)
        return self.acked[envelope] - self.sent[envelope]

    async def _send(self, kind: str, payload: Mapping[str, Any]) -> str:
        if self._socket is None:
            raise RuntimeError("no bot is connected")
        self._envelopes += 1
        envelope = f"e{self._envelopes}"
        frame = {"envelope_id": envelope, "type": kind, "payload": payload, "accepts_response_payload": True}
        text = json.dumps(frame)
        self.sent[envelope] = time.perf_counter()
        await self._socket.send_str(text)
        return envelope

    def _stamp(self) -> str:
        self._stamps += 1
        return f"{int(time.time())}.{self._stamps:06d}"

    async def _listen(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._socket = socket
        await socket.send_str(json.dumps({"type": "hello", "num_connections": 1}))
        self.connected.set()
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                self._acknowledge(json.loads(message.data).get("envelope_id", ""))
        return socket

    def _acknowledge(self, envelope: str) -> None:
        self.acked[envelope] = time.perf_counter()
        waiting = self._waiting.pop(envelope, None)
        if waiting is not None and not waiting.done():
            waiting.set_result(None)

    async def _respond(self, _: web.Request) -> web.Response:
        self.counts["respond"] += 1
        return web.Response(text="ok")

    async def _call(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        self.counts[method] += 1
        given = await _given(request) if method in _READ else {}
        return web.json_response({"ok": True, **self._answer(method, given)})

    def _answer(self, method: str, given: Mapping[str, Any]) -> dict[str, Any]:
        if method == "conversations.open":
            return {"channel": {"id": f"D{given.get('users', '')[1:]}"}}
        if method == "users.info":
            person = given.get("user", "")
            return {"user": {"id": person, "team_id": TEAM, "name": person, "profile": {"bot_id": "B0BOT"}}}
        if method == "views.update":
            self._show(given["view_id"], given["view"])
        if method.startswith("files."):
            return self.files.answer(method, given)
        if method.startswith("chat."):
            return {"ts": self._stamp(), "channel": CHANNEL}
        return _FIXED.get(method) or {"url": f"{self._base.replace('http', 'ws', 1)}/socket"}

    def _show(self, modal: str, view: str | Mapping[str, Any]) -> None:
        body: Mapping[str, Any] = json.loads(view) if isinstance(view, str) else view
        shown = self._shown.setdefault(modal, asyncio.get_running_loop().create_future())
        if not shown.done():
            shown.set_result(body)


def _view(modal: str, command: str = "") -> dict[str, Any]:
    kept = json.dumps({"do": command, "in": ""})
    return {
        "id": modal,
        "type": "modal",
        "hash": "1.bench",
        "callback_id": "consult",
        "private_metadata": kept,
    }


_READ: Final = ("users.info", "conversations.open", "files.completeUploadExternal", "views.update")
"""Methods whose arguments matter."""
_FIXED: Final[Mapping[str, dict[str, Any]]] = {
    "auth.test": {"team_id": TEAM, "user_id": BOT, "bot_id": "B0BOT", "user": "bot", "team": "bench"},
    "conversations.info": {"channel": {"id": CHANNEL, "is_private": True, "is_member": True}},
    "conversations.members": {"members": [BOT]},
    "conversations.list": {"channels": []},
    "conversations.history": {"messages": []},
    "conversations.replies": {"messages": []},
    "views.open": {"view": {"id": "V1"}},
    "views.update": {"view": {"id": "V1"}},
}


async def _given(request: web.Request) -> Mapping[str, Any]:
    if request.content_type == "application/json":
        asked: dict[str, Any] = await request.json()
        return asked
    return {**request.query, **{name: str(value) for name, value in (await request.post()).items()}}
