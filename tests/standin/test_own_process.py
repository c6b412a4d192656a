"""The stand-in in a process of its own, played over its control addresses."""

from __future__ import annotations

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.standin.slack.remote import PlayRefused, RemoteSlack
from tests.standin.conftest import connect, disconnect
from tests.standin.form_views import form

CONFIG = {
    "seed": 3,
    "workspaces": [
        {
            "name": "st-anna",
            "people": [{"name": "eva", "real_name": "Eva Lind"}, {"name": "otto"}],
            "channels": [{"name": "consult", "members": ["eva", "otto"], "app_is_member": True}],
        }
    ],
}


class Started:
    """A running stand-in and what it told about itself."""

    def __init__(self, process: Process, about: dict[str, Any]) -> None:
        self.process = process
        self.about = about
        self.workspace: dict[str, Any] = about["workspaces"][0]


@pytest.fixture
async def started(tmp_path: Path) -> AsyncIterator[Started]:
    config = tmp_path / "slack.json"
    config.write_text(json.dumps(CONFIG))
    command = [sys.executable, "-m", "bot.standin.slack", "--config", str(config), "--until-stdin-closes"]
    process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE)
    assert process.stdout is not None
    yield Started(process, json.loads(await process.stdout.readline()))
    if process.returncode is None:
        process.terminate()
        await process.communicate()


@pytest.fixture
async def remote(started: Started) -> AsyncIterator[RemoteSlack]:
    async with RemoteSlack(started.about["url"]) as slack:
        yield slack


def app_for(started: Started) -> AsyncApp:
    app = started.workspace["app"]

    async def authorize(**_: Any) -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=None, team_id=started.workspace["id"], bot_token=app["bot_token"]
        )

    client = AsyncWebClient(base_url=started.about["api_url"], retry_handlers=[])
    return AsyncApp(signing_secret=app["signing_secret"], client=client, authorize=authorize)


async def test_a_story_from_outside(started: Started, remote: RemoteSlack) -> None:
    bolt = app_for(started)

    @bolt.command("/consult")
    async def consult(ack: Any, body: dict[str, Any], client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=form(callback_id="case"))

    @bolt.view("case")
    async def case(ack: Any, view: dict[str, Any], client: Any) -> None:
        await ack()
        text = view["state"]["values"]["story"]["story"]["value"]
        await client.chat_postMessage(channel=started.workspace["channels"]["consult"], text=text)

    handler = AsyncSocketModeHandler(bolt, started.workspace["app"]["app_token"])
    await connect(handler)
    eva, otto = remote.person("st-anna", "eva"), remote.person("st-anna", "otto")
    await remote.until(lambda: _answers(eva))
    await remote.until(eva.modal)
    assert (await eva.submit({"story": ""})).errors
    assert (await eva.submit({"story": "A man, 40"})).ok
    await remote.until(lambda: otto.channel("consult"))
    assert [message["text"] for message in await otto.channel("consult")] == ["A man, 40"]
    assert [call.method for call in await remote.calls()][-1] == "chat.postMessage"
    await disconnect(handler)


async def _answers(person: Any) -> bool:
    """Whether the app is there already."""
    return bool((await person.slash("/consult", channel="consult")).ok)


async def test_the_workspace_outlives_a_bot_that_dies(started: Started, remote: RemoteSlack) -> None:
    token = started.workspace["app"]["bot_token"]
    script = (
        "import os, sys, urllib.request\n"
        "request = urllib.request.Request(sys.argv[1] + 'chat.postMessage', method='POST',\n"
        "    data=('channel=' + sys.argv[2] + '&text=before').encode(),\n"
        "    headers={'Authorization': 'Bearer ' + sys.argv[3]})\n"
        "urllib.request.urlopen(request).read()\n"
        "os.kill(os.getpid(), 9)\n"
    )
    room = started.workspace["channels"]["consult"]
    command = [sys.executable, "-c", script, started.about["api_url"], room, token]
    bot = await asyncio.create_subprocess_exec(*command)
    assert await bot.wait() == -9
    seen = await remote.person("st-anna", "eva").channel("consult")
    assert [message["text"] for message in seen] == ["before"]


async def test_files_go_up_and_come_down(started: Started, remote: RemoteSlack) -> None:
    sent = await remote.person("st-anna", "eva").say_dm("look", files=[("a.png", b"\x00\xff")])
    where = {"team": "st-anna", "person": "eva", "file": sent["files"][0]["id"]}
    async with remote.session.get(f"{remote.url}/_play/file", params=where) as response:
        assert (response.content_type, await response.read()) == ("image/png", b"\x00\xff")


async def test_trouble_is_ordered_from_outside(started: Started, remote: RemoteSlack) -> None:
    await remote.fault("ratelimit", method="auth.test", times=1, retry_after=4)
    token = started.workspace["app"]["bot_token"]
    headers = {"Authorization": f"Bearer {token}"}
    async with remote.session.post(f"{started.about['api_url']}auth.test", headers=headers) as response:
        assert (response.status, response.headers["Retry-After"]) == (429, "4")
    await remote.sockets("abort")
    await remote.rate_limits(on=False)


async def test_what_cannot_be_done_is_said(started: Started, remote: RemoteSlack) -> None:
    eva = remote.person("st-anna", "eva")
    with pytest.raises(PlayRefused, match="no form is open"):
        await eva.submit({})
    with pytest.raises(PlayRefused, match="no verb"):
        await eva.do("dance")
    with pytest.raises(PlayRefused, match="nobody"):
        await remote.person("st-anna", "nobody").dm()


async def test_a_profile_is_edited_from_outside(started: Started, remote: RemoteSlack) -> None:
    eva = remote.person("st-anna", "eva")
    await eva.do("edits_profile", real_name="Ruth Falk")
    workspace = started.about["workspaces"][0]
    headers = {"Authorization": f"Bearer {workspace['app']['bot_token']}"}
    asked = {"user": workspace["people"]["eva"]}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{started.about['api_url']}users.info", headers=headers, data=asked) as response,
    ):
        told = await response.json()
    assert told["user"]["profile"]["real_name"] == "Ruth Falk"


async def test_only_this_machines_own_name_plays(started: Started, remote: RemoteSlack) -> None:
    headers = {"Host": "evil.example"}
    url = f"{started.about['url']}/_play/setup"
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as response:
        assert response.status == 403


async def test_it_ends_when_whoever_started_it_is_gone(started: Started) -> None:
    assert started.process.stdin is not None
    started.process.stdin.close()
    assert await started.process.wait() == 0
