"""The operator names another channel: what stands in the former one goes along, and can be taken back."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.adapters.slack import SlackAdapter
from bot.chat.cards import Card, Quote, note
from bot.ports.adapter import Delete, Delivery, Edit, Part, Post, Replace

CASE = Card("New case #123", "Case #123", blocks=(Quote("Hiccups for nine days", "Story"),))
CHANGED = note("Changed.")
HIDDEN = note("Hidden by moderation.")


@pytest.fixture
async def moved(hospital: Any) -> AsyncIterator[Any]:
    """A case stands in the ward's channel, which was the consult room before."""
    hospital.ward.members.append(hospital.workspace.app.bot_user_id)
    before = SlackAdapter(
        dataclasses.replace(hospital.site, channel=hospital.ward.id), hospital.adapter._clock
    )
    await before.start(hospital.inbox)
    await hospital.turning(before.deliver(Delivery("d0", None, Post(CASE)), hospital.record))
    await before.stop()
    await hospital.adapter.start(hospital.inbox)
    yield hospital
    await hospital.adapter.stop()


def notices(hospital: Any, channel: Any) -> list[str]:
    return [message["text"] for message in hospital.otto.channel(channel)]


async def test_what_is_said_below_it_is_said_without_a_thread(moved: Any) -> None:
    [case] = moved.parts
    await moved.deliver(Delivery("d1", None, Post(note("Opinion 1"), thread=case.remote)))
    assert notices(moved, moved.room) == ["Opinion 1"]


async def test_its_change_is_said_in_the_room_once_and_changed_there_from_then_on(moved: Any) -> None:
    [case] = moved.parts
    await moved.deliver(Delivery("d1", None, Edit(CASE, (case,))))
    await moved.deliver(Delivery("d2", None, Edit(CHANGED, tuple(moved.parts))))
    assert notices(moved, moved.room) == ["Changed."]
    assert notices(moved, moved.ward) == ["New case #123"]


@pytest.mark.parametrize("changed", [False, True])
async def test_nothing_of_it_stays_readable_where_it_is_hidden(moved: Any, changed: bool) -> None:
    if changed:
        await moved.deliver(Delivery("d1", None, Edit(CASE, tuple(moved.parts))))
    await moved.deliver(Delivery("d2", None, Replace(HIDDEN, tuple(moved.parts))))
    stands = notices(moved, moved.room) + notices(moved, moved.ward)
    assert stands == ["Hidden by moderation."]
    assert notices(moved, moved.room if changed else moved.ward) == stands


async def test_it_is_taken_back_where_it_stands(moved: Any) -> None:
    parts: tuple[Part, ...] = tuple(moved.parts)
    await moved.deliver(Delivery("d1", None, Delete(parts)))
    assert notices(moved, moved.ward) == []
