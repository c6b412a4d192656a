"""Voting as people see it: the buttons under a poll, the form, and what counted."""

from __future__ import annotations

from bot.chat.cards import Button, Card, Fine, Paragraph, Strong, Word, line, note
from bot.chat.forms import ChoiceField, Form, Option
from bot.domain.poll_tally import Choice
from bot.domain.polls import Poll
from bot.views.poll_seen import who_sees


def vote_buttons(poll: Poll) -> tuple[Button, ...]:
    """Give the buttons that vote, or open the form for it."""
    return tuple(
        Button(option[:75], f"vote {poll.number} {index}")
        for index, option in enumerate(poll.options, start=1)
    )


def vote_form(poll: Poll) -> Form:
    """Ask for a vote."""
    return Form(
        command=f"vote {poll.number}",
        title=f"Vote in poll {poll.number}",
        submit="Vote",
        lead=(Paragraph(line(Strong(poll.question))), Fine(line(who_sees(poll)))),
        fields=(
            ChoiceField(
                "choice",
                "Your vote",
                tuple(Option(str(index), option) for index, option in enumerate(poll.options, start=1)),
            ),
        ),
    )


def counted_card(poll: Poll, choice: Choice, *, changed: bool) -> Card:
    """Confirm privately what counted."""
    lead = "Your vote was changed to: " if changed else "Your vote counted: "
    return note(
        lead,
        Strong(poll.options[choice[0]]),
        f". You can change it until poll {poll.number} is closed: ",
        Word(f"vote {poll.number} 1"),
        ".",
    )
