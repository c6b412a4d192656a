"""From raw words to something that may leave: cleaning, the draft, and the one way out through ``submit``."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.anonymizer import CleanedText, Finding, Kept, Piece
from bot.chat.cards import Card
from bot.commands.context import Ask, Context
from bot.commands.personae import signed
from bot.commands.rewording_tags import tagged
from bot.domain.draft_pictures import StoredPicture
from bot.domain.drafts import Draft, DraftKind, Source
from bot.domain.removals import Fate, Removal
from bot.ports.work import Work, last_of
from bot.views.preview import preview_card

Publish = Callable[[Context, Work, Draft], Awaitable[Card]]
ALWAYS_PREVIEWED = {DraftKind.CASE, DraftKind.POLL, DraftKind.UPDATE, DraftKind.QUESTION}


@dataclass(frozen=True, slots=True)
class Developed:
    """A picture as it comes out of cleaning: as it may be posted, and before anything was covered."""

    picture: str
    stored: StoredPicture
    uncovered: bytes


async def clean_draft(
    ctx: Context, request: Ask, kind: DraftKind, fields: Mapping[str, str], about: int | None = None
) -> Draft:
    """Clean a whole submission at once and make it a draft; nothing is stored yet."""
    plain = _without_marks(fields)
    cleaned = await asyncio.to_thread(ctx.house.anonymizer.clean, plain)
    return Draft(
        id=ctx.house.chance.id(),
        member=ctx.member.id,
        kind=kind,
        templates=_templates(cleaned),
        created_at=ctx.now(),
        about=about,
        removals=_removals(cleaned, plain),
        failed=cleaned.failed,
        source=Source(plain, request.sent),
    )


async def clean_again(ctx: Context, draft: Draft, fields: Mapping[str, str]) -> Draft:
    """Clean a draft anew with other words; its author's decisions stand where words do.

    All fields go through together, so that a name found in one of them is found in the others.
    """
    plain = _without_marks(fields)
    cleaned = await asyncio.to_thread(ctx.house.anonymizer.clean, plain)
    fresh = replace(
        draft,
        templates=_templates(cleaned),
        removals=_removals(cleaned, plain),
        failed=cleaned.failed,
        source=replace(draft.source, fields=plain) if draft.source else None,
        asked_last=False,
    )
    return fresh.carried_over(draft)


_MARKS: Final = str.maketrans("⟦⟧⟪⟫", "[]«»")


def _without_marks(fields: Mapping[str, str]) -> dict[str, str]:
    """Leave the brackets to the places of pieces that are taken out, and of names that are written in."""
    return {name: text.translate(_MARKS) for name, text in fields.items()}


def _templates(cleaned: CleanedText) -> dict[str, str]:
    return {name: "".join(map(_template, pieces)) for name, pieces in cleaned.pieces.items()}


def _template(piece: Piece) -> str:
    if isinstance(piece, Kept):
        return piece.text
    return f"⟦{piece.number}⟧" if piece.number else piece.surrogate


def _removals(cleaned: CleanedText, plain: Mapping[str, str]) -> tuple[Removal, ...]:
    return tuple(_removal(finding, plain[finding.field]) for finding in cleaned.findings)


def _removal(finding: Finding, text: str) -> Removal:
    return Removal(
        number=finding.number,
        field=finding.field,
        category=finding.category,
        tier=finding.tier,
        shown_as=finding.surrogate,
        reason=finding.reason,
        hint=finding.hint,
        original=text[finding.start : finding.end],
        fate=Fate.OPEN if finding.tier == "ask" else Fate.HIDDEN,
    )


async def submit(ctx: Context, draft: Draft, publish: Publish, developed: Sequence[Developed] = ()) -> Card:
    """Let a draft out at once where nothing was found in it, else keep it for its author's decision."""
    draft = await tagged(ctx, draft)
    found = draft.removals or draft.failed or draft.pictures
    async with ctx.work() as work:
        if not found and draft.kind not in ALWAYS_PREVIEWED:
            return await publish(ctx, work, await signed(ctx, work, draft))
        await work.drafts.add(draft)
        for one in developed:
            await work.pictures.add(one.stored)
            await work.drafts.keep_uncovered(draft, one.picture, one.uncovered)
    return preview_card(draft)


async def leave_nothing(ctx: Context, work: Work, draft: Draft) -> None:
    """Forget a draft that was posted or thrown away, and take back the messages that its author sent.

    The key is a fresh one: the draft's id once stood beside the member, and this may be an alias.
    """
    if draft.source is not None:
        await work.outbox.erase(draft.member, draft.source.sent, key=ctx.house.chance.id())
    for picture in draft.pictures:
        if picture.grid:
            await work.pictures.drop(picture.grid)
    await work.drafts.remove(draft)


async def remember(ctx: Context, work: Work, subject: str) -> str:
    """Remember the newest posting of a member for ``undo``; gives the code that its button carries."""
    await work.dialogs.put(last_of(ctx.member.id), subject.encode())
    return code_of(subject)


def code_of(subject: str) -> str:
    """Give the four characters that tell one posting from another in a button."""
    return subject.partition(":")[2][:4]
