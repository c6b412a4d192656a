"""What one device has said and another tries again, on a real homeserver: it stands once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.adapters.matrix.site import Remote
from bot.chat.cards import Card, Picture, note
from bot.ports.adapter import Delivery, Edit, Image, Post, Replace
from tests.matrix.fakes import Parts
from tests.matrix.rig import Hospital, png

pytestmark = pytest.mark.matrix_real


async def test_what_another_device_has_said_is_found_and_not_said_again(city: Hospital) -> None:
    first, second = city.machine("first"), city.machine("second")
    await first.start(city.intake)
    card = Card("Two", title="Two parts", pictures=(Picture("m", "A film"),))
    delivery = Delivery("d", None, Post(card), images={"m": Image(png(), "image/png")})
    parts = Parts()
    await first.deliver(delivery, parts)
    await first.stop()
    await second.start(city.intake)
    again, anew = Parts(), Parts()
    await second.deliver(anew_try(delivery), again)
    assert again.all == parts.all
    await second.deliver(anew_try(delivery, done=tuple(parts.all[:1])), anew)
    assert anew.all == parts.all[1:]


async def test_only_the_parts_that_did_not_get_through_are_said(
    city: Hospital, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = city.machine("first"), city.machine("second")
    await first.start(city.intake)
    person, account = await city.person()
    await first.admit(account)
    await person.until(lambda: first.room in person.client.rooms)
    card = Card("Two", title="Two parts", pictures=(Picture("m", "A film"),))
    delivery = Delivery("d", None, Post(card), images={"m": Image(png(), "image/png")})

    async def dying(*_: Any) -> Any:
        raise ConnectionError

    monkeypatch.setattr(first._sender, "_picture", dying)
    with pytest.raises(ConnectionError):
        await first.deliver(delivery, Parts())
    await first.stop()
    await second.start(city.intake)
    parts = Parts()
    await second.deliver(anew_try(delivery), parts)
    assert [part.kind for part in parts.all] == ["message", "picture"]
    await person.until(lambda: len(person.read(first.room)) == 2)
    assert [Remote.read(part.remote).event for part in parts.all] == [
        message.id for message in person.read(first.room)
    ]


async def test_an_edit_and_a_replacement_by_two_devices_stand_once(city: Hospital) -> None:
    first, second = city.machine("first"), city.machine("second")
    await first.start(city.intake)
    person, account = await city.person()
    await first.admit(account)
    await person.until(lambda: first.room in person.client.rooms)
    posted, edited, replaced, again = Parts(), Parts(), Parts(), Parts()
    await first.deliver(Delivery("d1", None, Post(note("Before."))), posted)
    edit = Delivery("d2", None, Edit(note("After."), tuple(posted.all)))
    await first.deliver(edit, edited)
    await first.stop()
    await second.start(city.intake)
    await second.deliver(anew_try(edit), again)
    assert (edited.all, again.all) == ([], [])
    await person.hear("After.")
    replacement = Delivery("d3", None, Replace(note("Hidden."), tuple(posted.all)))
    await second.deliver(replacement, replaced)
    await second.stop()
    third = city.machine("first")
    await third.start(city.intake)
    await third.deliver(anew_try(replacement), again)
    assert again.all[0] == replaced.all[0]
    await third.deliver(Delivery("d4", None, Post(note("The end."))), Parts())
    await person.hear("The end.")
    assert [message.body for message in person.read(first.room)] == ["Hidden.", "The end."]
    assert sum(message.edited for message in person.messages) == 1


def anew_try(delivery: Delivery, **more: Any) -> Delivery:
    """Give a delivery as it is handed out after a try that may have got through."""
    return replace(delivery, tried=True, **more)
