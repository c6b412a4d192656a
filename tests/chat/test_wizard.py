"""The wizard asks a form question by question and never loses an answer."""

from __future__ import annotations

from bot.chat.events import FileRef
from bot.chat.text import plain
from bot.chat.wizard import Wizard, begin, question_card
from bot.views.case import case_form

PICTURE = FileRef({"name": "f1"}, 10)


def asked() -> Wizard:
    return begin(case_form())


def test_story_and_pictures_come_in_any_order_until_done() -> None:
    wizard = asked().hear("", (PICTURE,)).hear("68-year-old woman").hear("three days of fever").hear("done")

    assert wizard.values["story"] == "68-year-old woman\nthree days of fever"
    assert wizard.files == (PICTURE,)
    assert wizard.step == 1


def test_done_without_a_word_asks_for_one() -> None:
    wizard = asked().hear("done")

    assert wizard.step == 0
    assert "no words yet" in wizard.hint


def test_choices_take_numbers_and_words_and_skip_takes_the_proposal() -> None:
    at_choice = asked().hear("story").hear("done").hear("What now?")

    assert at_choice.hear("3").values["urgency"] == "today"
    assert at_choice.hear("soon").values["urgency"] == "soon"
    assert at_choice.hear("skip").values["urgency"] == "routine"
    assert at_choice.hear("seven").hint == "Please answer with a number from 1 to 5."
    assert at_choice.hear("3").finished


def test_back_returns_to_the_question_before_and_keeps_the_answers() -> None:
    wizard = asked().hear("story").hear("done").hear("back")

    assert wizard.step == 0
    assert wizard.values["story"] == "story"


def test_what_does_not_fit_is_said_and_not_taken() -> None:
    too_long = asked().hear("story").hear("x" * 3000)
    too_many = asked().hear("", (PICTURE,) * 7)
    needed = asked().hear("story").hear("done").hear("skip")
    misplaced = asked().hear("story").hear("done").hear("", (PICTURE,))

    assert "3006 characters" not in too_long.values["story"]
    assert "Send less" in too_long.hint
    assert too_many.files == ()
    assert needed.hint == "This one is needed and cannot be skipped."
    assert "does not fit here" in misplaced.hint


def test_the_card_says_which_words_go_on() -> None:
    last = question_card(asked()).blocks[-1]

    assert "done" in plain(last.line)  # type: ignore[union-attr]
    assert "cancel" in plain(last.line)  # type: ignore[union-attr]


def test_a_message_of_a_gathered_text_can_say_something_else_or_nothing() -> None:
    wizard = asked().hear("one", remote="m1").hear("two", remote="m2").hear("done", remote="m3")
    changed = wizard.reword("m1", " once ")
    assert changed is not None
    assert (changed.values["story"], changed.step) == ("once\ntwo", 1)
    emptied = changed.reword("m2", "")
    assert emptied is not None
    assert emptied.values["story"] == "once"
    further = emptied.hear("back").hear("three", remote="m4")
    assert further.values["story"] == "once\nthree"

    full = changed.reword("m2", "w" * 6001)
    assert full is not None
    assert full.values == changed.values
    assert "fit. It stays as it was" in full.hint
    assert wizard.reword("m3", "undone") is None
    assert wizard.reword("m9", "strange") is None
