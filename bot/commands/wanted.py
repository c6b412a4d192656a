"""Specialties wanted: proposed from the words of a draft, named in its form, or by ``for`` in the preview."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.chat.cards import Card
from bot.chat.forms import Form
from bot.commands.context import Ask, Context
from bot.commands.on_table import require_draft, split_code
from bot.domain.cases import require_urgency
from bot.domain.drafts import Draft, DraftKind
from bot.domain.permissions import Action
from bot.domain.refusal import Refused
from bot.domain.wanted import UNCLEAR, named, proposed, understood, written
from bot.views.preview import text_card
from bot.views.wanted import wanted_form


def wanted(request: Ask, draft: Draft) -> Mapping[str, str]:
    """Give, as settings of a draft, what the author of a case named, or what its cleaned words suggest."""
    typed = request.values.get("specialties", "").strip()
    if typed:
        return _as_settings(typed)
    return {"specialties": written(proposed(draft.fields["story"], draft.fields["question"]))}


def _as_settings(typed: str) -> Mapping[str, str]:
    names, all_known = understood(typed)
    return {"specialties": written(names), UNCLEAR: "" if all_known else "yes"}


def chosen(settings: Mapping[str, str]) -> Mapping[str, str]:
    """Read choices that came with a form: known words only; raises :class:`Refused`."""
    if "urgency" in settings:
        require_urgency(settings["urgency"])
    if "specialties" in settings:
        return {**settings, **_as_settings(settings["specialties"])}
    return settings


async def say_for(ctx: Context, request: Ask) -> Card | Form:
    """Change which specialties the case on the table is for: ``for cardiology, nephrology``."""
    typed, code = split_code(request.argument)
    typed = request.values.get("specialties", typed).strip()
    async with ctx.work() as work:
        draft = await require_draft(ctx, work, Action.FOR, code)
        if draft.kind is not DraftKind.CASE:
            raise Refused("no_case", "Only a case can be for specialties.", "preview")
        if not typed and not request.submitted:
            return wanted_form(draft)
        settings = {**draft.settings, "specialties": written(named(typed)), UNCLEAR: ""}
        changed = replace(draft, settings=settings, asked_last=False)
        await work.drafts.replace(changed)
        return text_card(changed)
