"""Opinions: give one, by form or in one line; giving another replaces one's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.chat.cards import Card
from bot.chat.forms import Field, Form
from bot.commands.context import Ask, Context
from bot.commands.drafting import clean_draft, remember, submit
from bot.commands.finding import require_case, split_number, thing_of
from bot.commands.personae import speaking
from bot.domain.cases import Case
from bot.domain.drafts import Draft, DraftKind
from bot.domain.opinions import Opinion, Ranked, parse_ranked
from bot.domain.permissions import Action, require
from bot.domain.refusal import not_found
from bot.ports.work import Work
from bot.views.case import news_card
from bot.views.opinion import given_card, opinion_card, opinion_fields, opinion_form, opinion_news


async def give(ctx: Context, request: Ask) -> Card | Form:
    """Open the form, or read a ranked list from it or from one line, clean it and let it out."""
    async with ctx.look() as work:
        case = await require_case(ctx, work, request, Action.OPINION)
    case.require_open()
    _, words = split_number(request.argument)
    if not words and not request.submitted:
        return opinion_form(case)
    fields = read(request) if request.submitted else _fields(parse_ranked(words))
    draft = await clean_draft(ctx, request, DraftKind.OPINION, fields, case.number)
    return await submit(ctx, draft, publish)


def read(request: Ask) -> Mapping[str, str]:
    """Read the words of an opinion from its form; raises :class:`Refused`."""
    ranked = parse_ranked(request.values.get("diagnoses", ""))
    following = request.values.get("next", "").strip() or ranked.next_step
    return _fields(Ranked(ranked.diagnoses, following), request.values.get("remark", "").strip())


def _fields(ranked: Ranked, remark: str = "") -> dict[str, str]:
    names = {f"{rank}": name for rank, name in enumerate(ranked.diagnoses, start=1)}
    return {**names, "next": ranked.next_step, "remark": remark}


def asked_again(_: Draft, told: Mapping[str, str]) -> tuple[Field, ...]:
    """Give the fields that ask for an opinion, with what was written."""
    diagnoses = "\n".join(f"{rank}) {told[str(rank)]}" for rank in _ranks(told))
    return opinion_fields(diagnoses, told["next"], told["remark"])


async def publish(ctx: Context, work: Work, draft: Draft) -> Card:
    """Keep the opinion and put it on its way to the thread in every room and to the author."""
    case = await work.cases.by_number(draft.about or 0)
    if case is None:
        raise not_found("case", f"#{draft.about}")
    require(Action.OPINION, ctx.member, thing_of(ctx, case))
    case.require_open()
    earlier = await work.opinions.of_member(case.id, *ctx.ids)
    if earlier:
        return await _change(ctx, work, (case, earlier), draft)
    opinion = Opinion(
        id=ctx.house.chance.id(),
        case=case.id,
        number=await work.opinions.next_number(case.id),
        member=ctx.member.id,
        diagnoses=_diagnoses(draft),
        next_step=draft.fields["next"],
        remark=draft.fields["remark"],
        given_at=ctx.now(),
    )
    await work.opinions.add(opinion)
    await work.cases.replace(case.answered())
    await _send(ctx, work, case, opinion)
    code = await remember(ctx, work, opinion.subject)
    return given_card(opinion, case, ctx.member, ctx.rules.undo_seconds, code)


def _diagnoses(draft: Draft) -> tuple[str, ...]:
    return tuple(draft.fields[str(rank)] for rank in _ranks(draft.fields))


def _ranks(fields: Mapping[str, str]) -> list[int]:
    return sorted(int(name) for name in fields if name.isdigit())


async def _send(ctx: Context, work: Work, case: Case, opinion: Opinion) -> None:
    release_at = max(ctx.release_at(urgent=True), case.released_at)
    card = opinion_card(opinion, case, ctx.member)
    await work.outbox.post(opinion.subject, card, release_at=release_at, thread=case.subject)
    await work.outbox.tell(
        case.author,
        opinion_news(opinion, case, ctx.member),
        quiet=news_card(case.number),
        key=opinion.subject,
        release_at=release_at,
        subject=opinion.subject,
    )


async def _change(ctx: Context, work: Work, known: tuple[Case, Opinion], draft: Draft) -> Card:
    case, earlier = known
    changed = replace(
        earlier,
        diagnoses=_diagnoses(draft),
        next_step=draft.fields["next"],
        remark=draft.fields["remark"],
        revision=earlier.revision + 1,
    )
    await work.opinions.replace(changed)
    giver = await speaking(ctx, work, earlier.member)
    card = opinion_card(changed, case, giver)
    await work.outbox.edit(changed.subject, card, revision=changed.revision)
    return given_card(changed, case, giver, ctx.rules.undo_seconds, "")
