"""Housekeeping: what must not be kept longer than promised."""

from __future__ import annotations

from datetime import timedelta

from bot.commands.context import House

ORIGINALS_FOR = timedelta(hours=24)
DRAFTS_FOR = timedelta(days=30)


async def tidy(house: House) -> None:
    """Forget what drafts had taken out after a day, and whole drafts with their pictures after 30 days."""
    now = house.clock.now()
    async with house.content.work() as work:
        for draft in await work.drafts.older_than(now - ORIGINALS_FOR):
            if draft.created_at >= now - DRAFTS_FOR:
                await work.drafts.replace(draft.without_originals())
                continue
            for picture in draft.pictures:
                if picture.media:
                    await work.pictures.drop(picture.media)
            await work.drafts.remove(draft)
