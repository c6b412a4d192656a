"""Polls on the table: what was typed becomes a draft, or comes back with what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from bot.chat.cards import Card
from bot.chat.forms import Form
from bot.commands.availability import is_zone
from bot.commands.context import Ask, Context
from bot.commands.drafting import clean_again, clean_draft
from bot.commands.poll_cases import require_own_case
from bot.domain.audience import check_audience
from bot.domain.drafts import Draft, DraftKind
from bot.domain.poll_asked import Asked, asked_of, draft_fields, draft_settings, read_asked, typed_of
from bot.domain.poll_text import SETTINGS, Typed, read_line, settings_line
from bot.domain.refusal import Refused
from bot.views.poll_form import poll_edit_form, poll_settings_form
from bot.views.preview import text_card

AskBack = Callable[[Typed, str], Form]
"""Makes the form that asks again: with what was typed, and the sentence that says why."""
_CODED: Final = re.compile(r"([0-9a-f]{4})(?:\s+(.*))?", re.DOTALL)


def split_settings(argument: str) -> tuple[str, str]:
    """Split ``0b1c closes 3d`` into the code of a draft and settings; either may be absent."""
    if match := _CODED.fullmatch(argument.strip()):
        return match[1], match[2] or ""
    return "", argument.strip()


async def zone_of(ctx: Context) -> tuple[tzinfo, str]:
    """Give the time zone that a member has told for pages, and its name; else UTC."""
    name = (await ctx.house.routing.availability(ctx.member.id)).zone
    return (ZoneInfo(name), name) if is_zone(name) else (UTC, "UTC")


def typed_of_request(request: Ask) -> Typed:
    """Give what was typed, by field: in a form, in the line behind the word, or both."""
    return {**read_line(request.argument), **said_in_form(request)}


def said_in_form(request: Ask) -> Typed:
    """Give what was filled in; an empty field says nothing."""
    return {name: text.strip() for name, text in request.values.items() if text.strip()}


async def read(ctx: Context, typed: Typed) -> tuple[Asked, Mapping[str, str]]:
    """Read a poll and the settings of its draft; raises :class:`Refused`."""
    zone, name = await zone_of(ctx)
    asked = read_asked(typed, ctx.now(), zone, ctx.rules.min_cell)
    async with ctx.look() as work:
        if asked.case is not None:
            await require_own_case(ctx, work, asked)
        check_audience(await work.members.everybody(), asked.terms, ctx.rules.min_cell)
    return asked, {**draft_settings(asked), "zone": name}


async def drafted(
    ctx: Context, request: Ask, typed: Typed, back: AskBack, beside: Mapping[str, str]
) -> Draft | Form:
    """Make a draft of what was typed, or the form again with what is wrong; ``beside`` are more settings."""
    try:
        asked, settings = await read(ctx, typed)
    except Refused as refused:
        return back(typed, refused.sentence)
    draft = await clean_draft(ctx, request, DraftKind.POLL, draft_fields(asked), asked.case)
    return replace(draft, settings={**settings, **beside})


async def edit(ctx: Context, request: Ask, draft: Draft) -> Card | Form:
    """Open the form with the poll as it was typed, or take what was changed and show the preview."""
    told = await told_of(ctx, draft)
    if not request.submitted:
        return poll_edit_form(draft, told)

    def back(typed: Typed, why: str) -> Form:
        return poll_edit_form(draft, typed, why)

    return await _changed(ctx, request, draft, said_in_form(request), back)


async def settings(ctx: Context, request: Ask, draft: Draft, words: str) -> Card | Form:
    """Ask for the settings in one line, or take them in place of those that stood."""
    told = await told_of(ctx, draft)
    typed_line = request.values.get("settings", words).strip()
    if not request.submitted and not words:
        return poll_settings_form(draft, settings_line(told))

    def back(_: Typed, why: str) -> Form:
        return poll_settings_form(draft, typed_line, why)

    kept = {name: text for name, text in told.items() if name not in SETTINGS}
    return await _changed(ctx, request, draft, {**kept, "settings": typed_line}, back)


async def _changed(ctx: Context, request: Ask, draft: Draft, typed: Typed, back: AskBack) -> Card | Form:
    try:
        asked, settings = await read(ctx, typed)
    except Refused as refused:
        return back(typed, refused.sentence)
    again = await clean_again(ctx, draft, draft_fields(asked))
    kept = {name: draft.settings[name] for name in ("instead_of",) if name in draft.settings}
    changed = replace(again, settings={**settings, **kept}, about=asked.case, text_read=False)
    changed = changed.also_sent(request.sent)
    async with ctx.work() as work:
        await work.drafts.replace(changed)
    return text_card(changed)


async def told_of(ctx: Context, draft: Draft) -> dict[str, str]:
    """Give a draft as it would be typed now, with its times in the member's time zone."""
    words = draft.source.fields if draft.source else draft.fields
    zone, _ = await zone_of(ctx)
    return typed_of(asked_of(draft, words), zone)
