"""The home menu of a member."""

from __future__ import annotations

from typing import Final

from bot.chat.cards import Card
from bot.commands.context import Ask, Context
from bot.commands.poll_list import listed
from bot.commands.waiting import waiting
from bot.domain.cases import CaseState
from bot.domain.permissions import Action, require
from bot.views.dashboard import dashboard_card

_MOST_OWN: Final = 100
"""Own cases, the newest, among which the open ones are looked for."""


async def home(ctx: Context, _: Ask) -> Card:
    """Show what waits for the member, the member's open cases and drafts."""
    require(Action.HOME, ctx.member)
    async with ctx.look() as work:
        cases = await waiting(ctx, work)
        mine = await work.cases.by_author(ctx.ids, _MOST_OWN)
        drafts = await work.drafts.of_member(*ctx.ids)
        polls = await listed(ctx, work)
    still = [case for case in mine if case.state is CaseState.OPEN and not case.hidden]
    kinds = [draft.kind.value for draft in drafts]
    return dashboard_card(ctx.member.role, cases, still, kinds, polls)
