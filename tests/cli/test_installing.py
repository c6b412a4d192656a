"""The pages of an installation as a browser meets them, and what `curbside doctor` says of the app."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.cli.checks.installing import installing
from bot.config import MatrixSite, Settings
from bot.config.sections import Http, SlackOauth
from bot.config.sites import SlackSite
from bot.http import Surface, application
from bot.metrics import Metrics
from bot.ports.adapter import Health
from bot.ports.installing import Begun, Consent, Ending
from bot.standin.slack import SlackStandin, Workspace

SLACK = "https://slack.com/oauth/v2/authorize?state=5f3a"


@dataclass
class Pretended:
    """Begins and ends installations the way the test says."""

    public_url: str = "https://consult.st-anna.example/bot/"
    consent: Consent | None = field(default_factory=lambda: Consent(SLACK, "77c1"))
    ending: Ending = Ending.INSTALLED
    came: list[tuple[Begun, str]] = field(default_factory=list)

    async def begin(self) -> Consent | None:
        return self.consent

    async def returned(self, begun: Begun, code: str) -> Ending:
        self.came.append((begun, code))
        return self.ending


def shown(installing: Pretended | None, **parts: Health) -> TestServer:
    return TestServer(
        application(Surface(lambda: parts, Metrics(["city"], strict=True), installing=installing))
    )


async def test_the_browser_goes_to_slack_with_a_cookie_of_its_own() -> None:
    async with TestClient(shown(Pretended())) as client:
        answer = await client.get("/slack/install", allow_redirects=False)
        assert (answer.status, answer.headers["Location"]) == (302, SLACK)
        [cookie] = answer.headers.getall("Set-Cookie")
        assert cookie.startswith("curbside-install=77c1;")
        for part in ("HttpOnly", "Secure", "SameSite=Lax", "Max-Age=600", "Path=/bot/slack/"):
            assert part in cookie
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert (await client.head("/slack/install", allow_redirects=False)).status == 405


async def test_on_this_machine_alone_the_cookie_goes_unencrypted() -> None:
    async with TestClient(shown(Pretended("http://127.0.0.1:8080"))) as client:
        answer = await client.get("/slack/install", allow_redirects=False)
        cookie = answer.headers["Set-Cookie"]
        assert "Secure" not in cookie
        assert "Path=/slack/" in cookie


async def test_what_comes_back_is_taken_once_and_answered_with_a_page() -> None:
    pretended = Pretended()
    async with TestClient(shown(pretended), cookies={"curbside-install": "77c1"}) as client:
        answer = await client.get("/slack/oauth_redirect?state=5f3a&code=1.2.3")
        assert (answer.status, answer.content_type) == (200, "text/html")
        assert "style-src 'sha256-" in answer.headers["Content-Security-Policy"]
        assert "The app is installed" in await answer.text()
        assert "Max-Age=0" in answer.headers["Set-Cookie"]
        pretended.ending = Ending.DENIED
        answer = await client.get("/slack/oauth_redirect?state=5f3a&error=access_denied")
        assert (answer.status, "cancelled" in await answer.text()) == (400, True)
        await client.get("/slack/oauth_redirect?state=a&state=b&code=<script>")
        await client.get(f"/slack/oauth_redirect?state={'x' * 5000}")
    assert [(begun.state, begun.browser, code) for begun, code in pretended.came] == [
        ("5f3a", "77c1", "1.2.3"),
        ("5f3a", "77c1", ""),
        ("", "77c1", "<script>"),
        ("", "77c1", ""),
    ]


async def test_too_many_at_once_are_asked_to_wait() -> None:
    async with TestClient(shown(Pretended(consent=None))) as client:
        answer = await client.get("/slack/install", allow_redirects=False)
        assert (answer.status, "ten minutes" in await answer.text()) == (429, True)
        assert "Set-Cookie" not in answer.headers


async def test_without_such_a_workspace_there_is_no_such_page() -> None:
    async with TestClient(shown(None)) as client:
        for path in ("/slack/install", "/slack/oauth_redirect"):
            assert (await client.get(path)).status == 404


async def test_a_site_that_waits_does_not_make_the_bot_unready() -> None:
    waits = Health(connected=False, problem="The app is not installed.", waiting=True)
    async with TestClient(shown(None, database=Health(connected=True), city=waits)) as client:
        answer = await client.get("/ready")
        told = await answer.json()
    assert (answer.status, told["ready"]) == (200, True)
    assert told["parts"]["city"] == {"ok": False, "problem": "The app is not installed."}


def settings(folder: Path, slack: SlackStandin, city: Workspace, secret: str) -> Settings:
    site = SlackSite(
        name="city", team=city.id, mode="http", signing_secret="x", channel="C0123", api_url=slack.api_url
    )
    return Settings(
        data_dir=folder / "var",
        key_file=folder / "key",
        slack=(site,),
        slack_oauth=SlackOauth(client_id=city.app.client_id, client_secret=secret),
        http=Http(public_url="https://consult.st-anna.example"),
    )


async def lines(asked: Settings) -> list[tuple[str, str]]:
    return [(check.state, check.remedy) async for check in installing(asked)]


async def test_doctor_tries_id_and_secret_and_names_the_address_back(tmp_path: Path) -> None:
    async with SlackStandin(seed=2, rate_limits=False) as slack:
        city = slack.add_workspace("city")
        good = settings(tmp_path, slack, city, city.app.client_secret)
        wrong = settings(tmp_path, slack, city, "wrong")
        back = "the app has to know https://consult.st-anna.example/slack/oauth_redirect as a redirect URL"
        assert await lines(good) == [("ok", back)]
        assert await lines(wrong) == [
            ("fail", "Slack does not take client_secret; copy it from Basic Information")
        ]
        slack.faults.server_error("oauth.v2.access")
        [(state, _)] = await lines(good)
        assert state == "warn"
    assert await lines(good) == [("fail", "Slack cannot be reached; check the network and api_url")]


@pytest.mark.parametrize(("app", "states"), [({}, []), ({"client_id": "1.2"}, ["warn"])])
async def test_doctor_says_when_the_section_serves_nobody(
    tmp_path: Path, app: dict[str, str], states: list[str]
) -> None:
    site = MatrixSite(name="lake", homeserver="https://m.example", user="@c:m.example", password="x")
    asked = Settings(
        data_dir=tmp_path, key_file=tmp_path / "key", matrix=(site,), slack_oauth=SlackOauth(**app)
    )
    assert [state for state, _ in await lines(asked)] == states
