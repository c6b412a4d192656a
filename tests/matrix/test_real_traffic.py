"""The bot on a real homeserver with encryption: nothing lost, nothing doubled, everything readable."""

import asyncio

import pytest

from bot.chat.cards import Card, Paragraph, Picture, Quote, Speaker, note
from bot.chat.events import Event, Kind, Place
from bot.chat.forms import Form, TextField
from bot.chat.wizard import begin, lead_card, question_card
from bot.ports.adapter import Delete, Delivery, Edit, FileUnavailable, Image, Part, Post
from tests.matrix.fakes import Parts
from tests.matrix.rig import Hospital, png

pytestmark = pytest.mark.matrix_real

HERON = Speaker("Quiet Heron", "0123456789abcdef")


async def test_words_and_pictures_go_both_ways(city: Hospital) -> None:
    bot = await city.adapter()
    person, account = await city.person()
    shown, sent, parts = png(), png(30, 20), Parts()
    card = Card("New case #7", title="#7 Rash", speaker=HERON, pictures=(Picture("m", "Photo of a rash"),))
    await bot.deliver(Delivery("d", account, Post(card), images={"m": Image(shown, "image/png")}), parts)
    words, picture = await person.hear("#7 Rash"), await person.hear("Photo of a rash")
    assert (words.speaker, words.encrypted, picture.encrypted) == ("Quiet Heron", True, True)
    assert await person.picture(picture) == shown
    assert [part.kind for part in parts.all] == ["message", "picture"]
    assert picture.content["filename"] == "picture-1.png"

    await person.say(words.room, "What is the time course?", reply_to=words.id)
    await person.show(words.room, sent, caption="Two days later")
    _, said, image = await city.intake.until(3)
    assert (said.kind, said.place, said.account) == (Kind.TEXT, Place.HOME, account)
    assert said.reply_to == parts.all[0].remote
    assert image.text == "Two days later"
    assert await bot.fetch(image.files[0], 10**6) == sent
    with pytest.raises(FileUnavailable, match="too large"):
        await bot.fetch(image.files[0], 100)


async def test_the_pictures_of_a_form_stand_above_its_first_question(city: Hospital) -> None:
    bot = await city.adapter()
    person, account = await city.person()
    await bot.admit(account)
    event = Event("e", Kind.COMMAND, account, Place.HOME, "opinion 7")
    form = Form(
        "opinion 7",
        "Opinion on #7",
        (TextField("diagnoses", "Your list"),),
        lead=(Quote("Biopsy?", "Question"),),
        pictures=(Picture("m", "Photo of a rash"), Picture("n", "The same from the side")),
    )
    lead, image = lead_card(form), Image(png(), "image/png")
    assert lead is not None
    await city.answer(bot, event, lead, m=image, n=image)
    await city.answer(bot, event, question_card(begin(form)))
    question = await person.hear("Your list")
    told = [message.body for message in person.read(question.room)][-4:]
    wanted = ("Biopsy?", "Photo of a rash", "The same from the side", "Your list")
    assert all(words in body for words, body in zip(wanted, told, strict=True))


async def test_250_posts_at_once_are_all_readable_and_in_order_of_their_lock(city: Hospital) -> None:
    bot = await city.adapter()
    person, account = await city.person()
    await bot.admit(account)
    await person.until(lambda: bot.room in person.client.rooms)
    parts = Parts()
    posts = [Delivery(f"d{number}", None, Post(note(f"Post {number}."))) for number in range(250)]
    await asyncio.gather(*(bot.deliver(post, parts) for post in posts))
    await person.until(lambda: len(person.read(bot.room)) >= 250, seconds=60)
    assert sorted(message.body for message in person.read(bot.room)) == sorted(
        f"Post {number}." for number in range(250)
    )
    assert person.unreadable == {}
    assert len({part.remote for part in parts.all}) == 250


async def test_the_same_delivery_again_gives_the_same_event_also_after_a_restart(city: Hospital) -> None:
    parts = Parts()
    delivery = Delivery("once", None, Post(note("Said once.")))
    for _ in range(2):
        bot = await city.adapter()
        await bot.deliver(delivery, parts)
        await bot.deliver(delivery, parts)
        await bot.stop()
    assert len(parts.all) == 4
    assert len({part.remote for part in parts.all}) == 1


async def test_what_is_recorded_is_not_made_again(city: Hospital) -> None:
    bot = await city.adapter()
    parts = Parts()
    card = Card("Two", title="Two parts", pictures=(Picture("m", "A film"),))
    images = {"m": Image(png(), "image/png")}
    await bot.deliver(Delivery("d", None, Post(card), images=images), parts)
    again = Parts()
    await bot.deliver(Delivery("d", None, Post(card), tried=True, done=(parts.all[0],), images=images), again)
    assert again.all == parts.all[1:]


async def test_edits_threads_and_deletions_reach_the_room(city: Hospital) -> None:
    bot = await city.adapter()
    person, account = await city.person()
    await bot.admit(account)
    await person.until(lambda: bot.room in person.client.rooms)
    parts, replies = Parts(), Parts()
    await bot.deliver(Delivery("a", None, Post(note("First words."))), parts)
    root = await person.hear("First words.")
    await bot.deliver(Delivery("b", None, Post(note("In its thread."), thread=parts.all[0].remote)), replies)
    assert (await person.hear("In its thread.")).thread == root.id
    await bot.deliver(Delivery("c", None, Edit(note("Better words."), tuple(parts.all))), parts)
    assert (await person.hear("Better words.")).edited == 1
    assert len(parts.all) == 1

    gone = (*parts.all, *replies.all)
    await bot.deliver(Delivery("d", None, Delete(gone)), Parts())
    await person.until(lambda: not person.read(bot.room))
    await bot.deliver(Delivery("e", None, Delete((*gone, Part("message", f"{bot.room} $unknown")))), Parts())
    kept = await bot._session.wire.get(
        f"/rooms/{bot.room}/messages", {"dir": "b", "limit": "50", "filter": '{"types":["m.room.encrypted"]}'}
    )
    assert all(event["content"].keys() <= {"m.relates_to"} for event in kept["chunk"])


async def test_a_long_card_arrives_whole_in_several_messages(city: Hospital) -> None:
    bot = await city.adapter()
    person, account = await city.person()
    story = " ".join(f"wörd{number}" for number in range(9000))
    parts = Parts()
    card = Card("Long", title="Long", speaker=HERON, blocks=(Quote(story, label="History"),))
    await bot.deliver(Delivery("d", account, Post(card)), parts)
    await person.until(lambda: len(person.read()) == len(parts.all) > 1)
    told = " ".join(message.body for message in person.read())
    assert all(f"wörd{number}" in told for number in range(0, 9000, 97))


async def test_everything_said_while_the_bot_was_down_is_heard_once_and_in_order(city: Hospital) -> None:
    bot = await city.adapter()
    person, _ = await city.person()
    home = await person.open_chat(city.site.user)
    await city.intake.until(1)
    await person.say(home, "before")
    await city.intake.hear("before")
    await bot.stop()
    for number in range(300):
        await person.say(home, f"while away {number}")
    await city.adapter()
    await city.intake.until(302, seconds=60)
    said = [event.text for event in city.intake.events if event.kind is Kind.TEXT]
    assert said == ["before", *(f"while away {number}" for number in range(300))]


async def test_a_fresh_bot_does_not_answer_old_words(city: Hospital) -> None:
    bot = await city.adapter()
    person, _ = await city.person()
    home = await person.open_chat(city.site.user)
    await city.intake.until(1)
    await person.say(home, "old words")
    await city.intake.hear("old words")
    await bot.stop()
    city.intake.tokens.clear()
    city.intake.events.clear()
    await city.adapter()
    await person.say(home, "new words")
    assert (await city.intake.until(1))[0].text == "new words"


async def test_an_edit_and_a_deletion_in_an_encrypted_home_chat_name_the_message(city: Hospital) -> None:
    await city.adapter()
    person, _ = await city.person()
    home = await person.open_chat(city.site.user)
    await city.intake.until(1)
    said = await person.say(home, "first thought")
    await person.edit(home, said, "second thought")
    await person.client.room_redact(home, said)
    _, first, second, third = await city.intake.until(4)
    assert (first.kind, first.text, first.message) == (Kind.TEXT, "first thought", f"{home} {said}")
    assert (second.kind, second.text, second.message) == (Kind.EDITED, "second thought", first.message)
    assert second.remote == first.remote
    assert (third.kind, third.text, third.message) == (Kind.DELETED, "", first.message)
    assert second.account == third.account == first.account


async def test_typing_in_a_room_whose_powers_an_admin_changed_is_noticed_without_its_words(
    city: Hospital,
) -> None:
    bot = await city.adapter()
    person, account = await city.person()
    await bot.admit(account)
    await person.until(lambda: bot.room in person.client.rooms)
    where = f"/rooms/{bot.room}/state/m.room.power_levels"
    powers = await bot._session.wire.get(where)
    await bot._session.wire.put(where, {**powers, "events_default": 0})
    await person.say(bot.room, "I know this patient")
    event = await city.intake.of(Kind.NATIVE)
    assert (event.place, event.account, event.text) == (Place.ROOM, account, "")
    checks = {check.name: check for check in await bot.checks()}
    assert checks["matrix consult room"].state == "warn"
    await city.answer(bot, event, Card("Careful", blocks=(Paragraph(("That carried your name.",)),)))
    assert (await person.hear("carried your name")).room != bot.room
