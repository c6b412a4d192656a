"""Who is in the consult room, who came in, and putting somebody out: the same on every platform."""

from __future__ import annotations

import pytest

from bot.chat.events import Account, Event, Kind, Place
from bot.ports.adapter import Undeliverable
from tests.contract.rig import Rig, eventually


def comings(rig: Rig) -> list[Event]:
    """Give the events of the stranger's coming in."""
    mine = [event for event in rig.inbox.events if event.account == rig.stranger]
    return [event for event in mine if event.kind is Kind.ENTERED]


async def seen(rig: Rig, account: Account, *, inside: bool) -> None:
    await eventually(rig, rig.adapter.occupants, lambda all_: (account in all_) is inside)


async def test_everybody_in_the_room_is_listed_and_the_bot_knows_itself_among_them(rig: Rig) -> None:
    assert rig.adapter.own is not None
    await seen(rig, rig.account, inside=True)
    assert set(await rig.adapter.occupants()) == {rig.account, rig.adapter.own}


async def test_somebody_who_comes_in_is_told_put_out_and_told_again(rig: Rig) -> None:
    await rig.enter(rig.stranger)
    first = await rig.inbox.until(lambda: next(iter(comings(rig)), None))
    assert first.place is Place.ROOM
    await seen(rig, rig.stranger, inside=True)
    came = len(comings(rig))

    assert await rig.adapter.show_out(rig.stranger)
    await seen(rig, rig.stranger, inside=False)
    assert not await rig.in_room(rig.stranger)
    assert not await rig.adapter.show_out(rig.stranger)

    await rig.enter(rig.stranger)
    await rig.inbox.until(lambda: len(comings(rig)) > came or None)
    assert len({event.id for event in comings(rig)}) == len(comings(rig))


async def test_where_the_bot_may_not_put_out_it_says_so_for_good(rig: Rig) -> None:
    await rig.enter(rig.stranger)
    await seen(rig, rig.stranger, inside=True)
    if not await rig.forbid():
        pytest.skip("nobody can keep the bot from it in a room that it made")
    with pytest.raises(Undeliverable):
        await rig.adapter.show_out(rig.stranger)
    await seen(rig, rig.stranger, inside=True)


async def test_who_came_in_while_the_bot_was_away_is_listed_after_its_start(rig: Rig) -> None:
    await rig.enter(rig.stranger)
    await rig.restart()
    await seen(rig, rig.stranger, inside=True)
