"""Two hospitals on one bot: one has a token in the file, the other installs the app by itself."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, CookieJar
from aiohttp.test_utils import unused_port

from bot.adapters.slack import manifest
from bot.chat.events import Account
from bot.domain.members import Role
from bot.identity.keys import create_key_file
from bot.standin.slack import Channel, Person, SlackStandin, Workspace
from tests.storage.templates import lay_out
from tests.stories.at_slack import post_a_case, stands
from tests.stories.clock import StoryChance
from tests.stories.whole import running
from tests.stories.world import bytes_below
from tests.waiting import until

CONFIG = """
data_dir = "var"
key_file = "{folder}/master.key"

[[slack]]
name = "st-anna"
mode = "http"
bot_token = "{token}"
signing_secret = "{signing}"
api_url = "{api}"
channel = "{anna}"

[[slack]]
name = "city"
team = "{team}"
mode = "http"
signing_secret = "{signing}"
api_url = "{api}"
channel = "{city}"

[slack_oauth]
client_id = "{client}"
client_secret = "{secret}"

[http]
port = {port}
public_url = "http://127.0.0.1:{port}"

[relay]
undo_seconds = 0
delay_seconds = [0, 0]
"""


@dataclass
class Town:
    """Two hospitals that take part, and one that does not."""

    folder: Path
    slack: SlackStandin
    anna: Workspace
    city: Workspace
    harbour: Workspace
    eva: Person
    ben: Person
    mia: Person
    anna_room: Channel
    city_room: Channel
    port: int

    def configure(self) -> Path:
        app = self.anna.app
        text = CONFIG.format(
            folder=self.folder,
            token=app.bot_token,
            signing=app.signing_secret,
            api=self.slack.api_url,
            anna=self.anna_room.id,
            city=self.city_room.id,
            team=self.city.id,
            client=app.client_id,
            secret=app.client_secret,
            port=self.port,
        )
        config = self.folder / "curbside.toml"
        config.write_text(text, encoding="utf-8")
        return config

    def address(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}/{path}"

    async def read(self, path: str) -> Any:
        async with ClientSession() as session, session.get(self.address(path)) as answer:
            return await answer.json()

    async def part(self, site: str) -> dict[str, Any]:
        parts: dict[str, dict[str, Any]] = (await self.read("ready"))["parts"]
        return parts[site]

    async def says(self, site: str, problem: str) -> bool:
        return problem in (await self.part(site)).get("problem", "")

    async def nothing_under_way(self) -> bool:
        return not self.slack.postman.under_way

    async def install(self, person: Person) -> str:
        """Go through the consent page in a browser; gives the page at the end."""
        async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as browser:
            async with browser.get(self.address("slack/install"), allow_redirects=False) as there:
                back = await person.consents(there.headers["Location"])
            async with browser.get(back) as answer:
                return await answer.text()


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with SlackStandin(seed=9, rate_limits=False) as slack:
        anna = slack.add_workspace("st-anna", manifest=manifest())
        city = slack.add_workspace("city", app_of=anna)
        harbour = slack.add_workspace("harbour", app_of=anna)
        eva, ben, mia = anna.add_person("eva"), city.add_person("ben"), harbour.add_person("mia")
        rooms = (
            anna.add_channel("consult", members=[eva], app_is_member=True),
            city.add_channel("consult", members=[ben]),
        )
        port = unused_port()
        for workspace in (anna, city, harbour):
            workspace.app.deliver_to = f"http://127.0.0.1:{port}/slack/events"
        create_key_file(tmp_path / "master.key", StoryChance(seed=1))
        await asyncio.to_thread(lay_out, tmp_path / "var")
        yield Town(tmp_path, slack, anna, city, harbour, eva, ben, mia, *rooms, port)


async def test_a_hospital_installs_the_app_and_removes_it_again(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.INFO, "aiosqlite")  # It tells of every step of the driver.
    missing = f"The app is not installed; open {town.address('slack/install')}"
    members = {Account("slack", one.account.team, one.id): Role.PHYSICIAN for one in (town.eva, town.ben)}
    async with running(town.configure(), members):
        assert await town.part("city") == {"ok": False, "problem": missing}
        assert (await town.read("ready"))["ready"] is True, "it is no fault of the bot's"
        await post_a_case(town.slack, town.eva, "first")
        await town.slack.until(lambda: stands("first", town.anna_room))
        assert "The app is installed" in await town.install(town.ben)
        assert not stands("first", town.city_room)
        await until(lambda: town.says("city", "invite the app"))
        await town.ben.brings_app(town.city_room)
        await town.slack.until(lambda: stands("first", town.city_room))
        assert await town.part("city") == {"ok": True}
    token = town.city.app.bot_token
    assert token.encode() not in bytes_below(town.folder / "var")

    async with running(town.configure()):
        assert await town.part("city") == {"ok": True}
        await post_a_case(town.slack, town.eva, "second")
        await town.slack.until(lambda: stands("second", town.city_room))
        town.city.uninstall()
        await until(lambda: town.says("city", missing))
        await post_a_case(town.slack, town.eva, "third")
        await town.slack.until(lambda: stands("third", town.anna_room))
        assert not stands("third", town.city_room)

    async with running(town.configure()):
        assert await town.part("city") == {"ok": False, "problem": missing}, "the token was erased"
        assert "The app is installed" in await town.install(town.ben)
        await town.ben.brings_app(town.city_room)
        await town.slack.until(lambda: stands("third", town.city_room))
    assert {token, town.city.app.bot_token} & set(caplog.text.split()) == set()
    assert token not in caplog.text


async def test_a_workspace_that_is_not_on_the_list_is_sent_away(town: Town) -> None:
    async with running(town.configure()):
        page = await town.install(town.mia)
        assert "not on the list" in page
        assert [call.ok for call in town.slack.calls_of("auth.revoke")] == [True]
        assert not town.harbour.app.installed
        await until(town.nothing_under_way)
        told = [one.payload["event"]["type"] for one in town.slack.postman.sent if one.kind == "events_api"]
        assert told.count("tokens_revoked") == 1, "it was taken, so nothing comes twice"
        assert (await town.part("city"))["ok"] is False
        assert "takes part already" in await town.install(town.eva)
        assert (await town.part("st-anna"))["ok"] is True
        assert town.anna.app.installed
