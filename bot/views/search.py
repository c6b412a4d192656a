"""Search as people see it: the form, what was found, and what to do where nothing was."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.cards import Card, Fine, Word, line, note
from bot.chat.forms import Form, TextField
from bot.domain.cases import Case
from bot.views.case import list_card


def find_form() -> Form:
    """Ask what to look for."""
    return Form(
        command="find",
        title="Find cases",
        submit="Find",
        lead=(Fine(line("I look through titles, questions and outcomes. Nobody sees what you look for.")),),
        fields=(TextField("words", "Words", "uveitis after travel", max_length=300),),
    )


def found_card(cases: Sequence[Case]) -> Card:
    """List what was found, the best match first."""
    if not cases:
        return note("I found no case with any of these words. ", Word("open"), " lists what is open.")
    return list_card("What I found", cases, "")


def no_words_card() -> Card:
    """Say that there was nothing to look for."""
    return note("There is no word in that to look for. Write one, for example: ", Word("find uveitis"), ".")
