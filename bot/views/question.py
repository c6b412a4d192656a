"""Questions that change, as people read them: the form, what the author hears, what stands on the case."""

from __future__ import annotations

from typing import Final

from bot.chat.cards import Block, Button, Card, Fine, Paragraph, Quote, Strong, line, note
from bot.chat.forms import ChoiceField, Field, Form, Option, TextField
from bot.chat.text import counted
from bot.domain.cases import Case
from bot.domain.drafts import Draft, DraftKind
from bot.domain.proposals import QuestionKind
from bot.domain.questions import AS_PROPOSED, LONGEST_QUESTION, QuestionChange, kind_of
from bot.views.details import kind_words

CHANGE_LABEL: Final = "Change question"


def change_button(case: Case) -> Button:
    """Offer the author of an open case to ask something else."""
    return Button(CHANGE_LABEL, f"question {case.number}")


def question_form(case: Case) -> Form:
    """Ask what a case of one's own is to ask from now on."""
    return Form(
        command=f"question {case.number}",
        title=f"Question of #{case.number}",
        submit="Preview",
        lead=(
            Quote(case.question, label="Question"),
            Fine(line("The card says that it was changed, and keeps the earlier one. Opinions stay.")),
        ),
        fields=question_fields(),
    )


def question_fields(text: str = "", kind: str = AS_PROPOSED) -> tuple[Field, ...]:
    """Give the fields for a question and what kind it is."""
    kinds = tuple(Option(one.value, f"{one.value[:1].upper()}{one.value[1:]}") for one in QuestionKind)
    return (
        TextField(
            "question",
            "Your question now",
            "What would you do next?",
            max_length=LONGEST_QUESTION,
            initial=text,
        ),
        ChoiceField(
            "kind",
            "What you want to know",
            (Option(AS_PROPOSED, "As the question says"), *kinds),
            optional=True,
            initial=kind,
            detail=True,
        ),
    )


def asks_now(draft: Draft) -> tuple[Block, ...]:
    """Say in the preview of a changed question what it will ask for; nothing for other drafts."""
    if draft.kind is not DraftKind.QUESTION:
        return ()
    kind = kind_of(draft.settings.get("kind", ""), draft.fields["question"])
    asks = f" From then on the case {kind_words(kind)}." if kind else ""
    return (Paragraph(line(f"It takes the place of the question of #{draft.about}.{asks}")),)


def question_changed_card(case: Case, change: QuestionChange, undo_seconds: int, code: str) -> Card:
    """Confirm a changed question to the author."""
    soon = f"in {undo_seconds} s" if undo_seconds else "now"
    return Card(
        notice=f"The question of #{case.number} changes",
        blocks=(
            Paragraph(line(f"#{case.number} asks {soon}, in every room:")),
            Quote(change.text),
            Fine(line("Opinions that were given before stay, and count. Nobody is paged again.")),
        ),
        buttons=(
            *((Button(f"Undo ({undo_seconds} s)", f"undo {code}"),) if undo_seconds else ()),
            Button("Show the case", f"show {case.number}"),
        ),
    )


def question_stays_card(case: Case) -> Card:
    """Confirm that a change was undone before anybody saw it."""
    return note(
        f"Undone. The question of #{case.number} stays as it was.",
        buttons=(Button("Show the case", f"show {case.number}"),),
    )


def question_blocks(case: Case) -> tuple[Block, ...]:
    """Show the question of a case, and beneath it those that it asked before."""
    if not case.earlier:
        return (Quote(case.question, label="Question"),)
    before = (Quote(one.text, label=_asked_until(one.opinions)) for one in reversed(case.earlier))
    return (Quote(case.question, label="Question changed"), *before)


def _asked_until(opinions: int) -> str:
    if not opinions:
        return "Asked before, without an opinion"
    return f"Asked before, until {counted(opinions, 'opinion')} stood"


def change_sentences(case: Case) -> tuple[Block, ...]:
    """Say beside a group answer that some of it answered another question; nothing where none did."""
    answered = max((one.opinions for one in case.earlier), default=0)
    if not answered:
        return ()
    return (
        Paragraph(
            line(
                Strong("Question changed"),
                f" after {counted(answered, 'opinion')}; what was given before counts here too.",
            )
        ),
    )
