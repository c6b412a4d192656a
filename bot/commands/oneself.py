"""Oneself: how others see a member, and what can be changed about that."""

from __future__ import annotations

from dataclasses import replace

from bot.chat.cards import Block, Card
from bot.commands import names
from bot.commands.availability import quiet
from bot.commands.context import Ask, Context
from bot.domain.outcomes import record_of
from bot.domain.permissions import Action, require
from bot.views import home
from bot.views.helpful import helped_blocks
from bot.views.outcome import record_blocks


async def me(ctx: Context, request: Ask) -> Card:
    """Show how others see a member, and where notices go; ``me name`` and ``me own name`` change it."""
    require(Action.ME, ctx.member)
    word, _, rest = request.argument.strip().partition(" ")
    if word.casefold() == "name":
        return await names.name(ctx, replace(request, argument=rest))
    if word.casefold() == "own":
        return await names.own_always(ctx, rest)
    if word.casefold() == "quiet":
        return await quiet(ctx, rest)
    card = home.me_card(ctx.member, await ctx.chats(), always_own=ctx.names.always_own)
    return replace(card, blocks=(*card.blocks, *await _answers(ctx)))


async def _answers(ctx: Context) -> tuple[Block, ...]:
    """Say what others see of how one has helped, and to oneself alone how often one was right."""
    async with ctx.look() as work:
        helped = (await work.helpful.helped(ctx.member.id)).get(ctx.member.id, 0)
        record = record_of(await work.outcomes.scored(*ctx.ids))
    return (*helped_blocks(helped), *record_blocks(record))
