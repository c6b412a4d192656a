"""Vouching as people read it: what it means, what was noted, and what the applicant hears."""

from __future__ import annotations

from bot.chat.cards import Button, Card, Items, Paragraph, Strong, Word, line, note
from bot.chat.forms import Form, TextField
from bot.domain.vouches import spaced


def vouch_form() -> Form:
    """Ask for the code that a colleague handed over."""
    return Form(
        command="vouch",
        title="Vouch for a colleague",
        fields=(
            TextField(
                "code",
                "The code that your colleague gave you",
                hint="It has nine digits. You see what it means before it counts.",
                max_length=20,
            ),
        ),
        submit="Go on",
    )


def vouch_card(code: str) -> Card:
    """Say what vouching means, and ask once; the same for every code."""
    return Card(
        notice="Vouch for a colleague",
        title="Vouch for a colleague",
        blocks=(
            Paragraph(
                line("Somebody who wants to join gave you the code ", Strong(spaced(code)), ". You say:")
            ),
            Items(
                (
                    line("I know this person, who gave me the code in person or by telephone."),
                    line("This person works at my hospital."),
                )
            ),
            Paragraph(
                line(
                    "Name and licence are checked by others. Neither of you learns the other's screen name. "
                    "You can vouch for three colleagues a month."
                )
            ),
        ),
        buttons=(Button("I vouch", f"vouch {code} yes", "main"),),
    )


def noted_card() -> Card:
    """Confirm, in the same words for a code that counts and for one that does not."""
    return note(
        "Noted. If that code counts, so does your word. Your colleague sees it with ", Word("verify"), "."
    )


def no_code_card() -> Card:
    """Say that these digits cannot be a code."""
    return note(
        "A code has nine digits, and one of these is missing or wrong. Look at it again.",
        buttons=(Button("Type it again", "vouch", "main"),),
    )


def month_over_card() -> Card:
    """Refuse a fourth vouch of a month."""
    return note(
        "You have vouched for three colleagues this month, and that is the limit. Somebody else here can "
        "vouch, or you next month."
    )


def day_over_card() -> Card:
    """Refuse a sixth code of a day."""
    return note("You typed five codes today, and that is the limit. Try again tomorrow.")


def physicians_only_card() -> Card:
    """Refuse a member who is no physician."""
    return note("Vouching is for physicians.", buttons=(Button("Help", "help"),))


def not_here_card() -> Card:
    """Say that nobody is vouched for in this installation."""
    return note("Nobody needs a colleague's word here.", buttons=(Button("Help", "help"),))


def awaited_card(asks: str) -> Card:
    """Show an applicant the code to hand on."""
    return note(
        asks,
        buttons=(
            Button("Where it stands", "verify"),
            Button("Start again", "verify again"),
            Button("Stop", "verify stop"),
        ),
    )


def vouched_card() -> Card:
    """Tell an applicant that both have vouched."""
    return note(
        "Two colleagues have vouched for you, so it is shown that you work here. Next comes your number.",
        buttons=(Button("Go on", "verify", "main"),),
    )
