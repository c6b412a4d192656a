"""A case crosses from one hospital to the other, and the answers come back."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from bot.chat.events import Kind, Place
from bot.domain.drafts import STATEMENT
from tests.stories.world import UNDO, World

STORY = "68-year-old woman, three days of fever and a red left shin. Seen by Dr. Miller on 3 March 2026."
QUESTION = "Would you start antibiotics now?"


def photo() -> bytes:
    out = BytesIO()
    Image.new("RGB", (64, 48), (180, 60, 60)).save(out, "JPEG", comment=b"planted comment")
    return out.getvalue()


async def posted(world: World, person: str = "ada") -> None:
    await world.command(person, "case")
    await world.submit(person, {"story": STORY, "question": QUESTION, "urgency": "soon"}, photo())
    await world.post(person)
    await world.wait(UNDO + 5)


async def test_a_case_with_a_picture_is_previewed_posted_and_stands_in_every_room(world: World) -> None:
    assert await world.command("ada", "case") == "[form] Ask colleagues"

    preview = await world.submit("ada", {"story": STORY, "question": QUESTION, "urgency": "soon"}, photo())
    assert "Miller" not in preview
    assert "NAME⟧" in preview
    assert world.room(world.words) == []
    assert "Picture 1 of 1" in await world.press("ada", "Continue")
    assert len(world.card("ada").pictures) == 1
    assert STATEMENT in await world.press("ada", "Looks clean")

    assert "#101" in await world.press("ada", "Post")
    await world.wait(UNDO - 1)
    assert world.room(world.words) == []

    await world.wait(6)
    name = await world.name_of("ada")
    for room in (world.forms, world.words):
        (card,) = world.room(room)
        assert card.startswith(f"{name}: #101")
        assert "68-year-old woman" in card
        assert "Miller" not in card
        assert len(room.room[0].card.pictures) == 1


async def test_an_opinion_by_one_line_and_a_comment_by_reply_reach_rooms_and_author(world: World) -> None:
    await posted(world)

    answer = await world.say("ravi", "!consult opinion 101 1) cellulitis 2) erysipelas next: blood cultures")
    assert "I read it as" in answer
    await world.wait(UNDO)
    await world.say("ravi", "show 101")
    shown = world.words.homes["ravi"][-1]
    await world.say("ravi", "How is her pulse?", reply_to=shown.remote)
    await world.wait(UNDO)
    await world.command("ada", "reveal 101")

    name = await world.name_of("ravi")
    for room in (world.forms, world.words):
        _, opinion, comment = world.room(room)
        assert opinion.startswith(f"bot: Opinion 101.1 · {name}")
        assert "cellulitis" in opinion
        assert comment.startswith(f"{name}: How is her pulse?")
        assert [shown.thread for shown in room.room] == ["", room.room[0].remote, room.room[0].remote]
    assert world.home("ada")[1:] == ["Something new in #101. ", "Something new in #101. "]


async def test_a_case_is_told_by_wizard_where_there_are_no_forms(world: World) -> None:
    assert "Ask colleagues (1/3): The story" in await world.say("ravi", "case")
    assert "Noted" in await world.say("ravi", "58-year-old man with an itching plaque")
    assert "1 picture." in await world.say("ravi", "", photo())
    assert "(2/3): Your question" in await world.say("ravi", "!consult done")
    assert "(3/3): How soon" in await world.say("ravi", "Would you biopsy?")
    assert "(4/4): For which specialties" in await world.say("ravi", "3")
    assert "Preview of your case" in await world.say("ravi", "derm")
    assert "For dermatology." in world.answer("ravi")
    assert "Picture 1 of 1" in await world.say("ravi", "1")
    assert "One last look" in await world.say("ravi", "picture 1 clean")
    assert "by its word" in await world.say("ravi", "1")
    assert "#101" in await world.say("ravi", "post")
    await world.wait(UNDO)

    assert len(world.room(world.forms)) == 1


async def test_undo_leaves_no_trace_in_any_room(world: World) -> None:
    await world.command("ada", "case")
    await world.submit("ada", {"story": STORY, "question": QUESTION})
    await world.post("ada")

    assert "nobody saw it" in await world.press("ada", "Undo")
    await world.wait(3600)

    assert world.room(world.forms) == world.room(world.words) == []
    assert "I know no case #101" in await world.command("ravi", "show 101")


@pytest.mark.parametrize("text", ["show 101", "opinion 101 gout", "comment 101 hello"])
async def test_until_a_case_has_left_nobody_else_can_guess_its_number(world: World, text: str) -> None:
    await world.command("ada", "case")
    await world.submit("ada", {"story": STORY, "question": QUESTION})
    await world.post("ada")

    assert "I know no case #101" in await world.say("ravi", text)
    assert "Would you start antibiotics" in await world.command("ada", "show 101")
    await world.wait(UNDO + 5)
    assert "I know no case" not in await world.say("ravi", text)


async def test_withdrawing_removes_everything_and_reports_room_by_room(world: World) -> None:
    await posted(world)
    await world.say("ravi", "opinion 101 gout")
    await world.wait(UNDO)

    assert "cannot be undone" in await world.command("ada", "withdraw 101")
    await world.press("ada", "Withdraw for good")
    await world.settle()

    assert world.room(world.forms) == world.room(world.words) == []
    assert world.home("ada")[-1] == "Something new in #101. "
    assert "removed in 2 of 2 rooms" in await world.press("ada", "Open")
    assert "was withdrawn by its author" in await world.say("ravi", "show 101")
    assert "was withdrawn by its author" in await world.say("ravi", "opinion 101 gout")


async def test_the_author_who_withdraws_by_words_gets_the_report(world: World) -> None:
    await world.say("ravi", "58-year-old man", photo())
    for words in ("58-year-old man", "done", "Would you biopsy?", "2", "skip", "post"):
        await world.say("ravi", words)
    for words in ("picture 1 clean", "post"):
        await world.say("ravi", words)
    await world.wait(UNDO + 5)

    await world.say("ravi", "withdraw 101 yes")
    await world.settle()

    assert "removed in 2 of 2 rooms" in world.home("ravi")[-1]
    assert "Room 1: messages and pictures removed." in world.home("ravi")[-1]


async def test_a_poll_counts_people_once_and_destroys_the_ballots(world: World) -> None:
    await world.say("ravi", 'poll "First-line treatment?" Potent steroid | Antifungal')
    await world.say("ravi", "post")
    await world.wait(UNDO)
    assert len(world.room(world.forms)) == 1

    for person, choice in (("ada", 1), ("ben", 1), ("cleo", 2), ("dara", 1)):
        assert "Your vote counted" in await world.command(person, f"vote 101 {choice}")
    for person in ("sana", "tove"):
        assert "Your vote counted" in await world.say(person, "vote 101 1")
    assert "Your vote was changed to: Potent steroid" in await world.command("cleo", "vote 101 1")
    await world.say("ravi", "endpoll 101")
    await world.settle()

    for room in (world.forms, world.words):
        result, _ = world.room(room)
        assert "Potent steroid: 6 of 6 (100 %, 61–100 %)" in result
        assert room.room[1].card.pictures[0].alt.startswith("Result of poll 101")
    assert "is closed" in await world.command("ada", "vote 101 2")


async def test_too_few_votes_are_not_shown(world: World) -> None:
    await world.say("ravi", 'poll "Q?" yes | no')
    await world.say("ravi", "post")
    await world.command("ada", "vote 101 1")

    assert "Too few people voted" in await world.say("ravi", "endpoll 101")


@pytest.mark.parametrize("text", ["case", "open", "vote 101 1", "me", "opinion 101 gout", "post"])
async def test_an_unverified_person_gets_nothing_but_help_and_verification(world: World, text: str) -> None:
    assert "You need to be verified" in await world.command("nemo", text)


@pytest.mark.parametrize(
    ("text", "words"), [("help", "What you can do"), ("rules", "Rules"), ("verify", "[form] Your number")]
)
async def test_an_unverified_person_gets_help_rules_and_standing(world: World, text: str, words: str) -> None:
    assert words in await world.command("nemo", text)


async def test_a_native_message_in_the_room_is_warned_of_and_goes_nowhere(world: World) -> None:
    await posted(world)
    await world.forms.does("ben", Kind.NATIVE, place=Place.ROOM)
    await world.settle()

    assert "under your own name" in world.answer("ben")
    assert len(world.room(world.words)) == 1


async def test_an_opinion_with_a_name_in_it_waits_for_its_author(world: World) -> None:
    await posted(world)
    waiting = await world.say("ravi", "opinion 101 cellulitis next: call Dr. Miller at 555-867-5309")

    assert "Preview of your opinion" in waiting
    await world.wait(3600)
    assert len(world.room(world.forms)) == 1
    await world.say("ravi", "post")
    await world.wait(UNDO)
    assert len(world.room(world.forms)) == 2
    assert "Miller" not in "".join(world.room(world.forms))


async def test_a_damaged_picture_is_named_and_nothing_else_is_lost(world: World) -> None:
    await world.command("ada", "case")
    preview = await world.submit("ada", {"story": STORY, "question": QUESTION}, photo(), b"no picture")

    assert "Picture 2" in preview
    assert not any(button.label == "Post" for button in world.card("ada").buttons)
    assert "I can't post this yet" in await world.command("ada", "post")
    await world.press("ada", "Remove picture 2")
    assert "#101" in await world.post("ada")


@pytest.mark.parametrize(
    ("person", "text", "sentence"),
    [
        ("ada", "cas", "Did you mean case?"),
        ("ada", "show 999", "I know no case #999"),
        ("ada", "show", "Which case?"),
        ("ben", "close 101", "I know no case #101"),
        ("ben", "withdraw 101 yes", "I know no case #101"),
        ("ada", "opinion 101 gout", "your own case"),
        ("ada", "post", "You have no draft waiting."),
        ("ada", "undo zzzz", "nothing left to undo"),
        ("ben", "opinion 101 next: tap", "[form] Opinion on #101"),
        ("ben", "vote 555 1", "I know no poll 555"),
    ],
)
async def test_what_cannot_be_done_is_one_sentence(
    world: World, person: str, text: str, sentence: str
) -> None:
    await posted(world)

    assert sentence in await world.command(person, text)


async def test_a_closed_case_takes_nothing_new(world: World) -> None:
    await posted(world)
    assert "is closed" in await world.command("ada", "close 101")

    assert "Case #101 is closed" in await world.say("ravi", "opinion 101 gout")
    assert "Case #101 is closed" in await world.say("ravi", "comment 101 hello")


async def test_a_second_opinion_replaces_the_first(world: World) -> None:
    await posted(world)
    await world.say("ravi", "opinion 101 gout")
    await world.wait(UNDO)
    assert "Your earlier list was replaced" in await world.say("ravi", "opinion 101 cellulitis")
    await world.command("ada", "reveal 101")

    assert len(world.room(world.forms)) == 2
    assert "cellulitis" in world.room(world.forms)[1]


async def test_a_repeated_delivery_of_an_event_has_one_effect(world: World) -> None:
    await posted(world)
    for _ in range(3):
        await world.words.does("ravi", Kind.TEXT, "comment 101 hello", event="same")
        await world.settle()
    await world.wait(UNDO)

    assert len(world.room(world.forms)) == 2
