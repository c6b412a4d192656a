"""Comments: say something in the thread of a case, by form, by line, or by answering its card."""

from __future__ import annotations

from collections.abc import Mapping

from bot.chat.cards import Card
from bot.chat.forms import Field, Form
from bot.commands.context import Ask, Context
from bot.commands.drafting import clean_draft, remember, submit
from bot.commands.finding import require_case, split_number
from bot.commands.following import tell_followers
from bot.commands.personae import speaking
from bot.domain.comments import Comment
from bot.domain.drafts import Draft, DraftKind
from bot.domain.permissions import Action
from bot.domain.refusal import Refused, not_found
from bot.ports.work import Work
from bot.views.case import news_card
from bot.views.comment import comment_card, comment_fields, comment_form, comment_news, said_card


async def say(ctx: Context, request: Ask) -> Card | Form:
    """Open the form, or take the words, clean them and let them out."""
    async with ctx.look() as work:
        case = await require_case(ctx, work, request, Action.COMMENT)
    case.require_open()
    words = _words(request)
    if not words:
        return comment_form(case)
    draft = await clean_draft(ctx, request, DraftKind.COMMENT, {"text": words}, case.number)
    return await submit(ctx, draft, publish)


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
    """Keep the comment and put it on its way to the thread in every room and to the author."""
    case = await work.cases.by_number(draft.about or 0)
    if case is None:
        raise not_found("case", f"#{draft.about}")
    case.require_open()
    speaker = await speaking(ctx, work, draft.member)
    comment = Comment(ctx.house.chance.id(), case.id, speaker.id, draft.fields["text"], ctx.now())
    await work.comments.add(comment)
    await work.cases.replace(case.commented())
    release_at = max(ctx.release_at(urgent=True), case.released_at)
    card = comment_card(comment, case, speaker)
    await work.outbox.post(comment.subject, card, release_at=release_at, thread=case.subject)
    if not ctx.is_mine(case.author):
        await work.outbox.tell(
            case.author,
            comment_news(comment, case, speaker),
            quiet=news_card(case.number),
            key=comment.subject,
            release_at=release_at,
            subject=comment.subject,
        )
    await tell_followers(work, case, card, key=comment.subject, release_at=release_at, but=ctx.ids)
    code = await remember(ctx, work, comment.subject)
    return said_card(comment, case, speaker, ctx.rules.undo_seconds, code)
