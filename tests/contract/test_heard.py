"""What people do, on every platform: the right event, under an id that stays, kept before acknowledged."""

from __future__ import annotations

import pytest

from bot.chat.cards import Card, Picture, note
from bot.chat.events import Kind, Place
from bot.ports.adapter import SHOWN, Delete, Delivery, Edit, FileUnavailable, Part, Post, Undeliverable
from tests.contract.rig import Kept, Rig, deliver, drawing, eventually
from tests.views.gallery import FORMS


async def test_a_command_comes_in_as_its_line(rig: Rig) -> None:
    await rig.command("show 123")
    event = await rig.inbox.event("show 123")

    assert (event.kind, event.place, event.account) == (Kind.COMMAND, Place.HOME, rig.account)
    assert event.id
    assert event.files == ()


async def test_words_in_the_home_chat_come_in_as_they_are(rig: Rig) -> None:
    words = "58-year-old man, <2 cm & itching\nsince May"
    await rig.write(words)
    event = await rig.inbox.event(words)

    assert (event.kind, event.place, event.account) == (Kind.TEXT, Place.HOME, rig.account)
    assert event.reply_to == ""


async def test_an_answer_names_the_message_that_it_answers(rig: Rig) -> None:
    [asked] = await deliver(rig, Delivery("d1", rig.account, Post(note("Something new in #123."))))
    await eventually(rig, rig.home, bool)
    await rig.answer(asked, "How long did it last?")
    event = await rig.inbox.event("How long did it last?")

    assert (event.kind, event.reply_to) == (Kind.TEXT, asked.remote)


async def test_what_a_person_said_is_erased_where_the_platform_lets_the_bot(rig: Rig) -> None:
    for words in ("The whole story.", "And one more thing."):
        await rig.write(words)
    events = [await rig.inbox.event(words) for words in ("The whole story.", "And one more thing.")]
    said = await eventually(rig, rig.said, lambda seen: len(seen) == 2)
    everything = Delete(tuple(Part("message", seen.place) for seen in said))

    if rig.adapter.capabilities.private_home:
        assert [event.remote for event in events] == [seen.place for seen in said]
        for _ in range(2):
            assert await deliver(rig, Delivery("d1", None, everything)) == []
        await eventually(rig, rig.said, lambda seen: seen == [])
    else:
        assert [event.remote for event in events] == ["", ""]
        with pytest.raises(Undeliverable):
            await deliver(rig, Delivery("d1", None, everything))
        assert await rig.said() == said


async def test_erasing_leaves_alone_what_else_is_said(rig: Rig) -> None:
    await rig.write("The story.")
    await rig.inbox.event("The story.")
    [story] = await eventually(rig, rig.said, bool)
    await deliver(rig, Delivery("d1", rig.account, Post(note("A card."))))
    await rig.write("Thanks.")
    try:
        await deliver(rig, Delivery("d2", None, Delete((Part("message", story.place),))))
    except Undeliverable:
        assert story.place in [seen.place for seen in await rig.said()]
    else:
        await eventually(rig, rig.said, lambda seen: story.place not in [one.place for one in seen])

    assert "Thanks." in [seen.words for seen in await eventually(rig, rig.said, bool)]
    assert len(await eventually(rig, rig.home, bool)) == 1
    await deliver(rig, Delivery("d3", rig.account, Post(note("Another card."))))
    await eventually(rig, rig.home, lambda seen: len(seen) == 2)


async def test_an_attached_picture_can_be_fetched_as_it_is(rig: Rig) -> None:
    picture = drawing(7)
    await rig.attach("the left shin", picture.data)
    event = await rig.inbox.event("the left shin")

    [file] = event.files
    assert await rig.adapter.fetch(file, 10_000_000) == picture.data
    with pytest.raises(FileUnavailable):
        await rig.adapter.fetch(file, 100)


async def test_typing_in_the_consult_room_is_noticed_without_its_words(rig: Rig) -> None:
    let_through = await rig.type_in_room("I know this patient")
    await rig.command("help")
    await rig.inbox.event("help")
    if let_through:
        event = await rig.inbox.event("", Kind.NATIVE)
        assert (event.place, event.account, event.files) == (Place.ROOM, rig.account, ())
    assert all("patient" not in event.text for event in rig.inbox.offered)


async def test_an_edit_and_a_deletion_of_own_words_name_the_message(rig: Rig) -> None:
    await rig.write("first thought")
    said = await rig.inbox.event("first thought")
    assert said.message in [seen.place for seen in await eventually(rig, rig.said, bool)]
    await rig.edit(said.message, "second thought")
    edited = await rig.inbox.event("second thought")
    await rig.delete(said.message)
    deleted = await rig.inbox.event("", Kind.DELETED)
    assert (edited.kind, edited.place, deleted.place) == (Kind.EDITED, Place.HOME, Place.HOME)
    assert said.message == edited.message == deleted.message
    assert said.account == edited.account == deleted.account
    assert said.remote == edited.remote


async def test_what_the_bot_edits_and_deletes_itself_is_no_event(rig: Rig) -> None:
    parts = await deliver(rig, Delivery("d1", rig.account, Post(note("First words."))))
    await deliver(rig, Delivery("d2", rig.account, Edit(note("Better words."), tuple(parts))))
    await deliver(rig, Delivery("d3", rig.account, Delete(tuple(parts))))
    await rig.write("after that")
    await rig.inbox.event("after that")
    assert not [one for one in rig.inbox.offered if one.kind in (Kind.EDITED, Kind.DELETED)]


async def test_different_acts_have_different_ids(rig: Rig) -> None:
    await rig.write("one")
    first = await rig.inbox.event("one")
    await rig.write("two")
    assert (await rig.inbox.event("two")).id != first.id


async def test_nothing_is_acknowledged_before_it_is_committed(rig: Rig) -> None:
    if rig.adapter.platform == "memory":
        pytest.skip("in memory the act itself waits for the commit")
    await rig.command("help")
    await rig.inbox.event("help")  # What the bot did before, its own coming in, is committed with it.
    rig.inbox.gate.clear()
    await rig.command("open")
    event = await rig.inbox.offer("open")
    assert not await rig.acknowledged(event)

    rig.inbox.gate.set()
    await rig.inbox.event("open")
    await eventually(rig, lambda: rig.acknowledged(event), bool)


async def test_what_could_not_be_committed_comes_again_under_the_same_id(rig: Rig) -> None:
    rig.inbox.refused = "please keep this"
    await rig.write("please keep this")
    kept = await rig.inbox.event("please keep this")

    offered = [event for event in rig.inbox.offered if event.text == "please keep this"]
    assert {event.id for event in offered} == {kept.id}
    assert len(offered) == 2
    assert [event.id for event in rig.inbox.events].count(kept.id) == 1


async def test_what_was_taken_in_before_a_restart_does_not_come_as_something_new(rig: Rig) -> None:
    await rig.write("before")
    await rig.inbox.event("before")
    await rig.restart()
    await rig.write("after")
    await rig.inbox.event("after")

    assert [event.text for event in rig.inbox.events if event.kind is Kind.TEXT] == ["before", "after"]


async def test_an_answer_is_seen_by_the_person_who_acted_and_not_in_the_room(rig: Rig) -> None:
    await rig.command("me")
    event = await rig.inbox.event("me")
    await rig.adapter.answer(event, note("Others see you as Quiet Heron."), {}, Kept())

    await eventually(rig, rig.shown, lambda shown: "Others see you as Quiet Heron." in "\n".join(shown))
    assert await rig.room() == []


async def test_an_answer_may_have_pictures(rig: Rig) -> None:
    await rig.command("preview")
    event = await rig.inbox.event("preview")
    card = Card("Your draft is ready", title="Preview", pictures=(Picture("m1", "The left shin"),))
    kept = Kept()
    await rig.adapter.answer(event, card, {"m1": drawing(1)}, kept)

    await eventually(rig, rig.shown, lambda shown: "The left shin" in "\n".join(shown))
    assert len([part for part in kept.parts if part.kind == "file"]) == await rig.files()
    assert [part.remote for part in kept.parts if part.kind == SHOWN] == ["m1"]


async def test_an_answer_in_the_home_chat_can_be_answered_itself(rig: Rig) -> None:
    if not rig.adapter.capabilities.private_home:
        pytest.skip("answers stand in the home chat only where it is private")
    await rig.command("show 123")
    event = await rig.inbox.event("show 123")
    remote = await rig.adapter.answer(event, note("The case."), {}, Kept())

    assert remote in [seen.place for seen in await eventually(rig, rig.home, bool)]


async def test_a_form_is_shown_where_there_are_forms(rig: Rig) -> None:
    if not rig.adapter.capabilities.forms:
        pytest.skip("here the front door asks question by question")
    await rig.command("case")
    event = await rig.inbox.event("case")
    assert await rig.adapter.answer(event, FORMS["case_form"], {}, Kept()) == ""

    await eventually(rig, rig.shown, lambda shown: "Ask colleagues" in "\n".join(shown))
