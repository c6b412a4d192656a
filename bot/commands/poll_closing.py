"""Polls end: the urn is counted and destroyed in one commit, and the result goes where it may."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from bot.chat.cards import Card
from bot.commands.authors import author_of
from bot.commands.context import Ask, Context, House
from bot.commands.finding import require_poll
from bot.commands.paying import NOBODY, Electors, electors, participants, pay
from bot.commands.personae import speaking
from bot.domain.draft_pictures import StoredPicture
from bot.domain.members import Member
from bot.domain.permissions import Action
from bot.domain.polls import Poll
from bot.ports.work import Work
from bot.views import poll_result as views
from bot.views.poll_chart import poll_chart


async def end(ctx: Context, request: Ask) -> Card:
    """Close a poll of one's own: count, destroy the ballots, send result and chart to every room."""
    async with ctx.look() as work:
        known = await require_poll(ctx, work, request, Action.ENDPOLL)
    could_vote = await electors(ctx.house, known)
    async with ctx.work() as work:
        poll = await require_poll(ctx, work, request, Action.ENDPOLL)
        closed = await close_poll(ctx.house, work, poll, await speaking(ctx, work, poll.author), could_vote)
    return views.ended_card(closed)


async def close_poll(
    house: House, work: Work, poll: Poll, author: Member, could_vote: Electors = NOBODY
) -> Poll:
    """Count a poll, destroy its urn, and put the result on its way under its author's name.

    ``could_vote`` is what :func:`bot.commands.paying.electors` gave, where it was asked beforehand.
    """
    now = house.clock.now()
    result = poll.release(await work.polls.urn(poll), now, house.rules.min_cell, final=True)
    closed = poll.close(result, now)
    took_part = await participants(house, work, poll, could_vote)
    await work.polls.close(closed)
    await pay(house, work, closed, took_part)
    await work.outbox.edit(closed.subject, views.result_card(closed, author), revision=closed.revision)
    if closed.result is not None:
        await _send_chart(house, work, closed, author)
    return closed


async def _send_chart(house: House, work: Work, closed: Poll, author: Member) -> None:
    media = house.chance.id()
    chart = await asyncio.to_thread(poll_chart, closed)
    await work.pictures.add(StoredPicture(media, chart, "image/png"))
    card = views.result_card(closed, author, chart=media)
    now = house.clock.now()
    await work.outbox.post(f"result:{closed.id}", card, release_at=now, thread=closed.subject)


async def results(ctx: Context, request: Ask) -> Card:
    """Show a closed poll's table."""
    async with ctx.look() as work:
        poll = await require_poll(ctx, work, request, Action.RESULTS)
        author = await author_of(work, poll.author)
    return replace(views.results_card(poll, author), speaker=None)
