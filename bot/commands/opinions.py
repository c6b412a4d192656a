"""Opinions: give one, by form or in one line; giving another replaces one's own."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace

from bot.chat.cards import Card
from bot.chat.forms import Field, Form
from bot.collective import names_nothing
from bot.commands.context import Ask, Context
from bot.commands.drafting import clean_draft, remember, submit
from bot.commands.finding import require_case, split_number, thing_of
from bot.commands.hearing import send_opinion
from bot.commands.meanings import unclear_in
from bot.commands.personae import speaking
from bot.commands.rewording_tags import note_said
from bot.commands.uncovering import show_changed
from bot.commands.unfinished import ask_back, forget, form_for
from bot.commands.waiting import next_buttons
from bot.domain.cases import Case
from bot.domain.drafts import Draft, DraftKind
from bot.domain.opinion_text import Written, bare, no_diagnosis, parse_confidence, parse_opinion
from bot.domain.opinions import ASKED_FOR, MUST_NOT_MISS, Confidence, Opinion
from bot.domain.permissions import Action, require
from bot.domain.refusal import Refused, not_found
from bot.domain.rewording import ANSWERED
from bot.ports.work import Work
from bot.views.meaning import meaning_card
from bot.views.opinion import given_card, opinion_fields

_TYPED = ("next", "remark", "change", "needs")


async def give(ctx: Context, request: Ask) -> Card | Form:
    """Open the form, or read a ranked list from it or from one line, clean it and let it out."""
    async with ctx.look() as work:
        case = await require_case(ctx, work, request, Action.OPINION)
    case.require_taking()
    _, words = split_number(request.argument)
    if not words and not request.submitted:
        return await form_for(ctx, case)
    try:
        written = await _read_list(request, words)
    except Refused as refused:
        return await ask_back(ctx, case, request.values or {"diagnoses": words}, refused)
    await forget(ctx, case)
    draft = await clean_draft(ctx, request, DraftKind.OPINION, _fields(written), case.number)
    return await submit(ctx, replace(draft, settings=_settings(written)), publish)


async def _read_list(request: Ask, words: str) -> Written:
    """Read a form or a line; raises :class:`Refused` where nothing in it is a diagnosis."""
    written = _written(request) if request.submitted else parse_opinion(words)
    if await asyncio.to_thread(names_nothing, [bare(name) for name in written.diagnoses]):
        raise no_diagnosis()
    return written


def read(request: Ask) -> Mapping[str, str]:
    """Read the words of an opinion from its form; raises :class:`Refused`."""
    return _fields(_written(request))


def _written(request: Ask) -> Written:
    """Read a form: what stands in a field of its own counts before what is said with a label."""
    typed = {name: text.strip() for name, text in request.values.items() if text.strip()}
    written = parse_opinion(typed.get("diagnoses", ""))
    return replace(
        written,
        next_step=typed.get("next", written.next_step),
        remark=typed.get("remark", written.remark),
        change_mind=typed.get("change", written.change_mind),
        specialist=typed.get("needs", written.specialist),
        confidence=parse_confidence(typed.get("confidence", "")) or written.confidence,
        shown=written.shown and typed.get("shown") != "no",
    )


def _fields(written: Written) -> dict[str, str]:
    names = {f"{rank}": name for rank, name in enumerate(written.diagnoses, start=1)}
    said = (written.next_step, written.remark, written.change_mind, written.specialist)
    return {**names, **dict(zip(_TYPED, said, strict=True))}


def _settings(written: Written) -> dict[str, str]:
    """Keep what is chosen and not typed; words of people are cleaned, these are not."""
    sure = written.confidence.value if written.confidence else ""
    return {"confidence": sure, "shown": "yes" if written.shown else "no"}


def asked_again(draft: Draft, told: Mapping[str, str]) -> tuple[Field, ...]:
    """Give the fields that ask for an opinion, with what was written."""
    diagnoses = "\n".join(f"{rank}) {told[str(rank)]}" for rank in _ranks(told))
    return opinion_fields(diagnoses, {name: told.get(name, "") for name in _TYPED}, draft.settings)


async def publish(ctx: Context, work: Work, draft: Draft) -> Card:
    """Keep the opinion and put it on its way to the thread in every room and to the author."""
    case = await work.cases.by_number(draft.about or 0)
    if case is None:
        raise not_found("case", f"#{draft.about}")
    require(Action.OPINION, ctx.member, thing_of(ctx, case))
    case.require_taking()
    earlier = await work.opinions.of_member(case.id, *ctx.ids)
    if earlier:
        earlier.require_seen()
        return await _change(ctx, work, (case, earlier), draft)
    reads = await work.opinions.reads(case.id, *ctx.ids)
    said = _said(
        Opinion(
            id=ctx.house.chance.id(),
            case=case.id,
            number=await work.opinions.next_number(case.id),
            member=ctx.member.id,
            diagnoses=(),
            next_step="",
            remark="",
            given_at=ctx.now(),
            independent=not case.blind or (case.covered and not reads),
        ),
        draft,
    )
    unsure = await unclear_in(said)
    opinion = replace(said, waits_until=ctx.now() + ASKED_FOR) if unsure else said
    await work.opinions.add(opinion)
    await work.cases.replace(case.answered().looked_at(ctx.ripe_at(opinion)))
    await send_opinion(ctx, work, case, opinion, ctx.member)
    await note_said(ctx, work, draft, f"{ANSWERED}:{case.id}")
    code = await remember(ctx, work, opinion.subject)
    if unsure:
        return meaning_card(case, opinion, unsure[0], code=code)
    others = opinion.number - 1
    further = await next_buttons(ctx, work)
    undo = ctx.rules.undo_seconds
    return given_card(opinion, case, ctx.member, undo, code, others=others, further=further)


def _said(opinion: Opinion, draft: Draft) -> Opinion:
    """Put what a draft says into an opinion."""
    marked = tuple(draft.fields[str(rank)] for rank in _ranks(draft.fields))
    sure = draft.settings.get("confidence", "")
    return replace(
        opinion,
        diagnoses=tuple(bare(name) for name in marked),
        must_not_miss=tuple(bare(name) for name in marked if name.endswith(MUST_NOT_MISS)),
        next_step=draft.fields["next"],
        remark=draft.fields["remark"],
        change_mind=draft.fields.get("change", ""),
        specialist=draft.fields.get("needs", ""),
        confidence=Confidence(sure) if sure else None,
        shown=draft.settings.get("shown", "yes") != "no",
    )


def _ranks(fields: Mapping[str, str]) -> list[int]:
    return sorted(int(name) for name in fields if name.isdigit())


async def _change(ctx: Context, work: Work, known: tuple[Case, Opinion], draft: Draft) -> Card:
    case, earlier = known
    changed = _said(replace(earlier, revision=earlier.revision + 1), draft)
    await work.opinions.replace(changed)
    await note_said(ctx, work, draft, f"{ANSWERED}:{case.id}")
    giver = await speaking(ctx, work, earlier.member)
    await show_changed(work, case, changed, giver)
    if unsure := await unclear_in(changed):
        return meaning_card(case, changed, unsure[0])
    further = await next_buttons(ctx, work)
    return given_card(changed, case, giver, ctx.rules.undo_seconds, "", further=further)
