"""Polls that are open: which of them somebody can vote in, and in which the own vote lies already."""

from __future__ import annotations

from typing import Final

from bot.chat.cards import Card
from bot.commands.context import Ask, Context
from bot.domain.permissions import Action, allowed, require
from bot.domain.polls import Poll, PollState
from bot.ports.work import Work
from bot.views.poll_list import ListedPoll, Place, polls_card

_MOST: Final = 50
"""Open polls, the newest, that are looked through."""


async def polls(ctx: Context, _: Ask) -> Card:
    """List the open polls, those first that wait for the member's vote."""
    require(Action.POLLS, ctx.member)
    async with ctx.look() as work:
        return polls_card(await listed(ctx, work))


async def listed(ctx: Context, work: Work) -> tuple[ListedPoll, ...]:
    """Gather the polls that the member can read, each with where it stands for them."""
    polls = [poll for poll in await work.polls.open_polls(_MOST) if _is_out(ctx, poll)]
    rows = [ListedPoll(poll, await _place(ctx, work, poll)) for poll in polls]
    return tuple(sorted(rows, key=lambda row: row.place is not Place.WAITS))


def _is_out(ctx: Context, poll: Poll) -> bool:
    return ctx.is_mine(poll.author) or poll.is_out(ctx.now(), ctx.rules.undo_seconds)


async def _place(ctx: Context, work: Work, poll: Poll) -> Place:
    if poll.state is PollState.WAITING:
        return Place.LATER
    if not poll.terms.admits(ctx.member) or not allowed(Action.VOTE, ctx.member.role, owns=False):
        return Place.OTHERS
    voter = ctx.voter(await work.polls.urn_key(poll), poll.id)
    return Place.WAITS if await work.polls.choice_of(poll, voter) is None else Place.VOTED
