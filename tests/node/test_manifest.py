"""The app manifest that the bot writes, by Slack's types and by the stand-in's limits."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from bot.adapters.slack import manifest
from bot.standin.slack.limits.manifest import manifest_problems as limit_problems
from tests.node.typed_calls import manifest_problems

ADDRESS = "https://curbside.st-anna.example/slack/events"


def misspelt_scope(whole: dict[str, Any]) -> None:
    whole["oauth_config"]["scopes"]["bot"].append("chat:rite")


def misspelt_shortcut_type(whole: dict[str, Any]) -> None:
    whole["features"]["shortcuts"][0]["type"] = "massage"


def event_without_its_scope(whole: dict[str, Any]) -> None:
    whole["oauth_config"]["scopes"]["bot"].remove("im:history")


def long_name(whole: dict[str, Any]) -> None:
    whole["display_information"]["name"] = "x" * 36


@pytest.mark.node
@pytest.mark.parametrize("made", [manifest(), manifest("http", ADDRESS)], ids=["socket", "http"])
def test_the_manifest_is_taken(made: dict[str, Any]) -> None:
    assert limit_problems(made) == []
    assert manifest_problems(made) == []


@pytest.mark.node
@pytest.mark.parametrize(
    "spoil",
    [misspelt_scope, misspelt_shortcut_type, event_without_its_scope, long_name],
    ids=lambda spoil: spoil.__name__,
)
def test_a_spoilt_manifest_is_seen(spoil: Any) -> None:
    made = copy.deepcopy(manifest())
    spoil(made)
    assert limit_problems(made) or manifest_problems(made)
