"""Polls that are open: which of them somebody can vote in, and in which the own vote lies already."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.chat.cards import Card
from bot.commands.authors import author_of
from bot.commands.context import Ask, Context
from bot.commands.finding import is_in_sight, require_poll, split_number
from bot.commands.hiding_reasons import kept_reason
from bot.domain.hiding import Target
from bot.domain.members import Role
from bot.domain.permissions import Action, allowed, require
from bot.domain.polls import Poll, PollState
from bot.ports.work import Work
from bot.views.hiding import poll_moderating_buttons, told_card
from bot.views.poll import poll_card
from bot.views.poll_list import ListedPoll, Place, polls_card
from bot.views.report import report_button

_MOST: Final = 50
"""Open polls, the newest, that are looked through."""


async def polls(ctx: Context, _: Ask) -> Card:
    """List the open polls, those first that wait for the member's vote."""
    require(Action.POLLS, ctx.member)
    async with ctx.look() as work:
        return polls_card(await listed(ctx, work))


async def listed(ctx: Context, work: Work) -> tuple[ListedPoll, ...]:
    """Gather the polls that the member can read, each with where it stands for them."""
    polls = [poll for poll in await work.polls.open_polls(_MOST) if await _is_out(ctx, work, poll)]
    rows = [ListedPoll(poll, await _place(ctx, work, poll)) for poll in polls]
    return tuple(sorted(rows, key=lambda row: row.place is not Place.WAITS))


async def poll_shown(ctx: Context, work: Work, request: Ask) -> Card | None:
    """Show a poll by its number, to moderators with what they can do about it; None where it is none."""
    number, _ = split_number(request.argument)
    if number is None or await work.polls.by_number(number) is None:
        return None
    poll = await require_poll(ctx, work, request, Action.SHOW)
    if poll.hidden and ctx.member.role is not Role.MODERATOR:
        target = Target(poll.number, poll=True)
        return told_card("hide", target, await kept_reason(work, poll.subject))
    card = poll_card(poll, await author_of(work, poll.author))
    if ctx.member.role is Role.MODERATOR:
        waits = poll.hidden and (await kept_reason(work, poll.subject)).waits
        buttons = poll_moderating_buttons(poll, waits=waits)
    else:
        reporting = () if ctx.is_mine(poll.author) else (report_button(poll.number),)
        buttons = (*card.buttons, *reporting)
    return replace(card, speaker=None, buttons=buttons, about=poll.subject)


async def _is_out(ctx: Context, work: Work, poll: Poll) -> bool:
    out = ctx.is_mine(poll.author) or poll.is_out(ctx.now())
    return out and await is_in_sight(work, poll)


async def _place(ctx: Context, work: Work, poll: Poll) -> Place:
    if poll.state is PollState.WAITING:
        return Place.LATER
    if not poll.terms.admits(ctx.member) or not allowed(Action.VOTE, ctx.member.role, owns=False):
        return Place.OTHERS
    voter = ctx.voter(await work.polls.urn_key(poll), poll.id)
    if poll.terms.sample and not await work.polls.is_invited(poll, voter):
        return Place.OTHERS
    return Place.WAITS if await work.polls.choice_of(poll, voter) is None else Place.VOTED
