"""The moderators' channel: which ones are refused and how, who is told, and where its buttons lead."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from bot.adapters.slack import SlackAdapter
from bot.chat.cards import Button, note
from bot.chat.events import Kind, Place
from bot.ports.adapter import ConfigurationRefused, Delivery, Post, Room, Undeliverable

CARD = note("An application waits.", buttons=(Button("Approve", "mod approve V-0123456789"),))


def with_room(hospital: Any, channel: str) -> SlackAdapter:
    site = dataclasses.replace(hospital.site, moderators=channel)
    hospital.adapter = SlackAdapter(site, hospital.adapter._clock)
    adapter: SlackAdapter = hospital.adapter
    return adapter


async def refused(hospital: Any, channel: str) -> str:
    adapter = with_room(hospital, channel)
    with pytest.raises(ConfigurationRefused) as caught:
        await adapter.start(hospital.inbox)
    await adapter.stop()
    assert caught.value.key == "[moderators] room"
    [check] = [one for one in await adapter.checks() if "moderators" in one.name]
    assert check.state == "fail"
    assert check.remedy.startswith("[moderators] room: ")
    return caught.value.sentence


@pytest.mark.parametrize(
    ("channel", "word"),
    [
        ({"private": False}, "public"),
        ({"shared": True}, "Slack Connect"),
        ({"archived": True}, "archived"),
        ({"app_is_member": False}, "invite the app"),
        ({"posting_restricted": True}, "add the app"),
    ],
)
async def test_a_channel_that_does_not_fit_is_refused_in_one_sentence(
    hospital: Any, channel: dict[str, Any], word: str
) -> None:
    made = hospital.workspace.add_channel("mods", **{"app_is_member": True, **channel})
    sentence = await refused(hospital, made.id)
    assert word in sentence
    assert "consult" not in sentence


async def test_the_consult_room_and_a_channel_with_guests_are_refused(hospital: Any) -> None:
    assert "This is the consult room" in await refused(hospital, hospital.room.id)
    guest = hospital.workspace.add_person("visitor", guest=True)
    mods = hospital.workspace.add_channel("mods", members=[hospital.eva, guest], app_is_member=True)
    assert "guests" in await refused(hospital, mods.id)
    assert "no such channel" in await refused(hospital, "C0NOTHERE01")


async def test_the_doctor_finds_a_room_that_fits(hospital: Any) -> None:
    mods = hospital.workspace.add_channel("mods", members=[hospital.eva], app_is_member=True)
    [check] = [one for one in await with_room(hospital, mods.id).checks() if "moderators" in one.name]
    assert (check.name, check.state, check.remedy) == ("slack st-anna: moderators' room", "ok", "")


async def test_a_button_there_is_answered_to_its_presser_alone(hospital: Any) -> None:
    mods = hospital.workspace.add_channel("mods", members=[hospital.eva], app_is_member=True)
    adapter = with_room(hospital, mods.id)
    await adapter.start(hospital.inbox)
    await hospital.deliver(Delivery("d1", None, Post(CARD), room=Room.MODERATORS))
    [card] = mods.messages
    assert "Typing here shows your name" not in str(card.wire())

    [button] = [
        part for block in card.wire()["blocks"] if block["type"] == "actions" for part in block["elements"]
    ]
    await hospital.eva.click(card.wire() | {"channel": mods.id}, button["action_id"])
    event = await hospital.event(Kind.COMMAND)
    assert (event.place, event.text) == (Place.MODERATORS, "mod approve V-0123456789")
    await hospital.answer(event, note("Approved."))
    assert len(mods.messages) == 1
    assert "Approved." in str(hospital.eva.ephemerals(mods))
    await adapter.stop()


async def test_without_such_a_room_nothing_goes_there(connected: Any) -> None:
    with pytest.raises(Undeliverable, match="no_moderators_room"):
        await connected.deliver(Delivery("d1", None, Post(CARD), room=Room.MODERATORS))
    with pytest.raises(Undeliverable, match="no_moderators_room"):
        await connected.adapter.admit(connected.account(connected.eva), Room.MODERATORS)
