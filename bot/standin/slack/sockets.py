"""Socket Mode: connections of apps, envelopes to one of them at random, acknowledgements back."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from .envelopes import Envelope, NotTaken
from .team import Team, World
from .wire import Json

MOST_CONNECTIONS = 10


@dataclass(eq=False, slots=True)
class Line:
    """One open web socket and the acknowledgements it owes."""

    team: Team
    socket: web.WebSocketResponse
    request: web.Request
    owed: dict[str, asyncio.Future[Json]] = field(default_factory=dict)
    frozen: bool = False


class Sockets:
    """All open lines of all apps."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.lines: list[Line] = []
        self.sending: set[asyncio.Task[None]] = set()

    def of(self, team: Team) -> list[Line]:
        """The open lines of one workspace's app."""
        return [line for line in self.lines if line.team is team and not line.socket.closed]

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Serve one web socket, admitted by the ticket in its address."""
        team = self.world.tickets.pop(request.query.get("ticket", ""), None)
        if team is None or len(self.of(team)) >= MOST_CONNECTIONS:
            return web.Response(status=401 if team is None else 429)
        socket = web.WebSocketResponse(autoping=True, timeout=1.0)
        await socket.prepare(request)
        line = Line(team, socket, request)
        await socket.send_json(self._hello(team, len(self.of(team)) + 1))
        self.lines.append(line)
        self.world.bell.ring("socket", team.id)
        try:
            await self._listen(line)
        finally:
            self._hang_up(line)
        return socket

    def send(self, team: Team, envelope: Envelope) -> asyncio.Future[Json]:
        """Send an envelope down one open line; NotTaken ``dispatch_failed`` when there is none."""
        answer: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        lines = self.of(team)
        if not lines:
            answer.set_exception(NotTaken("dispatch_failed"))
            return answer
        line = self.world.mint.chance.choice(lines)
        envelope_id = self.world.mint.uuid()
        line.owed[envelope_id] = answer
        if line.frozen:
            return answer
        task = asyncio.get_running_loop().create_task(self._put(line, _frame(envelope, envelope_id)))
        self.sending.add(task)
        task.add_done_callback(self.sending.discard)
        return answer

    async def refresh(self, team: Team | None = None, reason: str = "refresh_requested") -> None:
        """Send the ``disconnect`` message and close, as Slack does every few hours."""
        for line in self._chosen(team):
            about = {"type": "disconnect", "reason": reason, "debug_info": {"host": "standin"}}
            await line.socket.send_json(about)
            await line.socket.close()

    async def close(self, team: Team | None = None) -> None:
        """Close the lines with a close frame; a frozen one can only be cut."""
        for line in self._chosen(team):
            if line.frozen:
                self._cut(line)
            else:
                await line.socket.close()

    async def freeze(self, team: Team | None = None) -> None:
        """Leave the lines open but dead: nothing is read, no ping answered, what is sent never arrives."""
        for line in self._chosen(team):
            line.frozen = True
            if isinstance(line.request.transport, asyncio.ReadTransport):
                line.request.transport.pause_reading()

    async def abort(self, team: Team | None = None) -> None:
        """Cut the lines with no close frame, as a lost network would."""
        for line in self._chosen(team):
            self._cut(line)

    def _cut(self, line: Line) -> None:
        transport = line.request.transport
        self._hang_up(line)
        if transport is not None:
            transport.abort()

    def _chosen(self, team: Team | None) -> list[Line]:
        return [line for line in self.lines if team is None or line.team is team]

    def _hello(self, team: Team, count: int) -> Json:
        debug = {"host": "standin", "build_number": 1, "approximate_connection_time": 18060}
        app = {"app_id": team.app.app_id}
        return {"type": "hello", "num_connections": count, "debug_info": debug, "connection_info": app}

    async def _put(self, line: Line, frame: Json) -> None:
        try:
            await line.socket.send_json(frame)
        except ConnectionError:
            self._hang_up(line)

    async def _listen(self, line: Line) -> None:
        async for message in line.socket:
            if message.type is WSMsgType.TEXT:
                self._acknowledge(line, message.data)

    def _acknowledge(self, line: Line, text: str) -> None:
        try:
            ack = json.loads(text)
        except ValueError:
            return
        answer = line.owed.pop(str(ack.get("envelope_id")), None) if isinstance(ack, dict) else None
        if answer is not None and not answer.done():
            answer.set_result(ack.get("payload") or {})

    def _hang_up(self, line: Line) -> None:
        if line in self.lines:
            self.lines.remove(line)
            self.world.bell.ring("socket", line.team.id)


def _frame(envelope: Envelope, envelope_id: str) -> Json:
    frame: Json = {
        "envelope_id": envelope_id,
        "type": envelope.kind,
        "payload": envelope.payload,
        "accepts_response_payload": envelope.takes_answer,
    }
    if envelope.kind == "events_api":
        frame |= {"retry_attempt": envelope.retry, "retry_reason": envelope.retry_reason}
    return frame
