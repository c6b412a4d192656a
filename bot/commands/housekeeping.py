"""Housekeeping: what must not be kept longer than promised."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.commands.context import House
from bot.domain.drafts import Draft
from bot.domain.overlap import SHARED_FOR
from bot.ports.work import Work

_AT_ONCE: Final = 50
"""Cases whose pictures go in one commit."""


async def tidy(house: House) -> None:
    """Forget what authors sent, unfinished talk, drafts, pictures and what polls showed, each in time."""
    await _tidy_drafts(house)
    async with house.content.work() as work:
        await work.polls.forget_shown(house.clock.now() - SHARED_FOR)
    while await _tidy_pictures(house) == _AT_ONCE:
        pass


async def _tidy_drafts(house: House) -> None:
    now, keep = house.clock.now(), house.rules.keep
    async with house.content.work() as work:
        await work.dialogs.drop_expired(now)
        for draft in await work.drafts.older_than(now - min(keep.originals, keep.drafts)):
            if draft.created_at < now - keep.drafts:
                await _forget(work, draft)
            elif draft.source is not None:
                await work.outbox.erase(draft.member, draft.source.sent, key=draft.id)
                await work.drafts.replace(draft.without_originals())


async def _forget(work: Work, draft: Draft) -> None:
    for picture in draft.pictures:
        for media in picture.medias:
            await work.pictures.drop(media)
    await work.drafts.remove(draft)


async def _tidy_pictures(house: House) -> int:
    """Forget the pictures of some cases that ended; says of how many. Copies in rooms stay."""
    async with house.content.work() as work:
        cases = await work.cases.pictured_before(house.clock.now() - house.rules.keep.pictures, _AT_ONCE)
        for case in cases:
            for picture in case.pictures:
                await work.pictures.drop(picture.media)
            await work.cases.replace(replace(case, pictures=()))
    return len(cases)
