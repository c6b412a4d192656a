"""Outcomes: the author of a case that has ended says what it was, and may correct it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.chat.cards import Card
from bot.chat.forms import Field, Form
from bot.commands.context import Ask, Context
from bot.commands.drafting import clean_draft, remember, submit
from bot.commands.finding import require_case, split_number, thing_of
from bot.commands.personae import speaking
from bot.commands.releasing import release_on
from bot.domain.cases import CaseState
from bot.domain.drafts import Draft, DraftKind
from bot.domain.members import Member
from bot.domain.outcome_reply import parse_reply
from bot.domain.outcome_text import WrittenOutcome, parse_outcome, stops_asking, written_outcome
from bot.domain.outcomes import Certainty, Outcome
from bot.domain.permissions import Action, require
from bot.domain.refusal import not_found
from bot.ports.work import Work
from bot.views.case import case_card
from bot.views.outcome import (
    not_asked_again_card,
    not_told_card,
    outcome_card,
    outcome_fields,
    outcome_form,
    outcome_told_card,
)


async def tell(ctx: Context, request: Ask) -> Card | Form:
    """Open the form, or take an outcome from it or from one line; ``outcome 123 stop`` ends the questions."""
    words = request.reply or split_number(request.argument)[1]
    if not request.submitted and stops_asking(words):
        return await _ask_no_more(ctx, request)
    async with ctx.look() as work:
        case = await require_case(ctx, work, request, Action.OUTCOME)
        earlier = await work.outcomes.of_case(case.id)
    case.require_ended()
    if not words and not request.submitted:
        return outcome_form(case, earlier)
    written = _read(request, words)
    if written is None:
        return not_told_card(case)
    draft = await clean_draft(ctx, request, DraftKind.OUTCOME, _fields(written), case.number)
    settings = {"certainty": written.certainty.value}
    return await submit(ctx, replace(draft, settings=settings), publish)


def _read(request: Ask, words: str) -> WrittenOutcome | None:
    """Read a form, a line or a reply; None where a reply tells nothing yet. Raises :class:`Refused`."""
    if request.submitted:
        return _from_form(request)
    return parse_reply(request.reply) if request.reply else parse_outcome(words)


async def _ask_no_more(ctx: Context, request: Ask) -> Card:
    async with ctx.work() as work:
        case = await require_case(ctx, work, request, Action.OUTCOME)
        case.require_ended()
        await work.reminders.drop(case.id)
    return not_asked_again_card(case)


def read(request: Ask) -> Mapping[str, str]:
    """Read the words of an outcome from its form; raises :class:`Refused`."""
    return _fields(_from_form(request))


def asked_again(draft: Draft, told: Mapping[str, str]) -> tuple[Field, ...]:
    """Give the fields that ask for an outcome, with what was written."""
    return outcome_fields(draft.settings["certainty"], told)


def _from_form(request: Ask) -> WrittenOutcome:
    told = (request.values.get(name, "") for name in ("certainty", "diagnosis", "how", "lesson"))
    return written_outcome(*told)


def _fields(written: WrittenOutcome) -> dict[str, str]:
    return {"diagnosis": written.diagnosis, "how": written.how, "lesson": written.lesson}


async def publish(ctx: Context, work: Work, draft: Draft) -> Card:
    """Keep the outcome and put it into the thread in every room; who answered hears once it stands."""
    case = await work.cases.by_number(draft.about or 0)
    if case is None:
        raise not_found("case", f"#{draft.about}")
    require(Action.OUTCOME, ctx.member, thing_of(ctx, case))
    case.require_ended()
    author = await speaking(ctx, work, case.author)
    release_at = await release_on(ctx, work, case)
    outcome = Outcome(
        id=ctx.house.chance.id(),
        case=case.id,
        certainty=Certainty(draft.settings["certainty"]),
        diagnosis=draft.fields["diagnosis"],
        how=draft.fields["how"],
        lesson=draft.fields["lesson"],
        told_at=ctx.now(),
        look_at=release_at,
    )
    if earlier := await work.outcomes.of_case(case.id):
        return await _correct(ctx, work, outcome.corrected(earlier), author)
    await work.outcomes.put(outcome)
    card = outcome_card(outcome, case, author)
    await work.outbox.post(outcome.subject, card, release_at=release_at, thread=case.subject)
    code = await remember(ctx, work, outcome.subject)
    return outcome_told_card(outcome, case, author, ctx.rules.undo_seconds, code)


async def _correct(ctx: Context, work: Work, outcome: Outcome, author: Member) -> Card:
    case = await work.cases.get(outcome.case)
    if case is None:
        raise not_found("case", "that")
    await work.outcomes.put(outcome)
    await work.outbox.edit(outcome.subject, outcome_card(outcome, case, author), revision=outcome.revision)
    return outcome_told_card(outcome, case, author, ctx.rules.undo_seconds, "")


async def forget_outcome(work: Work, outcome: str) -> None:
    """Forget an outcome that was undone before any room saw it; its case is closed, and no more than that."""
    told = await work.outcomes.get(outcome)
    case = await work.cases.get(told.case) if told else None
    if case is None:
        return
    await work.outcomes.remove(case.id)
    author = await work.members.get(case.author)
    if case.state is CaseState.RESOLVED and author is not None:
        closed = case.resolved(so=False)
        await work.cases.replace(closed)
        await work.outbox.edit(closed.subject, case_card(closed, author), revision=closed.revision)
