"""Drafts on the table: look again, post, keep or hide pieces, throw away; and *Undo* after posting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.chat.cards import Card
from bot.chat.forms import Form
from bot.commands import adding, cases, comments, opinions, outcomes, polls, questions
from bot.commands.context import Ask, Context
from bot.commands.drafting import Publish, code_of, leave_nothing
from bot.commands.on_table import require_draft, split_code
from bot.commands.personae import signed
from bot.commands.rewording_comments import out_of_homes, put_back
from bot.commands.sampling import forget_poll
from bot.commands.withdrawals import group_name
from bot.domain.drafts import Draft, DraftKind
from bot.domain.members import MemberId
from bot.domain.permissions import Action, require
from bot.domain.refusal import Refused
from bot.domain.removals import Fate, Removal
from bot.domain.rewording import REWORDED
from bot.ports.work import Work, last_of
from bot.views import case as case_views
from bot.views.drafts import discarded_card, draft_words
from bot.views.preview import hide_form, keep_form, preview_card, really_keep_card, text_card

PUBLISH: Mapping[DraftKind, Publish] = {
    DraftKind.CASE: cases.publish,
    DraftKind.OPINION: opinions.publish,
    DraftKind.COMMENT: comments.publish,
    DraftKind.POLL: polls.publish,
    DraftKind.OUTCOME: outcomes.publish,
    DraftKind.UPDATE: adding.publish,
    DraftKind.QUESTION: questions.publish,
}
ASKS: Mapping[DraftKind, Action] = {
    DraftKind.CASE: Action.CASE,
    DraftKind.OPINION: Action.OPINION,
    DraftKind.COMMENT: Action.COMMENT,
    DraftKind.POLL: Action.POLL,
    DraftKind.OUTCOME: Action.OUTCOME,
    DraftKind.UPDATE: Action.ADD,
    DraftKind.QUESTION: Action.QUESTION,
}
"""What posting a draft of each kind is: a role may have changed since it was written."""


async def preview(ctx: Context, request: Ask) -> Card:
    """Show what is to be looked at next in a draft; ``on`` goes on, ``text`` goes back."""
    code, wish = _code_and_rest(request.argument)
    async with ctx.work() as work:
        draft = await require_draft(ctx, work, Action.PREVIEW, code)
        if wish == "text":
            return text_card(draft)
        if wish == "on":
            draft = replace(draft, text_read=True)
        return await _look(work, draft)


async def _look(work: Work, draft: Draft) -> Card:
    """Show the next step of a draft, and note where the last question is put."""
    shown = draft.looked_on()
    await work.drafts.replace(shown)
    return preview_card(shown)


def _code_and_rest(argument: str) -> tuple[str, str]:
    words = argument.split()
    wish = words.pop() if words and words[-1].casefold() in ("on", "text") else ""
    return " ".join(words), wish.casefold()


async def post(ctx: Context, request: Ask) -> Card:
    """Post a draft whose checks all ran and of which everything was looked at; until then, go on looking."""
    async with ctx.work() as work:
        draft = await require_draft(ctx, work, Action.POST, request.argument.strip())
        require(ASKS[draft.kind], ctx.member)
        draft.require_postable()
        if draft.kind is DraftKind.CASE and not draft.asked_last:
            return await _look(work, replace(draft, text_read=True))
        draft = await signed(ctx, work, draft)
        card = await PUBLISH[draft.kind](ctx, work, draft)
        await leave_nothing(ctx, work, draft)
    return card


async def keep(ctx: Context, request: Ask) -> Card | Form:
    """Put pieces back that identify nobody: ``keep 3``, ``keep 3 5``; asks again where it was sure."""
    argument, code = split_code(request.values.get("piece", request.argument))
    numbers, rest = _numbers(argument)
    async with ctx.work() as work:
        draft = await require_draft(ctx, work, Action.KEEP, code or split_code(request.argument)[1])
        if not numbers:
            return _ask_which(draft)
        kept = draft.decide(numbers, Removal.keep)
        sure = [piece for piece in draft.removals if piece.number in numbers and piece.tier == "auto"]
        if sure and rest.casefold() != "yes":
            return really_keep_card(draft, sure, argument)
        return await _look(work, kept)


def _ask_which(draft: Draft) -> Form:
    if not any(piece.can_return and piece.fate is not Fate.KEPT for piece in draft.removals):
        raise Refused("nothing_to_keep", "Nothing that was taken out can be put back.", "preview")
    return keep_form(draft)


async def hide(ctx: Context, request: Ask) -> Card | Form:
    """Leave pieces out: ``hide 3``, ``hide all``, or words that were not found: ``hide some words``."""
    argument, code = split_code(request.argument)
    typed = request.values.get("words", argument).strip()
    numbers, words = _numbers(typed)
    async with ctx.work() as work:
        draft = await require_draft(ctx, work, Action.HIDE, code)
        if not typed:
            return hide_form(draft)
        if numbers and not words and not request.submitted:
            hidden = draft.decide(numbers, Removal.hide)
        elif words.casefold() == "all" and not request.submitted:
            hidden = draft.decide(draft.undecided, Removal.hide)
        else:
            hidden = draft.hide_words(typed)
        return await _look(work, hidden)


def _numbers(argument: str) -> tuple[list[int], str]:
    """Split ``3, 5 rest`` into the leading numbers and the rest."""
    words = argument.replace(",", " ").split()
    count = next((place for place, word in enumerate(words) if not word.isdigit()), len(words))
    return [int(word) for word in words[:count]], " ".join(words[count:])


async def discard(ctx: Context, request: Ask) -> Card:
    """Throw a draft away with its pictures."""
    async with ctx.work() as work:
        draft = await require_draft(ctx, work, Action.DISCARD, request.argument.strip())
        for picture in draft.pictures:
            if picture.media:
                await work.pictures.drop(picture.media)
        await leave_nothing(ctx, work, draft)
    return discarded_card(draft)


async def undo(ctx: Context, request: Ask) -> Card:
    """Stop what was posted last if nothing of it left yet; a case that left is withdrawn instead."""
    require(Action.UNDO, ctx.member)
    code = request.argument.strip().casefold()
    async with ctx.work() as work:
        kept = await work.dialogs.get(last_of(ctx.member.id))
        subject = kept.decode() if kept else ""
        if not subject or (code and code_of(subject) != code):
            raise Refused("nothing_to_undo", "There is nothing left to undo.", "mine")
        await work.dialogs.drop(last_of(ctx.member.id))
        kind, _, item = subject.partition(":")
        if kind == "question":
            return await questions.undo_change(work, item)
        if await work.outbox.hold_back(subject):
            await _forget(work, kind, item)
            return case_views.undone_card(draft_words(kind))
        return await _too_late(ctx, work, kind, item)


async def _forget(work: Work, kind: str, item: str) -> None:
    if kind == "case":
        case = await work.cases.get(item)
        if case is not None:
            await cases.forget_case(work, case)
    elif kind == "opinion":
        await _forget_opinion(work, item)
    elif kind == "comment":
        await work.comments.remove(item)
    elif kind == "update":
        await work.updates.remove(item)
    elif kind == "outcome":
        await outcomes.forget_outcome(work, item)
    else:
        await forget_poll(work, item)


async def _forget_opinion(work: Work, item: str) -> None:
    opinion = await work.opinions.get(item)
    case = await work.cases.get(opinion.case) if opinion else None
    await work.opinions.remove(item)
    if case is not None and opinion is not None and not opinion.hidden:
        await work.cases.replace(case.unanswered())


async def _too_late(ctx: Context, work: Work, kind: str, item: str) -> Card:
    if kind == "poll":
        raise Refused(
            "too_late", "The poll is out already. Close it instead with endpoll and its number.", "mine"
        )
    if kind == "outcome":
        raise Refused(
            "too_late", "The outcome is out already. Correct it instead with outcome and its number.", "mine"
        )
    if kind == "case":
        case = await work.cases.get(item)
        if case is None:
            raise Refused("nothing_to_undo", "There is nothing left to undo.", "mine")
        await cases.take_back(work, case)
        return case_views.withdrawing_card(case)
    if kind == REWORDED:
        return await put_back(ctx, work, item)
    number, speaker = await _whereabouts(work, kind, item)
    await work.outbox.delete(f"{kind}:{item}", group=group_name(speaker, number, f"{kind}:{item}"))
    if kind == "comment":
        await out_of_homes(work, f"{kind}:{item}")
    await _forget(work, kind, item)
    return case_views.taking_back_card(draft_words(kind), number)


async def _whereabouts(work: Work, kind: str, item: str) -> tuple[int, MemberId]:
    """Give the number of the case in which something was said, and the persona who said it."""
    update = await work.updates.get(item) if kind == "update" else None
    said = await (work.opinions.get(item) if kind == "opinion" else work.comments.get(item))
    about = update or said
    case = await work.cases.get(about.case) if about else None
    if case is None:
        raise Refused("nothing_to_undo", "There is nothing left to undo.", "mine")
    return case.number, said.member if said else case.author
