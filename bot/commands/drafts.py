"""Drafts on the table: look again, post, drop a picture, throw away; and *Undo* for what was just posted."""

from __future__ import annotations

from collections.abc import Mapping

from bot.chat.cards import Card
from bot.commands import cases, comments, opinions, polls
from bot.commands.context import Ask, Context
from bot.commands.drafting import Publish, code_of
from bot.commands.withdrawals import group_name
from bot.domain.drafts import Draft, DraftKind, Removal
from bot.domain.refusal import Refused
from bot.ports.work import Work
from bot.views import case as case_views
from bot.views.drafts import discarded_card, draft_words
from bot.views.preview import preview_card, really_keep_card

PUBLISH: Mapping[DraftKind, Publish] = {
    DraftKind.CASE: cases.publish,
    DraftKind.OPINION: opinions.publish,
    DraftKind.COMMENT: comments.publish,
    DraftKind.POLL: polls.publish,
}


async def _require_draft(ctx: Context, work: Work, code: str) -> Draft:
    drafts = await work.drafts.of_member(ctx.member.id)
    if not drafts:
        raise Refused("no_draft", "You have no draft waiting.", "case")
    if not code:
        return drafts[0]
    for draft in drafts:
        if draft.code == code.casefold():
            return draft
    raise Refused("old_draft", "That draft is gone: it was posted or thrown away.", "preview")


async def preview(ctx: Context, request: Ask) -> Card:
    """Show the newest draft again."""
    async with ctx.look() as work:
        return preview_card(await _require_draft(ctx, work, request.argument.strip()))


async def post(ctx: Context, request: Ask) -> Card:
    """Post a draft whose checks all ran; the draft becomes what it is for in one commit."""
    async with ctx.work() as work:
        draft = await _require_draft(ctx, work, request.argument.strip())
        draft.require_postable()
        card = await PUBLISH[draft.kind](ctx, work, draft)
        await work.drafts.remove(draft)
    return card


async def picture(ctx: Context, request: Ask) -> Card:
    """Take a picture out of the newest draft: ``picture 2 remove``."""
    number, action = [*request.argument.split(), "", ""][:2]
    if not number.isdigit() or action.casefold() != "remove":
        raise Refused("usage", "Write which picture to remove, for example: picture 1 remove.", "preview")
    async with ctx.work() as work:
        draft = await _require_draft(ctx, work, "")
        smaller = draft.without_picture(int(number))
        dropped = draft.pictures[int(number) - 1]
        if dropped.media:
            await work.pictures.drop(dropped.media)
        await work.drafts.replace(smaller)
    return preview_card(smaller)


async def keep(ctx: Context, request: Ask) -> Card:
    """Put pieces back that identify nobody: ``keep 3``, ``keep 3 5``; asks again where it was sure."""
    numbers, rest = _numbers(request.argument)
    if not numbers:
        raise Refused("usage", "Write which piece is not private, for example: keep 3.", "preview")
    async with ctx.work() as work:
        draft = await _require_draft(ctx, work, "")
        kept = draft.decide(numbers, Removal.keep)
        sure = [piece for piece in draft.removals if piece.number in numbers and piece.tier == "auto"]
        if sure and rest.casefold() != "yes":
            return really_keep_card(sure, request.argument)
        await work.drafts.replace(kept)
    return preview_card(kept)


async def hide(ctx: Context, request: Ask) -> Card:
    """Leave pieces out: ``hide 3``, ``hide all``, or words that were not found: ``hide some words``."""
    numbers, words = _numbers(request.argument)
    async with ctx.work() as work:
        draft = await _require_draft(ctx, work, "")
        if numbers and not words:
            hidden = draft.decide(numbers, Removal.hide)
        elif words.casefold() == "all":
            hidden = draft.decide(draft.undecided, Removal.hide)
        elif words:
            hidden = draft.hide_words(request.argument.strip())
        else:
            raise Refused("usage", "Write what to hide, for example: hide 3, or hide some words.", "preview")
        await work.drafts.replace(hidden)
    return preview_card(hidden)


def _numbers(argument: str) -> tuple[list[int], str]:
    """Split ``3, 5 rest`` into the leading numbers and the rest."""
    words = argument.replace(",", " ").split()
    count = next((place for place, word in enumerate(words) if not word.isdigit()), len(words))
    return [int(word) for word in words[:count]], " ".join(words[count:])


async def discard(ctx: Context, request: Ask) -> Card:
    """Throw a draft away with its pictures."""
    async with ctx.work() as work:
        draft = await _require_draft(ctx, work, request.argument.strip())
        for picture_ in draft.pictures:
            if picture_.media:
                await work.pictures.drop(picture_.media)
        await work.drafts.remove(draft)
    return discarded_card(draft)


async def undo(ctx: Context, request: Ask) -> Card:
    """Stop what was posted last if nothing of it left yet; a case that left is withdrawn instead."""
    code = request.argument.strip().casefold()
    async with ctx.work() as work:
        kept = await work.dialogs.get(f"last:{ctx.member.id}")
        subject = kept.decode() if kept else ""
        if not subject or (code and code_of(subject) != code):
            raise Refused("nothing_to_undo", "There is nothing left to undo.", "mine")
        await work.dialogs.drop(f"last:{ctx.member.id}")
        kind, _, item = subject.partition(":")
        if await work.outbox.hold_back(subject):
            await _forget(work, kind, item)
            return case_views.undone_card(draft_words(kind))
        return await _too_late(ctx, work, kind, item)


async def _forget(work: Work, kind: str, item: str) -> None:
    if kind == "case":
        await work.cases.remove(item)
    elif kind == "opinion":
        await work.opinions.remove(item)
    elif kind == "comment":
        await work.comments.remove(item)
    else:
        await work.polls.remove(item)


async def _too_late(ctx: Context, work: Work, kind: str, item: str) -> Card:
    if kind == "poll":
        raise Refused(
            "too_late", "The poll is out already. Close it instead with endpoll and its number.", "mine"
        )
    if kind == "case":
        case = await work.cases.get(item)
        if case is None:
            raise Refused("nothing_to_undo", "There is nothing left to undo.", "mine")
        await cases.take_back(ctx, work, case.withdraw())
        return case_views.withdrawing_card(case)
    number = await _number_of(work, kind, item)
    await work.outbox.delete(f"{kind}:{item}", group=group_name(ctx.member.id, number, f"{kind}:{item}"))
    await _forget(work, kind, item)
    return case_views.taking_back_card(draft_words(kind), number)


async def _number_of(work: Work, kind: str, item: str) -> int:
    said = await (work.opinions.get(item) if kind == "opinion" else work.comments.get(item))
    case = await work.cases.get(said.case) if said else None
    if case is None:
        raise Refused("nothing_to_undo", "There is nothing left to undo.", "mine")
    return case.number
