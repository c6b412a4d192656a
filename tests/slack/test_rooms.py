"""Which channels may be a consult room, who is let in, and what the operator is told."""

from __future__ import annotations

import asyncio
import dataclasses
from typing import Any

import pytest

from bot.adapters.slack import Secret, SlackAdapter, SlackSite
from bot.adapters.slack.people import is_guest
from bot.adapters.slack.rooms import unfit
from bot.adapters.slack.site import UPLOADS
from bot.chat.cards import note
from bot.chat.events import Account
from bot.ports.adapter import (
    Capabilities,
    ConfigurationRefused,
    Delivery,
    Health,
    Later,
    Post,
    Undeliverable,
)


def again(hospital: Any, **changes: Any) -> SlackAdapter:
    return SlackAdapter(dataclasses.replace(hospital.site, **changes), hospital.adapter._clock)


async def refusal(hospital: Any, **changes: Any) -> ConfigurationRefused:
    adapter = again(hospital, **changes)
    with pytest.raises(ConfigurationRefused) as caught:
        await adapter.start(hospital.inbox)
    await adapter.stop()
    return caught.value


@pytest.mark.parametrize(
    ("channel", "word"),
    [
        ({"private": False}, "public"),
        ({"shared": True}, "Slack Connect"),
        ({"archived": True}, "archived"),
        ({"app_is_member": False}, "channel_not_found"),
    ],
)
async def test_unfit_channels_are_refused(hospital: Any, channel: dict[str, Any], word: str) -> None:
    made = hospital.workspace.add_channel("other", **{"app_is_member": True, **channel})
    refused = await refusal(hospital, channel=made.id)
    assert refused.key == "slack.channel"
    assert word in refused.sentence
    assert "st-anna" in refused.sentence


async def test_a_channel_with_a_guest_is_refused(hospital: Any) -> None:
    guest = hospital.workspace.add_person("visitor", guest=True)
    room = hospital.workspace.add_channel("r", members=[hospital.eva, guest], app_is_member=True)
    assert "guests" in (await refusal(hospital, channel=room.id)).sentence


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"api_url": "http://slack.example/api/"}, "slack.api_url"),
        ({"api_url": "ftp://127.0.0.1/api/"}, "slack.api_url"),
        ({"bot_token": Secret("")}, "slack.bot_token"),
        ({"bot_token": Secret("xoxb-wrong")}, "slack.bot_token"),
        ({"app_token": Secret("")}, "slack.app_token"),
        ({"mode": "http", "signing_secret": Secret("")}, "slack.signing_secret"),
        ({"channel": ""}, "slack.channel"),
        ({"channel": "C0NOTHERE01"}, "slack.channel"),
    ],
)
async def test_wrong_settings_are_named(hospital: Any, changes: dict[str, Any], key: str) -> None:
    assert (await refusal(hospital, **changes)).key == key


async def test_the_start_waits_for_slack_to_come_back(hospital: Any) -> None:
    hospital.slack.faults.server_error("auth.test", times=2)
    hospital.slack.faults.ratelimit("conversations.info", retry_after=20)
    hospital.slack.faults.drop("apps.connections.open")
    await hospital.adapter.start(hospital.inbox)
    assert hospital.adapter.health() == Health(False, "Slack cannot be reached.")
    with pytest.raises(Later):
        await hospital.adapter.deliver(Delivery("d1", None, Post(note("n"))), hospital.record)

    async def connected() -> None:
        await hospital.found(lambda: hospital.adapter.health().connected or None)

    await hospital.turning(connected(), step=1.0)
    await hospital.adapter.stop()
    assert not hospital.adapter.health().connected


async def test_a_room_found_unfit_later_gets_nothing(hospital: Any) -> None:
    hospital.slack.faults.server_error("auth.test")
    hospital.room.shared = True
    await hospital.adapter.start(hospital.inbox)

    async def told() -> None:
        await hospital.found(lambda: "Connect" in hospital.adapter.health().problem or None)

    await hospital.turning(told(), step=1.0)
    with pytest.raises(Later):
        await hospital.adapter.deliver(Delivery("d1", None, Post(note("n"))), hospital.record)
    assert hospital.slack.calls_of("apps.connections.open") == []
    await hospital.adapter.stop()


async def test_who_is_served(connected: Any) -> None:
    adapter = connected.adapter
    assert adapter.serves(connected.account(connected.eva))
    assert not adapter.serves(Account("slack", "T0OTHER", connected.eva.id))
    assert not adapter.serves(Account("matrix", connected.workspace.id, "@eva:example"))
    assert not again(connected).serves(Account("slack", "", connected.eva.id))
    assert adapter.capabilities == Capabilities(True, False, "/consult ", False, uploads=UPLOADS)
    assert (adapter.site, adapter.platform) == ("st-anna", "slack")


async def test_an_enrolled_physician_is_let_in_once_and_again(connected: Any) -> None:
    nora = connected.workspace.add_person("nora")
    for _ in range(2):
        await connected.adapter.admit(connected.account(nora))
    assert nora.id in connected.room.members
    assert len(connected.slack.calls_of("conversations.open")) == 1


async def test_guests_and_strangers_are_not_let_in(connected: Any) -> None:
    guest = connected.workspace.add_person("visitor", guest=True)
    for account in (connected.account(guest), Account("slack", "T0OTHER", connected.eva.id)):
        with pytest.raises(Undeliverable):
            await connected.adapter.admit(account)
    assert guest.id not in connected.room.members
    connected.slack.faults.ratelimit("conversations.invite", retry_after=9)
    with pytest.raises(Later):
        await connected.adapter.admit(connected.account(connected.workspace.add_person("nora")))


async def test_the_doctor_finds_nothing_wrong_but_that_people_can_type(hospital: Any) -> None:
    checks = {check.name.removeprefix("slack st-anna: "): check for check in await hospital.adapter.checks()}
    assert {name: check.state for name, check in checks.items()} == {
        "bot token": "ok",
        "scopes": "ok",
        "channel": "ok",
        "posting": "warn",
        "app-level token": "ok",
    }


async def test_the_doctor_names_what_is_wrong_and_goes_on(hospital: Any) -> None:
    hospital.workspace.app.scopes -= {"chat:write.customize"}
    adapter = again(hospital, app_token=Secret("xapp-wrong"), channel="C0NOTHERE01")
    states = {check.name.removeprefix("slack st-anna: "): check for check in await adapter.checks()}
    assert states["scopes"].state == "fail"
    assert "chat:write.customize" in states["scopes"].remedy
    assert states["app-level token"].state == "fail"
    assert (
        await again(
            hospital,
            bot_token=Secret(""),
        ).checks()
    )[0].state == "fail"
    (only,) = [
        check for check in await again(hospital, bot_token=Secret("x")).checks() if "bot" in check.name
    ]
    assert "reinstall" in only.remedy


@pytest.mark.parametrize(
    ("properties", "state"),
    [
        ({}, "warn"),
        ({"posting_restricted_to": {"user": ["U0BOT"]}}, "warn"),
        ({"posting_restricted_to": {"user": ["U0BOT"]}, "threads_restricted_to": {"type": ["admin"]}}, "ok"),
        ({"posting_restricted_to": {"type": ["admin"]}}, "fail"),
        ({"posting_restricted_to": {"user": ["U0OTHER"]}}, "fail"),
    ],
)
def test_t26_the_doctor_reads_who_may_post(hospital: Any, properties: dict[str, Any], state: str) -> None:
    doctor = hospital.adapter._doctor
    assert doctor._posting({"properties": properties}, "U0BOT").state == state


@pytest.mark.parametrize("sign", ["is_restricted", "is_ultra_restricted", "is_stranger"])
def test_guests_of_every_kind_are_known(sign: str) -> None:
    assert is_guest({"id": "U1", sign: True})
    assert not is_guest({"id": "U1", sign: False})


@pytest.mark.parametrize(
    "channel",
    [
        {"is_im": True, "is_private": True},
        {"is_mpim": True, "is_private": True},
        {"is_private": False},
        *({"is_private": True, flag: True} for flag in ("is_ext_shared", "is_org_shared", "is_shared")),
        {"is_private": True, "is_pending_ext_shared": True},
        {"is_private": True, "pending_shared": ["T0OTHER"]},
        {"is_private": True, "is_archived": True},
        {"is_private": True, "is_member": False},
        {},
    ],
)
def test_every_kind_of_unfit_channel_has_a_sentence(channel: dict[str, Any]) -> None:
    assert unfit(channel)
    assert not unfit({"id": "C1", "is_private": True, "is_member": True})


def test_t24_secrets_are_not_shown() -> None:
    site = SlackSite("st-anna", Secret("xoxb-secret"), "C0ROOM", app_token=Secret("xapp-secret"))
    assert "secret" not in repr(site).replace("Secret", "").replace("signing_secret", "")
    assert "xoxb" not in f"{site} {site.bot_token!r} {site.bot_token}"


async def test_stopping_leaves_nothing_running(connected: Any) -> None:
    await connected.adapter.stop()
    await asyncio.sleep(0)
    names = [str(getattr(task.get_coro(), "__qualname__", "")) for task in asyncio.all_tasks()]
    assert not any(name.startswith(("Line.", "SocketMode.")) for name in names)
