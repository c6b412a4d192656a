"""The form that asks for a poll."""

from __future__ import annotations

from bot.chat.forms import Field, Form, TextField


def poll_form(question: str = "") -> Form:
    """Ask for a poll."""
    return Form(
        command="poll",
        title="Ask a poll",
        submit="Preview",
        fields=poll_fields(question),
    )


def poll_fields(question: str = "", options: str = "") -> tuple[Field, ...]:
    """Give the fields for the words of a poll; ``options`` one a line."""
    return (
        TextField("question", "Question", max_length=300, initial=question),
        TextField(
            "options", "Options, one a line", "2 to 9 lines", multiline=True, max_length=1500, initial=options
        ),
    )
