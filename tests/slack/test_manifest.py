"""The app's manifest asks for what the adapter uses, and for nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from bot.adapters.slack import manifest
from bot.adapters.slack.inbound import SHORTCUTS
from bot.adapters.slack.site import COMMAND
from bot.chat.cards import Picture, note
from bot.ports.adapter import Delete, Delivery, Edit, Image, Post


def test_what_the_manifest_offers_is_what_the_adapter_understands() -> None:
    features = manifest()["features"]
    assert [command["command"] for command in features["slash_commands"]] == [COMMAND]
    assert {shortcut["callback_id"] for shortcut in features["shortcuts"]} == set(SHORTCUTS)
    assert manifest()["settings"]["socket_mode_enabled"] is True


def test_http_mode_names_its_address_everywhere() -> None:
    url = "https://curbside.st-anna.example/slack/events"
    made = manifest("http", url)
    assert made["settings"]["socket_mode_enabled"] is False
    assert made["settings"]["interactivity"]["request_url"] == url
    assert made["settings"]["event_subscriptions"]["request_url"] == url
    assert {command["url"] for command in made["features"]["slash_commands"]} == {url}
    with pytest.raises(ValueError, match="https"):
        manifest("http", "http://curbside.st-anna.example/slack/events")


async def test_every_scope_is_enough_for_what_is_done(connected: Any) -> None:
    """The stand-in refuses a call for which the manifest's scopes are not enough."""
    card = note("New case #1")
    shown = type(card)("n", pictures=(Picture("m", "alt"),))
    images = {"m": Image(b"\x89PNG", "image/png")}
    await connected.deliver(Delivery("d1", None, Post(shown), images=images))
    parts = tuple(connected.parts)
    await connected.deliver(Delivery("d2", None, Edit(shown, parts)))
    await connected.deliver(Delivery("d3", None, Post(card), tried=True))
    await connected.deliver(Delivery("d4", connected.account(connected.eva), Post(card), tried=True))
    await connected.deliver(Delivery("d5", None, Delete(parts)))
    await connected.adapter.admit(connected.account(connected.workspace.add_person("nora")))
    await connected.adapter.occupants()
    await connected.adapter.show_out(connected.account(connected.otto))
    refused = [call for call in connected.slack.calls if call.error == "missing_scope"]
    assert refused == []
