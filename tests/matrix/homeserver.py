"""A pretend homeserver for what a real one does not do on demand: 502, 429, ended logins, gaps."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

USER = "@bot:hospital.example"
ROOM = "!consult"
HOME = "!home"
ANN = "@ann:hospital.example"

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


def failing(status: int, body: dict[str, Any] | None = None, headers: dict[str, str] | None = None) -> Answer:
    """Answer with an error; without a body it is a proxy's HTML page."""

    async def answer(request: web.Request) -> web.StreamResponse:
        if body is None:
            return web.Response(status=status, text="<html>Bad</html>", content_type="text/html")
        return web.json_response(body, status=status, headers=headers)

    return answer


async def dropped(request: web.Request) -> web.StreamResponse:
    """Take the request and close the connection without an answer."""
    assert request.transport is not None
    request.transport.close()
    return web.Response()


def member(user: str, membership: str = "join") -> dict[str, Any]:
    return state("m.room.member", user, user, membership=membership)


def state(kind: str, key: str = "", sender: str = USER, **content: Any) -> dict[str, Any]:
    mark = f"${kind}-{key}-{content.get('membership', '')}"
    return {
        "type": kind,
        "state_key": key,
        "sender": sender,
        "content": content,
        "event_id": mark,
        "origin_server_ts": 1,
    }


def text(number: int, sender: str = ANN, words: str = "") -> dict[str, Any]:
    content = {"msgtype": "m.text", "body": words or f"words {number}"}
    return {
        "type": "m.room.message",
        "sender": sender,
        "content": content,
        "event_id": f"$e{number}",
        "origin_server_ts": number,
    }


CREATED: dict[str, Any] = {"room_version": "12", "m.federate": False}
CONSULT_STATE = [
    state("m.room.create", **CREATED),
    state("m.room.join_rules", join_rule="invite"),
    state("m.room.guest_access", guest_access="forbidden"),
    state("m.room.history_visibility", history_visibility="joined"),
    state("m.room.power_levels", events_default=50, users_default=0),
    member(USER),
]
HOME_STATE = [state("m.room.create", room_version="12"), member(USER), member(ANN)]


class PretendHomeserver:
    """Answers what the bot asks; ``trouble`` holds answers to give instead, by a word of the path."""

    def __init__(self) -> None:
        self.trouble: dict[str, deque[Answer]] = {}
        self.asked: list[tuple[str, dict[str, str], Any]] = []
        self.pages: dict[str, dict[str, Any]] = {}
        self.sent: dict[str, str] = {}
        self._syncs: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._logins = itertools.count(1)
        self._device_keys: dict[str, Any] = {}
        self._token = 0
        self._request = asyncio.Event()
        app = web.Application()
        app.router.add_route("*", "/{tail:.*}", self._answer)
        self._server = TestServer(app)

    async def start(self) -> str:
        await self._server.start_server()
        return f"http://{self._server.host}:{self._server.port}"

    async def stop(self) -> None:
        await self._server.close()

    def fail(self, word: str, *answers: Answer) -> None:
        self.trouble.setdefault(word, deque()).extend(answers)

    def tell(self, *events: dict[str, Any], limited: bool = False, prev_batch: str = "p0") -> None:
        """Let the next sync bring events of the home chat."""
        timeline = {"events": list(events), "limited": limited, "prev_batch": prev_batch}
        self._syncs.put_nowait({"rooms": {"join": {HOME: {"timeline": timeline}}}})

    async def next_request(self, seconds: float) -> None:
        """Wait for the next request, or so long."""
        waiting = asyncio.ensure_future(self._request.wait())
        await asyncio.wait((waiting,), timeout=seconds)
        waiting.cancel()

    def count(self, word: str) -> int:
        return sum(path.endswith(word) for path, _, _ in self.asked)

    def queries(self, word: str) -> list[dict[str, str]]:
        return [query for path, query, _ in self.asked if path.endswith(word)]

    def bodies(self, word: str) -> list[Any]:
        return [body for path, _, body in self.asked if path.endswith(word)]

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        raw = await request.read()
        body = json.loads(raw) if raw and request.content_type == "application/json" else None
        self.asked.append((request.path, dict(request.query), body))
        self._request.set()
        self._request = asyncio.Event()
        for word, answers in self.trouble.items():
            if answers and (request.path.endswith(word) or f"/{word}/" in request.path):
                return await answers.popleft()(request)
        return web.json_response(await self._told(request, body))

    async def _told(self, request: web.Request, body: Any) -> Any:
        last = request.path.rsplit("/", 1)[1]
        known = getattr(self, f"_{last}", None)
        if known is not None:
            return await known(request, body)
        if "/send/" in request.path:
            return {"event_id": self.sent.setdefault(last, f"$s{len(self.sent)}")}
        return {}

    async def _login(self, request: web.Request, body: Any) -> Any:
        device = body.get("device_id", "DEVICE")
        return {"user_id": USER, "device_id": device, "access_token": f"token-{next(self._logins)}"}

    async def _whoami(self, request: web.Request, body: Any) -> Any:
        return {"user_id": USER, "device_id": "DEVICE"}

    async def _upload(self, request: web.Request, body: Any) -> Any:
        if body and "device_keys" in body:
            self._device_keys = body["device_keys"]
        return {"one_time_key_counts": {"signed_curve25519": 50}, "content_uri": "mxc://hospital.example/abc"}

    async def _query(self, request: web.Request, body: Any) -> Any:
        return {"device_keys": {USER: {"DEVICE": self._device_keys} if self._device_keys else {}}}

    async def _state(self, request: web.Request, body: Any) -> Any:
        return CONSULT_STATE

    async def _joined_members(self, request: web.Request, body: Any) -> Any:
        users = (USER, ANN) if HOME in request.path else (USER,)
        return {"joined": {user: {"display_name": user, "avatar_url": None} for user in users}}

    async def _messages(self, request: web.Request, body: Any) -> Any:
        return self.pages[request.query["from"]]

    async def _sync(self, request: web.Request, body: Any) -> Any:
        if request.query.get("full_state") == "true":
            news: dict[str, Any] = {"rooms": {"join": self._rooms()}}
        else:
            news = await self._syncs.get()
        self._token += 1
        return {
            "next_batch": f"t{self._token}",
            "device_one_time_keys_count": {"signed_curve25519": 50},
            "device_lists": {"changed": [], "left": []},
            "to_device": {"events": []},
            **news,
        }

    def _rooms(self) -> dict[str, Any]:
        rooms = ((ROOM, CONSULT_STATE), (HOME, HOME_STATE))
        return {room: {"state": {"events": events}, "timeline": {"events": []}} for room, events in rooms}


setattr(PretendHomeserver, "_m.direct", lambda self, request, body: _direct())


async def _direct() -> dict[str, list[str]]:
    return {ANN: [HOME]}
