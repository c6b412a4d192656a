"""Polls are asked: from a form or one line, through the preview, into every room or a case's thread."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from bot.chat.cards import Card
from bot.chat.forms import Form
from bot.commands.context import Ask, Context
from bot.commands.drafting import remember, submit
from bot.commands.personae import speaking
from bot.commands.poll_cases import require_own_case
from bot.commands.poll_changing import change, publish_change, stands_for
from bot.commands.poll_drafting import drafted, typed_of_request
from bot.commands.releasing import release_on
from bot.commands.sampling import invite
from bot.domain.cases import Case
from bot.domain.drafts import Draft
from bot.domain.permissions import Action, require
from bot.domain.poll_asked import asked_of
from bot.domain.polls import Poll
from bot.ports.work import Work
from bot.views import poll as views
from bot.views.poll_form import poll_form

_CHANGE: Final = re.compile(
    r"change\s+#?(\d{1,9})(?:\s+(?P<rest>[\"“„«].*|\w+\s+[\"“„«].*))?", re.IGNORECASE | re.DOTALL
)


async def ask(ctx: Context, request: Ask) -> Card | Form:
    """Open the form, or take words and settings and show the preview; ``change 45`` changes a poll."""
    if match := _CHANGE.fullmatch(request.argument.strip()):
        return await change(ctx, replace(request, argument=match["rest"] or ""), int(match[1]), publish)
    require(Action.POLL, ctx.member)
    typed = typed_of_request(request)
    if typed.keys() <= {"case", "kind"} and not request.submitted:
        return poll_form(typed)
    draft = await drafted(ctx, request, typed, poll_form, {})
    return draft if isinstance(draft, Form) else await submit(ctx, draft, publish)


async def publish(ctx: Context, work: Work, draft: Draft) -> Card:
    """Open the poll, or let it wait, and put it on its way to every room; or change one that stands."""
    asked = asked_of(draft)
    if number := draft.settings.get("instead_of"):
        return await publish_change(ctx, work, asked, int(number))
    case = await require_own_case(ctx, work, asked) if asked.case is not None else None
    poll = await stands_for(ctx, work, await _numbered(ctx, work, case), asked)
    await work.polls.add(poll, ctx.house.chance.key())
    poll = await invite(ctx, work, poll)
    author = await speaking(ctx, work, poll.author)
    await work.outbox.post(
        poll.subject,
        views.poll_card(poll, author),
        release_at=poll.released_at or ctx.now(),
        thread=case.subject if case else "",
    )
    code = await remember(ctx, work, poll.subject)
    return views.asked_card(poll, author, ctx.rules.undo_seconds, code)


async def _numbered(ctx: Context, work: Work, case: Case | None) -> Poll:
    """Begin a poll, of the member or in the name under which the case was asked."""
    return Poll(
        id=ctx.house.chance.id(),
        number=await work.cases.next_number(),
        author=case.author if case else ctx.member.id,
        question="",
        options=(),
        asked_at=ctx.now(),
        released_at=await release_on(ctx, work, case) if case else ctx.release_at(),
        case=case.id if case else "",
    )
