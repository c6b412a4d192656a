"""Polls are changed until the first ballot: words and terms, through the preview, in every room."""

from __future__ import annotations

from dataclasses import replace

from bot.chat.cards import Card
from bot.chat.forms import Form
from bot.commands.context import Ask, Context
from bot.commands.drafting import Publish, submit
from bot.commands.finding import require_poll
from bot.commands.personae import speaking
from bot.commands.poll_cases import require_unrevealing
from bot.commands.poll_drafting import drafted, typed_of_request, zone_of
from bot.commands.sampling import invite
from bot.domain.audience import check_audience, invited
from bot.domain.permissions import Action
from bot.domain.poll_asked import Asked, check_times, require_options, typed_of
from bot.domain.poll_terms import PollKind
from bot.domain.poll_text import Typed
from bot.domain.poll_times import timed
from bot.domain.polls import Poll, PollState, cells_of
from bot.domain.refusal import Refused
from bot.ports.work import Work
from bot.views import poll as views
from bot.views.poll_form import poll_change_form


async def change(ctx: Context, request: Ask, number: int, publish: Publish) -> Card | Form:
    """Open the form with what stands there, or take what was changed and show the preview."""
    async with ctx.look() as work:
        poll = await _changeable(ctx, work, number)
    typed = typed_of_request(request)
    if not typed and not request.submitted:
        zone, _ = await zone_of(ctx)
        return poll_change_form(number, typed_of(_asked(poll), zone))

    def back(told: Typed, why: str) -> Form:
        return poll_change_form(number, told, why)

    draft = await drafted(ctx, request, typed, back, {"instead_of": str(number)})
    return draft if isinstance(draft, Form) else await submit(ctx, draft, publish)


async def publish_change(ctx: Context, work: Work, asked: Asked, number: int) -> Card:
    """Let a poll ask something else in every room; raises :class:`Refused` once there is a ballot."""
    poll = await _changeable(ctx, work, number)
    case = await work.cases.get(poll.case) if poll.case else None
    if case is not None:
        case.require_taking()
        await require_unrevealing(case, asked)
    changed = replace(await stands_for(ctx, work, poll, asked), revision=poll.revision + 1)
    await work.polls.replace(changed)
    changed = await invite(ctx, work, changed)
    card = views.poll_card(changed, await speaking(ctx, work, changed.author))
    await work.outbox.edit(changed.subject, card, revision=changed.revision)
    return views.changed_card(changed)


async def stands_for(ctx: Context, work: Work, poll: Poll, asked: Asked) -> Poll:
    """Let a poll ask what is asked now, from now on; raises :class:`Refused` where nobody could vote well."""
    now = ctx.now()
    terms = asked.terms
    if terms.opens_at is not None and terms.opens_at <= now:
        # Its time came while it was looked at: it opens at once.
        terms = replace(terms, opens_at=None)
    check_times(terms, now)
    if terms.kind not in (PollKind.LIKERT, PollKind.NUMBER):
        require_options(asked.options)
    members = await work.members.everybody()
    check_audience(members, terms, ctx.rules.min_cell)
    stands = replace(
        poll,
        question=asked.question,
        options=asked.offered,
        terms=terms,
        cells=cells_of(terms),
        invited=invited(members, terms),
    )
    return timed(stands, now)


async def _changeable(ctx: Context, work: Work, number: int) -> Poll:
    """Find a poll of the member's that has no ballot yet; raises :class:`Refused`."""
    poll = await require_poll(ctx, work, Ask(argument=str(number)), Action.POLL_CHANGE)
    if poll.state is PollState.CLOSED:
        raise Refused("closed", f"Poll {number} is closed, so its words stay. Ask a new one.", "poll")
    if poll.terms.sample:
        raise Refused(
            "drawn",
            f"Poll {number} has invited those who were drawn, so its words stay. Close it and ask a new one.",
            f"endpoll {number}",
            "poll",
        )
    if poll.begun:
        raise Refused(
            "begun",
            f"Poll {number} has ballots, so its words stay. Close it and ask a new one.",
            f"endpoll {number}",
            "poll",
        )
    return poll


def _asked(poll: Poll) -> Asked:
    """Give what was asked; the options that every poll of its kind has are nobody's words."""
    own = () if poll.terms.kind in (PollKind.LIKERT, PollKind.NUMBER) else poll.options[:-1]
    return Asked(poll.question, own, poll.terms)
