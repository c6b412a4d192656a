"""Adding: the author of an open case says what is new; what was said first is never changed."""

from __future__ import annotations

from collections.abc import Mapping

from bot.chat.cards import Card
from bot.chat.forms import Field, Form
from bot.commands.context import Ask, Context
from bot.commands.drafting import clean_draft, remember, submit
from bot.commands.finding import require_case, split_number, thing_of
from bot.commands.following import tell_followers
from bot.commands.personae import speaking
from bot.commands.releasing import release_on
from bot.domain.cases import Case
from bot.domain.drafts import Draft, DraftKind
from bot.domain.permissions import Action, require
from bot.domain.refusal import Refused, not_found
from bot.domain.updates import Update
from bot.ports.work import Work
from bot.views.case import news_card
from bot.views.update import add_fields, add_form, added_card, update_card, update_news


async def add(ctx: Context, request: Ask) -> Card | Form:
    """Open the form, or take the words, clean them and show the preview."""
    async with ctx.look() as work:
        case = await require_case(ctx, work, request, Action.ADD)
    case.require_taking()
    words = request.reply or split_number(request.argument)[1]
    if not words and not request.submitted:
        return add_form(case)
    fields = read(request) if request.submitted else {"update": words}
    draft = await clean_draft(ctx, request, DraftKind.UPDATE, fields, case.number)
    return await submit(ctx, draft, publish)


def read(request: Ask) -> Mapping[str, str]:
    """Read an update from its form; raises :class:`Refused`."""
    words = request.values.get("update", "").strip()
    if not words:
        raise Refused("empty", "An update needs words. The case stays as it was.", "mine")
    return {"update": words}


def asked_again(_: Draft, told: Mapping[str, str]) -> tuple[Field, ...]:
    """Give the field that asks for an update, with what was written."""
    return add_fields(told["update"])


async def publish(ctx: Context, work: Work, draft: Draft) -> Card:
    """Keep the update and put it into the thread in every room; who answered hears of it."""
    case = await work.cases.by_number(draft.about or 0)
    if case is None:
        raise not_found("case", f"#{draft.about}")
    require(Action.ADD, ctx.member, thing_of(ctx, case))
    case.require_taking()
    author = await speaking(ctx, work, case.author)
    number = await work.updates.next_number(case.id)
    update = Update(ctx.house.chance.id(), case.id, number, draft.fields["update"], ctx.now())
    await work.updates.add(update)
    await _send(ctx, work, case, update, update_card(update, case, author))
    code = await remember(ctx, work, update.subject)
    return added_card(update, case, author, ctx.rules.undo_seconds, code)


async def _send(ctx: Context, work: Work, case: Case, update: Update, card: Card) -> None:
    release_at = await release_on(ctx, work, case)
    await work.outbox.post(update.subject, card, release_at=release_at, thread=case.subject)
    answered = {opinion.member for opinion in await work.opinions.of_case(case.id)}
    for member in sorted(await work.members.among(answered)):
        await work.outbox.tell(
            member,
            update_news(update, case),
            quiet=news_card(case.number),
            key=update.subject,
            release_at=release_at,
            subject=update.subject,
        )
    heard = (*answered, *ctx.ids)
    await tell_followers(work, case, card, key=update.subject, release_at=release_at, but=heard)
