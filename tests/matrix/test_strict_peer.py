"""A client that deals with cross-signed devices only, as Element does now, talks with the bot both ways."""

import pytest

from bot.adapters.matrix.signing import SigningKeys
from bot.chat.cards import note
from bot.chat.events import Kind
from bot.ports.adapter import Delivery, Post
from tests.matrix.fakes import Parts
from tests.matrix.rig import Hospital, missing_node

pytestmark = [
    pytest.mark.matrix_real,
    pytest.mark.node,
    pytest.mark.skipif(bool(missing_node()), reason=missing_node() or "-"),
]


async def test_strict_client_and_bot_read_each_other(city: Hospital) -> None:
    bot = await city.adapter()
    peer, account = await city.strict_peer()
    await bot.admit(account)
    home = (await peer.until(lambda event: event["event"] == "membership" and event["room"] != bot.room))[
        "room"
    ]
    for room in (home, bot.room):
        assert (await peer.ask("join", room=room))["ok"]
    await city.intake.until(1)

    await bot.deliver(Delivery("to-room", None, Post(note("Seen in the room."))), Parts())
    await bot.deliver(Delivery("to-home", account, Post(note("Seen at home."))), Parts())
    for room, words in ((bot.room, "Seen in the room."), (home, "Seen at home.")):
        seen = await peer.message(room)
        assert (seen["content"]["body"], seen["failure"], seen["encrypted"]) == (words, "", True)

    said = await peer.ask("send", room=home, content={"msgtype": "m.text", "body": "!consult help"})
    assert said["ok"], said
    assert (await city.intake.hear("help")).account == account


async def test_devices_are_signed_by_their_owner_and_the_identity_survives_restarts(city: Hospital) -> None:
    peer, account = await city.strict_peer()
    masters: set[str] = set()
    devices: set[str] = set()
    for _ in range(5):
        bot = await city.adapter()
        masters.add(SigningKeys.read(city.cabinet.values["matrix/city-hospital/signing"]).public("master"))
        if not devices:
            await bot.admit(account)
            home = (await peer.until(lambda event: event["event"] == "membership"))["room"]
            await peer.ask("join", room=home)
        told = await peer.ask("devices", of=city.site.user)
        devices |= set(told["devices"])
        assert [device["signed"] for device in told["devices"].values()] == [True]
        await bot.stop()
    assert (len(masters), len(devices)) == (1, 1)


async def test_both_devices_of_two_machines_are_signed_and_each_reads_and_is_read(city: Hospital) -> None:
    first, second = city.machine("first"), city.machine("second")
    await first.start(city.intake)
    peer, account = await city.strict_peer()
    await second.stand_by()
    await first.admit(account)
    home = (await peer.until(lambda event: event["event"] == "membership" and event["room"] != first.room))[
        "room"
    ]
    await peer.ask("join", room=home)
    await city.intake.until(1)
    told = await peer.ask("devices", of=city.site.user)
    assert {name: device["signed"] for name, device in told["devices"].items()} == {
        first._session.device_id: True,
        second._session.device_id: True,
    }
    await first.stop()
    said = await peer.ask("send", room=home, content={"msgtype": "m.text", "body": "!consult help"})
    assert said["ok"], said
    await second.start(city.intake)
    assert (await city.intake.hear("help")).account == account
    await second.deliver(Delivery("d", account, Post(note("From the second."))), Parts())
    seen = await peer.until(lambda event: event.get("sender") == city.site.user and event["room"] == home)
    assert (seen["content"]["body"], seen["failure"], seen["encrypted"]) == ("From the second.", "", True)


async def test_a_person_can_verify_the_bot_from_the_home_chat(city: Hospital) -> None:
    bot = await city.adapter()
    peer, account = await city.strict_peer()
    await bot.admit(account)
    home = (await peer.until(lambda event: event["event"] == "membership" and event["room"] != bot.room))[
        "room"
    ]
    await peer.ask("join", room=home)
    await city.intake.until(1)
    before = await peer.ask("devices", of=city.site.user)
    verified = await peer.ask("verify", of=city.site.user, room=home)
    assert verified["ok"], verified
    after = await peer.ask("devices", of=city.site.user)
    assert (before["verified"], after["verified"]) == (False, True)
    assert [device["verified"] for device in after["devices"].values()] == [True]
    assert [event.kind for event in city.intake.events] == [Kind.HELLO]


async def test_typing_and_reacting_in_the_consult_room_is_refused(city: Hospital) -> None:
    bot = await city.adapter()
    peer, account = await city.strict_peer()
    await bot.admit(account)
    await peer.until(lambda event: event["event"] == "membership" and event["room"] == bot.room)
    await peer.ask("join", room=bot.room)
    await bot.deliver(Delivery("d", None, Post(note("A card."))), Parts())
    card = await peer.until(lambda event: event["event"] == "message" and event["room"] == bot.room)

    said = await peer.ask("send", room=bot.room, content={"msgtype": "m.text", "body": "oops"})
    reacted = await peer.ask("react", room=bot.room, target=card["id"])
    assert (said["code"], reacted["code"]) == ("M_FORBIDDEN", "M_FORBIDDEN")
