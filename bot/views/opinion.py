"""Opinions as people see them: the form, the card in the case's thread, the note to the author."""

from __future__ import annotations

from bot.chat.cards import Button, Card, Fields, Items, Paragraph, Quote, Strong, line
from bot.chat.forms import Field, Form, TextField
from bot.domain.cases import Case
from bot.domain.members import Member
from bot.domain.opinions import Opinion
from bot.views.case import undo_buttons
from bot.views.people import signature, speaker


def opinion_form(case: Case) -> Form:
    """Ask for an opinion; the question and the story stand above the fields."""
    return Form(
        command=f"opinion {case.number}",
        title=f"Opinion on #{case.number}",
        submit="Give opinion",
        lead=(Quote(case.question, label="Question"), Quote(case.story)),
        fields=opinion_fields(),
    )


def opinion_fields(diagnoses: str = "", following: str = "", remark: str = "") -> tuple[Field, ...]:
    """Give the fields for the words of an opinion."""
    return (
        TextField(
            "diagnoses",
            "Your list, most likely first",
            "1) cellulitis 2) erysipelas",
            multiline=True,
            max_length=1000,
            initial=diagnoses,
        ),
        TextField(
            "next", "Next step", "What you would do now", optional=True, max_length=300, initial=following
        ),
        TextField(
            "remark",
            "Why",
            "What speaks for it",
            multiline=True,
            optional=True,
            max_length=1500,
            initial=remark,
        ),
    )


def opinion_card(opinion: Opinion, case: Case, giver: Member) -> Card:
    """Show an opinion in the thread of its case."""
    label = f"Opinion {case.number}.{opinion.number}"
    changed = " (changed)" if opinion.revision else ""
    return Card(
        notice=f"New opinion on #{case.number}",
        speaker=speaker(giver),
        blocks=(
            Paragraph(line(Strong(f"{label}{changed}"), f" · {signature(giver)}")),
            Items(tuple(line(name) for name in opinion.diagnoses), numbered=True),
            *((Fields((("Next step", opinion.next_step),)),) if opinion.next_step else ()),
            *((Quote(opinion.remark),) if opinion.remark else ()),
        ),
    )


def opinion_words(opinion: Opinion) -> str:
    """Say an opinion in one paragraph, for lists of what was said."""
    ranked = " ".join(f"{rank}) {name}" for rank, name in enumerate(opinion.diagnoses, start=1))
    following = f" Next step: {opinion.next_step}." if opinion.next_step else ""
    remark = f" {opinion.remark}" if opinion.remark else ""
    return f"{ranked}.{following}{remark}"


def opinion_news(opinion: Opinion, case: Case, giver: Member) -> Card:
    """Tell the author of a case about a new opinion, in a private home chat."""
    card = opinion_card(opinion, case, giver)
    lead = Paragraph(line(Strong(giver.screen_name), f" answered your case #{case.number}."))
    return Card(
        notice=f"Something new in #{case.number}",
        blocks=(lead, *card.blocks),
        buttons=(Button("Show the case", f"show {case.number}"), Button("Comment", f"comment {case.number}")),
    )


def given_card(opinion: Opinion, case: Case, giver: Member, undo_seconds: int, code: str) -> Card:
    """Confirm an opinion to the one who gave it."""
    change = " Your earlier list was replaced." if opinion.revision else ""
    return Card(
        notice=f"Your opinion on #{case.number} is in",
        blocks=(
            Paragraph(
                line(
                    f"Your opinion on #{case.number} is in, as {case.number}.{opinion.number} under ",
                    Strong(giver.screen_name),
                    f".{change} I read it as:",
                )
            ),
            Items(tuple(line(name) for name in opinion.diagnoses), numbered=True),
            *((Fields((("Next step", opinion.next_step),)),) if opinion.next_step else ()),
        ),
        buttons=() if opinion.revision else undo_buttons(undo_seconds, code),
    )
