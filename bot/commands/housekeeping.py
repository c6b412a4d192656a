"""Housekeeping: what must not be kept longer than promised."""

from __future__ import annotations

from datetime import timedelta

from bot.commands.context import House
from bot.domain.drafts import Draft
from bot.ports.work import Work

ORIGINALS_FOR = timedelta(hours=24)
DRAFTS_FOR = timedelta(days=30)


async def tidy(house: House) -> None:
    """Forget what authors sent after a day, unfinished talk too, and whole drafts after 30 days."""
    now = house.clock.now()
    async with house.content.work() as work:
        await work.dialogs.drop_expired(now)
        for draft in await work.drafts.older_than(now - ORIGINALS_FOR):
            if draft.created_at < now - DRAFTS_FOR:
                await _forget(work, draft)
            elif draft.source is not None:
                await work.outbox.erase(draft.member, draft.source.sent, key=draft.id)
                await work.drafts.replace(draft.without_originals())


async def _forget(work: Work, draft: Draft) -> None:
    for picture in draft.pictures:
        for media in picture.medias:
            await work.pictures.drop(media)
    await work.drafts.remove(draft)
