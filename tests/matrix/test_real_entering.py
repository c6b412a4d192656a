"""Who comes into a consult room on a real homeserver: found after an absence, and beyond the bot's power."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.adapters.matrix.adapter import MatrixAdapter
from bot.adapters.matrix.wire import path
from bot.chat.cards import note
from bot.chat.events import Account, Event, Kind
from bot.ports.adapter import Delivery, Post, Undeliverable
from tests.matrix.fakes import Parts, RealChance, RealClock
from tests.matrix.rig import Hospital, room_by_hand

pytestmark = pytest.mark.matrix_real


def comings(city: Hospital, account: Account) -> list[Event]:
    return [one for one in city.intake.events if (one.kind, one.account) == (Kind.ENTERED, account)]


async def test_who_came_in_while_the_bot_was_away_is_told_by_the_first_sync(city: Hospital) -> None:
    bot = await city.adapter()
    _, account = city.account()
    await bot._session.wire.post(path("rooms", bot.room, "invite"), {"user_id": account.user})
    await bot._stream._arrivals.until(lambda: account.user in bot._session.client.rooms[bot.room].users)
    await bot.stop()
    person = await city.at_client(account)
    await person.until(lambda: bot.room in person.client.rooms)
    known = len(city.intake.events)

    again = await city.adapter()
    await city.intake.until(known + 1)
    assert comings(city, account)
    assert account in await again.occupants()


async def test_a_room_s_creator_is_beyond_the_bot(city: Hospital) -> None:
    """An operator who makes the room by hand stands above the bot in it, and is no member."""
    owner, account = await city.person()
    room = await room_by_hand(owner, city.site.user)
    bot = MatrixAdapter(replace(city.site, room=room), city.cabinet, RealClock(), RealChance())
    await bot.start(city.intake)
    assert set(await bot.occupants()) == {account, bot.own}
    with pytest.raises(Undeliverable) as refused:
        await bot.show_out(account)
    assert refused.value.code == "forbidden"
    await bot.stop()


async def test_the_doctor_tries_a_room_that_was_made_by_hand_before_the_first_start(city: Hospital) -> None:
    owner, _ = await city.person()
    city.site = replace(city.site, room=await room_by_hand(owner, city.site.user))
    bot = MatrixAdapter(city.site, city.cabinet, RealClock(), RealChance())
    found = {check.name: check for check in await bot.checks()}
    assert {check.state for check in found.values()} <= {"ok", "warn"}
    assert found["matrix login"].remedy == "The bot has not run yet; the password works."
    assert found["matrix consult room"].remedy.startswith("The bot is not logged in;")


async def test_a_room_with_one_member_is_nobodys_home_chat(city: Hospital) -> None:
    """Else the bot would write there what is for one alone, and leave it when the next member comes."""
    owner, account = await city.person()
    room = await room_by_hand(owner, city.site.user)
    city.site = replace(city.site, room=room)
    bot = await city.adapter()
    await bot.deliver(Delivery("d1", account, Post(note("For you alone."))), Parts())
    assert (await owner.hear("For you alone.")).room != room

    other, another = await city.person()
    await bot.admit(another)
    await other.until(lambda: room in other.client.rooms)
    await bot.deliver(Delivery("d2", None, Post(note("For everybody."))), Parts())
    assert (await other.hear("For everybody.")).room == room
    assert set(await bot.occupants()) == {account, another, bot.own}
