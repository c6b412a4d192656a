"""The Slack app as a hospital installs it: what it may do, and where Slack finds it."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any, Literal


def manifest(mode: Literal["socket", "http"] = "socket", url: str = "") -> dict[str, Any]:
    """Give the app manifest; HTTP mode needs the public ``url`` of ``POST /slack/events``.

    Raises ``ValueError`` where that is missing.
    """
    whole = _read()
    if mode == "socket":
        return whole
    if not url.startswith("https://"):
        raise ValueError("HTTP mode needs the https:// address at which Slack reaches /slack/events")
    whole["settings"]["socket_mode_enabled"] = False
    whole["settings"]["interactivity"]["request_url"] = url
    whole["settings"]["event_subscriptions"]["request_url"] = url
    for command in whole["features"]["slash_commands"]:
        command["url"] = url
    return whole


def scopes() -> tuple[str, ...]:
    """Name the bot token's scopes."""
    return tuple(_read()["oauth_config"]["scopes"]["bot"])


def _read() -> dict[str, Any]:
    text = files("bot.adapters.slack").joinpath("manifest.json").read_text(encoding="utf-8")
    whole: dict[str, Any] = json.loads(text)
    return whole
