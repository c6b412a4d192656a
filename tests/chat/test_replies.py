"""Words in reply to a card: which are said about its case, and which are commands."""

from __future__ import annotations

import pytest

from bot.chat.events import Account, Event, Kind, Place
from bot.commands.context import Ask
from bot.frontdoor.reading import Say, Tell, read
from bot.frontdoor.talk import Talk

PREFIX = "!consult "
SENTENCES = (
    "Open the wound and wash it out",
    "Show me the film",
    "Show 3 more films, please",
    "Close follow-up in two weeks",
    "Close the defect with a flap",
    "Add steroids",
    "Add 20 mg of prednisolone",
    "Add 500 ml of saline and look again",
    "Next time, ask for the ferritin.",
    "Next 24 hours are what counts",
    "Find out whether she travelled",
    "Read the CT again with a radiologist",
    "Reveal the margins first",
    "Keep the leg elevated",
    "Hide nothing from the family",
    "Post-op fever is common",
    "Post the CT as well, please",
    "Question is whether it was there before",
    "Report the skin findings to dermatology",
    "Appeal to the family once more",
    "Digest enzymes may help",
    "Other causes are wrong here",
    "Ask for a second biopsy",
    "Comment from radiology: no fracture",
    "Opinion of a surgeon would help",
    "Opinion 2 convinces me",
    "Follow up in six weeks",
    "Follow 2 weeks of doxycycline with a scan",
    "Cover MRSA too",
    "Cover with doxycycline",
    "Picture the nailfold with a dermatoscope",
    "Case closed, I would say",
    "Case reports describe just this",
    "Help with dosing: ask your pharmacist",
    "Home visit tomorrow would be wise",
    "Me too, seen twice",
    "Name the antibiotic you gave",
    "Own experience: it comes back",
    "For cardiology this is routine",
    "Mean arterial pressure matters more",
    "Merge both plans: steroids and rest",
    "Split the dose",
    "Undo the dressing and look",
    "Withdraw the drain slowly",
    "Poll results suggest otherwise",
    "Poll number two was close",
    "Vote with your feet",
    "Vote 2 of us would ask for the biopsy",
    "Results pending?",
    "Outcome depends on the first six hours",
    "Helpful, thank you",
    "Mute the alarm and look at the patient",
    "Duty of care comes first",
    "Wider margins are needed",
    "Edit the chart before you discharge",
    "Verify the potassium",
    "Link to the guideline?",
    "Discard the first millilitre",
    "Details of the rash, please",
    "Rules of thumb do not help here",
    "Split 2 doses over the day",
    "I would tap it.",
    "2 days of fever are too short for that",
)
COMMANDS = {
    "report": "report",
    "report identifies": "report",
    "report 123.c2 not clinical": "report",
    "appeal 123.2": "appeal",
    "digest daily Europe/Berlin": "digest",
    "digest off": "digest",
    "show": "show",
    "Read": "read",
    "show 101": "show",
    "show #101": "show",
    "helpful 101.2": "helpful",
    "follow off": "follow",
    "follow 101 off": "follow",
    "mute 8h": "mute",
    "duty 12 hours": "duty",
    "vote 45 2": "vote",
    "vote 45 2>1>3": "vote",
    "vote 45 #2": "vote",
    "vote 45 12.5": "vote",
    "vote 45 Don't know": "vote",
    "undo 0b1c": "undo",
    "merge 101 2 3": "merge",
    "mean 101 1": "mean",
    "me data": "me",
    "own name": "own",
    "next skip": "next",
    "help outcome": "help",
    "add 101 The lactate is 4": "add",
    "comment 101 I would tap it": "comment",
    "opinion 101 1) gout 2) cellulitis": "opinion",
    "opinion 1) gout 2) cellulitis": "opinion",
    "outcome 101 confirmed gout": "outcome",
    "close 102": "close",
    "opinion 102": "opinion",
    "cover 1 B3 C4": "cover",
    "Not my field": "notmine",
    "Just read.": "read",
    "!consult open cardiology": "open",
    "!consult ask Is she on warfarin?": "ask",
    'poll "Tap it?" yes | no': "poll",
    'poll 101 number "Which dose?" 0-40 mg': "poll",
    'poll agree "Tap it early."': "poll",
    "poll change 103": "poll",
}


def said(text: str, about: str = "case:c1", number: int | None = 101, talk: Talk | None = None) -> object:
    """Say something in reply to a message about the case #101."""
    event = Event("e", Kind.TEXT, Account("matrix", "m", "u"), Place.HOME, text, reply_to="m1")
    return read(event, talk or Talk(), about, PREFIX, number=number)


@pytest.mark.parametrize("text", SENTENCES)
@pytest.mark.parametrize("about", ["case:c1", "opinion:o1"])
def test_a_sentence_is_a_comment_with_every_word_of_it(text: str, about: str) -> None:
    assert said(text, about) == Say("comment", Ask(values={"text": text}, about=about, submitted=True))


@pytest.mark.parametrize("text", COMMANDS)
def test_a_command_stays_one(text: str) -> None:
    wish = said(text)
    assert isinstance(wish, Say)
    assert not wish.ask.submitted
    assert (wish.word, wish.ask.about) == (COMMANDS[text], "case:c1")


@pytest.mark.parametrize(
    "text", ["Open the wound", "Show me the film", "open cardiology", "hide these words"]
)
@pytest.mark.parametrize("about", ["", "joining"])
def test_words_that_answer_nothing_of_a_case_are_read_as_before(text: str, about: str) -> None:
    wish = said(text, about, None)
    assert isinstance(wish, Say)
    assert wish.word == text.split(maxsplit=1)[0].casefold()


def test_a_message_of_no_case_that_is_still_here_takes_no_word_for_its_number() -> None:
    wish = said("Comment none of this", number=None)
    assert isinstance(wish, Say)
    assert wish.ask.values == {"text": "Comment none of this"}


def test_a_number_in_reply_chooses_and_posts_nothing() -> None:
    wish = said("1", talk=Talk(prompt=("show 101",)))
    assert isinstance(wish, Say)
    assert (wish.word, wish.ask.argument) == ("show", "101")
    assert isinstance(said("1"), Tell)


def test_words_in_reply_to_a_preview_are_no_comment() -> None:
    assert isinstance(said("looks fine to me", "draft:d1", None), Tell)
    wish = said("hide these words", "draft:d1", None)
    assert isinstance(wish, Say)
    assert wish.word == "hide"
