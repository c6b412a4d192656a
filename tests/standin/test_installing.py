"""The consent page of the local Slack, codes, tokens that die, and what the app is told then."""

from __future__ import annotations

from collections.abc import AsyncIterator
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.slack import manifest
from bot.standin.slack import NotAllowed, SlackStandin, Workspace
from tests.node.typed_calls import event_problems

BACK = "https://curbside.example/slack/oauth_redirect"


@pytest.fixture
async def slack() -> AsyncIterator[SlackStandin]:
    async with SlackStandin(seed=3, rate_limits=False) as standin:
        yield standin


@pytest.fixture
def city(slack: SlackStandin) -> Workspace:
    anna = slack.add_workspace("st-anna", manifest=manifest())
    return slack.add_workspace("city", app_of=anna)


def asked(slack: SlackStandin, city: Workspace, **other: str) -> str:
    query = {
        "client_id": city.app.client_id,
        "scope": "chat:write,commands",
        "redirect_uri": BACK,
        "state": "s",
    }
    return f"{slack.world.base_url}/oauth/v2/authorize?{urlencode(query | other)}"


def told(address: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(address).query)


async def access(slack: SlackStandin, city: Workspace, **other: str) -> str:
    """Exchange a code; gives the token, or Slack's word for what is wrong."""
    nobody = AsyncWebClient(base_url=slack.api_url, retry_handlers=[])
    given = {"client_id": city.app.client_id, "client_secret": city.app.client_secret, "redirect_uri": BACK}
    try:
        answer = await nobody.api_call("oauth.v2.access", data=given | other)
    except SlackApiError as error:
        return str(error.response["error"])
    return str(answer["access_token"])


async def test_the_page_shows_only_what_the_app_may_ask(slack: SlackStandin, city: Workspace) -> None:
    ben = city.add_person("ben")
    for spoilt in ({"client_id": "1.2"}, {"scope": "admin"}, {"scope": ""}, {"redirect_uri": ""}):
        with pytest.raises(NotAllowed):
            await ben.consents(asked(slack, city, **spoilt))
    with pytest.raises(NotAllowed):
        await ben.consents("https://elsewhere.example/oauth/v2/authorize")
    assert told(await ben.declines(asked(slack, city))) == {"error": ["access_denied"], "state": ["s"]}


async def test_a_code_is_good_once_and_for_its_address(slack: SlackStandin, city: Workspace) -> None:
    ben = city.add_person("ben")
    code = told(await ben.consents(asked(slack, city)))["code"][0]
    assert await access(slack, city, code=code, client_id="1.2") == "invalid_client_id"
    assert await access(slack, city, code=code, client_secret="x") == "bad_client_secret"
    assert (await access(slack, city, code=code)).startswith("xoxb-")
    assert city.app.scopes == {"chat:write", "commands"}
    assert await access(slack, city, code=code) == "invalid_code"
    code = told(await ben.consents(asked(slack, city)))["code"][0]
    assert await access(slack, city, code=code, redirect_uri="https://other.example/") == "bad_redirect_uri"


async def test_a_token_dies_with_its_installation(slack: SlackStandin, city: Workspace) -> None:
    ben = city.add_person("ben")
    room = city.add_channel("consult", members=[ben])
    token = await access(slack, city, code=told(await ben.consents(asked(slack, city)))["code"][0])
    await ben.brings_app(room)
    client = AsyncWebClient(token=token, base_url=slack.api_url, retry_handlers=[])
    assert (await client.auth_test())["team_id"] == city.id

    city.uninstall()

    with pytest.raises(SlackApiError, match="account_inactive"):
        await client.auth_test()
    assert city.app.bot_user_id not in room.members
    await slack.until(lambda: len(slack.postman.sent) > 1)
    events = [one.payload["event"] for one in slack.postman.sent[:2]]
    assert [one["type"] for one in events] == ["tokens_revoked", "app_uninstalled"]
    again = await access(slack, city, code=told(await ben.consents(asked(slack, city)))["code"][0])
    assert again != token
    with pytest.raises(SlackApiError, match="token_revoked"):
        await client.auth_test()


@pytest.mark.node
def test_what_is_told_then_is_what_slack_tells() -> None:
    gone = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": ["U1"]}}
    assert event_problems([gone, {"type": "app_uninstalled"}]) == {}
