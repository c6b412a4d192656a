"""Outcomes as people read them: the question, the form, the card in the thread, and each one's own part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.chat.cards import (
    Block,
    Button,
    Card,
    Fields,
    Fine,
    Items,
    Paragraph,
    Quote,
    Strong,
    Word,
    line,
    note,
)
from bot.chat.forms import ChoiceField, Field, Form, Option, TextField
from bot.chat.text import Line, counted
from bot.domain.cases import Case
from bot.domain.drafts import Draft, DraftKind
from bot.domain.members import Member
from bot.domain.outcomes import TOP, Certainty, Outcome, Record
from bot.views.case import ending_buttons, undo_buttons
from bot.views.comment import author_words
from bot.views.people import speaker

_CERTAINTIES: Final = (
    Option(Certainty.CONFIRMED.value, "Confirmed"),
    Option(Certainty.PROBABLE.value, "Probable"),
    Option(Certainty.UNKNOWN.value, "Unknown, and may stay so"),
)
_PLACES: Final = {1: "first", 2: "second", 3: "third"}


def ask_outcome_card(case: Case) -> Card:
    """Ask the author of a case what it was, in a private home chat."""
    return Card(
        notice=f"Something new in #{case.number}",
        blocks=(
            Paragraph(line("What was it in the end? Your case: ", Strong(f"#{case.number} {case.title}"))),
            Paragraph(line("Everybody who answered learns from it, and hears how near they were.")),
            Fine(line("A reply to this message with the diagnosis is enough.")),
        ),
        buttons=(*ending_buttons(case), Button("Show the case", f"show {case.number}")),
    )


def not_asked_again_card(case: Case) -> Card:
    """Confirm that the author is asked no more."""
    return note(
        f"I will not ask about #{case.number} again. If you want to tell it one day: ",
        Word(f"outcome {case.number}"),
        ".",
    )


def not_told_card(case: Case) -> Card:
    """Say that a reply told no outcome, and how one is told."""
    return note(
        f"I read no outcome of #{case.number} in that, and told nothing. When you know it, reply with the "
        "diagnosis, or say ",
        Word(f"outcome {case.number}"),
        ".",
        buttons=ending_buttons(case),
    )


def outcome_form(case: Case, earlier: Outcome | None = None) -> Form:
    """Ask what a case was in the end; ``earlier`` is what stands in the rooms already."""
    return Form(
        command=f"outcome {case.number}",
        title=f"Outcome of #{case.number}",
        submit="Tell the outcome",
        lead=(Quote(case.question, label="Question"),),
        fields=outcome_fields(*_earlier(earlier)),
    )


def _earlier(outcome: Outcome | None) -> tuple[str, Mapping[str, str]]:
    if outcome is None:
        return "", {}
    told = {"diagnosis": outcome.diagnosis, "how": outcome.how, "lesson": outcome.lesson}
    return outcome.certainty.value, told


def outcome_fields(certainty: str, told: Mapping[str, str]) -> tuple[Field, ...]:
    """Give the fields of an outcome with what was chosen and written."""
    return (
        ChoiceField("certainty", "How sure is it", _CERTAINTIES, initial=certainty),
        TextField(
            "diagnosis",
            "What was it",
            "The diagnosis; may stay empty where it is unknown",
            optional=True,
            max_length=200,
            initial=told.get("diagnosis", ""),
        ),
        TextField(
            "how",
            "How is it known",
            "Biopsy, culture, the course of it",
            optional=True,
            max_length=300,
            initial=told.get("how", ""),
        ),
        TextField(
            "lesson",
            "One lesson",
            "What you would do differently",
            multiline=True,
            optional=True,
            max_length=600,
            initial=told.get("lesson", ""),
        ),
    )


def chosen(draft: Draft) -> tuple[Block, ...]:
    """Say in a preview how sure the outcome is; nothing for other drafts."""
    if draft.kind is not DraftKind.OUTCOME:
        return ()
    return (Paragraph(line(f"Outcome of #{draft.about}: ", Strong(draft.settings["certainty"]), ".")),)


def outcome_card(outcome: Outcome, case: Case, author: Member) -> Card:
    """Show an outcome in the thread of its case, under the name that the case was asked under."""
    corrected = " (corrected)" if outcome.revision else ""
    return Card(
        notice=f"Outcome of #{case.number}",
        title=f"Outcome of #{case.number}{corrected}",
        speaker=speaker(author),
        blocks=(*outcome_blocks(outcome), Fine(line(author_words(author)))),
        buttons=(Button("Show the case", f"show {case.number}"),),
    )


def outcome_blocks(outcome: Outcome, *, named: bool = False) -> tuple[Block, ...]:
    """Say an outcome: how sure it is, what it was, how that is known, what it taught.

    ``named`` says that it is one, where no title does.
    """
    return (
        Paragraph(_verdict(outcome, "Outcome, " if named else "")),
        *((Fields((("How it is known", outcome.how),)),) if outcome.how else ()),
        *((Quote(outcome.lesson, label="Lesson"),) if outcome.lesson else ()),
    )


def _verdict(outcome: Outcome, lead: str) -> Line:
    sure = outcome.certainty.value
    word = Strong(f"{lead}{sure}: " if lead else f"{sure.capitalize()}: ")
    if outcome.known:
        return line(word, outcome.diagnosis)
    return line(word, outcome.diagnosis or "nobody can say what it was.")


def outcome_told_card(outcome: Outcome, case: Case, author: Member, undo_seconds: int, code: str) -> Card:
    """Confirm an outcome to the author, and how to stop or correct it."""
    told = (
        "is corrected in every room, and goes out as "
        if outcome.revision
        else "is in, and everybody who answered hears of it. It goes out as "
    )
    return Card(
        notice=f"The outcome of #{case.number} is in",
        blocks=(
            Paragraph(line(f"The outcome of #{case.number} {told}", Strong(author.screen_name), ":")),
            *outcome_blocks(outcome),
            Fine(line("If you learn more, correct it: ", Word(f"outcome {case.number}"), ".")),
        ),
        buttons=() if outcome.revision else undo_buttons(undo_seconds, code),
    )


def outcome_news(outcome: Outcome, case: Case, own: tuple[Block, ...]) -> Card:
    """Tell somebody who answered what it was, in a private home chat; ``own`` is for that one's eyes only."""
    lead = "The outcome was corrected. " if outcome.revision else "What it was in the end. "
    return Card(
        notice=f"Something new in #{case.number}",
        blocks=(
            Paragraph(line(lead, Strong(f"#{case.number} {case.title}"))),
            *outcome_blocks(outcome),
            *own,
        ),
        buttons=(Button("Show the case", f"show {case.number}"), Button("My record", "me")),
    )


def own_place(outcome: Outcome, rank: int | None, *, independent: bool = True) -> tuple[Block, ...]:
    """Say where one's own list had it, and the group's; nothing where there is nothing to judge."""
    if not outcome.known or rank is None:
        return ()
    apart = "" if independent else " You had read others' before, so it does not count in your record."
    return (Paragraph(line(f"{_own(rank)} {_group(outcome.group_rank)}{apart}")),)


def _own(rank: int) -> str:
    return f"Your list had it {_place(rank)}." if rank else "Your list did not name it."


def _group(rank: int | None) -> str:
    if rank is None:
        return "There were too few opinions for a group answer."
    return f"The group answer had it {_place(rank)}." if rank else "The group answer did not name it."


def _place(rank: int) -> str:
    return _PLACES.get(rank, f"in place {rank}")


def record_blocks(record: Record, *, under_this_name: bool = False) -> tuple[Block, ...]:
    """Say to a member alone how often the own opinions were right; nothing while there are none."""
    whole = "Your record under this name" if under_this_name else "Your record"
    if not record.opinions:
        return ()
    sure = tuple(
        line(f"When you said {word.value}: right {right} of {total}.")
        for word, right, total in record.by_confidence
    )
    return (
        Paragraph(
            line(
                Strong(f"{whole}, for you alone: "),
                f"of {counted(record.opinions, 'independent opinion')} on cases with an outcome, "
                f"{record.first} had it first and {record.in_top} among the first {TOP}.",
            )
        ),
        *((Items(sure),) if sure else ()),
    )
