"""Editing: change the words of a draft before it leaves; what its author decided about other words stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from bot.chat.cards import Card
from bot.chat.forms import Field, Form
from bot.commands import adding, cases, comments, opinions, outcomes, poll_drafting, questions
from bot.commands.context import Ask, Context
from bot.commands.drafting import clean_again
from bot.commands.on_table import require_draft
from bot.commands.wanted import chosen
from bot.domain.details import APART
from bot.domain.drafts import Draft, DraftKind
from bot.domain.permissions import Action
from bot.views.preview import edit_form, text_card


@dataclass(frozen=True, slots=True)
class Editing:
    """How one kind of draft is edited: the fields that ask for its words, and how answers are read."""

    asked: Callable[[Draft, Mapping[str, str]], tuple[Field, ...]]
    read: Callable[[Ask], Mapping[str, str]]


EDITING: Mapping[DraftKind, Editing] = {
    DraftKind.CASE: Editing(cases.asked_again, cases.read),
    DraftKind.COMMENT: Editing(comments.asked_again, comments.read),
    DraftKind.OPINION: Editing(opinions.asked_again, opinions.read),
    DraftKind.OUTCOME: Editing(outcomes.asked_again, outcomes.read),
    DraftKind.UPDATE: Editing(adding.asked_again, adding.read),
    DraftKind.QUESTION: Editing(questions.asked_again, questions.read),
}


async def edit(ctx: Context, request: Ask) -> Card | Form:
    """Open the form with the words as they were written, or take the changed ones and show the preview."""
    async with ctx.look() as work:
        draft = await require_draft(ctx, work, Action.EDIT, request.argument.strip())
    if draft.kind is DraftKind.POLL:
        return await poll_drafting.edit(ctx, request, draft)
    told = draft.source.fields if draft.source else draft.fields
    editing = EDITING[draft.kind]
    if not request.submitted:
        return edit_form(draft, editing.asked(draft, told))
    kept = {name: text for name, text in told.items() if name in draft.picture_fields or name in APART}
    settings = chosen({name: request.values.get(name, value) for name, value in draft.settings.items()})
    again = await clean_again(ctx, draft, {**editing.read(request), **kept})
    changed = replace(again, settings=settings, text_read=False).also_sent(request.sent)
    async with ctx.work() as work:
        await work.drafts.replace(changed)
    return text_card(changed)
