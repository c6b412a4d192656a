"""A clinic in the local Slack, and a small real bolt app that talks to it."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.standin.slack import Channel, ManualClock, Person, SlackStandin, Workspace


@dataclass
class Clinic:
    """One workspace with three people, a room that the app is in, and the app's own client."""

    slack: SlackStandin
    clock: ManualClock
    workspace: Workspace
    eva: Person
    otto: Person
    guest: Person
    room: Channel
    client: AsyncWebClient
    heard: list[dict[str, Any]] = field(default_factory=list)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(start=float(int(time.time())))


@pytest.fixture
async def slack(clock: ManualClock) -> AsyncIterator[SlackStandin]:
    async with SlackStandin(clock=clock, seed=7) as standin:
        yield standin


@pytest.fixture
def clinic(slack: SlackStandin, clock: ManualClock) -> Clinic:
    workspace = slack.add_workspace("st-anna")
    eva = workspace.add_person("eva", real_name="Eva Lind")
    otto = workspace.add_person("otto", real_name="Otto Brandt")
    guest = workspace.add_person("guest", guest=True)
    room = workspace.add_channel("consult", members=[eva, otto], app_is_member=True)
    client = AsyncWebClient(token=workspace.app.bot_token, base_url=slack.api_url, retry_handlers=[])
    return Clinic(slack, clock, workspace, eva, otto, guest, room, client)


def bolt_app(clinic: Clinic) -> AsyncApp:
    """A bolt app with no handlers yet, whose installation is known without a call."""
    app = clinic.workspace.app

    async def authorize(**_: Any) -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=None,
            team_id=clinic.workspace.id,
            bot_token=app.bot_token,
            bot_id=app.bot_id,
            bot_user_id=app.bot_user_id,
        )

    return AsyncApp(
        signing_secret=app.signing_secret,
        client=AsyncWebClient(base_url=clinic.slack.api_url, retry_handlers=[]),
        authorize=authorize,
        ignoring_self_events_enabled=False,
    )


@pytest.fixture
def bolt(clinic: Clinic) -> AsyncApp:
    return bolt_app(clinic)


async def connect(handler: Any) -> None:
    """Open the handler's socket."""
    await handler.connect_async()


async def disconnect(handler: Any) -> None:
    """Close it."""
    await handler.close_async()


@pytest.fixture
async def socket(clinic: Clinic, bolt: AsyncApp) -> AsyncIterator[AsyncSocketModeHandler]:
    """The bolt app, connected by Socket Mode."""
    handler = AsyncSocketModeHandler(bolt, clinic.workspace.app.app_token, ping_interval=0.3)
    await connect(handler)
    await clinic.slack.until(lambda: clinic.slack.sockets.of(clinic.workspace.team))
    yield handler
    await disconnect(handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A stuck test here waits for a clock that nobody turns; say so soon."""
    for item in items:
        if "standin" in item.path.parts and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(20))
