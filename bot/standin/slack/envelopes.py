"""Taking payloads to the app and waiting for its acknowledgement, by socket or by signed HTTP."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Protocol

from .clock import within
from .faults import Faults
from .team import Team, World
from .wire import Json

ACK_SECONDS = 3.0
RETRY_PAUSES = (0.0, 60.0, 300.0)


class NotTaken(Exception):
    """The app did not take a payload; ``reason`` is what Slack would tell the person."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Envelope:
    """One payload on its way: ``kind`` is slash_commands, interactive or events_api."""

    kind: str
    payload: Json
    retry: int = 0
    retry_reason: str = ""

    @property
    def takes_answer(self) -> bool:
        """Whether the acknowledgement may carry an answer."""
        return self.kind != "events_api"

    @property
    def says_goodbye(self) -> bool:
        """Whether it tells the app that it was removed, which comes when it has no token any more."""
        event = self.payload.get("event") or {}
        return event.get("type") in ("tokens_revoked", "app_uninstalled")


class Transport(Protocol):
    """A way to the app."""

    def send(self, team: Team, envelope: Envelope) -> asyncio.Future[Json]:
        """Send it now; the future holds the answer, or NotTaken."""
        ...


class Postman:
    """Delivers envelopes and keeps them in ``sent``; events come again at once, after 1 and 5 minutes."""

    def __init__(self, world: World, faults: Faults, sockets: Transport, http: Transport) -> None:
        self.world = world
        self.faults = faults
        self.sockets = sockets
        self.http = http
        self.under_way: set[asyncio.Task[None]] = set()
        self.sent: list[Envelope] = []

    async def deliver(self, team: Team, envelope: Envelope) -> Json:
        """The app's answer to one payload; NotTaken when none came within three seconds."""
        if not team.app.installed and not envelope.says_goodbye:
            raise NotTaken("dispatch_failed")
        self.sent.append(envelope)
        way = self.http if team.app.deliver_to else self.sockets
        answer = way.send(team, envelope)
        if self.faults.takes_double():
            self._forget(way.send(team, envelope))
        try:
            given = await within(self.world.clock, ACK_SECONDS, answer)
            if self.faults.loses_ack():
                await self.world.clock.sleep(ACK_SECONDS)
                raise NotTaken("operation_timeout")
            return given
        except TimeoutError:
            raise NotTaken("operation_timeout") from None

    def post_event(self, team: Team, event: Json) -> None:
        """Deliver one event in the background."""
        payload = event_payload(team, event)
        task = asyncio.get_running_loop().create_task(self._until_taken(team, payload))
        self.under_way.add(task)
        task.add_done_callback(self.under_way.discard)

    async def close(self) -> None:
        """Stop all deliveries under way."""
        for task in tuple(self.under_way):
            task.cancel()
        await asyncio.gather(*self.under_way, return_exceptions=True)

    async def _until_taken(self, team: Team, payload: Json) -> None:
        again = self.faults.repeats()
        retry, reason = 0, ""
        for pause in (None, *RETRY_PAUSES):
            if pause:
                await self.world.clock.sleep(pause)
            try:
                await self.deliver(team, Envelope("events_api", payload, retry, reason))
                break
            except NotTaken as failure:
                retry, reason = retry + 1, _retry_reason(failure.reason)
        for number in range(again):
            await self._repeat(team, Envelope("events_api", payload, number + 1, "timeout"))

    async def _repeat(self, team: Team, envelope: Envelope) -> None:
        try:
            await self.deliver(team, envelope)
        except NotTaken as failure:
            self.world.bell.ring(f"repeat_{failure.reason}", team.id)

    def _forget(self, answer: asyncio.Future[Json]) -> None:
        answer.add_done_callback(lambda done: done.cancelled() or done.exception())


def _retry_reason(failure: str) -> str:
    return "timeout" if failure == "operation_timeout" else "http_error"


def event_payload(team: Team, event: Json) -> Json:
    """The outer object of an event, with a fresh event id."""
    app, world = team.app, team.world
    here = {"enterprise_id": None, "team_id": team.id, "user_id": app.bot_user_id}
    channel = team.channels.get(str(event.get("channel", "")))
    return {
        "token": app.verification_token,
        "team_id": team.id,
        "context_team_id": team.id,
        "context_enterprise_id": None,
        "api_app_id": app.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": world.mint.id("Ev"),
        "event_time": int(world.now()),
        "authorizations": [{**here, "is_bot": True, "is_enterprise_install": False}],
        "is_ext_shared_channel": bool(channel and channel.shared),
        "event_context": f"4-{world.mint.hex(40)}",
    }
