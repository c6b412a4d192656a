"""Trouble on order: each kind once, seen by a real client and a real bolt app."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.webhook.async_client import AsyncWebhookClient

from tests.standin.conftest import Clinic


async def post(clinic: Clinic) -> Any:
    return await clinic.client.chat_postMessage(channel=clinic.room.id, text="x")


async def test_429_with_retry_after_and_nothing_done(clinic: Clinic) -> None:
    clinic.slack.faults.ratelimit("chat.postMessage", times=1, retry_after=7)
    with pytest.raises(SlackApiError) as caught:
        await post(clinic)
    assert (caught.value.response.status_code, caught.value.response.headers["Retry-After"]) == (429, "7")
    assert clinic.eva.channel(clinic.room) == []
    await post(clinic)
    assert len(clinic.eva.channel(clinic.room)) == 1


@pytest.mark.parametrize("after_commit", [False, True])
async def test_503_before_or_after_the_work(clinic: Clinic, after_commit: bool) -> None:
    clinic.slack.faults.server_error("chat.postMessage", status=503, after_commit=after_commit)
    with pytest.raises(SlackApiError) as caught:
        await post(clinic)
    assert caught.value.response.status_code == 503
    assert len(clinic.eva.channel(clinic.room)) == int(after_commit)


@pytest.mark.parametrize("after_commit", [False, True])
async def test_a_connection_cut_before_or_after_the_work(clinic: Clinic, after_commit: bool) -> None:
    clinic.slack.faults.drop("chat.postMessage", after_commit=after_commit)
    with pytest.raises(aiohttp.ClientError):
        await post(clinic)
    assert len(clinic.eva.channel(clinic.room)) == int(after_commit)
    assert [call.fault for call in clinic.slack.calls_of("chat.postMessage")] == ["drop"]


async def test_a_late_answer_waits_for_the_clock(clinic: Clinic) -> None:
    clinic.slack.faults.delay("chat.postMessage", seconds=5)
    posting = asyncio.create_task(post(clinic))
    await clinic.slack.until(lambda: clinic.eva.channel(clinic.room))
    assert not posting.done()
    await clinic.clock.advance(5)
    assert (await posting)["ok"]


async def test_trouble_by_chance_follows_the_seed(clinic: Clinic) -> None:
    clinic.slack.rates.on = False
    clinic.slack.faults.at_rate("chat.postMessage", ratelimit=0.3, server_error=0.2, drop_after_commit=0.1)
    ended: list[str] = []
    for _ in range(100):
        try:
            await post(clinic)
            ended.append("fine")
        except SlackApiError as refused:
            ended.append(str(refused.response.status_code))
        except aiohttp.ClientError:
            ended.append("cut")
    counts = {word: ended.count(word) for word in ("429", "503", "cut")}
    assert 15 < counts["429"] < 45
    assert 8 < counts["503"] < 35
    assert 3 < counts["cut"] < 20
    assert len(clinic.eva.channel(clinic.room)) == ended.count("fine") + counts["cut"]
    clinic.slack.faults.clear()
    await post(clinic)


async def test_uploads_and_downloads_fail_too(clinic: Clinic) -> None:
    clinic.slack.faults.server_error("upload", status=502)
    with pytest.raises(SlackRequestError, match="502"):
        await clinic.client.files_upload_v2(filename="a.png", content=b"12345")
    sent = await clinic.eva.say_dm(files=[("a.png", b"12345")])
    clinic.slack.faults.server_error("download", status=502)
    headers = {"Authorization": f"Bearer {clinic.workspace.app.bot_token}"}
    async with aiohttp.ClientSession(headers=headers) as session:
        async with session.get(sent["files"][0]["url_private"]) as response:
            assert response.status == 502
        async with session.get(sent["files"][0]["url_private"]) as response:
            assert await response.read() == b"12345"


def listen(bolt: AsyncApp, clinic: Clinic) -> list[dict[str, Any]]:
    """All message events of the app, with the number of the retry."""
    heard: list[dict[str, Any]] = []

    @bolt.event("message")
    async def message(body: dict[str, Any], request: Any) -> None:
        headers = request.headers
        heard.append({"id": body["event_id"], "retry": headers.get("x-slack-retry-num", ["0"])[0]})
        clinic.slack.bell.ring("heard")

    return heard


async def test_an_answer_in_place_that_fails(clinic: Clinic) -> None:
    link = clinic.workspace.stage.link("actions", clinic.eva.id, clinic.room)
    webhook = AsyncWebhookClient(clinic.workspace.stage.address(link))
    clinic.slack.faults.server_error("response_url", after_commit=True)
    assert (await webhook.send(text="x")).status_code == 503
    assert [note["text"] for note in clinic.eva.ephemerals()] == ["x"]
    assert (await webhook.send(text="y")).status_code == 200


async def test_a_doubled_envelope(clinic: Clinic, bolt: AsyncApp, socket: AsyncSocketModeHandler) -> None:
    heard = listen(bolt, clinic)
    clinic.slack.faults.duplicate_envelopes()
    await clinic.eva.say_dm("x")
    await clinic.slack.until(lambda: len(heard) == 2)
    assert heard[0]["id"] == heard[1]["id"]


async def test_an_event_repeated_although_acknowledged(
    clinic: Clinic, bolt: AsyncApp, socket: AsyncSocketModeHandler
) -> None:
    heard = listen(bolt, clinic)
    clinic.slack.faults.repeat_events(again=3)
    await clinic.eva.say_dm("x")
    await clinic.slack.until(lambda: len(heard) == 4)
    assert len({event["id"] for event in heard}) == 1
    assert [event["retry"] for event in heard] == ["0", "1", "2", "3"]


async def test_a_lost_acknowledgement_brings_the_event_again_after_three_seconds(
    clinic: Clinic, bolt: AsyncApp, socket: AsyncSocketModeHandler
) -> None:
    heard = listen(bolt, clinic)
    clinic.slack.faults.lose_acks()
    await clinic.eva.say_dm("x")
    await clinic.slack.until(lambda: len(heard) == 1)
    while len(heard) < 2:
        await clinic.clock.advance(1)
    assert heard[0]["id"] == heard[1]["id"]
    assert heard[1]["retry"] == "1"


async def test_a_command_whose_acknowledgement_is_lost_shows_a_timeout(
    clinic: Clinic, bolt: AsyncApp, socket: AsyncSocketModeHandler
) -> None:
    seen: list[str] = []

    @bolt.command("/consult")
    async def consult(ack: Any) -> None:
        await ack()
        seen.append("seen")

    clinic.slack.faults.lose_acks()
    typing = asyncio.create_task(clinic.eva.slash("/consult"))
    while not typing.done():
        await clinic.clock.advance(1)
    assert (await typing).error == "operation_timeout"
    assert seen == ["seen"]


async def test_a_frozen_socket_stays_open_and_answers_nothing(clinic: Clinic) -> None:
    answer = await clinic.client.apps_connections_open(app_token=clinic.workspace.app.app_token)
    async with aiohttp.ClientSession() as session, session.ws_connect(answer["url"], autoping=False) as line:
        assert (await line.receive_json())["type"] == "hello"
        await line.ping()
        assert (await line.receive(timeout=5)).type is aiohttp.WSMsgType.PONG
        await clinic.slack.sockets.freeze()
        await line.ping()
        typing = asyncio.create_task(clinic.eva.slash("/consult"))
        while not typing.done():
            await clinic.clock.advance(1)
        assert (await typing).error == "operation_timeout"
        with pytest.raises(TimeoutError):
            await line.receive(timeout=0.05)
        assert not line.closed
        await clinic.slack.sockets.close()


@pytest.mark.parametrize("way", ["abort", "close", "refresh"])
async def test_a_lost_socket_is_replaced_and_carries_on(
    clinic: Clinic, bolt: AsyncApp, socket: AsyncSocketModeHandler, way: str
) -> None:
    heard = listen(bolt, clinic)
    (old,) = clinic.slack.sockets.lines
    await getattr(clinic.slack.sockets, way)()
    await clinic.slack.until(
        lambda: clinic.slack.sockets.lines and clinic.slack.sockets.lines != [old], timeout=15
    )
    await clinic.eva.say_dm("x")
    await clinic.slack.until(lambda: heard)
