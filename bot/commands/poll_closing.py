"""Polls end: the urn is counted and destroyed in one commit, and the result goes where it may."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.chat.cards import Card
from bot.commands.authors import author_of
from bot.commands.context import Ask, Context, House
from bot.commands.finding import require_poll
from bot.commands.hiding_reasons import drop_reason
from bot.commands.paying import NOBODY, Electors, electors, participants, pay
from bot.commands.sampling import forget_poll, recall
from bot.domain.members import Member
from bot.domain.permissions import Action
from bot.domain.poll_terms import Shows
from bot.domain.polls import Poll, PollState
from bot.ports.work import Work
from bot.views import poll_result as views
from bot.views import poll_times
from bot.views.poll import poll_card


async def end(ctx: Context, request: Ask) -> Card:
    """Close a poll: count, destroy the ballots, send the result on its way. Moderators may close any."""
    async with ctx.look() as work:
        known = await require_poll(ctx, work, request, Action.ENDPOLL)
    could_vote = await electors(ctx.house, known)
    async with ctx.work() as work:
        poll = await require_poll(ctx, work, request, Action.ENDPOLL)
        poll.require_not_closed()
        closed = await close_poll(ctx.house, work, poll, await author_of(work, poll.author), could_vote)
        mine = ctx.is_mine(poll.author)
        if not mine:
            await tell_author(ctx.house, work, closed)
    if not mine:
        await ctx.audited("ended", f"poll {closed.number}")
        return poll_times.closed_by_moderator_card(closed)
    return ended_card(closed, ctx.rules.min_cell)


def ended_card(closed: Poll, least: int) -> Card:
    """Tell the author that a poll is closed, with where its result goes; ``least`` is the smallest cell."""
    if closed.terms.shows is Shows.AUTHOR and closed.result is not None:
        return poll_times.closed_for_author_card(closed)
    return views.ended_card(closed, least=least)


async def close_poll(
    house: House, work: Work, poll: Poll, author: Member, could_vote: Electors = NOBODY
) -> Poll:
    """Count a poll and destroy its urn with all that waits to get into it; rooms see that it is closed.

    What it came to is drawn and told in a turn of its own: nobody can write meanwhile. ``could_vote`` is
    what :func:`bot.commands.paying.electors` gave, where it was asked beforehand.
    """
    now = house.clock.now()
    urn, least = await work.polls.urn(poll), house.rules.min_cell
    result = poll.release(urn, now, least, final=True)
    closed = poll.close(result, now, barred_by=poll.find_bar(urn, least))
    await recall(work, poll)
    took_part = await participants(house, work, poll, could_vote)
    await work.polls.close(closed)
    await pay(house, work, closed, took_part)
    await work.forget_votes(closed.number)
    await work.outbox.edit(closed.subject, poll_card(closed, author), revision=closed.revision)
    return closed


async def tell_author(house: House, work: Work, closed: Poll, card: Card | None = None) -> None:
    """Tell the author of a poll that it was closed, not by the author; who has left is not told."""
    if await work.members.among({closed.author}):
        await work.outbox.tell(
            closed.author,
            card or ended_card(closed, house.rules.min_cell),
            quiet=poll_times.quiet_card(closed),
            key=f"closed:{closed.id}",
            release_at=house.clock.now(),
            subject=closed.subject,
        )


async def results(ctx: Context, request: Ask) -> Card:
    """Show what a poll came to, or how it stands, to whoever may read that now."""
    async with ctx.look() as work:
        poll = await require_poll(ctx, work, request, Action.RESULTS)
        author = await author_of(work, poll.author)
        mine = ctx.is_mine(poll.author)
        if poll.state is PollState.WAITING:
            return poll_times.waiting_card(poll)
        if poll.state is PollState.OPEN and poll.terms.shows is Shows.SNAPSHOTS:
            reads = await may_read_so_far(ctx, work, poll)
            return (
                poll_times.stands_card(poll, author, ctx.rules.min_cell)
                if reads
                else poll_times.vote_first_card(poll)
            )
    if poll.terms.shows is Shows.AUTHOR and not mine:
        return poll_times.author_only_card(poll)
    return replace(views.results_card(poll, author, least=ctx.rules.min_cell), speaker=None)


async def may_read_so_far(ctx: Context, work: Work, poll: Poll) -> bool:
    """Say whether the member reads how an open poll stands: where that is shown, its author and who voted."""
    if poll.state is not PollState.OPEN or poll.terms.shows is not Shows.SNAPSHOTS:
        return False
    if ctx.is_mine(poll.author):
        return True
    voter = ctx.voter(await work.polls.urn_key(poll), poll.id)
    return await work.polls.choice_of(poll, voter) is not None


async def take_polls_back(
    work: Work, case: str, *, group: str = "", not_before: datetime | None = None
) -> None:
    """Take the polls that hang on a case out of every room, and forget them with their urns."""
    for poll in await work.polls.of_case(case):
        for subject in (poll.result_subject, poll.subject):
            await work.outbox.delete(subject, group=group, not_before=not_before)
        await drop_reason(work, poll.subject)
        await work.reports.settle(poll.subject)
        await work.pictures.drop(poll.id)
        await work.forget_votes(poll.number)
        await forget_poll(work, poll.id)
