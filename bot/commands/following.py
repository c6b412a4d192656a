"""Following: members who want to hear of a case that is not their own."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from bot.chat.cards import Button, Card
from bot.commands.context import Ask, Context
from bot.commands.finding import require_case, split_number
from bot.domain.cases import Case
from bot.domain.members import MemberId
from bot.domain.permissions import Action
from bot.ports.work import Work
from bot.views.case import news_card
from bot.views.page import followed_news, followed_no_more_card, following_card, routing_buttons


async def follow(ctx: Context, request: Ask) -> Card:
    """Let the member hear of a case: ``follow 123``; no more of it: ``follow 123 off``."""
    async with ctx.work() as work:
        case = await require_case(ctx, work, request, Action.FOLLOW)
        if split_number(request.argument)[1].casefold() == "off":
            await work.followers.remove(case.id, ctx.ids)
            return followed_no_more_card(case.number)
        case.require_open()
        await work.followers.add(case.id, ctx.member.id)
    return following_card(case.number)


async def tell_followers(
    work: Work,
    case: Case,
    in_room: Card,
    *,
    key: str,
    release_at: datetime,
    but: Collection[MemberId] = (),
) -> None:
    """Tell whoever follows a case what was said on it: as rooms show it, so nothing covered is told."""
    for member in await work.followers.of_case(case.id):
        if member not in but:
            await work.outbox.tell(
                member,
                followed_news(case, in_room),
                quiet=news_card(case.number),
                key=key,
                release_at=release_at,
                subject=key,
            )


async def ways_of(ctx: Context, work: Work, case: Case) -> tuple[Button, ...]:
    """Give the buttons of routing for one reader of a case."""
    followers, paged = await work.followers.of_case(case.id), await work.pages.of_case(case.id)
    return routing_buttons(
        case,
        mine=ctx.is_mine(case.author),
        followed=any(one in followers for one in ctx.ids),
        paged=any(paged.get(one) for one in ctx.ids),
    )
