"""The app that workspaces install by themselves: whether Slack knows it by its id and secret."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Final

from bot.config import Settings
from bot.ports.adapter import Check

_NAME: Final = "[slack_oauth]"
_WRONG: Final = {
    "invalid_client_id": "Slack knows no such client_id; copy it from Basic Information",
    "bad_client_secret": "Slack does not take client_secret; copy it from Basic Information",
}
_UNUSED: Final = (
    "is filled in, but every [[slack]] has a bot_token; leave that away and give team where a workspace is to"
    " install the app by itself"
)


async def installing(settings: Settings) -> AsyncGenerator[Check]:
    """Ask Slack about id and secret, and tell which address back it has to know."""
    from bot.adapters.slack.errors import Unreachable
    from bot.adapters.slack.installing import try_out
    from bot.bootstrap.installing import client_of

    client = client_of(settings)
    if client is None:
        if settings.slack_oauth.model_fields_set:
            yield Check(_NAME, "warn", _UNUSED)
        return
    try:
        code = await try_out(client)
    except Unreachable:
        yield Check(_NAME, "fail", "Slack cannot be reached; check the network and api_url")
        return
    if code in _WRONG:
        yield Check(_NAME, "fail", _WRONG[code])
    elif code:
        yield Check(_NAME, "warn", f"Slack answers {code}; so id and secret could not be tried")
    else:
        yield Check(_NAME, "ok", f"the app has to know {client.back} as a redirect URL")
