"""Oneself: how others see a member, and the words that anybody may say."""

from __future__ import annotations

from bot.chat.cards import Card
from bot.commands.context import Ask, Context
from bot.domain.permissions import Action, require
from bot.views import home


async def me(ctx: Context, _: Ask) -> Card:
    """Show a member's own screen name and standing, and where notices go."""
    require(Action.ME, ctx.member)
    return home.me_card(ctx.member, await ctx.chats())
