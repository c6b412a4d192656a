"""Cards go out once, in the right place, under the right name; trouble becomes later or never."""

from __future__ import annotations

import asyncio
import dataclasses
from typing import Any

import pytest

from bot.chat.cards import Button, Card, Paragraph, Picture, Quote, Speaker, note
from bot.chat.events import Account
from bot.ports.adapter import Delete, Delivery, Edit, Image, Later, Part, Post, Undeliverable

HERON = Speaker("Quiet Heron", "k1")
CASE = Card("New case #123", "Case #123", HERON, (Quote("Hiccups for nine days", "Story"),))
FILM = Picture("m1", "Chest film, one region covered", "Film of day 2")
IMAGES = {"m1": Image(b"\x89PNG cleaned", "image/png"), "m2": Image(b"\xff\xd8 cleaned", "image/jpeg")}
ALLOWED = {
    *("channel", "text", "blocks", "metadata", "unfurl_links", "unfurl_media", "parse", "link_names"),
    *("mrkdwn", "thread_ts", "username", "icon_emoji"),
}


def posted(hospital: Any) -> list[dict[str, Any]]:
    """What stands in the room for somebody else."""
    return [
        each
        for each in hospital.otto.channel(hospital.room)
        if not each.get("subtype", "").startswith("channel")
    ]


async def test_a_relayed_card_stands_under_the_screen_name(connected: Any) -> None:
    await connected.deliver(Delivery("d1", None, Post(CASE)))
    (message,) = posted(connected)
    assert message["username"] == "Quiet Heron"
    assert connected.parts == [Part("message", f"{connected.room.id}/{message['ts']}")]
    (call,) = connected.slack.calls_of("chat.postMessage")
    assert set(call.args) <= ALLOWED
    assert call.args["metadata"] == {"event_type": "curbside_delivery", "event_payload": {"id": "d1"}}
    assert (call.args["unfurl_links"], call.args["unfurl_media"], call.args["link_names"]) == (False,) * 3
    assert call.args["parse"] == "none"


async def test_the_same_name_always_has_the_same_sign(connected: Any) -> None:
    for number in range(3):
        await connected.deliver(Delivery(f"d{number}", None, Post(CASE)))
    other = dataclasses.replace(CASE, speaker=Speaker("Amber Fox", "k4"))
    await connected.deliver(Delivery("d9", None, Post(other)))
    signs = [call.args["icon_emoji"] for call in connected.slack.calls_of("chat.postMessage")]
    assert len(set(signs[:3])) == 1
    assert signs[3] != signs[0]


async def test_t27_a_home_chat_never_names_the_speaker(connected: Any) -> None:
    delivery = Delivery("d1", connected.account(connected.eva), Post(CASE))
    await connected.deliver(delivery)
    (call,) = connected.slack.calls_of("chat.postMessage")
    assert "username" not in call.args
    assert "Heron" not in str(call.args)
    assert call.args["channel"] == connected.eva.dm_channel.id
    await connected.deliver(dataclasses.replace(delivery, id="d2"))
    assert len(connected.slack.calls_of("conversations.open")) == 1


async def test_replies_stand_in_the_thread(connected: Any) -> None:
    await connected.deliver(Delivery("d1", None, Post(CASE)))
    root = connected.parts[0].remote
    await connected.deliver(Delivery("d2", None, Post(note("Opinion 1"), thread=root)))
    (reply,) = connected.otto.thread(connected.room, posted(connected)[0])
    assert connected.parts[1] == Part("message", f"{connected.room.id}/{reply['ts']}")


async def test_pictures_are_uploaded_under_a_neutral_name_and_shown_in_the_message(connected: Any) -> None:
    connected.slack.world.file_delay = 1.5  # Slack looks at uploads before they can be shown
    card = dataclasses.replace(CASE, pictures=(FILM, Picture("m2", "Photo of a rash")))
    await connected.deliver(Delivery("d1", None, Post(card), images=IMAGES))
    kinds = [part.kind for part in connected.parts]
    assert kinds == ["upload", "file", "upload", "file", "message"]
    images = [block for block in posted(connected)[0]["blocks"] if block["type"] == "image"]
    assert [block["alt_text"] for block in images] == [FILM.alt, "Photo of a rash"]
    assert images[0]["title"]["text"] == "Film of day 2"
    files = [part for part in connected.parts if part.kind == "file"]
    for part, image in zip(files, IMAGES.values(), strict=True):
        assert connected.otto.download(part.remote) == image.data
    names = [call.args["filename"] for call in connected.slack.calls_of("files.getUploadURLExternal")]
    assert all(len(name.partition(".")[0]) == 16 for name in names)
    assert not any("m1" in name or "d1" in name or "case" in name.lower() for name in names)


async def test_a_long_card_becomes_several_messages_of_one_posting(connected: Any) -> None:
    story = "\n".join(f"Line {number} of a long story." for number in range(900))
    long = dataclasses.replace(CASE, blocks=(Quote(story, "Story"),), buttons=(Button("Read", "read 123"),))
    await connected.deliver(Delivery("d1", None, Post(long)))
    messages = posted(connected)
    assert len(messages) == len(connected.parts) == 3
    assert "".join(_quoted(messages)) == story
    marks = [message["blocks"][-1]["elements"][0]["text"] for message in messages]
    assert marks == ["1/3", "2/3", "3/3"]


def _quoted(messages: list[dict[str, Any]]) -> list[str]:
    return [
        element["text"]
        for message in messages
        for block in message["blocks"]
        if block["type"] == "rich_text"
        for part in block["elements"]
        if part["type"] == "rich_text_quote"
        for element in part["elements"]
    ]


async def test_an_edit_changes_the_message_where_it_stands(connected: Any) -> None:
    await connected.deliver(Delivery("d1", None, Post(CASE)))
    changed = dataclasses.replace(CASE, blocks=(Paragraph(("Closed.",)),))
    await connected.deliver(Delivery("d2", None, Edit(changed, tuple(connected.parts))))
    (message,) = posted(connected)
    assert "Closed." in str(message["blocks"])
    assert "Hiccups" not in str(message["blocks"])
    assert message["username"] == "Quiet Heron"


async def test_an_edit_can_grow_and_shrink_and_change_pictures(connected: Any) -> None:
    await connected.deliver(
        Delivery(
            "d1",
            None,
            Post(
                dataclasses.replace(CASE, pictures=(FILM,)),
            ),
            images=IMAGES,
        )
    )
    first = tuple(connected.parts)
    grown = dataclasses.replace(
        CASE, blocks=(Quote("x " * 9000, "Story"),), pictures=(FILM, Picture("m2", "Photo of a rash"))
    )
    await connected.deliver(Delivery("d2", None, Edit(grown, first), images=IMAGES))
    assert len(posted(connected)) == 2
    kinds = [part.kind for part in connected.parts]
    assert kinds == ["upload", "file", "message", "upload", "file", "message"]
    await connected.deliver(Delivery("d3", None, Edit(note("Hidden."), tuple(connected.parts))))
    (message,) = posted(connected)
    assert "Hidden." in str(message["blocks"])
    assert len(connected.slack.calls_of("files.delete")) == 2


async def test_taking_back_removes_messages_and_files_and_does_not_mind_what_is_gone(connected: Any) -> None:
    card = dataclasses.replace(CASE, pictures=(FILM,))
    await connected.deliver(Delivery("d1", None, Post(card), images=IMAGES))
    root = next(part.remote for part in connected.parts if part.kind == "message")
    await connected.deliver(Delivery("d2", None, Post(note("Opinion 1"), thread=root)))
    parts = tuple(connected.parts)
    for number in range(2):
        await connected.deliver(Delivery(f"x{number}", None, Delete(parts)))
    assert not any(message.get("username") for message in posted(connected))
    assert connected.workspace.team.files[parts[0].remote].deleted


async def test_what_cannot_be_taken_back_is_said_after_the_rest_is_gone(connected: Any) -> None:
    await connected.deliver(Delivery("d1", None, Post(CASE)))
    foreign = await connected.eva.say(connected.room, "hello")
    parts = (Part("message", f"{connected.room.id}/{foreign['ts']}"), *connected.parts)
    with pytest.raises(Undeliverable) as caught:
        await connected.deliver(Delivery("d2", None, Delete(parts)))
    assert caught.value.code == "cant_delete_message"
    assert [message["ts"] for message in posted(connected)] == [foreign["ts"]]


async def test_t40_a_lost_answer_does_not_post_twice(connected: Any) -> None:
    connected.slack.faults.drop("chat.postMessage", after_commit=True)
    delivery = Delivery("d1", None, Post(CASE))
    with pytest.raises(Later) as caught:
        await connected.deliver(delivery)
    assert caught.value.unsure
    await connected.deliver(dataclasses.replace(delivery, tried=True))
    (message,) = posted(connected)
    assert connected.parts == [Part("message", f"{connected.room.id}/{message['ts']}")]


async def test_t40_a_lost_answer_in_a_thread_or_home_chat_does_not_post_twice(connected: Any) -> None:
    await connected.deliver(Delivery("d1", None, Post(CASE)))
    root = connected.parts[0].remote
    for delivery in (
        Delivery("d2", None, Post(note("Opinion 1"), thread=root)),
        Delivery("d3", connected.account(connected.eva), Post(note("Something new"))),
    ):
        connected.slack.faults.server_error("chat.postMessage", after_commit=True)
        with pytest.raises(Later):
            await connected.deliver(delivery)
        await connected.deliver(dataclasses.replace(delivery, tried=True))
    assert len(connected.otto.thread(connected.room, posted(connected)[0])) == 1
    assert len(connected.eva.dm()) == 1


async def test_t40_a_try_that_never_arrived_is_posted_after_looking(connected: Any) -> None:
    connected.slack.faults.drop("chat.postMessage")
    delivery = Delivery("d1", None, Post(CASE))
    with pytest.raises(Later):
        await connected.deliver(delivery)
    await connected.deliver(dataclasses.replace(delivery, tried=True))
    assert len(posted(connected)) == 1
    assert len(connected.slack.calls_of("conversations.history")) == 1


async def test_t40_several_messages_resume_where_they_stopped(connected: Any) -> None:
    connected.slack.rates.on = False
    long = dataclasses.replace(CASE, blocks=(Quote("word " * 6000, "Story"),))
    delivery = Delivery("d1", None, Post(long), images=IMAGES)
    await connected.deliver(dataclasses.replace(delivery, id="d0"))
    whole = len(posted(connected))
    connected.parts.clear()
    original = connected.adapter._wire.ask
    calls = 0

    async def dying(method: str, **args: Any) -> Any:
        nonlocal calls
        calls += method == "chat.postMessage"
        answer = await original(method, **args)
        if calls == 2:
            raise ConnectionAbortedError
        return answer

    connected.adapter._wire.ask = dying
    with pytest.raises(ConnectionAbortedError):
        await connected.deliver(delivery)
    connected.adapter._wire.ask = original
    done = tuple(connected.parts)
    assert len(done) == 1
    await connected.deliver(dataclasses.replace(delivery, tried=True, done=done))
    assert len(posted(connected)) == 2 * whole
    assert len(connected.parts) == whole


async def test_uploads_already_recorded_are_not_made_again(connected: Any) -> None:
    card = dataclasses.replace(CASE, pictures=(FILM, Picture("m2", "Photo of a rash")))
    connected.slack.faults.server_error("chat.postMessage")
    with pytest.raises(Later):
        await connected.deliver(Delivery("d1", None, Post(card), images=IMAGES))
    done = tuple(connected.parts)
    await connected.deliver(Delivery("d1", None, Post(card), tried=True, done=done, images=IMAGES))
    assert len(connected.slack.calls_of("files.completeUploadExternal")) == 2
    assert [part.kind for part in connected.parts] == ["upload", "file", "upload", "file", "message"]


async def test_an_upload_that_broke_off_is_deleted_and_made_anew(connected: Any) -> None:
    card = dataclasses.replace(CASE, pictures=(FILM,))
    connected.slack.faults.drop("files.completeUploadExternal", after_commit=True)
    with pytest.raises(Later):
        await connected.deliver(Delivery("d1", None, Post(card), images=IMAGES))
    done = tuple(connected.parts)
    assert [part.kind for part in done] == ["upload"]
    await connected.deliver(Delivery("d1", None, Post(card), tried=True, done=done, images=IMAGES))
    assert [call.args["file"] for call in connected.slack.calls_of("files.delete")] == [done[0].remote]
    (message,) = posted(connected)
    assert connected.parts[-1].remote.endswith(message["ts"])


async def test_a_limit_pauses_what_it_counts_by(connected: Any) -> None:
    connected.slack.faults.ratelimit("chat.postMessage", retry_after=7)
    with pytest.raises(Later) as caught:
        await connected.deliver(Delivery("d1", None, Post(CASE)))
    assert (caught.value.seconds, caught.value.scope, caught.value.unsure) == (7.0, "destination", False)
    await connected.deliver(Delivery("d1", None, Post(CASE), tried=True))
    connected.slack.faults.ratelimit("chat.update", retry_after=3)
    with pytest.raises(Later) as caught:
        await connected.deliver(Delivery("d2", None, Edit(CASE, tuple(connected.parts))))
    assert (caught.value.seconds, caught.value.scope) == (3.0, "site")


async def test_trouble_while_looking_or_uploading_is_later(connected: Any) -> None:
    connected.slack.faults.server_error("conversations.history")
    with pytest.raises(Later):
        await connected.deliver(Delivery("d1", None, Post(CASE), tried=True))
    connected.slack.faults.drop("upload")
    with pytest.raises(Later):
        await connected.deliver(
            Delivery("d1", None, Post(dataclasses.replace(CASE, pictures=(FILM,))), images=IMAGES)
        )
    assert posted(connected) == []


@pytest.mark.parametrize(
    ("break_it", "code"),
    [
        (lambda h: setattr(h.room, "archived", True), "is_archived"),
        (lambda h: h.room.members.remove(h.workspace.app.bot_user_id), "channel_not_found"),
    ],
)
async def test_what_can_never_succeed_is_said_once(connected: Any, break_it: Any, code: str) -> None:
    break_it(connected)
    with pytest.raises(Undeliverable) as caught:
        await connected.deliver(Delivery("d1", None, Post(CASE)))
    assert caught.value.code in (code, "not_in_channel")


async def test_stopping_lets_a_delivery_under_way_finish(connected: Any) -> None:
    connected.slack.faults.delay("chat.postMessage", seconds=2)
    sending = asyncio.create_task(
        connected.adapter.deliver(Delivery("d1", None, Post(CASE)), connected.record)
    )
    await connected.found(lambda: posted(connected) or None)
    assert connected.parts == []
    await connected.turning(connected.adapter.stop())
    await sending
    assert len(connected.parts) == 1
    with pytest.raises(Later):
        await connected.adapter.deliver(Delivery("d2", None, Post(CASE)), connected.record)


async def test_other_impossible_deliveries_have_a_word_of_their_own(connected: Any) -> None:
    stranger = Account("slack", "T0OTHER", connected.eva.id)
    with_picture = dataclasses.replace(CASE, pictures=(FILM,))
    cases = {
        "other_workspace": Delivery("d1", stranger, Post(CASE)),
        "picture_missing": Delivery("d2", None, Post(with_picture)),
        "picture_type": Delivery("d3", None, Post(with_picture), images={"m1": Image(b"x", "image/webp")}),
        "malformed_remote": Delivery("d4", None, Post(CASE, thread="nonsense")),
        "nothing_to_edit": Delivery("d6", None, Edit(CASE, ())),
        "message_not_found": Delivery(
            "d7", None, Edit(CASE, (Part("message", f"{connected.room.id}/1700000000.000001"),))
        ),
    }
    for code, delivery in cases.items():
        with pytest.raises(Undeliverable) as caught:
            await connected.deliver(delivery)
        assert caught.value.code == code


async def test_a_refused_token_is_told_and_keeps_the_rest(connected: Any) -> None:
    connected.workspace.app.installed = False
    for delivery in ("d1", "d2"):
        with pytest.raises(Later):
            await connected.deliver(Delivery(delivery, None, Post(CASE)))
    assert "new token" in connected.adapter.health().problem
    assert connected.adapter.health().refused


async def test_a_token_that_is_good_again_is_noticed(connected: Any) -> None:
    connected.workspace.app.installed = False
    with pytest.raises(Later):
        await connected.deliver(Delivery("d1", None, Post(CASE)))
    connected.workspace.app.installed = True
    await connected.turning(connected.found(lambda: connected.adapter.health().connected or None))
    await connected.deliver(Delivery("d1", None, Post(CASE)))
    assert not connected.adapter.health().refused


@pytest.mark.parametrize("restricted", [True, False])
async def test_t26_cards_in_a_room_where_people_can_type_say_so(hospital: Any, restricted: bool) -> None:
    await hospital.adapter.start(hospital.inbox)
    hospital.adapter._room.open_to_typing = not restricted
    await hospital.deliver(Delivery("d1", None, Post(CASE)))
    await hospital.deliver(Delivery("d2", None, Edit(CASE, tuple(hospital.parts))))
    await hospital.deliver(Delivery("d3", hospital.account(hospital.eva), Post(CASE)))
    said = [str(call.args.get("blocks")) for call in hospital.slack.calls if call.method.startswith("chat.")]
    warned = ["Typing here shows your name" in blocks for blocks in said]
    assert warned == [not restricted, not restricted, False]
    await hospital.adapter.stop()


async def test_t40_many_deliveries_in_trouble_are_there_once_and_in_order(connected: Any) -> None:
    connected.slack.rates.on = False
    connected.slack.faults.at_rate(
        "chat.postMessage", ratelimit=0.10, server_error=0.05, drop=0.02, drop_after_commit=0.03
    )
    for number in range(150):
        delivery = Delivery(f"d{number}", None, Post(note(f"Message {number}")))
        while True:
            try:
                await connected.deliver(delivery)
                break
            except Later:
                await connected.clock.advance(1)
                delivery = dataclasses.replace(delivery, tried=True)
    assert [message["text"] for message in posted(connected)] == [
        f"Message {number}" for number in range(150)
    ]
    assert len(connected.parts) == 150
