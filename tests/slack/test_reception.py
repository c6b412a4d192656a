"""What people do arrives as events, committed before Slack is told, over both transports."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.chat.cards import Button, Card, note
from bot.chat.events import Kind, Place
from bot.chat.forms import ChoiceField, FilesField, Form, Option, TextField
from bot.ports.adapter import Delivery, Post

CASE = Form(
    command="case",
    title="Ask colleagues",
    fields=(
        TextField("story", "The story", multiline=True, max_length=200),
        ChoiceField("urgency", "Urgency", (Option("routine", "Routine"), Option("today", "Today"))),
        FilesField("pictures", "Pictures", most=2),
    ),
)


async def test_a_slash_command_is_committed_and_acknowledged_without_a_word(reachable: Any) -> None:
    outcome = await reachable.eva.slash("/consult", " opinion 123 ", channel=reachable.ward)
    assert (outcome.ok, outcome.reply) == (True, {})
    event = await reachable.event(Kind.COMMAND)
    assert (event.text, event.place, event.account) == (
        "opinion 123",
        Place.ELSEWHERE,
        reachable.account(reachable.eva),
    )


async def test_nothing_is_acknowledged_that_was_not_committed(reachable: Any) -> None:
    reachable.inbox.broken = True
    task = asyncio.create_task(reachable.eva.slash("/consult", "open", channel=reachable.room))
    await reachable.found(lambda: reachable.inbox.offered or None)
    outcome = await reachable.turning(task, step=1.0)
    assert not outcome.ok
    assert reachable.inbox.events == []


async def test_the_acknowledgement_waits_for_the_commit(reachable: Any) -> None:
    reachable.inbox.gate = asyncio.Event()
    task = asyncio.create_task(reachable.eva.slash("/consult", "open", channel=reachable.room))
    await reachable.found(lambda: reachable.inbox.offered or None)
    await asyncio.sleep(0.05)
    assert not task.done()
    reachable.inbox.gate.set()
    assert (await task).ok


async def test_an_event_that_could_not_be_committed_comes_again(reachable: Any) -> None:
    reachable.inbox.broken = True
    await reachable.eva.say_dm("61-year-old man, hiccups for nine days")
    await reachable.found(lambda: reachable.inbox.offered or None)
    reachable.inbox.broken = False

    async def arrived() -> str:
        return str((await reachable.event(Kind.TEXT)).text)

    assert await reachable.turning(arrived(), step=5.0) == "61-year-old man, hiccups for nine days"


async def test_a_repeated_or_doubled_event_is_one_event(connected: Any) -> None:
    connected.slack.faults.duplicate_envelopes(times=1)
    connected.slack.faults.lose_acks(times=1)
    await connected.eva.say_dm("hello")

    async def offered_three_times() -> None:
        await connected.found(lambda: connected.inbox.offered >= 3 or None)

    await connected.turning(offered_three_times(), step=1.0)
    assert [event.text for event in connected.inbox.events] == ["hello"]


async def test_a_form_comes_back_as_values_and_files(reachable: Any) -> None:
    await reachable.eva.slash("/consult", "case", channel=reachable.room)
    assert await reachable.answer(await reachable.event(Kind.COMMAND), CASE) == ""
    outcome = await reachable.eva.submit(
        {"story": "A <b> & a &lt;", "urgency": "today", "pictures": [("rash.PNG", b"\x89PNG-data")]}
    )
    assert (outcome.ok, outcome.errors) == (True, {})
    event = await reachable.event(Kind.FORM)
    assert (event.text, event.place) == ("case", Place.ROOM)
    assert dict(event.values) == {"story": "A <b> & a &lt;", "urgency": "today"}
    assert await reachable.adapter.fetch(event.files[0], 1000) == b"\x89PNG-data"
    assert reachable.eva.modal["blocks"][0]["text"]["text"] == "Working on it."


@pytest.mark.parametrize(
    ("most", "element"), [(3, "checkboxes"), (2, "multi_static_select"), (1, "radio_buttons")]
)
async def test_several_choices_come_back_as_one_value(connected: Any, most: int, element: str) -> None:
    options = tuple(Option(str(number), f"Option {number}") for number in range(1, 4))
    field = ChoiceField("choice", "Your vote", options, initial="3,1" if most > 1 else "3", most=most)
    await connected.eva.slash("/consult", "vote 45", channel=connected.room)
    await connected.answer(await connected.event(Kind.COMMAND), Form("vote 45", "Vote", (field,)))
    assert connected.eva.modal["blocks"][-1]["element"]["type"] == element
    assert (await connected.eva.submit()).ok
    assert (await connected.event(Kind.FORM)).values == {"choice": "1,3" if most > 1 else "3"}


async def test_more_choices_than_asked_for_are_refused_before_they_are_sent(connected: Any) -> None:
    options = tuple(Option(str(number), f"Option {number}") for number in range(1, 4))
    form = Form("vote 45", "Vote", (ChoiceField("choice", "Your vote", options, most=2),))
    await connected.eva.slash("/consult", "vote 45", channel=connected.room)
    await connected.answer(await connected.event(Kind.COMMAND), form)
    outcome = await connected.eva.submit({"choice": ["1", "2", "3"]})
    assert outcome.errors == {"choice": "Select no more than 2."}
    assert connected.inbox.of(Kind.FORM) == []


async def test_a_submitted_form_shows_its_answer_even_when_that_is_quick(reachable: Any) -> None:
    await reachable.eva.slash("/consult", "case", channel=reachable.room)
    await reachable.answer(await reachable.event(Kind.COMMAND), CASE)
    reachable.inbox.gate = asyncio.Event()
    task = asyncio.create_task(reachable.eva.submit({"story": "text", "urgency": "today"}))
    await reachable.found(lambda: reachable.inbox.offered == 2 or None)
    reachable.inbox.gate.set()
    event = await reachable.event(Kind.FORM)
    await asyncio.gather(task, reachable.answer(event, note("Posted.")))
    assert "Posted." in str(reachable.eva.modal["blocks"])


async def test_wrong_answers_are_named_at_their_fields_and_nothing_is_taken(reachable: Any) -> None:
    await reachable.eva.slash("/consult", "case", channel=reachable.room)
    await reachable.answer(await reachable.event(Kind.COMMAND), CASE)
    view = next(iter(reachable.workspace.team.desk.stacks.values()))[-1]
    block = next(block for block in view.body["blocks"] if block["block_id"] == "pictures")
    block["element"].pop("filetypes")  # an old client that does not look at names
    outcome = await reachable.eva.submit(
        {"story": "text", "urgency": "today", "pictures": [("letter.docx", b"PK")]}
    )
    assert list(outcome.errors) == ["pictures"]
    assert outcome.errors["pictures"].startswith("letter.docx is not a picture")
    assert reachable.inbox.of(Kind.FORM) == []


async def test_a_button_carries_its_command(reachable: Any) -> None:
    card = Card("New case #123", "Case", buttons=(Button("Give opinion", "opinion 123"),))
    await reachable.deliver(Delivery("d1", None, Post(card)))
    message = reachable.otto.channel(reachable.room)[-1]
    assert (await reachable.otto.click(message, "step-0")).ok
    event = await reachable.event(Kind.COMMAND)
    assert (event.text, event.place, event.account.user) == ("opinion 123", Place.ROOM, reachable.otto.id)


async def test_shortcuts_are_commands(reachable: Any) -> None:
    await reachable.deliver(Delivery("d1", None, Post(note("New case #123"))))
    message = reachable.otto.channel(reachable.room)[-1]
    assert (await reachable.otto.message_shortcut("give_opinion", message)).ok
    event = await reachable.event(Kind.COMMAND)
    assert (event.text, event.reply_to) == ("opinion", reachable.parts[0].remote)
    assert (await reachable.otto.shortcut("new_consult")).ok
    await reachable.found(lambda: len(reachable.inbox.events) == 2 or None)
    assert (reachable.inbox.events[1].text, reachable.inbox.events[1].place) == ("case", Place.HOME)


async def test_home_chat_messages_bring_words_files_and_what_they_answer(reachable: Any) -> None:
    first = await reachable.eva.say_dm("a < b & c", files=[("x.png", b"data")])
    event = await reachable.event(Kind.TEXT)
    assert (event.text, event.place, len(event.files)) == ("a < b & c", Place.HOME, 1)
    assert await reachable.adapter.fetch(event.files[0], 100) == b"data"
    await reachable.eva.say_dm("more", thread=first)
    await reachable.found(lambda: len(reachable.inbox.events) == 2 or None)
    assert reachable.inbox.events[1].reply_to == f"{first['channel']}/{first['ts']}"


async def test_t26_words_typed_in_the_room_are_told_without_the_words(reachable: Any) -> None:
    await reachable.eva.say(reachable.room, "I think it is sarcoid", files=[("x.png", b"data")])
    event = await reachable.event(Kind.NATIVE)
    assert (event.text, event.files, event.place) == ("", (), Place.ROOM)
    await reachable.answer(event, note("Typing here shows your name."))
    assert "Typing here shows your name." in str(reachable.eva.ephemerals(reachable.room)[-1]["blocks"])
    assert reachable.otto.ephemerals() == []


async def test_our_own_messages_are_none_of_ours_and_a_persons_are(reachable: Any) -> None:
    await reachable.deliver(Delivery("d1", None, Post(note("New case #1"))))
    await reachable.deliver(Delivery("d2", reachable.account(reachable.eva), Post(note("Something new"))))
    said = await reachable.eva.say_dm("hello")
    await reachable.eva.edit(said, "hello again")
    await reachable.eva.delete(said)
    await reachable.eva.open_home("messages")
    await reachable.event(Kind.HELLO)
    text, edited, deleted, hello = reachable.inbox.events
    assert (text.kind, edited.kind, deleted.kind) == (Kind.TEXT, Kind.EDITED, Kind.DELETED)
    assert (edited.text, hello.kind) == ("hello again", Kind.HELLO)
    assert text.message == edited.message == deleted.message


async def test_after_the_stop_nothing_is_taken(over_http: Any) -> None:
    await over_http.adapter.stop()
    outcome = await over_http.turning(over_http.eva.slash("/consult", "open", channel=over_http.room), 1.0)
    assert not outcome.ok
    assert over_http.inbox.events == []
