"""One path: every word that a person can send out goes through the anonymizer, and this is the list of them.

A new field of a form, a new word that takes free text, or a new text of what stands in rooms fails here until
it is listed, and planted, and seen to come out cleaned.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import fields
from typing import Final

import pytest

from bot.chat.codec import card_to_bytes
from bot.chat.forms import TextField
from bot.commands.drafts import PUBLISH
from bot.commands.registry import COMMANDS
from bot.domain.cases import Case, CasePicture
from bot.domain.comments import Comment
from bot.domain.details import Details
from bot.domain.drafts import DraftKind
from bot.domain.opinions import Opinion
from bot.domain.outcomes import Outcome
from bot.domain.poll_terms import Scale, Terms
from bot.domain.polls import Poll
from bot.domain.questions import EarlierQuestion, QuestionChange
from bot.domain.updates import Update
from tests.stories.planted import CLEANED, PLANTED, WORDS
from tests.stories.poll_ways import poll_by_form, poll_changed, poll_in_one_line, poll_settings_said
from tests.stories.test_case_crosses import photo
from tests.stories.world import UNDO, World
from tests.views.gallery import FORMS

TEXTS: Final = {
    "case": {"story", "question"},
    "opinion": {"diagnoses", "next", "remark", "change", "needs"},
    "comment": {"text"},
    "add": {"update"},
    "question": {"question"},
    "outcome": {"diagnosis", "how", "lesson"},
    "ask": {"text"},
    "poll": {"question", "options", "sponsor", "payment", "settings"},
    "edit": {"story", "question", "options", "sponsor", "payment"},
    "details": {"title", "working", "interest", "settings"},
    "picture": {"alt", "caption"},
}
"""The text fields of forms whose words leave, by the word that the form belongs to."""
STAY_HERE: Final = {
    "find": {"words"},
    "hide": {"words"},
    "cover": {"cells"},
    "link": {"code"},
    "mod": {"words"},
    "verify": {"email", "code", "number", "licence", "name"},
    "vouch": {"code"},
    "vote": {"choice"},
}
"""Text fields whose words only change a draft, go into the vault only, or to one applicant alone.

What somebody looks for is not kept at all.
"""
NAMED: Final = {
    "case": {"specialties"},
    "edit": {"specialties", "audience", "most", "sample", "opens", "closes", "closes_after", "case"},
    "for": {"specialties"},
    "poll": {"audience", "most", "sample", "opens", "closes", "closes_after", "case"},
}
"""Text fields whose words choose from a fixed list, or are read as a number or a time: only that leaves."""
IN_ONE_LINE: Final = {"case", "opinion", "comment", "ask", "poll", "picture", "add", "question", "outcome"}
"""Words that take free text behind them, which leaves."""
NO_FREE_TEXT: Final = {
    *("open", "mine", "show", "next", "find", "home", "read", "reveal", "report", "appeal", "helpful"),
    *("unhelpful", "close", "withdraw", "preview", "post", "keep", "hide", "cover", "uncover", "edit"),
    *("discard", "undo", "vote", "polls", "results", "endpoll", "honorarium", "me"),
    *("alias", "name", "own", "details", "mean", "merge", "split"),
    *("for", "follow", "wider", "notmine", "duty", "mute", "digest"),
}
KEPT_TEXTS: Final = {
    Case: {"title", "story", "question"},
    CasePicture: {"alt", "caption"},
    Details: {"interest", "working"},
    Opinion: {"diagnoses", "next_step", "remark", "must_not_miss", "change_mind", "specialist"},
    Comment: {"text"},
    Outcome: {"diagnosis", "how", "lesson"},
    Update: {"text"},
    EarlierQuestion: {"text"},
    QuestionChange: {"text"},
    Poll: {"question", "options"},
    Terms: {"sponsor", "payment"},
    Scale: {"unit"},
}
"""What stands in rooms and holds words of a person."""
NOT_TYPED: Final = {
    Case: {"id", "author", "urgency", "statement", "pictures", "specialties", "earlier"},
    CasePicture: {"media"},
    Details: {"age_band"},
    Opinion: {"id", "case", "member"},
    Comment: {"id", "case", "member"},
    Outcome: {"id", "case"},
    Update: {"id", "case"},
    EarlierQuestion: set(),
    QuestionChange: {"id", "case"},
    Poll: {"id", "author", "case", "cells"},
    Terms: {"audience"},
    Scale: set(),
}
"""Strings and tuples of the same that nobody types."""


def test_every_text_field_of_every_form_is_listed() -> None:
    asked: dict[str, set[str]] = {}
    for form in FORMS.values():
        texts = {field.name for field in form.fields if isinstance(field, TextField)}
        if texts:
            asked.setdefault(form.command.split()[0], set()).update(texts)
    listed: dict[str, set[str]] = {}
    for fields_of in (TEXTS, STAY_HERE, NAMED):
        for word, names in fields_of.items():
            listed.setdefault(word, set()).update(names)
    assert asked == listed


def test_every_word_that_the_bot_knows_is_listed() -> None:
    assert {command.word for command in COMMANDS} == IN_ONE_LINE | NO_FREE_TEXT


@pytest.mark.parametrize("kind", KEPT_TEXTS)
def test_every_text_of_what_stands_in_rooms_is_listed(kind: type) -> None:
    stringy = {field.name for field in fields(kind) if "str" in str(field.type) or "tuple" in str(field.type)}
    named = {field.name for field in fields(kind) if str(field.type) == "MemberId"}
    assert stringy | named == KEPT_TEXTS[kind] | NOT_TYPED[kind]


@pytest.mark.parametrize("kind", DraftKind)
def test_what_publishes_sees_a_cleaned_draft_and_no_request(kind: DraftKind) -> None:
    publish = PUBLISH[kind]
    assert [str(one.annotation) for one in inspect.signature(publish).parameters.values()] == [
        "Context",
        "Work",
        "Draft",
    ]
    assert "source" not in inspect.getsource(publish)


async def case_by_form(world: World) -> None:
    await world.command("ada", "case")
    await world.submit("ada", {"story": f"A plaque, {WORDS}", "question": f"Biopsy, as {WORDS}?"}, photo())


async def case_in_one_line(world: World) -> None:
    await world.say("ravi", f"case A plaque, {WORDS}")
    for words in ("done", f"Biopsy, as {WORDS}?", "2", f"ent, {WORDS}"):
        await world.say("ravi", words)


async def case_edited(world: World) -> None:
    await world.command("ada", "case")
    await world.submit("ada", {"story": "A plaque.", "question": "Biopsy?"})
    await world.command("ada", "edit")
    await world.submit("ada", {"story": f"A plaque, {WORDS}", "question": f"Biopsy, as {WORDS}?"})


async def specialties_by_form(world: World) -> None:
    await world.command("ada", "case")
    told = {"story": f"A plaque, {WORDS}", "question": f"Biopsy, as {WORDS}?", "specialties": f"ent, {WORDS}"}
    await world.submit("ada", told)
    await world.command("ada", f"for derm, {WORDS}")


async def details_by_form(world: World) -> None:
    await world.command("ada", "case")
    await world.submit("ada", {"story": "A plaque.", "question": "Biopsy?"})
    await world.command("ada", "details")
    told = {"title": f"A plaque, {WORDS}", "working": f"Eczema, {WORDS}", "interest": f"Shares, {WORDS}"}
    await world.submit("ada", told)


async def pictures_described_by_form(world: World) -> None:
    await world.command("ada", "case")
    await world.submit("ada", {"story": "A plaque.", "question": "Biopsy?"}, photo())
    await world.command("ada", "picture 1 words")
    await world.submit("ada", {"alt": f"A shin, {WORDS}", "caption": f"Left, {WORDS}"})


async def pictures_described_in_one_line(world: World) -> None:
    await world.command("ada", "case")
    await world.submit("ada", {"story": "A plaque.", "question": "Biopsy?"}, photo())
    await world.command("ada", f"picture 1 alt A shin, {WORDS}")
    await world.command("ada", f"picture 1 caption Left, {WORDS}")


async def opinion_by_form(world: World) -> None:
    await _case_of_another(world)
    await world.command("ada", "opinion 101")
    told = {
        "diagnoses": f"1) gout, {WORDS}",
        "next": f"a tap, {WORDS}",
        "remark": f"Because {WORDS}",
        "change": f"If not {WORDS}",
        "needs": f"Somebody, {WORDS}",
    }
    await world.submit("ada", told)


async def opinion_in_one_line(world: World) -> None:
    await _case_of_another(world)
    await world.command(
        "ada", f"opinion 101 1) gout, {WORDS}! next: a tap, {WORDS} why: {WORDS} change: {WORDS}"
    )


async def opinion_changed(world: World) -> None:
    await _case_of_another(world)
    await world.command("ada", "opinion 101 1) gout")
    await world.wait(UNDO)
    await world.command("ada", f"opinion 101 1) gout, {WORDS} next: a tap, {WORDS}")


async def comment_by_form(world: World) -> None:
    await _case_of_another(world)
    await world.command("ada", "comment 101")
    await world.submit("ada", {"text": f"Please note {WORDS}"})


async def comment_in_one_line(world: World) -> None:
    await _case_of_another(world)
    await world.command("ada", f"comment 101 Please note {WORDS}")


async def comment_by_reply(world: World) -> None:
    await _case_of_another(world)
    await world.say("ravi", "show 101")
    await world.say("ravi", f"Please note {WORDS}", reply_to=world.words.homes["ravi"][-1].remote)


async def comment_edited(world: World) -> None:
    await _case_of_another(world)
    await world.say("ravi", "comment 101 Please note.")
    await world.words.edits("ravi", world.words.said["ravi"][-1].remote, f"comment 101 Please note {WORDS}")
    await world.settle()


async def update_by_form(world: World) -> None:
    await _case_of(world, "ada")
    await world.command("ada", "add 101")
    await world.submit("ada", {"update": f"The result, {WORDS}"})


async def update_in_one_line(world: World) -> None:
    await _case_of(world, "ada")
    await world.command("ada", f"add 101 The result, {WORDS}")


async def question_changed_by_form(world: World) -> None:
    await _case_of(world, "ada")
    await world.command("ada", "question 101")
    await world.submit("ada", {"question": f"Which cream, as {WORDS}?"})


async def question_changed_in_one_line(world: World) -> None:
    await _case_of(world, "ada")
    await world.command("ada", f"question 101 Which cream, as {WORDS}?")


async def update_by_reply(world: World) -> None:
    await _case_of(world, "ada")
    await world.wait(3 * 24 * 3600 + 60)
    await world.say("ada", f"The result, {WORDS}", reply_to=world.forms.homes["ada"][-1].remote)


async def outcome_by_form(world: World) -> None:
    await _closed_case_of(world, "ada")
    await world.command("ada", "outcome 101")
    told = {"diagnosis": f"gout, {WORDS}", "how": f"a tap, {WORDS}", "lesson": f"Ask, {WORDS}"}
    await world.submit("ada", {"certainty": "confirmed", **told})


async def outcome_in_one_line(world: World) -> None:
    await _closed_case_of(world, "ada")
    await world.command("ada", f"outcome 101 confirmed gout, {WORDS} how: a tap, {WORDS} lesson: {WORDS}")


async def outcome_by_reply(world: World) -> None:
    await _closed_case_of(world, "ada")
    await world.wait(3 * 24 * 3600)
    words = f"It was gout, {WORDS}. A tap, {WORDS}"
    await world.say("ada", words, reply_to=world.forms.homes["ada"][-1].remote)


async def outcome_corrected(world: World) -> None:
    await _closed_case_of(world, "ada")
    await world.command("ada", "outcome 101 probable gout")
    await world.wait(UNDO)
    await world.command("ada", f"outcome 101 confirmed gout, {WORDS}")


async def question_by_form(world: World) -> None:
    await _case_of_another(world)
    await world.command("ada", "ask 101")
    await world.submit("ada", {"text": f"Is it so that {WORDS}?"})


async def question_in_one_line(world: World) -> None:
    await _case_of_another(world)
    await world.command("ada", f"ask 101 Is it so that {WORDS}?")


async def _case_of_another(world: World) -> None:
    await _case_of(world, "ben")


async def _case_of(world: World, person: str) -> None:
    await world.command(person, "case")
    await world.submit(person, {"story": "58-year-old man with a plaque.", "question": "Biopsy?"})
    await world.post(person)
    await world.wait(UNDO + 5)


async def _closed_case_of(world: World, person: str) -> None:
    await _case_of(world, person)
    await world.command(person, "close 101")


WAYS: Final[tuple[tuple[Callable[[World], Awaitable[None]], str, int], ...]] = (
    (case_by_form, "ada", 2),
    (case_in_one_line, "ravi", 2),
    (case_edited, "ada", 2),
    (specialties_by_form, "ada", 2),
    (details_by_form, "ada", 2),
    (pictures_described_by_form, "ada", 2),
    (pictures_described_in_one_line, "ada", 2),
    (opinion_by_form, "ada", 5),
    (opinion_in_one_line, "ada", 4),
    (opinion_changed, "ada", 2),
    (comment_by_form, "ada", 1),
    (comment_in_one_line, "ada", 1),
    (comment_by_reply, "ravi", 1),
    (comment_edited, "ravi", 1),
    (update_by_form, "ada", 1),
    (update_in_one_line, "ada", 1),
    (question_changed_by_form, "ada", 1),
    (question_changed_in_one_line, "ada", 1),
    (update_by_reply, "ada", 1),
    (outcome_by_form, "ada", 3),
    (outcome_in_one_line, "ada", 3),
    (outcome_by_reply, "ada", 2),
    (outcome_corrected, "ada", 1),
    (question_by_form, "ada", 1),
    (question_in_one_line, "ada", 1),
    (poll_by_form, "ada", 5),
    (poll_in_one_line, "ada", 3),
    (poll_settings_said, "ada", 4),
    (poll_changed, "ada", 3),
)
"""Each way in: what to do, who does it, and how many fields bring the words out."""


@pytest.mark.parametrize(("way", "person", "count"), WAYS, ids=[way.__name__ for way, _, _ in WAYS])
async def test_what_is_planted_comes_out_cleaned_wherever_words_come_in(
    world: World, way: Callable[[World], Awaitable[None]], person: str, count: int
) -> None:
    await way(world)
    assert PLANTED not in world.answer(person)
    assert not any(PLANTED in words for room in (world.forms, world.words) for words in world.room(room))

    await world.command(person, "hide all")
    await world.look_through(person)
    await world.command(person, "post")
    await world.command(person, "post")
    await world.wait(UNDO + 5)
    await world.command("ben", "reveal 101")
    for site in (world.forms, world.words):
        others = [shown for homes in site.homes.values() for shown in homes]
        out = [card_to_bytes(shown.card).decode() for shown in (*site.room, *others)]
        assert not any(PLANTED in one for one in out)
        # A title repeats the question, so the words may stand there once more.
        assert sum(card_to_bytes(shown.card).decode().count(CLEANED) for shown in site.room) >= count
