"""Tags: which of a member's own messages became which comment, opinion or draft.

The vault keeps which message has which tag. Here a tag leads to what became of the words, and to nobody.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.commands.context import Context
from bot.domain.drafts import Draft, DraftKind
from bot.domain.rewording import KNOWN_FOR, SAID
from bot.ports.work import Work

_FOLLOWED: Final = frozenset({DraftKind.COMMENT, DraftKind.OPINION})


async def tagged(ctx: Context, draft: Draft) -> Draft:
    """Write the tag of the message with its words into a draft, where they may be edited afterwards."""
    if draft.kind not in _FOLLOWED or SAID in draft.settings:
        return draft
    tag = await ctx.tagged()
    return replace(draft, settings={**draft.settings, SAID: tag}) if tag else draft


async def note_said(ctx: Context, work: Work, draft: Draft, subject: str) -> None:
    """Keep what became of a draft's words, with the fact itself."""
    if tag := draft.settings.get(SAID):
        await work.dialogs.put(tag, subject.encode(), ctx.now() + KNOWN_FOR)


async def became(work: Work, tag: str) -> str:
    """Give the subject of what a tagged message became; empty where that is nothing, or nothing yet."""
    kept = await work.dialogs.get(tag)
    return kept.decode() if kept else ""


async def waiting_draft(ctx: Context, work: Work, tag: str) -> Draft | None:
    """Find the member's draft that holds the words of a tagged message."""
    drafts = await work.drafts.of_member(*ctx.ids)
    return next((draft for draft in drafts if draft.settings.get(SAID) == tag), None)
