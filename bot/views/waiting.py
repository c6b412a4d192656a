"""The next case, as people see it: the case with three ways on, and nothing left to answer."""

from __future__ import annotations

from dataclasses import replace

from bot.chat.cards import Button, Card, Fine, Word, line, note
from bot.chat.text import counted
from bot.domain.cases import Case


def next_card(shown: Card, case: Case, more: int) -> Card:
    """Offer the ways on from a case as it is shown; ``more`` cases wait behind it."""
    behind = f"{counted(more, 'more case')} after this one." if more else "This is the last one."
    return replace(
        shown,
        blocks=(*shown.blocks, Fine(line(behind))),
        buttons=(
            Button("Give opinion", f"opinion {case.number}", "main"),
            Button("Just read", f"read {case.number}"),
            Button("Skip", f"next skip {case.number}"),
        ),
    )


def next_button(left: int) -> Button:
    """Lead to the next case; ``left`` cases wait."""
    return Button(f"Next case ({left} left)", "next")


def skipped_card(number: int, left: int) -> Card:
    """Say that nothing but what was skipped is left."""
    return note(
        f"#{number} comes last for a day. Only what you skipped is left now. ",
        buttons=(next_button(left), Button("Open cases", "open")),
    )


def all_done_card() -> Card:
    """Say that no case waits."""
    return note("No case waits for you right now. ", Word("open"), " lists open cases.")
