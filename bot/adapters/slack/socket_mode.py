"""Socket Mode: one live connection to Slack, watched, and renewed before or as soon as it dies.

The SDK's own client is not used: after some reconnects its events stop while everything looks well, it
sleeps by the machine's clock, and its log lines quote whole frames.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import structlog
from aiohttp import ClientError, ClientSession, ClientWebSocketResponse, WSMessage, WSMsgType
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from yarl import URL

from bot.adapters.slack.app import Reception, acknowledgement
from bot.adapters.slack.errors import Declined, Unreachable
from bot.adapters.slack.site import SlackSite
from bot.adapters.slack.wire import Wire
from bot.ports.adapter import ConfigurationRefused
from bot.ports.clock import Clock

_log = structlog.get_logger(__name__)

PING_SECONDS = 5.0
SILENCE_SECONDS = 15.0
"""After this long without a hello, a ping, a pong or an envelope a connection counts as dead."""
_SHORTEST_PAUSE = 0.5
_LONGEST_PAUSE = 30.0
_ENDED = (WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED, WSMsgType.ERROR)


class Line:
    """One WebSocket. It has ended when it closed, fell silent, or Slack asked for a new one."""

    def __init__(self, socket: ClientWebSocketResponse, reception: Reception, clock: Clock) -> None:
        self._socket = socket
        self._reception = reception
        self._clock = clock
        self._heard = clock.monotonic()
        self._work: set[asyncio.Task[None]] = set()
        loop = asyncio.get_running_loop()
        self.greeted: asyncio.Future[bool] = loop.create_future()
        self.ended: asyncio.Future[str] = loop.create_future()
        self._tasks = (asyncio.create_task(self._listen()), asyncio.create_task(self._watch()))

    async def close(self) -> None:
        """Let what is being taken in finish, acknowledge it, then hang up."""
        if self._work:
            await asyncio.wait(self._work)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._end("closed")
        with suppress(ClientError, OSError, TimeoutError):
            await self._socket.close()

    async def _listen(self) -> None:
        try:
            while (message := await self._socket.receive()).type not in _ENDED:
                self._heard = self._clock.monotonic()
                await self._hear(message)
        except (ClientError, OSError):
            _log.info("slack_socket_broken")
        finally:
            self._end("closed")

    async def _hear(self, message: WSMessage) -> None:
        if message.type is WSMsgType.PING:
            await self._socket.pong(message.data)
        elif message.type is WSMsgType.TEXT:
            self._read(message.data)

    def _read(self, text: str) -> None:
        try:
            frame = json.loads(text)
            kind = frame.get("type")
        except (ValueError, AttributeError):
            _log.warning("slack_frame_unreadable")
            return
        if kind == "hello":
            if not self.greeted.done():
                self.greeted.set_result(True)
        elif kind == "disconnect":
            self._end(f"asked:{frame.get('reason', '')}")
        elif "envelope_id" in frame:
            task = asyncio.create_task(self._take(frame))
            self._work.add(task)
            task.add_done_callback(self._work.discard)

    async def _take(self, frame: Mapping[str, Any]) -> None:
        async def send(answer: BoltResponse) -> None:
            if answer.status == 200:
                told = acknowledgement(answer)
                said = {"payload": told} if told is not None else {}
                await self._socket.send_str(json.dumps({"envelope_id": frame["envelope_id"], **said}))

        payload = frame.get("payload")
        request = AsyncBoltRequest(mode="socket_mode", body=payload if isinstance(payload, dict) else {})
        try:
            await self._reception.receive(request, send)
        except (ClientError, OSError):
            _log.info("slack_acknowledgement_lost")

    async def _watch(self) -> None:
        while not self.ended.done():
            await self._clock.sleep(PING_SECONDS)
            if self._clock.monotonic() - self._heard > SILENCE_SECONDS:
                self._end("silent")
                return
            with suppress(ClientError, OSError):
                await self._socket.ping()

    def _end(self, reason: str) -> None:
        if not self.ended.done():
            self.ended.set_result(reason)
        if not self.greeted.done():
            self.greeted.set_result(False)


class SocketMode:
    """Keeps a line open from start to stop."""

    def __init__(self, site: SlackSite, wire: Wire, reception: Reception, clock: Clock) -> None:
        self._site = site
        self._wire = wire
        self._reception = reception
        self._clock = clock
        self._session: ClientSession | None = None
        self._line: Line | None = None
        self._keeping: asyncio.Task[None] | None = None
        self._retiring: set[asyncio.Task[None]] = set()
        self.problem = "not connected yet"
        self.renewals = 0
        """How often a line was lost or given back, and another opened."""

    @property
    def connected(self) -> bool:
        """A line stands, and Slack greeted on it."""
        return self._line is not None and not self._line.ended.done()

    @property
    def started(self) -> bool:
        """Whether a line is kept, or being made anew."""
        return self._keeping is not None and not self._keeping.done()

    async def start(self, *, patiently: bool = False) -> None:
        """Connect; returns once Slack greets.

        Raises ``Declined`` or ``Unreachable``, and ``ConfigurationRefused`` for a refused token: that is
        tried again behind the scenes instead where it is done ``patiently``.
        """
        if self._session is None:
            self._session = ClientSession()
        try:
            self._line = await self._connect()
        except ConfigurationRefused as refusal:
            if not patiently:
                raise
            self.problem = refusal.sentence
        self._keeping = asyncio.create_task(self._keep())

    async def stop(self) -> None:
        """Hang up once what is being taken in is acknowledged."""
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)
        if self._line is not None:
            await self._line.close()
        await asyncio.gather(*self._retiring, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    async def _keep(self) -> None:
        if self._line is None:
            self._line = await self._reconnect()
        while self._line is not None:
            reason = await self._line.ended
            self.problem = "the connection to Slack was lost"
            _log.info("slack_socket_renewed", code=reason.partition(":")[0])
            old, self._line = self._line, await self._reconnect()
            self.renewals += 1
            self._retire(old)

    async def _reconnect(self) -> Line:
        """Open a new line, trying again with growing pauses until Slack greets on it."""
        pause = _SHORTEST_PAUSE
        while True:
            wait = pause
            try:
                return await self._connect()
            except ConfigurationRefused as refusal:
                self.problem, wait = refusal.sentence, _LONGEST_PAUSE
            except Declined as declined:
                self.problem, wait = f"Slack answers {declined.code}.", declined.retry_after or pause
            except Unreachable:
                self.problem = "Slack cannot be reached."
            await self._clock.sleep(wait)
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def _connect(self) -> Line:
        try:
            return await self._open()
        except Declined as declined:
            if not declined.about_token:
                raise
            sentence = "Slack refuses the app-level token; make a new one with connections:write."
            raise ConfigurationRefused("slack.app_token", sentence) from None

    async def _open(self) -> Line:
        url = URL(await self._wire.open_socket())
        if not self._site.takes_socket(url) or self._session is None:
            raise Declined("apps.connections.open", "foreign_socket_address")
        try:
            socket = await self._session.ws_connect(
                url, autoping=False, max_msg_size=4 * 1024 * 1024, proxy=self._wire.client.proxy
            )
        except (ClientError, TimeoutError, OSError):
            raise Unreachable("socket", sent=False) from None
        line = Line(socket, self._reception, self._clock)
        try:
            greeted = await line.greeted
        except asyncio.CancelledError:
            await line.close()
            raise
        if not greeted:
            await line.close()
            raise Unreachable("socket", sent=False)
        self.problem = ""
        return line

    def _retire(self, line: Line) -> None:
        task = asyncio.create_task(line.close())
        self._retiring.add(task)
        task.add_done_callback(self._retiring.discard)
