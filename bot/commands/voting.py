"""Voting: one ballot for each person; nothing of it goes to any room."""

from __future__ import annotations

from bot.chat.cards import Card
from bot.chat.forms import Form
from bot.commands.context import Ask, Context
from bot.commands.finding import require_poll, split_number
from bot.commands.poll_keeping import after_vote
from bot.commands.sampling import require_invited
from bot.domain.permissions import Action
from bot.domain.poll_terms import cell_of
from bot.domain.poll_votes import order_for, read_vote, require_audience
from bot.domain.polls import Ballot
from bot.views import poll_vote as views


async def vote(ctx: Context, request: Ask) -> Card | Form:
    """Count one ballot; the same person's later one replaces it. Without words, open the form for it."""
    _, words = split_number(request.argument)
    chosen = request.values.get("choice", words).strip()
    async with ctx.work() as work:
        poll = await require_poll(ctx, work, request, Action.VOTE)
        poll.require_open()
        require_audience(poll, ctx.member)
        await require_invited(ctx, work, poll)
        voter = ctx.voter(await work.polls.urn_key(poll), poll.id)
        if not chosen:
            return views.vote_form(poll, order_for(poll, voter), await work.polls.choice_of(poll, voter))
        choice = read_vote(poll, chosen)
        cast = await work.polls.cast(poll, Ballot(poll.id, voter, choice, cell_of(ctx.member)))
        await after_vote(ctx.house, work, poll, cast)
    return views.counted_card(poll, choice, changed=cast.replaced)
