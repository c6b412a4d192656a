"""What people read when they edited or deleted an own message that a comment or an opinion came from."""

from __future__ import annotations

from bot.chat.cards import Block, Button, Card, Fine, Paragraph, Quote, Word, line, note
from bot.domain.cases import Case
from bot.domain.comments import Comment
from bot.domain.drafts import Draft
from bot.domain.rewording import CHANGES


def reworded_card(comment: Comment, case: Case, code: str) -> Card:
    """Confirm that a comment says something else now."""
    return Card(
        notice=f"Your {_kind(comment)} on #{case.number} is changed",
        blocks=(Paragraph(line(f"Your {_kind(comment)} on #{case.number} now reads:")), Quote(comment.text)),
        buttons=(Button("Undo", f"undo {code}"),),
    )


def put_back_card(comment: Comment, case: Case) -> Card:
    """Confirm that a comment says again what it said before."""
    return Card(
        notice=f"Your {_kind(comment)} on #{case.number} reads as before",
        blocks=(
            Paragraph(line(f"Undone. Your {_kind(comment)} on #{case.number} reads as before:")),
            Quote(comment.text),
        ),
    )


def stands_until(draft: Draft) -> tuple[Block, ...]:
    """Say in the preview of a changed comment that the old words stand meanwhile."""
    if CHANGES not in draft.settings:
        return ()
    return (Fine(line(f"Until you post this, your comment on #{draft.about} stays as it was.")),)


def opinion_stays_card(number: int) -> Card:
    """Say that deleting the message leaves an opinion in the count, and what can be done."""
    return note(
        f"Your opinion on #{number} still counts, though its message is gone. To change it, give it again: ",
        Word(f"opinion {number}"),
        ".",
    )


def draft_keeps_card(code: str) -> Card:
    """Say that a draft keeps the words of a message that was edited, and what changes them."""
    return note(
        "Your draft keeps the words as you first sent them. To change them: ",
        Word("edit"),
        ".",
        buttons=(Button("Edit", f"edit {code}"),),
    )


def read_once_card() -> Card:
    """Say that editing a command carries nothing out."""
    return note("I read that message as you first sent it. What it says now, please send as a new message.")


def _kind(comment: Comment) -> str:
    return "question" if comment.question else "comment"
