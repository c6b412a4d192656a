"""Comments as people see them: the form, the card in the thread, the note to the author."""

from __future__ import annotations

from bot.chat.cards import Button, Card, Fine, Paragraph, Quote, Strong, line
from bot.chat.forms import Field, Form, TextField
from bot.domain.cases import Case
from bot.domain.comments import MOST_WORDS, Comment
from bot.domain.members import Member
from bot.views.case import undo_buttons
from bot.views.people import MARKS, signature, speaker

EDITED = "edited"
"""Marks a comment whose words were changed after others could read them."""


def comment_form(case: Case) -> Form:
    """Ask for a comment on a case."""
    return Form(
        command=f"comment {case.number}",
        title=f"Comment on #{case.number}",
        submit="Comment",
        lead=(Quote(case.question, label="Question"),),
        fields=comment_fields(),
    )


def question_form(case: Case) -> Form:
    """Ask for a question to the author of a case."""
    return Form(
        command=f"ask {case.number}",
        title=f"Ask about #{case.number}",
        submit="Ask",
        lead=(
            Quote(case.question, label="Question"),
            Fine(line("The author is told; everybody can read it, and the answer.")),
        ),
        fields=(TextField("text", "Your question to the author", multiline=True, max_length=MOST_WORDS),),
    )


def comment_fields(text: str = "") -> tuple[Field, ...]:
    """Give the field for the words of a comment."""
    return (TextField("text", "Your comment", multiline=True, max_length=MOST_WORDS, initial=text),)


def comment_card(comment: Comment, case: Case, member: Member) -> Card:
    """Show a comment in the thread of its case."""
    whose = author_words(member) if member.id == case.author else signature(member)
    whose = f"asks the author · {whose}" if comment.question else whose
    whose = f"{whose} · {EDITED}" if comment.edited else whose
    return Card(
        notice=f"New {_kind(comment)} on #{case.number}",
        speaker=speaker(member),
        blocks=(Quote(comment.text), Fine(line(whose))),
    )


def _kind(comment: Comment) -> str:
    return "question" if comment.question else "comment"


def author_words(member: Member) -> str:
    """Say of the author of a case that it is their own, and how their name is special."""
    mark = MARKS.get(member.persona)
    return f"asked this case · {mark}" if mark else "asked this case"


def comment_news(comment: Comment, case: Case, member: Member) -> Card:
    """Tell the author of a case about a comment, or whoever asked of the author's, in a private home chat."""
    said = f" commented on your case #{case.number}."
    if comment.question:
        said = f" asks you about your case #{case.number}:"
    elif member.id == case.author:
        said = f", who asked #{case.number}, wrote:"
    answer = "Answer" if comment.question else "Comment"
    edited = (Fine(line(EDITED)),) if comment.edited else ()
    return Card(
        notice=f"Something new in #{case.number}",
        blocks=(Paragraph(line(Strong(member.screen_name), said)), Quote(comment.text), *edited),
        buttons=(Button("Show the case", f"show {case.number}"), Button(answer, f"comment {case.number}")),
    )


def said_card(comment: Comment, case: Case, member: Member, undo_seconds: int, code: str) -> Card:
    """Confirm a comment to the one who made it."""
    return Card(
        notice=f"Your {_kind(comment)} on #{case.number} is in",
        blocks=(
            Paragraph(
                line(
                    f"Your {_kind(comment)} on #{case.number} is in. It goes out as ",
                    Strong(member.screen_name),
                    ":",
                )
            ),
            Quote(comment.text),
        ),
        buttons=undo_buttons(undo_seconds, code),
    )
