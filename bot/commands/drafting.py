"""From raw words to something that may leave: cleaning, the draft, and the one way out through ``submit``."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

from bot.anonymizer import Finding, Kept, PictureRefused, Piece
from bot.chat.cards import Card
from bot.chat.events import FileRef
from bot.commands.context import Context
from bot.domain.drafts import Draft, DraftKind, DraftPicture, Fate, Removal, StoredPicture
from bot.domain.refusal import Refused
from bot.ports.adapter import FileUnavailable
from bot.ports.work import Work
from bot.views.preview import preview_card

Publish = Callable[[Context, Work, Draft], Awaitable[Card]]
ALWAYS_PREVIEWED = {DraftKind.CASE, DraftKind.POLL}
MOST_PICTURES = 6


async def clean_draft(
    ctx: Context, kind: DraftKind, fields: Mapping[str, str], about: int | None = None
) -> Draft:
    """Clean a whole submission at once and make it a draft; nothing is stored yet."""
    plain = {name: text.replace("⟦", "[").replace("⟧", "]") for name, text in fields.items()}
    cleaned = await asyncio.to_thread(ctx.house.anonymizer.clean, plain)
    return Draft(
        id=ctx.house.chance.id(),
        member=ctx.member.id,
        kind=kind,
        templates={name: "".join(map(_template, cleaned.pieces[name])) for name in fields},
        created_at=ctx.now(),
        about=about,
        removals=tuple(_removal(finding, plain[finding.field]) for finding in cleaned.findings),
        failed=cleaned.failed,
    )


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


def _template(piece: Piece) -> str:
    if isinstance(piece, Kept):
        return piece.text
    return f"⟦{piece.number}⟧" if piece.number else piece.surrogate


async def clean_pictures(
    ctx: Context, files: Sequence[FileRef]
) -> tuple[tuple[DraftPicture, ...], tuple[StoredPicture, ...]]:
    """Fetch and clean attached pictures; one that cannot be used keeps its place, with the reason."""
    if len(files) > MOST_PICTURES:
        raise Refused(
            "many_pictures", f"A case has at most {MOST_PICTURES} pictures; this has {len(files)}.", "case"
        )
    pictures: list[DraftPicture] = []
    stored: list[StoredPicture] = []
    for number, file in enumerate(files, start=1):
        picture, kept = await _clean_picture(ctx, file, number)
        pictures.append(picture)
        stored.extend(kept)
    return tuple(pictures), tuple(stored)


async def _clean_picture(
    ctx: Context, file: FileRef, number: int
) -> tuple[DraftPicture, list[StoredPicture]]:
    alt = f"Picture {number} of the case"
    try:
        cleaned = await ctx.house.anonymizer.clean_picture(await ctx.fetch(file))
    except (PictureRefused, FileUnavailable) as refused:
        return DraftPicture(media="", alt=alt, problem=refused.sentence), []
    if cleaned.failed:
        problem = f"The check “{cleaned.failed[0]}” did not run."
        return DraftPicture(media="", alt=alt, problem=problem), []
    media = ctx.house.chance.id()
    picture = DraftPicture(media, alt, removed=cleaned.removed, not_looked_for=cleaned.not_looked_for)
    return picture, [StoredPicture(media, cleaned.data, cleaned.mime)]


async def submit(
    ctx: Context, draft: Draft, publish: Publish, pictures: Sequence[StoredPicture] = ()
) -> Card:
    """Let a draft out at once where nothing was found in it, else keep it for its author's decision."""
    found = draft.removals or draft.failed or draft.pictures
    async with ctx.work() as work:
        if not found and draft.kind not in ALWAYS_PREVIEWED:
            return await publish(ctx, work, draft)
        for picture in pictures:
            await work.pictures.add(picture)
        await work.drafts.add(draft)
    return preview_card(draft)


async def remember(ctx: Context, work: Work, subject: str) -> str:
    """Remember the newest posting of a member for ``undo``; gives the code that its button carries."""
    await work.dialogs.put(f"last:{ctx.member.id}", subject.encode())
    return code_of(subject)


def code_of(subject: str) -> str:
    """Give the four characters that tell one posting from another in a button."""
    return subject.partition(":")[2][:4]
