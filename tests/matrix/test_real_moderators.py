"""The moderators' room on a real homeserver: which rooms are refused, and whose words are taken there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from nio import RoomPreset

from bot.adapters.matrix.adapter import MatrixAdapter
from bot.adapters.matrix.homes import _ENCRYPTION
from bot.chat.cards import Button, Card, note
from bot.chat.events import Kind, Place
from bot.ports.adapter import ConfigurationRefused, Delivery, Post, Room, Undeliverable
from tests.matrix.fakes import MemoryCabinet, Parts, RealChance, RealClock
from tests.matrix.rig import Hospital

pytestmark = pytest.mark.matrix_real
SEALED = (_ENCRYPTION,)
READABLE = {
    "type": "m.room.history_visibility",
    "state_key": "",
    "content": {"history_visibility": "world_readable"},
}


@pytest.mark.parametrize(
    ("preset", "state", "powers", "words"),
    [
        ("public_chat", SEALED, {}, "without an invitation"),
        ("private_chat", (), {}, "not encrypted"),
        ("private_chat", (*SEALED, READABLE), {}, "Everybody can read"),
        ("private_chat", SEALED, {"events_default": 50}, "may not send"),
    ],
)
async def test_a_room_that_does_not_fit_is_refused_in_one_sentence(
    city: Hospital, preset: str, state: Any, powers: dict[str, Any], words: str
) -> None:
    owner, _ = await city.person()
    made = await owner.client.room_create(
        invite=[city.site.user],
        preset=RoomPreset(preset),
        initial_state=state,
        power_level_override=powers or None,
    )
    city.site = replace(city.site, moderators=made.room_id)
    with pytest.raises(ConfigurationRefused, match=words) as refused:
        await city.adapter()
    assert refused.value.key == "[moderators] room"


async def test_the_consult_room_and_an_unknown_room_are_refused(city: Hospital) -> None:
    first = await city.adapter()
    consult = first.room
    await first.stop()
    for room, words in ((consult, "This is the consult room"), ("!nowhere:localhost", "invite it")):
        city.site = replace(city.site, moderators=room)
        with pytest.raises(ConfigurationRefused, match=words) as refused:
            await city.adapter()
        assert refused.value.key == "[moderators] room"


async def test_the_doctor_looks_at_the_room_and_at_who_may_invite(city: Hospital) -> None:
    owner, _ = await city.person()
    fits = await owner.open_private(city.site.user)
    city.site = replace(city.site, moderators=fits)
    bot = await city.adapter()
    assert [(one.name, one.state) for one in await bot.checks()][-1] == ("matrix moderators' room", "ok")
    await bot.stop()

    made = await owner.client.room_create(
        invite=[city.site.user],
        preset=RoomPreset.private_chat,
        initial_state=SEALED,
        power_level_override={"invite": 50},
    )
    city.site = replace(city.site, moderators=made.room_id)
    bot = await city.adapter()
    check = (await bot.checks())[-1]
    assert (check.state, "may not invite" in check.remedy) == ("warn", True)


async def test_what_moderators_say_there_is_theirs_and_only_their_word_is_answered_there(
    city: Hospital,
) -> None:
    owner, account = await city.person()
    mods = await owner.open_private(city.site.user)
    city.site = replace(city.site, moderators=mods)
    bot = await city.adapter()
    await owner.until(lambda: city.site.user in owner.client.rooms[mods].users)
    card = Card("Waits", title="Waits", buttons=(Button("Approve", "mod approve V-1"),))
    await bot.deliver(Delivery("d1", None, Post(card), room=Room.MODERATORS), Parts())
    assert "Type one of these:\n• Approve – !consult mod approve V-1" in (await owner.hear("Waits")).body

    await owner.say(mods, "I know this applicant")
    await owner.say(mods, "!consult case 58-year-old man with a plaque")
    event = await city.intake.hear("case")
    assert event.place is Place.ELSEWHERE
    await owner.say(mods, "!consult mod show V-1")
    event = await city.intake.hear("mod show V-1")
    assert (event.kind, event.place, event.account) == (Kind.COMMAND, Place.MODERATORS, account)
    await city.answer(bot, event, note("The details."))
    heard = await owner.hear("The details.")
    assert (heard.room, heard.encrypted) == (mods, True)
    assert all("applicant" not in one.text and "plaque" not in one.text for one in city.intake.events)


async def test_the_room_with_one_moderator_is_nobodys_home_chat(city: Hospital) -> None:
    owner, account = await city.person()
    mods = await owner.open_private(city.site.user)
    city.site = replace(city.site, moderators=mods)
    bot = await city.adapter()
    await bot.deliver(Delivery("d1", account, Post(note("For you alone."))), Parts())
    assert (await owner.hear("For you alone.")).room != mods


async def test_without_such_a_room_nothing_goes_there(city: Hospital) -> None:
    bot = MatrixAdapter(city.site, MemoryCabinet(), RealClock(), RealChance())
    await bot.start(city.intake)
    with pytest.raises(Undeliverable, match="no_moderators_room"):
        await bot.deliver(Delivery("d1", None, Post(note("Waits")), room=Room.MODERATORS), Parts())
    await bot.stop()
