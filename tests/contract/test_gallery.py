"""Every card and form that the bot can show is taken by every platform."""

from __future__ import annotations

import pytest

from bot.ports.adapter import Delivery, Post
from tests.contract.rig import Kept, Rig, deliver, images_of
from tests.views.gallery import CARDS, FORMS

pytestmark = pytest.mark.timeout(400)
"""On a real Synapse it is some hundred encrypted messages, one after the other."""


async def test_every_card_can_stand_in_the_room_and_in_a_home_chat(rig: Rig) -> None:
    for name, card in CARDS.items():
        for account in (None, rig.account):
            where = "home" if account else "room"
            delivery = Delivery(f"{name}-{where}", account, Post(card), images=images_of(card))
            assert await deliver(rig, delivery), name


async def test_every_card_can_be_an_answer(rig: Rig) -> None:
    for name, card in CARDS.items():
        await rig.command(f"show {name}")
        event = await rig.inbox.event(f"show {name}")
        await rig.adapter.answer(event, card, images_of(card), Kept())


async def test_every_form_can_be_an_answer(rig: Rig) -> None:
    for name, form in FORMS.items():
        if rig.adapter.capabilities.forms:
            await rig.command(f"show {name}")
            event = await rig.inbox.event(f"show {name}")
            await rig.adapter.answer(event, form, {}, Kept())
