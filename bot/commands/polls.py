"""Polls: ask, vote, close, read the result. Ballots lie under the poll's own key and die with it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import replace

from bot.chat.cards import Card
from bot.chat.forms import Field, Form
from bot.commands.authors import author_of
from bot.commands.context import Ask, Context, House
from bot.commands.drafting import clean_draft, remember, submit
from bot.commands.finding import require_poll, split_number
from bot.commands.personae import speaking
from bot.domain.draft_pictures import StoredPicture
from bot.domain.drafts import Draft, DraftKind
from bot.domain.members import Member
from bot.domain.permissions import Action, require
from bot.domain.poll_terms import NO_OPINION, Terms, cell_of
from bot.domain.poll_votes import read_vote
from bot.domain.polls import Ballot, Poll, cells_of, make_options
from bot.domain.refusal import Refused
from bot.ports.work import Work
from bot.views import poll as views
from bot.views.poll_chart import poll_chart

_QUOTED = re.compile(r'^["“„«](?P<question>[^"”“»]*)["”“»]\s*(?P<options>.*)$', re.DOTALL)


async def ask(ctx: Context, request: Ask) -> Card | Form:
    """Open the form, or take question and options and show the preview."""
    require(Action.POLL, ctx.member)
    if not request.argument and not request.submitted:
        return views.poll_form()
    return await submit(ctx, await clean_draft(ctx, request, DraftKind.POLL, read(request)), publish)


def read(request: Ask) -> Mapping[str, str]:
    """Read the words of a poll from its form or from one line; raises :class:`Refused`."""
    question, texts = _read(request)
    if not question:
        raise Refused("no_question", 'A poll needs a question: poll "Question?" yes | no.', "poll")
    options = make_options(texts)[:-1]
    return {"question": question} | {f"option {n}": text for n, text in enumerate(options, start=1)}


def asked_again(_: Draft, told: Mapping[str, str]) -> tuple[Field, ...]:
    """Give the fields that ask for a poll, with what was written."""
    options = [text for name, text in told.items() if name.startswith("option ")]
    return views.poll_fields(told["question"], "\n".join(options))


def _read(request: Ask) -> tuple[str, tuple[str, ...]]:
    if request.submitted:
        lines = re.split(r"[\n|]", request.values.get("options", ""))
        return request.values.get("question", "").strip(), tuple(lines)
    if match := _QUOTED.match(request.argument.strip()):
        return match["question"].strip(), tuple(match["options"].split("|"))
    head, mark, rest = request.argument.partition("?")
    return f"{head.strip()}{mark}", tuple(rest.split("|"))


async def publish(ctx: Context, work: Work, draft: Draft) -> Card:
    """Open the poll and put it on its way to every room."""
    names = [f"option {number}" for number in range(1, len(draft.fields))]
    poll = Poll(
        id=ctx.house.chance.id(),
        number=await work.cases.next_number(),
        author=ctx.member.id,
        question=draft.fields["question"],
        options=(*(draft.fields[name] for name in names), NO_OPINION),
        asked_at=ctx.now(),
        cells=cells_of(Terms()),
    )
    await work.polls.add(poll, ctx.house.chance.key())
    card = views.poll_card(poll, ctx.member)
    await work.outbox.post(poll.subject, card, release_at=ctx.release_at(urgent=True))
    code = await remember(ctx, work, poll.subject)
    return views.asked_card(poll, ctx.member, ctx.rules.undo_seconds, code)


async def vote(ctx: Context, request: Ask) -> Card | Form:
    """Count one ballot; the same person's later one replaces it."""
    _, words = split_number(request.argument)
    chosen = request.values.get("choice", words)
    async with ctx.work() as work:
        poll = await require_poll(ctx, work, request, Action.VOTE)
        poll.require_open()
        if not chosen:
            return views.vote_form(poll)
        choice = read_vote(poll, chosen)
        voter = ctx.voter(await work.polls.urn_key(poll), poll.id)
        cast = await work.polls.cast(poll, Ballot(poll.id, voter, choice, cell_of(ctx.member)))
    return views.counted_card(poll, choice, changed=cast.replaced)


async def end(ctx: Context, request: Ask) -> Card:
    """Close a poll of one's own: count, destroy the ballots, send result and chart to every room."""
    async with ctx.work() as work:
        poll = await require_poll(ctx, work, request, Action.ENDPOLL)
        closed = await close_poll(ctx.house, work, poll, await speaking(ctx, work, poll.author))
    return views.ended_card(closed)


async def close_poll(house: House, work: Work, poll: Poll, author: Member) -> Poll:
    """Count a poll, destroy its urn, and put the result on its way under its author's name."""
    now = house.clock.now()
    result = poll.release(await work.polls.urn(poll), now, house.rules.min_cell, final=True)
    closed = poll.close(result, now)
    await work.polls.close(closed)
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
