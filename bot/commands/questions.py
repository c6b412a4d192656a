"""Changing the question: the author of an open case asks something else, and the card says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.chat.cards import Card
from bot.chat.forms import Field, Form
from bot.commands.authors import author_of
from bot.commands.context import Ask, Context, House
from bot.commands.drafting import clean_draft, remember, submit
from bot.commands.finding import require_case, split_number, thing_of
from bot.commands.releasing import release_on
from bot.domain.cases import CaseState
from bot.domain.drafts import Draft, DraftKind
from bot.domain.permissions import Action, require
from bot.domain.proposals import QuestionKind
from bot.domain.questions import AS_PROPOSED, LONGEST_QUESTION, QuestionChange, kind_of
from bot.domain.refusal import Refused, not_found
from bot.ports.work import Work
from bot.views.case import case_card
from bot.views.question import question_changed_card, question_fields, question_form, question_stays_card


async def change(ctx: Context, request: Ask) -> Card | Form:
    """Open the form, or take the question, clean it and show the preview."""
    async with ctx.look() as work:
        case = await require_case(ctx, work, request, Action.QUESTION)
    case.require_taking()
    _, words = split_number(request.argument)
    if not words and not request.submitted:
        return question_form(case)
    fields = read(request) if request.submitted else {"question": _fitting(words)}
    draft = await clean_draft(ctx, request, DraftKind.QUESTION, fields, case.number)
    kind = request.values.get("kind", AS_PROPOSED)
    return await submit(ctx, replace(draft, settings={"kind": kind}), publish)


def read(request: Ask) -> Mapping[str, str]:
    """Read a question from its form; raises :class:`Refused`."""
    return {"question": _fitting(request.values.get("question", "").strip())}


def _fitting(words: str) -> str:
    if not words:
        raise Refused("empty", "A question needs words. The case asks what it asked before.", "mine")
    if len(words) > LONGEST_QUESTION:
        said = f"That question has {len(words)} characters; {LONGEST_QUESTION} fit. Ask it shorter."
        raise Refused("too_long", f"{said} What is new about the patient goes beneath the case.", "help add")
    return words


def asked_again(draft: Draft, told: Mapping[str, str]) -> tuple[Field, ...]:
    """Give the fields that ask for a question, with what was written."""
    kind = draft.settings["kind"]
    return question_fields(told["question"], kind if kind in set(QuestionKind) else AS_PROPOSED)


async def publish(ctx: Context, work: Work, draft: Draft) -> Card:
    """Let the case ask it once it cannot be undone; until then nobody sees it."""
    case = await work.cases.by_number(draft.about or 0)
    if case is None:
        raise not_found("case", f"#{draft.about}")
    require(Action.QUESTION, ctx.member, thing_of(ctx, case))
    case.require_taking()
    text = draft.fields["question"]
    if text == case.question and kind_of(draft.settings["kind"], text) is case.details.kind:
        raise Refused("same", f"#{case.number} asks that already.", f"show {case.number}")
    soon = QuestionChange(
        id=ctx.house.chance.id(),
        case=case.id,
        text=text,
        kind=kind_of(draft.settings["kind"], text),
        due_at=await release_on(ctx, work, case),
    )
    await work.cases.replace(case.ask_instead(soon))
    code = await remember(ctx, work, soon.subject)
    return question_changed_card(case, soon, ctx.rules.undo_seconds, code)


async def undo_change(work: Work, item: str) -> Card:
    """Let a case ask what it asked before; raises :class:`Refused` once the rooms show the change."""
    change_id, _, case_id = item.partition(":")
    case = await work.cases.get(case_id)
    if case is not None:
        case.require_open()
    if case is None or case.change is None or case.change.id != change_id:
        raise Refused(
            "too_late",
            "The question stands in the rooms already. Change it again with question and its number.",
            "mine",
        )
    await work.cases.replace(case.ask_as_before())
    return question_stays_card(case)


async def ask_what_is_due(house: House, due: str) -> None:
    """Let a case ask the question that waited for it, and show it in every room; nobody is told."""
    now = house.clock.now()
    async with house.content.work() as work:
        case = await work.cases.get(due)
        if case is None or case.change is None or case.change.due_at > now:
            return
        if case.state is not CaseState.OPEN:
            return
        changed = case.take_change(now)
        author = await author_of(work, changed.author)
        await work.cases.replace(changed)
        await work.outbox.edit(changed.subject, case_card(changed, author), revision=changed.revision)
