"""Pictures of a draft: cleaned, shown, covered further by hand, described, taken out."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from bot.anonymizer import Box, BoxKind, CleanedPicture, PictureRefused
from bot.chat.cards import Card
from bot.chat.events import FileRef
from bot.chat.forms import Form
from bot.commands.context import Ask, Context, House
from bot.commands.drafting import Developed, clean_again
from bot.commands.on_table import require_draft, split_code
from bot.domain.draft_pictures import Cover, DraftPicture, StoredPicture, cells
from bot.domain.drafts import Draft, Sent
from bot.domain.permissions import Action
from bot.domain.refusal import Refused
from bot.domain.removals import Fate
from bot.ports.adapter import FileUnavailable
from bot.views.draft_picture import (
    cover_form,
    picture_card,
    really_uncover_card,
    words_form,
)
from bot.views.preview import preview_card

MOST_PICTURES = 6
_SHORTEST_NAME = 3


async def clean_pictures(
    ctx: Context, draft: Draft, files: Sequence[FileRef]
) -> tuple[Draft, tuple[Developed, ...]]:
    """Fetch and clean attached pictures; one that cannot be used keeps its place, with the reason."""
    if len(files) > MOST_PICTURES:
        raise Refused(
            "many_pictures", f"A case has at most {MOST_PICTURES} pictures; this has {len(files)}.", "case"
        )
    pictures: list[DraftPicture] = []
    developed: list[Developed] = []
    for number, file in enumerate(files, start=1):
        picture, made = await _clean_one(ctx, draft, f"p{number}", file)
        pictures.append(picture)
        developed.extend(made)
        draft = replace(draft, pictures=tuple(pictures))
    found_again = {f"p{number}": dict(file.locator) for number, file in enumerate(files, start=1)}
    source = replace(draft.source, files=found_again) if draft.source else None
    return replace(draft, pictures=tuple(pictures), source=source), tuple(developed)


async def _clean_one(
    ctx: Context, draft: Draft, name: str, file: FileRef
) -> tuple[DraftPicture, list[Developed]]:
    try:
        data = await ctx.fetch(file)
        cleaned = await ctx.house.anonymizer.clean_picture(data, _names(draft))
    except (PictureRefused, FileUnavailable) as refused:
        return DraftPicture(name, "", problem=refused.sentence), []
    if cleaned.failed:
        return DraftPicture(name, "", problem=f"The check “{cleaned.failed[0]}” did not run."), []
    picture = DraftPicture(
        name,
        ctx.house.chance.id(),
        size=(cleaned.width, cleaned.height),
        covers=_covers(cleaned, draft.next_box),
        removed=cleaned.removed,
        notes=cleaned.notes,
        not_looked_for=cleaned.not_looked_for,
    )
    stored = StoredPicture(picture.media, cleaned.data, cleaned.mime)
    return picture, [Developed(name, stored, cleaned.bare)]


def _names(draft: Draft) -> tuple[str, ...]:
    """Give the words of the text that name somebody: they may not stay legible in a picture either."""
    named = (one.original for one in draft.removals if one.category == "NAME" and one.fate is not Fate.KEPT)
    return tuple({word for words in named for word in words.split() if len(word) >= _SHORTEST_NAME})


def _covers(cleaned: CleanedPicture, first: int) -> tuple[Cover, ...]:
    return tuple(
        Cover(number, box.left, box.top, box.width, box.height, box.kind, box.corners)
        for number, box in enumerate(cleaned.covered, start=first)
    )


@dataclass(frozen=True, slots=True)
class _Change:
    """A draft as it is to be kept, with pictures that came and media that go."""

    draft: Draft
    developed: tuple[Developed, ...] = ()
    drawn: tuple[StoredPicture, ...] = ()
    gone: tuple[str, ...] = ()


async def _keep(ctx: Context, change: _Change) -> None:
    async with ctx.work() as work:
        for media in change.gone:
            await work.pictures.drop(media)
        for stored in change.drawn:
            await work.pictures.add(stored)
        for one in change.developed:
            await work.pictures.add(one.stored)
            await work.drafts.keep_uncovered(change.draft, one.picture, one.uncovered)
        await work.drafts.replace(change.draft)


async def picture(ctx: Context, request: Ask) -> Card | Form:
    """Look at a picture of the draft, or say what to do with it.

    ``picture 2``, then ``clean``, ``remove``, ``again``, ``caption …``, ``alt …``.
    """
    argument, code = split_code(request.argument)
    first, _, rest = argument.partition(" ")
    if not first.isdigit():
        raise Refused("usage", "Write which picture, for example: picture 1.", "preview")
    number, (verb, _, words) = int(first), rest.strip().partition(" ")
    draft = await _read(ctx, Action.PICTURE, code)
    chosen = draft.picture(number)
    if verb == "words" and not request.submitted:
        return words_form(draft, number, chosen)
    told = _told(chosen, verb.casefold(), words.strip(), request)
    change = await _changed(ctx, draft, number, verb.casefold(), (told, request.sent))
    if verb.casefold() in ("clean", "remove"):
        change = replace(change, draft=change.draft.looked_on())
        await _keep(ctx, change)
        return preview_card(change.draft)
    await _keep(ctx, change)
    return picture_card(change.draft, number)


async def _read(ctx: Context, action: Action, code: str) -> Draft:
    async with ctx.look() as work:
        return await require_draft(ctx, work, action, code)


def _told(chosen: DraftPicture, verb: str, words: str, request: Ask) -> dict[str, str]:
    """Give the words for a picture that a request holds, by the fields that they belong to."""
    if verb == "words":
        told = {name: request.values.get(name, "").strip() for name in ("caption", "alt")}
        return {chosen.caption_field: told["caption"], chosen.alt_field: told["alt"]}
    field = {"caption": chosen.caption_field, "alt": chosen.alt_field}.get(verb)
    return {field: words} if field else {}


async def _changed(
    ctx: Context, draft: Draft, number: int, verb: str, said: tuple[Mapping[str, str], tuple[Sent, ...]]
) -> _Change:
    chosen, (told, sent) = draft.picture(number), said
    if told:
        words = draft.source.fields if draft.source else draft.fields
        return _Change((await clean_again(ctx, draft, {**words, **told})).also_sent(sent))
    match verb:
        case "":
            return _Change(draft)
        case "clean":
            return _Change(draft.with_picture(number, chosen.found_clean(number)))
        case "remove":
            return _Change(draft.without_picture(number), gone=chosen.medias)
        case "again":
            return await _again(ctx, draft, number)
    raise Refused(
        "usage",
        f"I don't know what to do with picture {number}. Say clean, remove, caption, alt, or again.",
        f"picture {number}",
    )


async def _again(ctx: Context, draft: Draft, number: int) -> _Change:
    """Fetch and clean a picture anew that could not be checked."""
    broken = draft.picture(number)
    place = draft.source.files.get(broken.id) if draft.source else None
    if not broken.problem or place is None:
        raise Refused("nothing_to_repeat", f"There is nothing to try again with picture {number}.", "preview")
    picture, made = await _clean_one(ctx, draft, broken.id, FileRef(place))
    return _Change(draft.with_picture(number, picture), developed=tuple(made))


async def cover(ctx: Context, request: Ask) -> Card | Form:
    """Cover cells of a picture: ``cover 1 B3``, ``cover 1 B3-D4``; without cells it shows the grid."""
    argument, code = split_code(request.argument)
    first, _, rest = argument.partition(" ")
    if not first.isdigit():
        first, rest = "1", argument
    number, wanted = int(first), request.values.get("cells", rest).strip()
    draft = await _read(ctx, Action.COVER, code)
    chosen = draft.picture(number)
    if chosen.problem:
        raise Refused("not_checked", f"Picture {number} could not be checked: nothing to cover.", "preview")
    if not wanted:
        await _keep(ctx, gridded := await _with_grid(ctx, draft, number))
        return cover_form(gridded.draft, number, gridded.draft.picture(number))
    more = cells(wanted, chosen.size, draft.next_box)
    return await _recover(ctx, draft, number, (*chosen.covers, *more))


async def uncover(ctx: Context, request: Ask) -> Card:
    """Take a cover off again: ``uncover 3``; asks first, and never takes one off a face."""
    argument, code = split_code(request.argument)
    words = argument.split()
    if not words or not words[0].isdigit():
        raise Refused("usage", "Write the number of the box to uncover, for example: uncover 3.", "preview")
    draft = await _read(ctx, Action.UNCOVER, code)
    number, chosen = draft.covered(int(words[0]))
    taken = next(one for one in chosen.covers if one.number == int(words[0]))
    if taken.for_good:
        raise Refused("for_good", f"Box {taken.number} covers a face and stays.", f"picture {number}")
    if "yes" not in words[1:] and not taken.by_hand:
        return really_uncover_card(draft, number, taken)
    return await _recover(ctx, draft, number, [one for one in chosen.covers if one is not taken])


async def _recover(ctx: Context, draft: Draft, number: int, covers: Sequence[Cover]) -> Card:
    """Draw a picture anew with other covers and show it."""
    chosen = draft.picture(number)
    below = await _below(ctx, draft, chosen, fewer=len(covers) < len(chosen.covers))
    try:
        data, mime = await ctx.house.anonymizer.cover_picture(below, [_box(one) for one in covers])
    except PictureRefused as refused:
        raise Refused("not_redrawn", f"I could not draw it anew. {refused.sentence}", "preview") from refused
    redrawn = chosen.redrawn(covers, ctx.house.chance.id())
    changed = draft.with_picture(number, redrawn)
    await _keep(ctx, _Change(changed, drawn=(StoredPicture(redrawn.media, data, mime),), gone=chosen.medias))
    return picture_card(changed, number)


async def _below(ctx: Context, draft: Draft, chosen: DraftPicture, *, fewer: bool) -> bytes:
    """Give what is to be covered: the uncovered picture, or the covered one where covers are only added."""
    async with ctx.look() as work:
        below = await work.drafts.uncovered(draft, chosen.id)
        stored = await work.pictures.get(chosen.media)
    if below is not None:
        return below
    if fewer or stored is None:
        raise Refused("too_old", "What is below the boxes is kept for a day only. Send it anew.", "discard")
    return stored.data


def _box(one: Cover) -> Box:
    return Box(one.left, one.top, one.width, one.height, cast("BoxKind", one.kind), one.corners)


async def mark_shown(house: House, subject: str, medias: Sequence[str]) -> None:
    """Note which pictures of a draft its author has seen; a subject that is no draft's changes nothing."""
    kind, _, ident = subject.partition(":")
    if kind != "draft":
        return
    async with house.content.work() as work:
        draft = await work.drafts.get(ident)
        if draft is not None:
            seen = tuple(one.shown(medias) for one in draft.pictures)
            await work.drafts.replace(replace(draft, pictures=seen))


async def _with_grid(ctx: Context, draft: Draft, number: int) -> _Change:
    """Make a copy with the grid and the boxes' numbers on it, which the draft's author alone sees."""
    chosen = draft.picture(number)
    if chosen.grid:
        return _Change(draft)
    async with ctx.look() as work:
        stored = await work.pictures.get(chosen.media)
    if stored is None:
        raise Refused("too_old", "This picture is no longer kept. Send it anew.", "discard")
    drawn = await asyncio.to_thread(_drawn, stored.data, chosen.covers)
    grid = StoredPicture(ctx.house.chance.id(), drawn, "image/png")
    return _Change(draft.with_picture(number, replace(chosen, grid=grid.media)), drawn=(grid,))


def _drawn(data: bytes, covers: Sequence[Cover]) -> bytes:
    from bot.views.picture_grid import picture_grid  # noqa: PLC0415 - only a grid pays for loading Pillow

    return picture_grid(data, covers)
