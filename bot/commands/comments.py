"""Comments: say something in the thread of a case, by form, by line, or by answering its card."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from bot.chat.cards import Card
from bot.chat.forms import Field, Form
from bot.commands.context import Ask, Context
from bot.commands.drafting import clean_draft, remember, submit
from bot.commands.finding import require_case, split_number
from bot.commands.following import tell_followers
from bot.commands.hearing import hearing_comments
from bot.commands.personae import speaking
from bot.commands.releasing import release_on
from bot.commands.rewording_comments import reword
from bot.commands.rewording_tags import note_said
from bot.domain.comments import MOST_WORDS, Comment
from bot.domain.drafts import Draft, DraftKind
from bot.domain.permissions import Action
from bot.domain.refusal import Refused, not_found
from bot.domain.rewording import CHANGES
from bot.ports.work import Work
from bot.views.case import news_card
from bot.views.comment import (
    comment_card,
    comment_fields,
    comment_form,
    comment_news,
    question_form,
    said_card,
)

_QUESTION: Final = "question"
"""The setting of a draft that is a question to the author of its case."""


async def say(ctx: Context, request: Ask) -> Card | Form:
    """Open the form, or take the words, clean them and let them out."""
    return await _take(ctx, request, Action.COMMENT)


async def ask(ctx: Context, request: Ask) -> Card | Form:
    """Ask the author of a case something: a comment that is marked as a question."""
    return await _take(ctx, request, Action.ASK)


async def _take(ctx: Context, request: Ask, action: Action) -> Card | Form:
    case = await require_case(ctx, ctx.glance(), request, action)
    case.require_taking()
    words = _words(request)
    if not words:
        return question_form(case) if action is Action.ASK else comment_form(case)
    if len(words) > MOST_WORDS:
        raise Refused("too_long", f"That is {len(words)} characters; {MOST_WORDS} fit. Send less.")
    draft = await clean_draft(ctx, request, DraftKind.COMMENT, {"text": words}, case.number)
    settings = {_QUESTION: "yes"} if action is Action.ASK else {}
    return await submit(ctx, replace(draft, settings=settings), publish)


def _words(request: Ask) -> str:
    if request.submitted:
        return request.values.get("text", "").strip()
    return split_number(request.argument)[1]


def read(request: Ask) -> Mapping[str, str]:
    """Read a comment from its form; raises :class:`Refused`."""
    words = request.values.get("text", "").strip()
    if not words:
        raise Refused("empty", "A comment needs words. Yours stays as it was.", "preview")
    return {"text": words}


def asked_again(_: Draft, told: Mapping[str, str]) -> tuple[Field, ...]:
    """Give the field that asks for a comment, with what was written."""
    return comment_fields(told["text"])


async def publish(ctx: Context, work: Work, draft: Draft) -> Card:
    """Keep the comment and put it on its way to the thread in every room and to the author.

    A draft that changes a comment changes it everywhere.
    """
    if CHANGES in draft.settings:
        return await reword(ctx, work, draft)
    case = await work.cases.by_number(draft.about or 0)
    if case is None:
        raise not_found("case", f"#{draft.about}")
    case.require_taking()
    speaker = await speaking(ctx, work, draft.member)
    comment = Comment(
        ctx.house.chance.id(),
        case.id,
        speaker.id,
        draft.fields["text"],
        ctx.now(),
        question=draft.settings.get(_QUESTION) == "yes",
    )
    await work.comments.add(comment)
    await work.cases.replace(case.commented())
    release_at = await release_on(ctx, work, case)
    card = comment_card(comment, case, speaker)
    await work.outbox.post(comment.subject, card, release_at=release_at, thread=case.subject)
    for member in await hearing_comments(ctx, work, case):
        await work.outbox.tell(
            member,
            comment_news(comment, case, speaker),
            quiet=news_card(case.number),
            key=comment.subject,
            release_at=release_at,
            subject=comment.subject,
        )
    await tell_followers(work, case, card, key=comment.subject, release_at=release_at, but=ctx.ids)
    await note_said(ctx, work, draft, comment.subject)
    code = await remember(ctx, work, comment.subject)
    return said_card(comment, case, speaker, ctx.rules.undo_seconds, code)
