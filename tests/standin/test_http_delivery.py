"""The same acts delivered as signed requests to a bolt app behind HTTP."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier

from bot.standin.slack import signature
from tests.standin.conftest import Clinic
from tests.standin.form_views import form


@pytest.fixture
async def door(clinic: Clinic, bolt: AsyncApp) -> AsyncIterator[str]:
    """The app's own address, which the workspace delivers to."""

    async def events(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await bolt.async_dispatch(await to_bolt_request(request)))

    server = web.Application()
    server.router.add_post("/slack/events", events)
    runner = web.AppRunner(server)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    clinic.workspace.app.deliver_to = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    yield clinic.workspace.app.deliver_to
    await runner.cleanup()


async def test_command_form_and_event_arrive_signed(clinic: Clinic, bolt: AsyncApp, door: str) -> None:
    heard: list[str] = []

    @bolt.command("/consult")
    async def consult(ack: Any, body: dict[str, Any], client: Any) -> None:
        await ack(text="One moment.")
        await client.views_open(trigger_id=body["trigger_id"], view=form(callback_id="case"))

    @bolt.view("case")
    async def case(ack: Any, view: dict[str, Any]) -> None:
        heard.append(view["state"]["values"]["story"]["story"]["value"])
        await ack(response_action="update", view=form(title="Thanks"))

    @bolt.event("message")
    async def message(event: dict[str, Any]) -> None:
        heard.append(event["text"])
        clinic.slack.bell.ring("heard")

    assert (await clinic.eva.slash("/consult", "ünï & cö", channel=clinic.room)).ok
    await clinic.slack.until(lambda: clinic.eva.modal)
    assert (await clinic.eva.submit({"story": "ü & <b>"})).ok
    assert clinic.eva.modal is not None
    assert clinic.eva.modal["title"]["text"] == "Thanks"
    await clinic.eva.say_dm("hello")
    await clinic.slack.until(lambda: len(heard) == 2)
    assert heard == ["ü & <b>", "hello"]


async def test_the_address_proves_itself(clinic: Clinic, door: str) -> None:
    assert await clinic.slack.http.challenge(clinic.workspace.team)


async def test_another_secret_is_refused_and_shown(clinic: Clinic, door: str) -> None:
    clinic.workspace.app.signing_secret = "another"
    assert (await clinic.eva.slash("/consult")).error == "http_service_error"


async def test_a_closed_door_is_shown(clinic: Clinic) -> None:
    clinic.workspace.app.deliver_to = "http://127.0.0.1:9/slack/events"
    assert (await clinic.eva.slash("/consult")).error == "dispatch_failed"


async def test_retries_carry_their_number_in_headers(clinic: Clinic, bolt: AsyncApp, door: str) -> None:
    heard: list[tuple[str, str]] = []

    @bolt.middleware
    async def count(req: Any, next_: Any) -> Any:
        number = req.headers.get("x-slack-retry-num", ["0"])[0]
        heard.append((number, req.headers.get("x-slack-retry-reason", [""])[0]))
        clinic.slack.bell.ring("heard")
        return await next_()

    await clinic.eva.say_dm("nobody listens to this: 404")
    await clinic.slack.until(lambda: len(heard) == 2)
    while len(heard) < 4:
        await clinic.clock.advance(10)
    assert heard == [("0", ""), ("1", "http_error"), ("2", "http_error"), ("3", "http_error")]


async def test_signatures_are_slacks_own() -> None:
    stamp, body = str(int(time.time())), b'{"type": "event_callback"}'
    verifier = SignatureVerifier("secret")
    assert verifier.is_valid(body, stamp, signature("secret", stamp, body))
    assert not verifier.is_valid(body + b" ", stamp, signature("secret", stamp, body))


async def test_a_request_signed_ten_minutes_ago_is_refused(clinic: Clinic, door: str) -> None:
    stamp, body = str(int(time.time()) - 600), b'{"type": "event_callback"}'
    headers = {
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": signature(clinic.workspace.app.signing_secret, stamp, body),
        "Content-Type": "application/json",
    }
    async with aiohttp.ClientSession() as session, session.post(door, data=body, headers=headers) as response:
        assert response.status == 401
