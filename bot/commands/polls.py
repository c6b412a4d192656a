"""Polls are asked: from a form or one line, through the preview, into every room."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.chat.cards import Card
from bot.chat.forms import Field, Form
from bot.commands.context import Ask, Context
from bot.commands.drafting import clean_draft, remember, submit
from bot.domain.drafts import Draft, DraftKind
from bot.domain.permissions import Action, require
from bot.domain.poll_terms import NO_OPINION, Terms
from bot.domain.polls import Poll, cells_of, make_options
from bot.domain.refusal import Refused
from bot.ports.work import Work
from bot.views import poll as views
from bot.views import poll_form

_QUOTED = re.compile(r'^["“„«](?P<question>[^"”“»]*)["”“»]\s*(?P<options>.*)$', re.DOTALL)


async def ask(ctx: Context, request: Ask) -> Card | Form:
    """Open the form, or take question and options and show the preview."""
    require(Action.POLL, ctx.member)
    if not request.argument and not request.submitted:
        return poll_form.poll_form()
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
    return poll_form.poll_fields(told["question"], "\n".join(options))


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
    released_at = ctx.release_at()
    poll = Poll(
        id=ctx.house.chance.id(),
        number=await work.cases.next_number(),
        author=ctx.member.id,
        question=draft.fields["question"],
        options=(*(draft.fields[name] for name in names), NO_OPINION),
        asked_at=ctx.now(),
        released_at=released_at,
        cells=cells_of(Terms()),
    )
    await work.polls.add(poll, ctx.house.chance.key())
    card = views.poll_card(poll, ctx.member)
    await work.outbox.post(poll.subject, card, release_at=released_at)
    code = await remember(ctx, work, poll.subject)
    return views.asked_card(poll, ctx.member, ctx.rules.undo_seconds, code)
