"""Blind first, as people read it: the gate before the reveal, the reveal, and a case that nobody answered."""

from __future__ import annotations

from bot.chat.cards import Button, Card, Fine, Paragraph, Strong, line, note
from bot.chat.text import counted
from bot.domain.cases import Case
from bot.views.page import wider_button
from bot.views.question import change_button

_HOURS = {"routine": "72 hours", "soon": "24 hours", "today": "4 hours", "hour": "1 hour"}


def gate(count: int) -> Paragraph:
    """Say that others' opinions can be read after one's own, or by just reading."""
    stand = f"{counted(count, 'opinion')} so far. " if count else "No opinion yet. "
    return Paragraph(
        line(
            Strong(stand),
            "Give yours first (about 1 minute), or just read: then yours will not count as independent.",
        )
    )


def gate_buttons(case: Case) -> tuple[Button, ...]:
    """Offer both ways through the gate."""
    return (
        Button("Give opinion", f"opinion {case.number}", "main"),
        Button("Just read", f"read {case.number}"),
        Button("Comment", f"comment {case.number}"),
    )


def revealed_card(case: Case, count: int) -> Card:
    """Confirm to the author that everybody may read the opinions now."""
    return note(
        f"{counted(count, 'opinion')} on #{case.number} can be read by everybody now. "
        "Those that come from now on are marked as after the reveal.",
        buttons=(Button("Show the case", f"show {case.number}"),),
    )


def unanswered_card(case: Case) -> Card:
    """Tell the author that nobody answered in time; for a private home chat."""
    wider = "ask wider, " if case.may_ask_wider else ""
    return Card(
        notice=f"Something new in #{case.number}",
        blocks=(
            Paragraph(
                line(
                    f"No opinion on #{case.number} within {_HOURS[case.urgency]}. "
                    f"It stays open as long again; you can {wider}change the question, add to it, or "
                    "close it."
                )
            ),
            Fine(line("What you reply to this message is shown to you first, and then added to the case.")),
        ),
        buttons=(
            *((wider_button(case),) if case.may_ask_wider else ()),
            change_button(case),
            Button("Close", f"close {case.number}"),
            Button("Show the case", f"show {case.number}"),
            Button("Add information", f"add {case.number}"),
        ),
    )
