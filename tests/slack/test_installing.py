"""A workspace installs the app by itself: every end of the walk, and a token that comes and goes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from aiohttp import web

from bot.adapters.slack import Secret, SlackAdapter, SlackSite, handle_for, manifest
from bot.adapters.slack.installing import Client, SlackInstalling, try_out
from bot.chat.cards import note
from bot.chat.events import Account
from bot.identity.installing import MOST, BegunInstallations
from bot.ports.adapter import ConfigurationRefused, Delivery, Later, Post
from bot.ports.installing import Begun, BotToken, Ending
from bot.standin.slack import Channel, Person, SlackStandin, Workspace
from bot.standin.slack.api.table import METHODS
from tests.matrix.fakes import MemoryCabinet, RealClock
from tests.slack.conftest import Inbox
from tests.stories.clock import StoryChance, StoryClock
from tests.verification.code_desk import keyed
from tests.waiting import until

PUBLIC = "https://consult.st-anna.example/bot"
MISSING = f"The app is not installed; open {PUBLIC}/slack/install"


class Kept:
    """Keeps a token as long as the test lives; can be told to fail."""

    def __init__(self) -> None:
        self.value: BotToken | None = None
        self.broken = False

    async def token(self) -> BotToken | None:
        return self.value

    async def keep(self, token: BotToken) -> None:
        self.value = token

    async def forget(self, token: BotToken) -> None:
        if self.broken:
            raise OSError("the disk is full")
        self.value = None if self.value == token else self.value


@dataclass
class Desk:
    """One workspace that may install the app, another one that may not, and the adapter that waits."""

    slack: SlackStandin
    city: Workspace
    ben: Person
    room: Channel
    mia: Person
    client: Client
    kept: Kept
    adapter: SlackAdapter
    installing: SlackInstalling
    clock: StoryClock
    inbox: Inbox

    async def begun(self, person: Person) -> tuple[Begun, str]:
        """Consent, and come back as far as the bot's page: what the browser brings."""
        consent = await self.installing.begin()
        assert consent is not None
        return brought(await person.consents(consent.address), consent.browser)

    async def install(self, person: Person) -> Ending:
        return await self.installing.returned(*await self.begun(person))

    async def settled(self) -> None:
        """Install, invite the app, and wait until the adapter stands."""
        assert await self.install(self.ben) is Ending.INSTALLED
        await self.ben.brings_app(self.room)
        await until(lambda: self.adapter.health().connected)

    async def post(self, words: str) -> None:
        await self.adapter.deliver(Delivery(words, None, Post(note(words))), _record)


def brought(back: str, browser: str) -> tuple[Begun, str]:
    query = parse_qs(urlsplit(back).query)
    return Begun(query["state"][0], browser), query.get("code", [""])[0]


async def _record(_: object) -> None:
    """Nothing is taken back in these tests."""


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with SlackStandin(seed=4, rate_limits=False) as slack:
        anna = slack.add_workspace("st-anna", manifest=manifest())
        city, harbour = (slack.add_workspace(name, app_of=anna) for name in ("city", "harbour"))
        ben, mia = city.add_person("ben"), harbour.add_person("mia")
        room = city.add_channel("consult", members=[ben])
        site = SlackSite(
            name="city",
            bot_token=Secret(),
            channel=room.id,
            mode="http",
            signing_secret=Secret(city.app.signing_secret),
            api_url=slack.api_url,
            team=city.id,
            install_at=f"{PUBLIC}/slack/install",
        )
        kept, clock, inbox = Kept(), StoryClock(), Inbox()
        adapter = SlackAdapter(site, RealClock(), kept)
        client = Client(site, city.app.client_id, Secret(city.app.client_secret), PUBLIC)
        begun = BegunInstallations(MemoryCabinet(), keyed, clock=clock, chance=StoryChance(seed=1))
        installing = SlackInstalling(client, begun, {city.id: kept}, {city.id: adapter})
        async with served(adapter) as port:
            city.app.deliver_to = f"http://127.0.0.1:{port}/slack/events"
            await adapter.start(inbox)
            yield Desk(slack, city, ben, room, mia, client, kept, adapter, installing, clock, inbox)
            await adapter.stop()


@asynccontextmanager
async def served(adapter: SlackAdapter) -> AsyncIterator[int]:
    """Take signed requests for one adapter, on any free port."""
    application = web.Application()
    application.router.add_post("/slack/events", handle_for([adapter]))
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()


def answering(monkeypatch: pytest.MonkeyPatch, change: Mapping[str, Any]) -> None:
    """Let Slack answer an exchange with something else in it; None leaves a key out."""
    known = METHODS["oauth.v2.access"]

    def run(asked: Any) -> dict[str, Any]:
        answer = {**known.run(asked), **change}
        return {name: value for name, value in answer.items() if value != "-"}

    monkeypatch.setitem(METHODS, "oauth.v2.access", replace(known, run=run))


async def test_it_waits_until_the_app_is_installed_and_invited(desk: Desk) -> None:
    health = desk.adapter.health()
    assert (health.connected, health.waiting, health.problem) == (False, True, MISSING)
    with pytest.raises(Later):
        await desk.post("too early")
    assert desk.adapter.serves(Account("slack", desk.city.id, desk.ben.id)), "what is for ben waits here"

    assert await desk.install(desk.ben) is Ending.INSTALLED
    await until(lambda: "invite the app" in desk.adapter.health().problem)
    assert desk.adapter.health().waiting
    await desk.ben.brings_app(desk.room)
    await until(lambda: desk.adapter.health().connected)
    assert not desk.adapter.health().waiting
    await desk.post("at last")
    assert "at last" in str([one.wire() for one in desk.room.messages])


async def test_the_consent_page_is_asked_for_the_manifests_scopes_in_this_workspace(desk: Desk) -> None:
    consent = await desk.installing.begin()
    assert consent is not None
    asked = parse_qs(urlsplit(consent.address).query)
    assert asked["scope"] == [",".join(manifest()["oauth_config"]["scopes"]["bot"])]
    assert asked["redirect_uri"] == [f"{PUBLIC}/slack/oauth_redirect"]
    assert asked["team"] == [desk.city.id]
    assert consent.browser not in consent.address
    assert "0" not in repr(consent), "neither address nor cookie shows"


async def test_the_way_back_is_good_once_and_in_the_browser_that_began(desk: Desk) -> None:
    begun, code = await desk.begun(desk.ben)
    stranger = replace(begun, browser="another")
    assert await desk.installing.returned(stranger, code) is Ending.STALE
    assert await desk.installing.returned(replace(begun, browser=""), code) is Ending.STALE
    assert desk.kept.value is None
    assert await desk.installing.returned(begun, code) is Ending.INSTALLED
    assert await desk.installing.returned(begun, code) is Ending.STALE
    assert len(desk.slack.calls_of("oauth.v2.access")) == 1


async def test_the_way_back_ends_after_ten_minutes(desk: Desk) -> None:
    begun, code = await desk.begun(desk.ben)
    desk.clock.pass_(600)
    assert await desk.installing.returned(begun, code) is Ending.STALE
    assert desk.slack.calls_of("oauth.v2.access") == []


async def test_strangers_cannot_begin_without_end(desk: Desk) -> None:
    for _ in range(MOST):
        assert await desk.installing.begin() is not None
    assert await desk.installing.begin() is None
    desk.clock.pass_(600)
    assert await desk.installing.begin() is not None


async def test_whoever_cancels_is_told_so(desk: Desk) -> None:
    consent = await desk.installing.begin()
    assert consent is not None
    back = await desk.ben.declines(consent.address)
    assert await desk.installing.returned(*brought(back, consent.browser)) is Ending.DENIED
    assert desk.slack.calls_of("oauth.v2.access") == []


async def test_another_workspace_gets_its_token_taken_back(desk: Desk) -> None:
    assert await desk.install(desk.mia) is Ending.OTHER_WORKSPACE
    assert [call.ok for call in desk.slack.calls_of("auth.revoke")] == [True]
    assert desk.adapter.health().problem == MISSING


async def test_a_workspace_that_was_set_up_by_hand_keeps_its_token(desk: Desk) -> None:
    desk.installing = SlackInstalling(
        desk.client,
        BegunInstallations(MemoryCabinet(), keyed, clock=desk.clock, chance=StoryChance(seed=2)),
        {},
        {},
        lambda: {desk.mia.account.team},
    )
    assert await desk.install(desk.mia) is Ending.SETTLED
    assert desk.slack.calls_of("auth.revoke") == []


async def test_another_workspace_is_sent_away_also_when_slack_cannot_take_it_back(desk: Desk) -> None:
    desk.slack.faults.server_error("auth.revoke")
    assert await desk.install(desk.mia) is Ending.OTHER_WORKSPACE


@pytest.mark.parametrize(
    ("change", "ending"),
    [
        ({"is_enterprise_install": True, "team": None}, Ending.WHOLE_ORGANISATION),
        ({"team": None}, Ending.WHOLE_ORGANISATION),
        ({"scope": "chat:write,commands"}, Ending.MISSING_SCOPES),
        ({"scope": "-"}, Ending.MISSING_SCOPES),
        ({"access_token": "-"}, Ending.MISSING_SCOPES),
        ({"refresh_token": "xoxe-1", "expires_in": 43200}, Ending.ENDING_TOKEN),
    ],
)
async def test_what_does_not_fit_is_not_kept(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, change: Mapping[str, Any], ending: Ending
) -> None:
    answering(monkeypatch, change)
    assert await desk.install(desk.ben) is ending
    assert desk.kept.value is None
    assert len(desk.slack.calls_of("auth.revoke")) == 1


async def test_slack_in_trouble_has_its_own_end(desk: Desk) -> None:
    desk.slack.faults.server_error("oauth.v2.access")
    assert await desk.install(desk.ben) is Ending.SILENT
    desk.slack.faults.drop("oauth.v2.access")
    assert await desk.install(desk.ben) is Ending.SILENT
    begun, _ = await desk.begun(desk.ben)
    assert await desk.installing.returned(begun, "never given out") is Ending.REFUSED


async def test_the_doctor_asks_slack_about_id_and_secret(desk: Desk) -> None:
    assert await try_out(desk.client) == ""
    assert await try_out(replace(desk.client, client_id="1.2")) == "invalid_client_id"
    assert await try_out(replace(desk.client, secret=Secret("wrong"))) == "bad_client_secret"


async def test_a_removed_app_waits_for_the_next_installation(desk: Desk) -> None:
    await desk.settled()
    first = await desk.kept.token()
    desk.city.uninstall()
    await until(lambda: desk.adapter.health().problem == MISSING)
    assert await desk.kept.token() is None
    with pytest.raises(Later):
        await desk.post("meanwhile")
    await desk.settled()
    assert await desk.kept.token() not in (None, first)
    await desk.post("again")
    assert "again" in str([one.wire() for one in desk.room.messages])


async def test_a_removal_that_nobody_told_shows_at_the_next_call(desk: Desk) -> None:
    await desk.settled()
    desk.city.app.installed = False
    with pytest.raises(Later):
        await desk.post("waits")
    await until(lambda: desk.adapter.health().problem == MISSING)
    assert desk.kept.value is None
    with pytest.raises(Later):
        await desk.adapter.occupants()


async def test_what_is_told_of_an_earlier_token_takes_nothing_away(desk: Desk) -> None:
    await desk.settled()
    asked = len(desk.slack.calls_of("auth.test"))
    late = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [desk.city.app.bot_user_id]}}
    desk.city.team.tell("tokens_revoked", late)
    await until(lambda: len(desk.slack.calls_of("auth.test")) > asked)
    await desk.post("still here")
    assert desk.kept.value is not None
    assert desk.inbox.events == []


async def test_a_token_that_only_fails_is_kept(desk: Desk) -> None:
    """Slack answers ``invalid_auth`` to addresses that a workspace does not let in, too."""
    await desk.settled()
    token, desk.city.app.bot_token = desk.city.app.bot_token, "xoxb-another"
    with pytest.raises(Later):
        await desk.post("waits")
    health = desk.adapter.health()
    assert (health.connected, health.waiting) == (False, True)
    assert health.problem == f"Slack answers invalid_auth; install the app again: open {PUBLIC}/slack/install"
    assert desk.kept.value == BotToken(token)


async def test_a_token_that_cannot_be_erased_is_tried_again_at_the_next_start(desk: Desk) -> None:
    await desk.settled()
    desk.kept.broken = True
    desk.city.uninstall()
    await until(lambda: "account_inactive" in desk.adapter.health().problem)
    await desk.adapter.stop()
    desk.kept.broken = False
    again = SlackAdapter(desk.client.site, RealClock(), desk.kept)
    await again.start(desk.inbox)
    await until(lambda: again.health().problem == MISSING)
    assert desk.kept.value is None
    await again.stop()


async def test_an_installation_over_another_one_takes_the_new_token(desk: Desk) -> None:
    await desk.settled()
    earlier = len(desk.slack.calls_of("conversations.info"))
    assert await desk.install(desk.ben) is Ending.INSTALLED
    await until(lambda: len(desk.slack.calls_of("conversations.info")) > earlier)
    await until(lambda: desk.adapter.health().connected)
    await desk.post("on it goes")


async def test_what_comes_too_late_or_too_early_starts_nothing(desk: Desk) -> None:
    await desk.adapter.stop()
    assert await desk.install(desk.ben) is Ending.INSTALLED
    assert desk.adapter.health().problem == "stopped"
    fresh = SlackAdapter(desk.client.site, RealClock(), desk.kept)
    await fresh.installed()
    assert fresh.health().problem == "not started yet"
    await desk.ben.brings_app(desk.room)
    await fresh.start(desk.inbox)
    assert fresh.health().connected
    await fresh.stop()


async def _said(adapter: SlackAdapter) -> list[tuple[str, str]]:
    return [(one.state, f"{one.name}: {one.remedy}") for one in await adapter.checks()]


async def test_the_doctor_tells_what_is_missing_and_erases_nothing(desk: Desk) -> None:
    looking = SlackAdapter(desk.client.site, RealClock(), desk.kept)
    assert await _said(looking) == [("warn", f"slack city: installation: {MISSING}")]
    await desk.settled()
    assert {state for state, _ in await _said(looking)} == {"ok", "warn"}
    desk.kept.broken = True
    desk.city.uninstall()
    await until(lambda: desk.adapter.health().waiting)
    await desk.adapter.stop()
    desk.kept.broken = False
    [(state, line), *_] = await _said(looking)
    assert (state, "install the app again" in line) == ("fail", True)
    assert desk.kept.value is not None


async def test_a_token_of_another_workspace_is_refused(desk: Desk) -> None:
    wrong = replace(desk.client.site, team="T0OTHER")
    await desk.settled()
    written = replace(wrong, bot_token=Secret(desk.city.app.bot_token))
    refusing = SlackAdapter(written, RealClock())
    with pytest.raises(ConfigurationRefused, match="another workspace"):
        await refusing.start(desk.inbox)
    await refusing.stop()
    assert "another workspace" in (await _said(SlackAdapter(written, RealClock())))[0][1]
    waiting = SlackAdapter(wrong, RealClock(), desk.kept)
    await waiting.start(desk.inbox)
    assert "another workspace" in waiting.health().problem
    await waiting.stop()
