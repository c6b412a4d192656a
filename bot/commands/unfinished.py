"""Words of an opinion that could not be read as one: kept for a day, and asked back in the form."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from bot.chat.forms import Form
from bot.commands.context import Context
from bot.domain.cases import Case
from bot.domain.refusal import Refused
from bot.views.opinion import opinion_form

_KEPT_FOR: Final = timedelta(hours=24)


async def ask_back(ctx: Context, case: Case, told: Mapping[str, str], refused: Refused) -> Form:
    """Open the form again with what was said, and say above it what is missing."""
    kept = json.dumps({"told": dict(told), "why": refused.sentence}).encode()
    async with ctx.look() as work:
        await work.dialogs.drop(_key(ctx, case))
        await work.dialogs.put(_key(ctx, case), kept, ctx.now() + _KEPT_FOR)
    return opinion_form(case, told, refused.sentence)


async def form_for(ctx: Context, case: Case) -> Form:
    """Open the form, with the words that were asked back before."""
    async with ctx.look() as work:
        kept = await work.dialogs.get(_key(ctx, case))
    if kept is None:
        return opinion_form(case)
    read = json.loads(kept)
    return opinion_form(case, read["told"], read["why"])


async def forget(ctx: Context, case: Case) -> None:
    """Forget them: they were said again."""
    async with ctx.look() as work:
        await work.dialogs.drop(_key(ctx, case))


def _key(ctx: Context, case: Case) -> str:
    return f"opinion:{case.id}:{ctx.member.id}"
