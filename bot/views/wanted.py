"""Specialties wanted, as people read them: the field that asks, and the line of the preview."""

from __future__ import annotations

from typing import Final

from bot.chat.cards import Block, Button, Paragraph, Strong, Word, line
from bot.chat.forms import Form, TextField
from bot.domain.drafts import Draft, DraftKind
from bot.domain.wanted import UNCLEAR, listed
from bot.views.prompts import prompt_lines

NOT_PROPOSED: Final = (
    "Your words name none that I know. Such as: cardiology, nephrology. Without one nobody is paged, and the "
    "case stands in the rooms."
)
"""What is said beside the question where nothing could be proposed."""


def wanted_field(initial: str = "") -> TextField:
    """Ask which specialties a case is for; where questions come one by one, only if its words tell none."""
    return TextField(
        "specialties",
        "For which specialties",
        "Such as: cardiology, nephrology. Empty: I propose from your words. Nobody is paged for “nobody”.",
        optional=True,
        max_length=200,
        initial=initial,
        detail=True,
    )


def wanted_form(draft: Draft) -> Form:
    """Ask anew which specialties a draft is for."""
    asked = TextField(
        "specialties",
        "For which specialties",
        "Such as: cardiology, nephrology. Up to five; “nobody” for none.",
        max_length=200,
        initial=draft.settings.get("specialties", ""),
    )
    return Form(command=f"for ~{draft.code}", title="For whom", submit="Preview", fields=(asked,))


def wanted_lines(draft: Draft) -> tuple[Block, ...]:
    """Say in the preview of a case whom it will page, and how to change that."""
    if draft.kind is not DraftKind.CASE or "specialties" not in draft.settings:
        return ()
    names = listed(draft.settings["specialties"])
    unclear = (
        (Paragraph(line("One of the specialties that you named I don't know, so I left it out.")),)
        if draft.settings.get(UNCLEAR)
        else ()
    )
    if not names:
        told = line("It pages nobody. To ask a specialty: ", Word("for cardiology"), ".")
        return (*unclear, Paragraph(told))
    return (
        *unclear,
        Paragraph(line("For ", Strong(spoken(names)), ". To change that: ", Word("for nephrology"), ".")),
        *prompt_lines(names),
    )


def wanted_buttons(draft: Draft) -> tuple[Button, ...]:
    """Offer to change whom a case is for."""
    if draft.kind is not DraftKind.CASE or "specialties" not in draft.settings:
        return ()
    return (Button("For whom", f"for ~{draft.code}"),)


def spoken(names: tuple[str, ...]) -> str:
    """Give specialties as they stand within a sentence."""
    return ", ".join(name.lower() for name in names)
