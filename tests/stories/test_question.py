"""`question`: the author of an open case asks something else; the card says so, and nobody is paged again."""

from __future__ import annotations

from bot.chat.cards import Card, Quote
from tests.stories.test_blind_first import answered
from tests.stories.test_case_crosses import QUESTION, posted
from tests.stories.world import UNDO, World

NOW = "Which treatment would you start?"


def labels(card: Card) -> list[tuple[str, str]]:
    return [(block.label, block.text) for block in card.blocks if isinstance(block, Quote)]


async def changed(world: World, words: str) -> None:
    await world.command("ada", f"question 101 {words}")
    await world.press("ada", "Post")
    await world.wait(UNDO)


async def test_the_cards_change_in_place_and_say_so_and_what_was_answered_stays(world: World) -> None:
    await posted(world)
    await answered(world, "ravi", "gout")
    await world.say("udo", "follow 101")
    rooms = [len(world.room(room)) for room in (world.forms, world.words)]
    told = {person: len(world.home(person)) for person in ("ravi", "udo", "ben")}

    shown = await world.command("ada", f"question 101 {NOW}")
    assert "Preview of your question" in shown
    assert "the case asks about treatment" in shown
    assert "asks in 60 s, in every room" in await world.press("ada", "Post")
    assert NOW not in await world.say("sana", "show 101")
    await world.wait(UNDO)

    for room in (world.forms, world.words):
        card = world.room(room)[0]
        assert f"#101 {NOW}" in card
        assert "asks about treatment" in card
        assert "question changed" in card
        assert labels(room.room[0].card)[1:3] == [
            ("Question changed", NOW),
            ("Asked before, until 1 opinion stood", QUESTION),
        ]
    assert [len(world.room(room)) for room in (world.forms, world.words)] == rooms
    assert {person: len(world.home(person)) for person in told} == told
    assert "#101" in await world.say("sana", "find treatment start")
    await answered(world, "ben", "psoriasis")
    await world.command("ada", "close 101")
    assert (
        "Question changed after 1 opinion; what was given before counts here too"
        in world.room(world.words)[-1]
    )


async def test_by_form_the_kind_can_be_chosen_and_the_draft_edited(world: World) -> None:
    await posted(world)
    assert await world.command("ada", "question 101") == "[form] Question of #101"
    shown = await world.submit("ada", {"question": "Is it the toe?", "kind": "next test"})
    assert "the case asks for the next test" in shown
    await world.press("ada", "Edit")
    shown = await world.submit("ada", {"question": "Is it the toe, or the shin?", "kind": "other"})
    assert "the case asks something else" in shown
    await world.press("ada", "Post")
    await world.wait(UNDO)
    assert "Is it the toe, or the shin?" in world.room(world.words)[0]
    assert "asks something else" in world.room(world.words)[0]


async def test_by_words_too_and_who_waited_in_vain_is_offered_it(world: World) -> None:
    for words in ("case", "58-year-old man with a plaque", "done", "Biopsy?", "2", "nephrology"):
        await world.say("ravi", words)
    await world.post("ravi")
    await world.wait(UNDO + 5)
    assert "(1/1): Your question now" in await world.say("ravi", "question 101")
    assert "Preview of your question" in await world.say("ravi", "Which cream?")
    await world.say("ravi", "post")
    await world.wait(UNDO)
    assert "Which cream?" in world.room(world.forms)[0]

    await world.wait(4 * 24 * 3600)
    assert "change the question, add to it, or close it" in world.home("ravi")[-1]
    offered = [button.label for button in world.words.homes["ravi"][-1].card.buttons]
    assert offered[:3] == ["Ask wider", "Change question", "Close"]


async def test_it_can_be_undone_until_the_rooms_show_it(world: World) -> None:
    await posted(world)
    await world.command("ada", f"question 101 {NOW}")
    await world.press("ada", "Post")
    assert "The question of #101 stays as it was" in await world.press("ada", "Undo (60 s)")
    await world.wait(UNDO)
    assert NOW not in world.room(world.words)[0]

    await changed(world, NOW)
    assert "stands in the rooms already" in await world.command("ada", "undo")
    assert NOW in world.room(world.words)[0]


async def test_closing_before_its_moment_asks_it_and_a_second_change_follows_the_first(world: World) -> None:
    await posted(world)
    await changed(world, NOW)
    await world.command("ada", "question 101 Is it the toe?")
    await world.press("ada", "Post")
    await world.command("ada", "close 101")
    await world.settle()
    assert "Case #101 is closed" in await world.command("ada", "undo")
    card = next(shown.card for shown in world.words.room)
    assert [text for _, text in labels(card)[1:4]] == ["Is it the toe?", NOW, QUESTION]
    assert "Asked before, without an opinion" in dict(labels(card))
    data = await world.command("ada", "me data rooms")
    assert NOW in data


async def test_what_cannot_be_asked_has_its_sentence(world: World) -> None:
    await posted(world)
    assert "I know no case #101" in await world.command("ben", f"question 101 {NOW}")
    assert "I know no case #999" in await world.command("ada", f"question 999 {NOW}")
    assert "300 fit" in await world.command("ada", f"question 101 {'why ' * 100}")
    await world.command("ada", "question 101")
    assert "A question needs words" in await world.submit("ada", {"question": " "})
    await world.command("ada", f"question 101 {QUESTION}")
    assert "#101 asks that already" in await world.press("ada", "Post")
    await world.command("ada", f"question 101 {NOW}")
    await world.command("ada", "close 101")
    assert "Case #101 is closed" in await world.command("ada", "post")
    assert "Case #101 is closed" in await world.command("ada", f"question 101 {NOW}")
    await world.command("ada", "withdraw 101 yes")
    assert "was withdrawn" in await world.command("ada", f"question 101 {NOW}")
