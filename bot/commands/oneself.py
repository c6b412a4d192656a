"""Oneself: how others see a member, and what can be changed about that."""

from __future__ import annotations

from dataclasses import replace

from bot.chat.cards import Card
from bot.commands import names
from bot.commands.availability import quiet
from bot.commands.context import Ask, Context
from bot.domain.permissions import Action, require
from bot.views import home


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
    return home.me_card(ctx.member, await ctx.chats(), always_own=ctx.names.always_own)
