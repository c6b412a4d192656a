"""Helpful: whoever may read an opinion says once that it helped, and may take that back."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from bot.chat.cards import Card
from bot.commands.authors import author_of
from bot.commands.context import Ask, Context
from bot.commands.finding import require_case
from bot.commands.reading_opinions import may_read
from bot.domain.cases import Case, CaseState
from bot.domain.helpful import Thanks
from bot.domain.opinions import Opinion
from bot.domain.permissions import Action
from bot.domain.refusal import Refused
from bot.ports.work import Work
from bot.views.helpful import marked_helpful_card, unmarked_helpful_card
from bot.views.opinion import opinion_in_room

_COUNTED_AFTER: Final = (60.0, 300.0)
"""Seconds from a mark until rooms see the count; one is drawn for the first of several marks."""
_DOTTED: Final = re.compile(r"^#?\d{1,9}\.(\d{1,4})(?=\s|$)")


async def helpful(ctx: Context, request: Ask) -> Card:
    """Say that an opinion helped, or take that back by saying it again."""
    async with ctx.work() as work:
        case, opinion = await _opinion(ctx, work, request, Action.HELPFUL)
        if await work.helpful.unmark(opinion.id, *ctx.ids):
            await _tell_rooms(ctx, work, case, opinion)
            return unmarked_helpful_card(opinion, case, was=True)
        await work.helpful.mark(opinion.id, ctx.member.id)
        await _tell_rooms(ctx, work, case, opinion)
        count = (await work.helpful.counts(case.id))[opinion.id]
    return marked_helpful_card(opinion, case, count)


async def unhelpful(ctx: Context, request: Ask) -> Card:
    """Take back that an opinion helped."""
    async with ctx.work() as work:
        case, opinion = await _opinion(ctx, work, request, Action.UNHELPFUL)
        if was := await work.helpful.unmark(opinion.id, *ctx.ids):
            await _tell_rooms(ctx, work, case, opinion)
    return unmarked_helpful_card(opinion, case, was=was)


async def _tell_rooms(ctx: Context, work: Work, case: Case, opinion: Opinion) -> None:
    """Put the count onto the opinion's card some minutes later; a covered one shows none.

    A card that changed in the moment of a press would tell that somebody is reading just now.
    """
    if case.covered:
        return
    thanks = await thanks_of(work, case, (opinion,))
    giver = await author_of(work, opinion.member)
    card = opinion_in_room(opinion, case, giver, thanks[opinion.id])
    release_at = ctx.now() + timedelta(seconds=ctx.house.chance.between(*_COUNTED_AFTER))
    await work.outbox.refresh(opinion.subject, card, release_at=release_at)


async def _opinion(ctx: Context, work: Work, request: Ask, action: Action) -> tuple[Case, Opinion]:
    case = await require_case(ctx, work, request, action)
    if case.state is CaseState.WITHDRAWN:
        case.require_open()
    opinion = await _named(work, case, request, action)
    if ctx.is_mine(opinion.member):
        raise Refused(
            "own_opinion",
            f"{case.number}.{opinion.number} is your own opinion. Others say whether it helped.",
            f"show {case.number}",
        )
    if not opinion.shown or not await may_read(ctx, work, case):
        raise Refused(
            "not_readable",
            f"You cannot read opinion {case.number}.{opinion.number} yet, so it cannot have helped you.",
            f"show {case.number}",
        )
    return case, opinion


async def _named(work: Work, case: Case, request: Ask, word: str) -> Opinion:
    kind, _, item = request.about.partition(":")
    dotted = _DOTTED.match(request.argument.strip())
    for opinion in await work.opinions.of_case(case.id):
        by_number = dotted is not None and opinion.number == int(dotted[1])
        if by_number or (dotted is None and kind == "opinion" and opinion.id == item):
            return opinion
    if dotted is None:
        raise Refused(
            "no_number",
            f"Which opinion? Write its number behind a dot, for example: {word} {case.number}.2.",
            f"show {case.number}",
        )
    raise Refused("no_opinion", f"#{case.number} has no opinion {dotted[1]}.", f"show {case.number}")


async def thanks_of(work: Work, case: Case, opinions: Sequence[Opinion]) -> Mapping[str, Thanks]:
    """Count for each opinion whom it helped, and how often its screen name has; by opinion.

    The screen name is counted, not the member: a count that went over to a new name would lead to it from the
    old one.
    """
    counts = await work.helpful.counts(case.id)
    helped = await work.helpful.helped(*{one.member for one in opinions})
    return {one.id: Thanks(counts.get(one.id, 0), helped.get(one.member, 0)) for one in opinions}
