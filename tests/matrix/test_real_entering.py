"""Who comes into a consult room on a real homeserver: found after an absence, and beyond the bot's power."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.adapters.matrix.adapter import MatrixAdapter
from bot.adapters.matrix.wire import path
from bot.chat.events import Account, Event, Kind
from bot.ports.adapter import Undeliverable
from tests.matrix.fakes import RealChance, RealClock
from tests.matrix.rig import Hospital

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
    made = await owner.client.room_create(
        invite=[city.site.user],
        federate=False,
        initial_state=[
            {
                "type": "m.room.encryption",
                "state_key": "",
                "content": {"algorithm": "m.megolm.v1.aes-sha2"},
            },
            {"type": "m.room.guest_access", "state_key": "", "content": {"guest_access": "forbidden"}},
        ],
        power_level_override={"events_default": 50, "users": {city.site.user: 50}},
    )
    bot = MatrixAdapter(replace(city.site, room=made.room_id), city.cabinet, RealClock(), RealChance())
    await bot.start(city.intake)
    assert set(await bot.occupants()) == {account, bot.own}
    with pytest.raises(Undeliverable) as refused:
        await bot.show_out(account)
    assert refused.value.code == "forbidden"
    await bot.stop()
