"""The Socket Mode connection comes back by itself, and misses nothing that can be repeated."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiohttp import WSMsgType, web

from bot.adapters.slack import Secret, SlackAdapter, SlackSite
from bot.chat.events import Kind
from bot.ports.adapter import ConfigurationRefused, Health
from bot.standin.slack import ManualClock


async def lines(hospital: Any, count: int = 1) -> None:
    await hospital.found(lambda: len(hospital.slack.sockets.of(hospital.workspace.team)) == count or None)


async def test_a_cut_line_is_replaced_at_once(connected: Any) -> None:
    await connected.slack.sockets.abort()
    await lines(connected)
    assert (await connected.eva.slash("/consult", "open", channel=connected.ward)).ok
    assert connected.adapter.health().connected
    assert connected.adapter.health().renewals == 1


async def test_a_line_that_slack_takes_away_is_replaced(connected: Any) -> None:
    for _ in range(3):
        await connected.slack.sockets.refresh()
        await lines(connected)
    assert (await connected.eva.slash("/consult", "open", channel=connected.ward)).ok


async def test_what_was_said_while_no_line_stood_arrives_afterwards(connected: Any) -> None:
    connected.slack.faults.server_error("apps.connections.open", times=2)
    await connected.slack.sockets.abort()
    await connected.eva.say_dm("anybody there?")
    await connected.found(lambda: None if connected.adapter.health().connected else connected)
    assert connected.adapter.health().problem

    async def arrived() -> str:
        return str((await connected.event(Kind.TEXT)).text)

    assert await connected.turning(arrived(), step=1.0) == "anybody there?"
    assert connected.adapter.health() == Health(connected=True)


async def test_a_429_at_reconnecting_is_waited_for(connected: Any) -> None:
    connected.slack.faults.ratelimit("apps.connections.open", retry_after=40)
    opened = len(connected.slack.calls_of("apps.connections.open"))
    await connected.slack.sockets.abort()
    await connected.found(
        lambda: len(connected.slack.calls_of("apps.connections.open")) == opened + 1 or None
    )
    await connected.clock.advance(39)
    assert len(connected.slack.calls_of("apps.connections.open")) == opened + 1
    await connected.clock.advance(2)
    await lines(connected)


async def test_what_is_being_taken_is_acknowledged_before_hanging_up(connected: Any) -> None:
    connected.inbox.gate = asyncio.Event()
    typing = asyncio.create_task(connected.eva.slash("/consult", "open", channel=connected.ward))
    await connected.found(lambda: connected.inbox.offered or None)
    stopping = asyncio.create_task(connected.adapter.stop())
    await asyncio.sleep(0.02)
    assert not stopping.done()
    connected.inbox.gate.set()
    await stopping
    assert (await typing).ok


class Deaf:
    """A Slack whose first line greets and then says nothing more, not even to a ping."""

    def __init__(self) -> None:
        self.opened = 0
        self.hello = True
        self.url = ""

    async def open(self, request: web.Request) -> web.Response:
        return web.json_response({"ok": True, "url": self.url})

    async def api(self, request: web.Request) -> web.Response:
        channel = {"id": "C0ROOM", "is_private": True, "is_member": True}
        known = {"team_id": "T0TEAM", "user_id": "U0BOT", "bot_id": "B0BOT", "channel": channel}
        return web.json_response({"ok": True, "members": [], **known})

    async def line(self, request: web.Request) -> web.WebSocketResponse:
        self.opened += 1
        deaf = self.opened == 1
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        if self.hello or not deaf:
            await socket.send_json({"type": "hello"})
        async for message in socket:
            if message.type is WSMsgType.PING and not deaf:
                await socket.pong(message.data)
        return socket


@pytest.fixture
async def deaf() -> Any:
    slack = Deaf()
    application = web.Application()
    application.router.add_post("/api/apps.connections.open", slack.open)
    application.router.add_post("/api/{method}", slack.api)
    application.router.add_get("/line", slack.line)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.url = f"ws://127.0.0.1:{runner.addresses[0][1]}/line"
    yield slack
    await runner.cleanup()


def adapter_of(deaf: Any, clock: Any, url: str = "") -> SlackAdapter:
    api_url = (url or deaf.url).replace("ws://", "http://").replace("/line", "/api/")
    site = SlackSite("deaf", Secret("xoxb-1"), "C0ROOM", app_token=Secret("xapp-1"), api_url=api_url)
    return SlackAdapter(site, clock)


@pytest.mark.parametrize("hello", [True, False])
async def test_a_silent_line_is_replaced_by_the_watchdog(
    deaf: Any, hospital: Any, clock: ManualClock, hello: bool
) -> None:
    deaf.hello = hello
    adapter = adapter_of(deaf, hospital.adapter._clock)
    started_at = clock.now()
    starting = asyncio.create_task(adapter.start(hospital.inbox))
    while deaf.opened < 2:
        await asyncio.sleep(0.005)
        await clock.advance(1)
    assert 15 < clock.now() - started_at <= 30
    await starting
    await hospital.found(lambda: adapter.health().connected or None)
    for _ in range(10):
        await clock.advance(5)
        await asyncio.sleep(0.02)
    assert deaf.opened == 2  # a line that answers pings stays
    await adapter.stop()


async def test_t13_a_foreign_socket_address_is_never_called(deaf: Any, hospital: Any) -> None:
    line, deaf.url = deaf.url, deaf.url.replace("127.0.0.1", "127.0.0.1.nip.example")
    adapter = adapter_of(deaf, hospital.adapter._clock, line)
    with pytest.raises(ConfigurationRefused):
        await adapter.start(hospital.inbox)
    assert deaf.opened == 0
    await adapter.stop()


async def test_a_refused_app_token_is_named(hospital: Any) -> None:
    site = SlackSite(
        "st-anna",
        Secret(hospital.workspace.app.bot_token),
        hospital.room.id,
        app_token=Secret("xapp-wrong"),
        api_url=hospital.slack.api_url,
    )
    adapter = SlackAdapter(site, hospital.adapter._clock)
    with pytest.raises(ConfigurationRefused) as caught:
        await adapter.start(hospital.inbox)
    assert caught.value.key == "slack.app_token"
    await adapter.stop()
