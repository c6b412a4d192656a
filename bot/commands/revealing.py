"""Blind first: who may read opinions before the reveal, *Just read*, and the reveal itself."""

from __future__ import annotations

from dataclasses import replace

from bot.chat.cards import Card
from bot.commands.cases import show
from bot.commands.context import Ask, Context
from bot.commands.finding import require_case
from bot.commands.uncovering import show_revealed
from bot.commands.waiting import next_buttons
from bot.domain.cases import CaseState
from bot.domain.permissions import Action
from bot.views.reveal import revealed_card


async def read(ctx: Context, request: Ask) -> Card:
    """Let a member read a case's opinions without giving one; a later one of theirs is not independent."""
    async with ctx.work() as work:
        case = await require_case(ctx, work, request, Action.READ)
        answered = await work.opinions.of_member(case.id, *ctx.ids) is not None
        if case.state is CaseState.OPEN and not answered and not ctx.is_mine(case.author):
            await work.opinions.note_reader(case.id, ctx.member.id)
        further = await next_buttons(ctx, work)
    card = await show(ctx, request)
    return replace(card, buttons=(*card.buttons, *further))


async def reveal(ctx: Context, request: Ask) -> Card:
    """Show everybody the opinions on a case of one's own, from now on."""
    async with ctx.work() as work:
        case = await require_case(ctx, work, request, Action.REVEAL)
        revealed = case.reveal(ctx.now())
        await work.cases.replace(revealed)
        count = await show_revealed(work, revealed)
    return revealed_card(revealed, count)
