"""Private answers: modals, ephemeral messages, the home chat; nothing is lost when the moment has passed."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from bot.adapters.slack.errors import Declined
from bot.chat.cards import Button, Card, Paragraph, Picture, Quote, Speaker, Strong, Word, note
from bot.chat.events import Event, Kind, Place
from bot.chat.forms import Form, TextField
from bot.ports.adapter import SHOWN, Image, Later, Part, Undeliverable

FORM = Form("comment 123", "Comment", (TextField("comment", "Comment", multiline=True),))
LONG = Card("Case #123", "Case #123", blocks=(Quote("word " * 2000, "Story"),))


async def asked(hospital: Any, text: str, channel: Any = None) -> Event:
    await hospital.eva.slash("/consult", text, channel=channel or hospital.ward)
    event: Event = await hospital.event(Kind.COMMAND)
    return event


async def test_a_short_answer_is_seen_by_the_one_who_asked_only(connected: Any) -> None:
    event = await asked(connected, "help")
    card = note("Posted as ", Strong("Quiet Heron"), ". ", Word("undo"), buttons=(Button("Undo", "undo"),))
    assert await connected.answer(event, card) == ""
    (message,) = connected.eva.ephemerals(connected.ward)
    assert "/consult undo" in str(message["blocks"])
    assert connected.otto.ephemerals() == []
    assert connected.slack.calls_of("chat.postMessage") == []


async def test_a_long_answer_is_a_modal(connected: Any) -> None:
    await connected.answer(await asked(connected, "show 123"), LONG)
    assert connected.eva.modal["title"]["text"] == "Case #123"
    assert "submit" not in connected.eva.modal or connected.eva.modal["submit"] is None


async def test_a_long_answer_too_late_for_a_modal_is_still_given(connected: Any) -> None:
    event = await asked(connected, "show 123")
    await connected.clock.advance(4)
    await connected.answer(event, LONG)
    assert connected.eva.modal is None
    assert len(connected.eva.ephemerals(connected.ward)) == 1


async def test_pictures_are_shown_in_a_modal_and_recorded(connected: Any) -> None:
    card = Card("Preview", "Preview", pictures=(Picture("m1", "Film of a chest"),))
    event = await asked(connected, "picture 1")
    images = {"m1": Image(b"\x89PNG cleaned", "image/png")}
    _refuse_unready(connected, times=2)
    await connected.turning(connected.answer(event, card, images))
    (image,) = [block for block in connected.eva.modal["blocks"] if block["type"] == "image"]
    assert image["slack_file"]["id"] == connected.parts[0].remote
    assert image["alt_text"] == "Film of a chest"


def _refuse_unready(hospital: Any, times: int) -> None:
    """Slack refuses a view whose picture it has not looked at yet; so does this."""
    original, left = hospital.adapter._wire.ask, times

    async def ask(method: str, **args: Any) -> Any:
        nonlocal left
        if method == "views.update" and "slack_file" in str(args) and left:
            left -= 1
            raise Declined(method, "invalid_arguments")
        return await original(method, **args)

    hospital.adapter._wire.ask = ask


async def test_a_picture_that_slack_never_takes_is_told_in_words(connected: Any) -> None:
    card = Card("Preview", "Preview", pictures=(Picture("m1", "Film of a chest"),))
    event = await asked(connected, "picture 1")
    _refuse_unready(connected, times=1000)
    await connected.turning(connected.answer(event, card, {"m1": Image(b"\x89PNG", "image/png")}))
    assert "Picture 1: Film of a chest" in str(connected.eva.modal["blocks"])
    assert [part.kind for part in connected.parts] == ["upload", "file"]


async def test_a_picture_counts_as_shown_only_once_it_is_before_its_reader(connected: Any) -> None:
    card = Card("Preview", "Preview", pictures=(Picture("m1", "Film of a chest"),))
    images = {"m1": Image(b"\x89PNG", "image/png")}
    _refuse_unready(connected, times=2)
    await connected.turning(connected.answer(await asked(connected, "picture 1"), card, images))
    assert connected.parts[-1] == Part(SHOWN, "m1")

    closed = await asked(connected, "picture 2")
    connected.parts.clear()
    _close_at_the_upload(connected)
    await connected.turning(connected.answer(closed, card, images))
    assert [part.kind for part in connected.parts] == ["upload", "file"]


def _close_at_the_upload(hospital: Any) -> None:
    original = hospital.adapter._wire.ask

    async def ask(method: str, **args: Any) -> Any:
        if method == "files.completeUploadExternal":
            await hospital.eva.close_modal()
        return await original(method, **args)

    hospital.adapter._wire.ask = ask


async def test_what_may_not_lie_open_leaves_only_its_notice_and_the_way_back(connected: Any) -> None:
    back = Button("Preview", "preview 0b1c", "main")
    card = Card("Your draft is ready", "Preview", blocks=(Quote("58-year-old man"),), reopen=back)
    event = await asked(connected, "case")
    await connected.clock.advance(4)
    await connected.answer(event, card)
    (message,) = connected.eva.dm()
    assert "Your draft is ready." in str(message["blocks"])
    assert "preview 0b1c" in str(message["blocks"])
    assert "58-year-old" not in str(message)
    assert connected.eva.ephemerals() == []

    await connected.answer(await asked(connected, "preview 0b1c"), card)
    assert "58-year-old man" in str(connected.eva.modal["blocks"])


async def test_a_preview_whose_modal_was_closed_while_it_was_made_is_found_from_the_direct_message(
    connected: Any,
) -> None:
    back = Button("Preview", "preview 0b1c", "main")
    card = Card("A picture of your draft", "Picture 1", pictures=(Picture("m1", "Film"),), reopen=back)
    event = await asked(connected, "picture 1")
    _close_at_the_upload(connected)
    await connected.turning(connected.answer(event, card, {"m1": Image(b"\x89PNG", "image/png")}))
    (message,) = connected.eva.dm()
    assert "A picture of your draft." in str(message["blocks"])
    assert "preview 0b1c" in str(message["blocks"])


async def test_a_form_shows_its_pictures_above_the_fields_and_keeps_what_was_typed(connected: Any) -> None:
    form = dataclasses.replace(FORM, pictures=(Picture("m1", "Film with a grid"),))
    event = await asked(connected, "cover 1")
    await connected.turning(connected.answer(event, form, {"m1": Image(b"\x89PNG", "image/png")}))
    kinds = [block["type"] for block in connected.eva.modal["blocks"]]
    assert kinds == ["image", "input"]
    assert connected.eva.modal["submit"]["text"] == "Send"


async def test_pictures_without_bytes_are_told_in_words(connected: Any) -> None:
    card = Card("Preview", "Preview", pictures=(Picture("m1", "Film of a chest"),))
    await connected.answer(await asked(connected, "picture 1"), card)
    assert "Picture 1: Film of a chest" in str(connected.eva.modal["blocks"])


async def test_a_form_too_late_leaves_a_way_back_that_tells_nothing(connected: Any) -> None:
    event = await asked(connected, "comment 123 looks like sarcoid to me")
    await connected.clock.advance(4)
    remote = await connected.answer(event, FORM)
    (message,) = connected.eva.dm()
    assert remote == f"{message['channel']}/{message['ts']}"
    assert "That form timed out, your draft is kept." in str(message["blocks"])
    assert "sarcoid" not in str(message)
    await connected.eva.click(message, "step-0", "comment 123")
    await connected.found(lambda: len(connected.inbox.events) == 2 or None)
    assert connected.inbox.events[1].text == "comment 123"
    await connected.answer(connected.inbox.events[1], FORM)
    assert connected.eva.modal["blocks"][0]["block_id"] == "comment"


async def test_a_form_asked_from_a_modal_takes_its_place(connected: Any) -> None:
    card = dataclasses.replace(LONG, buttons=(Button("Comment", "comment 123"),))
    await connected.answer(await asked(connected, "show 123"), card)
    first = connected.eva.modal["id"]
    await connected.eva.click(connected.eva.modal, "step-0")
    await connected.found(lambda: len(connected.inbox.events) == 2 or None)
    await connected.answer(connected.inbox.events[1], FORM)
    assert [view["id"] for view in connected.eva.modals] == [first]
    assert connected.eva.modal["submit"]["text"] == "Send"


async def test_an_answer_to_a_form_that_was_closed_is_whispered_where_it_was_opened(connected: Any) -> None:
    await connected.answer(await asked(connected, "comment 123", connected.room), FORM)
    await connected.eva.submit({"comment": "I agree"})
    event = await connected.event(Kind.FORM)
    await connected.eva.close_modal()
    await connected.answer(event, note("Posted."))
    assert "Posted." in str(connected.eva.ephemerals(connected.room)[-1]["blocks"])
    assert connected.eva.dm() == []


async def test_where_nothing_can_be_shown_the_home_chat_says_so_without_content(connected: Any) -> None:
    event = await asked(connected, "opinion 123 1) sarcoid")
    await connected.clock.advance(31 * 60)
    await connected.answer(event, note("Posted as ", Strong("Quiet Heron"), "."))
    (message,) = connected.eva.dm()
    assert "opinion 123" in str(message["blocks"])
    assert not any(word in str(message) for word in ("sarcoid", "Heron", "Posted"))


async def test_words_in_the_home_chat_are_answered_there(connected: Any) -> None:
    said = await connected.eva.say_dm("hello")
    card = note("Posted as ", Strong("Quiet Heron"), ".")
    assert await connected.answer(await connected.event(Kind.TEXT), card) == ""
    assert "Quiet Heron" in str(connected.eva.dm()[-1]["blocks"])
    kept = connected.workspace.team.channels[said["channel"]].messages
    assert [message.text for message in kept] == ["hello"]  # what an admin can export


async def test_a_greeting_is_a_message_that_can_be_answered(connected: Any) -> None:
    await connected.eva.open_home("messages")
    remote = await connected.answer(await connected.event(Kind.HELLO), note("Hello."))
    (greeting,) = connected.eva.dm()
    assert remote == f"{greeting['channel']}/{greeting['ts']}"
    await connected.eva.say_dm("thanks", thread=greeting)
    assert (await connected.event(Kind.TEXT)).reply_to == remote


async def test_a_form_for_words_in_the_home_chat_is_offered_as_a_button(connected: Any) -> None:
    await connected.eva.say_dm("hello")
    await connected.answer(await connected.event(Kind.TEXT), FORM)
    await connected.eva.click(connected.eva.dm()[-1], "step-0", "comment 123")
    assert (await connected.event(Kind.COMMAND)).text == "comment 123"


async def test_a_form_for_words_typed_in_the_room_is_offered_privately(connected: Any) -> None:
    await connected.eva.say(connected.room, "I think it is sarcoid")
    await connected.answer(await connected.event(Kind.NATIVE), FORM)
    assert len(connected.eva.ephemerals(connected.room)) == 1
    assert connected.eva.dm() == []


async def test_the_speaker_is_named_in_private_cards(connected: Any) -> None:
    card = Card("Opinion", speaker=Speaker("Quiet Heron", "k"), blocks=(Paragraph(("Sarcoid.",)),))
    await connected.answer(await asked(connected, "show 123"), card)
    assert "Quiet Heron" in str(connected.eva.ephemerals(connected.ward)[-1]["blocks"])


async def test_an_answer_is_tried_once(connected: Any) -> None:
    event = await asked(connected, "show 123")
    connected.slack.faults.server_error("views.open")
    with pytest.raises(Later):
        await connected.answer(event, LONG)
    assert len(connected.slack.calls_of("views.open")) == 1


async def test_t13_answers_go_to_slacks_own_addresses_only(connected: Any) -> None:
    event = await asked(connected, "help")
    for url in ("http://127.0.0.1:9/x", "https://hooks.slack.com.evil.example/x", "http://169.254.169.254/"):
        forged = dataclasses.replace(event, handle={"respond": url, "channel": connected.room.id})
        await connected.answer(forged, note("Hello."))
    assert len(connected.eva.ephemerals(connected.room)) == 3


async def test_strangers_get_no_message(connected: Any) -> None:
    stranger = dataclasses.replace(connected.account(connected.eva), realm="T0OTHER")
    event = Event("e", Kind.COMMAND, stranger, Place.ELSEWHERE, "help")
    with pytest.raises(Undeliverable):
        await connected.answer(event, note("Hello."))
