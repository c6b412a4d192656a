"""The Home tab: drawn when it is opened, and again after what somebody did from there."""

from __future__ import annotations

from typing import Any

import pytest

from bot.chat.cards import Button, Card, Paragraph, line, note
from bot.chat.events import Event, Kind, Place
from bot.chat.forms import Form, TextField
from bot.ports.adapter import Undeliverable

MENU = Card(
    "Your consults",
    "Your consults",
    blocks=(Paragraph(line("2 cases wait for you.")),),
    buttons=(Button("Next case (2 left)", "next", "main"), Button("Find", "find")),
)
FORM = Form("find", "Find cases", (TextField("words", "Words"),))


async def opened(hospital: Any) -> Event:
    """Open the tab, and have it drawn."""
    await hospital.eva.open_home()
    event: Event = await hospital.event(Kind.COMMAND)
    assert await hospital.answer(event, MENU) == ""
    return event


async def after(hospital: Any, count: int) -> list[Event]:
    """Wait until so many events came in."""
    events: list[Event] = await hospital.found(
        lambda: hospital.inbox.events if len(hospital.inbox.events) >= count else None
    )
    assert len(events) == count
    return events


async def test_opening_it_asks_for_what_the_command_alone_answers(connected: Any) -> None:
    event = await opened(connected)
    assert (event.text, event.place, event.account) == ("", Place.HOME, connected.account(connected.eva))
    shown = connected.eva.home
    assert shown["type"] == "home"
    assert "2 cases wait for you." in str(shown["blocks"])
    assert connected.slack.calls_of("chat.postMessage") == []
    assert connected.otto.home is None


async def test_the_messages_tab_is_a_hello_as_before(connected: Any) -> None:
    await connected.eva.open_home("messages")
    assert (await connected.event(Kind.HELLO)).handle["channel"].startswith("D")


async def test_what_is_pressed_there_answers_in_a_modal_and_draws_it_again(connected: Any) -> None:
    await opened(connected)
    await connected.eva.click(connected.eva.home, "step-0")
    _, pressed, again = await after(connected, 3)
    assert (pressed.text, again.text) == ("next", "")

    await connected.answer(pressed, note("No case waits for you right now."))
    assert "No case waits" in str(connected.eva.modal["blocks"])
    assert connected.eva.ephemerals() == []

    await connected.answer(again, Card("Your consults", "Your consults", blocks=(Paragraph(line("None.")),)))
    assert "None." in str(connected.eva.home["blocks"])


async def test_what_is_sent_from_a_form_that_was_opened_there_draws_it_again(connected: Any) -> None:
    await opened(connected)
    await connected.eva.click(connected.eva.home, "step-1")
    events = await after(connected, 3)
    await connected.answer(events[1], FORM)
    assert connected.eva.modal["title"]["text"] == "Find cases"

    await connected.eva.submit({"words": "uveitis"})
    *_, sent, again = await after(connected, 5)
    assert (sent.kind, sent.values) == (Kind.FORM, {"words": "uveitis"})
    assert again.handle == {"tab": "opened"}
    assert len({event.id for event in connected.inbox.events}) == 5


async def test_a_menu_that_is_too_long_for_it_is_refused(connected: Any) -> None:
    long = Card("n", "n", blocks=(Paragraph(line("word")),) * 101)
    with pytest.raises(Undeliverable):
        await connected.answer(await opened(connected), long)
