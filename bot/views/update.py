"""Updates as people read them: the form, the card in the thread, the news to those who answered."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.cards import Block, Button, Card, Fine, Paragraph, Quote, Strong, line
from bot.chat.forms import Field, Form, TextField
from bot.domain.cases import Case
from bot.domain.members import Member
from bot.domain.updates import Update
from bot.views.case import undo_buttons
from bot.views.comment import author_words
from bot.views.people import speaker


def add_form(case: Case) -> Form:
    """Ask what is new about a case of one's own."""
    return Form(
        command=f"add {case.number}",
        title=f"Add to #{case.number}",
        submit="Preview",
        lead=(
            Quote(case.question, label="Question"),
            Fine(line("Your first words stay as they are; this goes beneath them.")),
        ),
        fields=add_fields(),
    )


def add_fields(text: str = "") -> tuple[Field, ...]:
    """Give the field for what is new."""
    hint = "A result, a change, an answer to what was asked"
    return (TextField("update", "What is new", hint, multiline=True, max_length=2000, initial=text),)


def update_card(update: Update, case: Case, author: Member) -> Card:
    """Show an update in the thread of its case."""
    return Card(
        notice=f"Update {update.number} on #{case.number}",
        title=f"Update {update.number} on #{case.number}",
        speaker=speaker(author),
        blocks=(Quote(update.text), Fine(line(author_words(author)))),
        buttons=(
            Button("Give opinion", f"opinion {case.number}"),
            Button("Show the case", f"show {case.number}"),
        ),
    )


def update_news(update: Update, case: Case) -> Card:
    """Tell somebody who answered that there is more to know, in a private home chat."""
    return Card(
        notice=f"Something new in #{case.number}",
        blocks=(
            Paragraph(line(Strong(f"Update {update.number}"), f" on #{case.number}, which you answered:")),
            Quote(update.text),
            Fine(line("You may change your opinion. The first one is what counts in the group answer.")),
        ),
        buttons=(
            Button("Change my opinion", f"opinion {case.number}"),
            Button("Show the case", f"show {case.number}"),
        ),
    )


def added_card(update: Update, case: Case, author: Member, undo_seconds: int, code: str) -> Card:
    """Confirm an update to the author."""
    return Card(
        notice=f"Your update on #{case.number} is in",
        blocks=(
            Paragraph(
                line(
                    f"Update {update.number} on #{case.number} is in. It goes out as ",
                    Strong(author.screen_name),
                    ":",
                )
            ),
            Quote(update.text),
        ),
        buttons=undo_buttons(undo_seconds, code),
    )


def update_blocks(updates: Sequence[Update]) -> tuple[Block, ...]:
    """Show what was added to a case, beneath its first words."""
    return tuple(Quote(one.text, label=f"Update {one.number}") for one in updates)
