"""Signed requests: checked byte for byte before anything in them is read; whatever is wrong is a 401."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Protocol
from urllib.parse import parse_qs

from aiohttp import web
from multidict import CIMultiDictProxy
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.adapters.slack.app import Reception
from bot.adapters.slack.site import Secret
from bot.ports.clock import Clock

_WINDOW = 300.0  # seconds that a request may be old, as Slack recommends
_TIME = re.compile(r"[0-9]{1,12}")
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")
_TIME_HEADER = "X-Slack-Request-Timestamp"
_SIGNATURE_HEADER = "X-Slack-Signature"

Headers = CIMultiDictProxy[str]


class Signature:
    """Knows which requests Slack itself sent for this app."""

    def __init__(self, secret: Secret, clock: Clock) -> None:
        self._secret = secret
        self._clock = clock
        self._newest = 0

    def covers(self, headers: Headers, body: bytes) -> bool:
        """Say whether the request is signed, unaltered and fresh. Never raises.

        Fresh by our clock and by the newest time that Slack has signed: a clock that jumps back lets nothing
        in again that was overheard meanwhile.
        """
        time, signature = _only(headers, _TIME_HEADER), _only(headers, _SIGNATURE_HEADER)
        if not (self._secret and _TIME.fullmatch(time) and _SIGNATURE.fullmatch(signature)):
            return False
        if abs(self._clock.now().timestamp() - int(time)) > _WINDOW or self._newest - int(time) > _WINDOW:
            return False
        signed = b"v0:" + time.encode() + b":" + body
        expected = hmac.new(self._secret.reveal().encode(), signed, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(f"v0={expected}".encode(), signature.encode()):
            return False
        self._newest = max(self._newest, int(time))
        return True


def _only(headers: Headers, name: str) -> str:
    given = headers.getall(name, [])
    return given[0] if len(given) == 1 and given[0].isascii() else ""


class Door:
    """Where requests of one workspace come in. ``shared`` says that its app is other workspaces' too."""

    def __init__(
        self, signature: Signature, reception: Reception, team: Callable[[], str], *, shared: bool = False
    ) -> None:
        self._signature = signature
        self._reception = reception
        self._team = team
        self.shared = shared

    def covers(self, headers: Headers, body: bytes) -> bool:
        """Say whether the request is signed for this workspace's app."""
        return self._signature.covers(headers, body)

    @property
    def team(self) -> str:
        """The workspace's id, once it is known."""
        return self._team()

    async def enter(self, request: web.Request, said: Mapping[str, Any]) -> web.StreamResponse:
        """Take a request whose signature was checked; returns once its acknowledgement is on the wire."""
        answers: list[web.Response] = []

        async def send(answer: BoltResponse) -> None:
            answers.append(await _write(request, answer))

        # The mode that takes what was read already; everything behind the door is the same for both.
        await self._reception.receive(AsyncBoltRequest(mode="socket_mode", body=dict(said)), send)
        return answers[0]


class HasDoor(Protocol):
    """A Slack adapter, as far as requests are concerned."""

    @property
    def door(self) -> Door:
        """Where its requests come in."""
        ...


def handle_for(adapters: Sequence[HasDoor]) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """Make the handler of ``POST /slack/events`` for all workspaces that use HTTP mode."""

    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            body = await request.read()
        except web.HTTPException:  # too large
            return refused()
        doors = [each.door for each in adapters if each.door.covers(request.headers, body)]
        said = _read(request.headers, body) if doors else None
        if said is None:
            return refused()
        door = _pick(doors, said)
        # Taken, so that Slack does not repeat it: of a workspace that is not on the list nothing is wanted.
        return await door.enter(request, said) if door else web.Response()

    return handle


def _pick(doors: Sequence[Door], said: Mapping[str, Any]) -> Door | None:
    """One app in several workspaces has one signing secret; then the (checked) payload says which it is.

    None where the app is installed by whoever wants to, and this is another workspace.
    """
    inner = said.get("team")
    team = said.get("team_id") or (inner.get("id") if isinstance(inner, dict) else "")
    other = None if team and any(door.shared for door in doors) else doors[0]
    return next((door for door in doors if team and door.team == team), other)


def _read(headers: Headers, body: bytes) -> Mapping[str, Any] | None:
    """Read a checked request; None where it is no object at all."""
    try:
        text = body.decode()
        if "json" in headers.get("Content-Type", ""):
            said = json.loads(text)
        else:
            form = {name: values[0] for name, values in parse_qs(text, keep_blank_values=True).items()}
            said = json.loads(form["payload"]) if "payload" in form else form
    except ValueError:
        return None
    return said if isinstance(said, dict) else None


async def _write(request: web.Request, answer: BoltResponse) -> web.Response:
    kind = "application/json" if answer.body.startswith("{") else "text/plain"
    response = web.Response(status=answer.status, text=answer.body, content_type=kind)
    await response.prepare(request)
    await response.write_eof()
    return response


def refused() -> web.Response:
    """Answer everything that is not plainly Slack's."""
    return web.Response(status=401)
