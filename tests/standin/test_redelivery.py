"""Events that are not acknowledged come again; commands do not."""

from __future__ import annotations

from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp

from tests.standin.conftest import Clinic, connect, disconnect


async def test_an_event_comes_again_at_once_after_one_and_after_five_minutes(
    clinic: Clinic, bolt: AsyncApp, socket: AsyncSocketModeHandler
) -> None:
    heard: list[tuple[float, str]] = []
    start = clinic.clock.now()

    @bolt.middleware
    async def swallow(body: dict[str, Any], req: Any) -> None:
        """Takes the event and never acknowledges it."""
        heard.append((clinic.clock.now() - start, body["event_id"]))
        clinic.slack.bell.ring("heard")

    await clinic.eva.say_dm("x")
    for times, seconds in ((1, 3), (2, 3), (2, 60), (3, 3), (3, 300)):
        await clinic.slack.until(lambda times=times: len(heard) == times)  # type: ignore[misc]
        await clinic.clock.advance(seconds)
    await clinic.slack.until(lambda: len(heard) == 4)
    assert [at for at, _ in heard] == [0, 3, 66, 369]
    assert len({event_id for _, event_id in heard}) == 1
    await clinic.clock.advance(3600)
    assert len(heard) == 4


async def test_an_event_while_no_socket_is_open_is_not_lost(clinic: Clinic, bolt: AsyncApp) -> None:
    heard: list[str] = []

    @bolt.event("message")
    async def message(event: dict[str, Any]) -> None:
        heard.append(event["text"])
        clinic.slack.bell.ring("heard")

    await clinic.eva.say_dm("early")
    handler = AsyncSocketModeHandler(bolt, clinic.workspace.app.app_token)
    await connect(handler)
    await clinic.slack.until(lambda: clinic.slack.sockets.lines)
    await clinic.clock.advance(60)
    await clinic.slack.until(lambda: heard == ["early"])
    await disconnect(handler)


async def test_several_sockets_share_the_payloads(clinic: Clinic, bolt: AsyncApp) -> None:
    @bolt.event("message")
    async def message() -> None:
        clinic.slack.bell.ring("heard")

    handlers = [AsyncSocketModeHandler(bolt, clinic.workspace.app.app_token) for _ in range(2)]
    for handler in handlers:
        await connect(handler)
    await clinic.slack.until(lambda: len(clinic.slack.sockets.lines) == 2)
    feed = clinic.slack.changes()
    for number in range(12):
        await clinic.eva.say_dm(str(number))
    heard = 0
    while heard < 12:
        heard += (await anext(feed)).kind == "heard"
    feed.close()
    for handler in handlers:
        await disconnect(handler)


async def test_a_ticket_opens_one_socket_only(clinic: Clinic) -> None:
    answer = await clinic.client.apps_connections_open(app_token=clinic.workspace.app.app_token)
    assert answer["url"].startswith("ws://127.0.0.1:")
    assert len(clinic.slack.world.tickets) == 1
